"""A content text made ready for one reader: its language, whether it is stale, and its Markdown rendered."""

from __future__ import annotations

from dataclasses import dataclass

from babel import Locale

from courses.catalogue.markdown import Reading, read
from institute.i18n import Localised, current_locale


@dataclass(frozen=True, slots=True)
class ReadingHere:
    """A text as this reader sees it. ``wished`` and ``given`` name languages in the reader's own."""

    reading: Reading
    tag: str
    dir: str
    stale: bool
    missing: bool
    wished: str
    given: str
    source: str


def read_here(content: Localised) -> ReadingHere:
    """Return an author's Markdown for the reader of this request, falling back to the source language."""
    locale = current_locale()
    shown = content.shown(locale)
    return ReadingHere(
        reading=read(shown.text),
        tag=shown.tag,
        dir=shown.dir,
        stale=shown.stale,
        missing=shown.missing,
        wished=_language_name(locale, locale),
        given=_language_name(shown.locale, locale),
        source=_language_name(content.source, locale),
    )


def _language_name(locale: str, reader: str) -> str:
    return Locale.parse(locale).get_display_name(reader) or locale
