"""What the pages of guides show: a rendering of a module, and how far its document is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from babel.dates import format_date

from courses.catalogue.renderings import Guide, Languages, Rendering, compose, languages_of
from courses.cohorts.models import EnrolmentId
from courses.guides.documents import DocumentHere, Progress, Wish, find_document
from courses.guides.finding import Asked, Found
from courses.guides.looking_back import LookBack, look_back
from courses.guides.page.filling import title_of
from courses.guides.surroundings import Surroundings
from institute.clock import now
from institute.i18n import OWN_NAMES, LazyText, current_locale, direction, language_tag
from institute.printing.papers import PAPER_NAMES, Paper, usual_paper

# A document takes about a second; the page looks again after two, and less often when it takes longer.
LOOK_AGAIN: Final = 2
LOOK_LATER: Final = 10
LONG: Final = timedelta(seconds=30)


@dataclass(frozen=True, slots=True)
class GuidePage:
    """A rendering of a module. ``place`` is what addresses of this module are made of."""

    guide: Guide
    title: str
    languages: Languages
    version: int
    day: str
    place: dict[str, Any]
    others: tuple[Rendering, ...]
    papers: tuple[tuple[str, LazyText], ...]
    paper: Paper
    enrolment_id: EnrolmentId | None
    with_name: str | None
    look_back: LookBack | None
    surroundings: Surroundings


@dataclass(frozen=True, slots=True)
class DocumentPage:
    """How far a document is. ``wish`` says which; ``slow`` that it takes longer than it should.

    ``place`` is what addresses of the guide are made of, ``which`` those of the document.
    """

    progress: Progress
    wish: Wish
    title: str
    version: int
    place: dict[str, Any]
    which: dict[str, Any]
    paper_name: LazyText
    language_name: str
    tag: str
    dir: str
    slow: bool
    again_in: int


def guide_page(
    found: Found, asked: Asked, rendering: Rendering, *, renderings: tuple[Rendering, ...]
) -> GuidePage:
    """Return a rendering of a module, in the reader's language; with somebody, what they have still open."""
    module, locale = found.module, current_locale()
    guide = compose(module.programme, module.content, module.instruments, rendering, closed=module.closed)
    member = found.member if rendering is Rendering.COACH else None
    return GuidePage(
        guide=guide,
        title=title_of(guide.module, rendering),
        languages=languages_of(guide, locale),
        version=module.version,
        day=str(format_date(module.day, "long", locale=locale)),
        place=place_of(found, asked),
        others=tuple(one for one in renderings if one is not rendering),
        papers=tuple((paper.value, PAPER_NAMES[paper]) for paper in Paper),
        paper=usual_paper(module.timezone),
        enrolment_id=asked.enrolment_id,
        with_name=found.member.member.name if found.member else None,
        look_back=look_back(member, guide) if member else None,
        surroundings=module.surroundings,
    )


def document_page(found: Found, asked: Asked, wish: Wish) -> DocumentPage:
    """Return how far a document is."""
    here = find_document(wish, found.module)
    module = found.module
    slow = _is_slow(here)
    return DocumentPage(
        progress=here.progress,
        wish=wish,
        title=title_of(module.content.draft, wish.rendering),
        version=module.version,
        place=place_of(found, asked),
        which=address_of(found, asked, wish),
        paper_name=PAPER_NAMES[wish.paper],
        language_name=OWN_NAMES[wish.locale],
        tag=language_tag(wish.locale),
        dir=direction(wish.locale),
        slow=slow,
        again_in=LOOK_LATER if slow else LOOK_AGAIN,
    )


def place_of(found: Found, asked: Asked) -> dict[str, Any]:
    """Return what addresses of this module are made of, the version included where one was asked for."""
    module = found.module
    return {
        "programme": module.programme.slug,
        "module": module.content.draft.slug,
        "version": asked.version,
        "with": asked.enrolment_id,
    }


def address_of(found: Found, asked: Asked, wish: Wish) -> dict[str, Any]:
    """Return what addresses of a document are made of."""
    return {
        **place_of(found, asked),
        "locale": wish.locale,
        "paper": wish.paper,
    }


def _is_slow(here: DocumentHere) -> bool:
    return here.progress is Progress.WAITING and here.wished_at is not None and now() - here.wished_at > LONG
