"""In which languages a text is there, for those who write it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from babel.lists import format_list

from courses.authoring.wording import say_language
from institute.i18n import Localised, current_locale


@dataclass(frozen=True, slots=True)
class Spoken:
    """The languages of a text beside its own: fresh translations, those older than the source, and those missing."""

    fresh: tuple[str, ...] = ()
    stale: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()


def spoken_of(text: Localised | None, languages: Sequence[str]) -> Spoken:
    """Return in which of an institute's languages a text is there; an empty text is missing nowhere."""
    if text is None or not text.texts[text.source].strip():
        return Spoken()
    fresh: list[str] = []
    stale: list[str] = []
    missing: list[str] = []
    for locale in languages:
        if locale == text.source:
            continue
        here = text.shown(locale)
        if here.missing or not here.text.strip():
            missing.append(locale)
        else:
            (stale if here.stale else fresh).append(locale)
    return Spoken(tuple(fresh), tuple(stale), tuple(missing))


def say_languages(locales: Sequence[str]) -> str:
    """Return languages in the reader's words, in one list: "Spanish and Arabic"."""
    return format_list([say_language(locale) for locale in locales], locale=current_locale())
