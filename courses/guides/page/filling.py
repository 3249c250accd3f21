"""A guide's words as a page of HTML, in the language that is spoken here, and the style of its sheets."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Final

from babel.dates import format_date
from flask import current_app

from courses.catalogue.drafts import ModuleDraft
from courses.catalogue.renderings import Guide, Languages, Rendering, languages_of
from courses.guides.surroundings import Surroundings
from institute.i18n import current_locale, direction, gettext, language_tag
from institute.printing.papers import Paper
from institute.printing.sheets import sheet_style

HERE: Final = Path(__file__).parent
# From the largest words to the smallest: a quick reference takes the first that fits on one sheet.
SIZES: Final = ("usual", "small", "smaller")


@dataclass(frozen=True, slots=True)
class Frame:
    """What a document says around its guide: whose it is, of which version, published on which day, what it names."""

    institute_name: str
    version: int
    day: date
    surroundings: Surroundings


def fill(guide: Guide, frame: Frame, size: str) -> str:
    """Return a guide as HTML, in the language that is spoken here."""
    locale = current_locale()
    return current_app.jinja_env.get_template("courses/guides/paper.html").render(
        guide=guide,
        languages=languages_of(guide, locale),
        size=size,
        page_tag=language_tag(locale),
        page_dir=direction(locale),
        title=title_of(guide.module, guide.rendering),
        version=frame.version,
        day=format_date(frame.day, "long", locale=locale),
        institute_name=frame.institute_name,
        surroundings=frame.surroundings,
    )


def title_of(module: ModuleDraft, rendering: Rendering) -> str:
    """Return what a guide is called, in the language that is spoken here."""
    number, title = module.number, str(module.title)
    if rendering is Rendering.COACH:
        return gettext("Coach guide, module %(number)s: %(title)s", number=number, title=title)
    if rendering is Rendering.QUICK:
        return gettext("Quick reference, module %(number)s: %(title)s", number=number, title=title)
    return gettext("Participant guide, module %(number)s: %(title)s", number=number, title=title)


def languages_in(guide: Guide) -> tuple[str, ...]:
    """Return the tags of the languages that a guide stands in here, the reader's first."""
    locale = current_locale()
    spoken: Languages = languages_of(guide, locale)
    return (language_tag(locale), *(language_tag(one) for one in spoken.others))


@lru_cache(maxsize=8)
def style(paper: Paper, start: str = "ltr") -> str:
    """Return the style sheet for a paper and a direction of writing, with the faces of every language."""
    return sheet_style(paper, start, (HERE / "guide.css").read_text("utf-8"))
