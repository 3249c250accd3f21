"""What the page of a programme's core shows."""

from __future__ import annotations

from dataclasses import dataclass

from courses.authoring.comparing import Change, changes_between
from courses.authoring.entries import TITLE_MOST
from courses.authoring.extending import CoreNews, Origin, extensions_of, news_for, origin_of
from courses.authoring.mistakes import TextLongError, TextNeededError
from courses.authoring.shelf import read_content, take_up
from courses.catalogue.addresses import each_part
from courses.catalogue.drafts import ModuleDraft, ProgrammeDraft, SegmentDraft
from courses.catalogue.models import Programme
from institute.actors import Actor
from institute.db import db
from institute.errors import DomainError
from institute.i18n import Localised


@dataclass(frozen=True, slots=True)
class NewsLine:
    """A part that taking the newer core over would make, remove (no change is told) or change."""

    title: Localised
    made: bool
    removed: bool
    changes: tuple[Change, ...] = ()


@dataclass(frozen=True, slots=True)
class News:
    """A newer version of the core, and what it would change."""

    number: int
    lines: tuple[NewsLine, ...]


@dataclass(frozen=True, slots=True)
class CorePage:
    """A programme with its core. ``published`` tells that there is something that others could extend."""

    slug: str
    draft: ProgrammeDraft
    origin: Origin | None
    news: News | None
    core: tuple[ModuleDraft | SegmentDraft, ...]
    parts: int
    published: bool
    extensions: tuple[ProgrammeDraft, ...]


def core_page(programme_slug: str, *, actor: Actor) -> CorePage:
    """Return what the page of a programme's core shows. Raises PartNotFoundError."""
    programme_id = take_up(programme_slug, actor=actor)
    here = read_content(programme_id)
    parts = [part for _, part in each_part(here) if isinstance(part, (ModuleDraft, SegmentDraft))]
    news = news_for(here, actor=actor)
    return CorePage(
        slug=programme_slug,
        draft=here.programme,
        origin=origin_of(here.programme),
        news=None if news is None else News(news.newest.number, _lines(news)),
        core=tuple(part for part in parts if part.core),
        parts=len(parts),
        published=db.session.get_one(Programme, programme_id).current_version_id is not None,
        extensions=tuple(extensions_of(programme_slug, actor=actor)),
    )


def check_title(title: str) -> DomainError | None:
    """Return what is wrong with the title of an extension, or None."""
    if not title.strip():
        return TextNeededError()
    return TextLongError(length=len(title), most=TITLE_MOST) if len(title) > TITLE_MOST else None


def _lines(news: CoreNews) -> tuple[NewsLine, ...]:
    before, after = (dict(list(each_part(content))[1:]) for content in (news.before, news.result))
    made = [
        NewsLine(part.title, made=True, removed=False) for key, part in after.items() if key not in before
    ]
    gone = [
        NewsLine(part.title, made=False, removed=True) for key, part in before.items() if key not in after
    ]
    changed = [
        NewsLine(part.title, made=False, removed=False, changes=found)
        for key, part in after.items()
        if key in before and (found := changes_between(before[key], part))
    ]
    return (*made, *changed, *gone)
