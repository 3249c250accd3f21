"""The languages that coaching is held in: tags, and what they are called in the reader's language."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from babel import Locale
from flask import Flask

from institute.i18n import current_locale

# Spoken and signed in the homes and centres that coaching reaches; Chinese by its spoken forms.
SPOKEN: Final = (
    "en", "es", "yue", "zh", "vi", "ar", "tl", "ko", "hy", "ru", "fa", "km", "lo", "hmn", "pa", "hi", "ja", "pt", "uk",
    "so", "am", "ase",
)  # fmt: skip
MOST: Final = 12


def is_spoken(tag: str) -> bool:
    """Tell whether a tag is one of the languages to choose."""
    return tag in SPOKEN


def say_language(tag: str) -> str:
    """Return what a language is called; a tag that has no name stays as it is."""
    return _names(current_locale()).get(tag, tag)


def language_choices() -> list[tuple[str, str]]:
    """Return the languages to choose as (tag, name), by name."""
    names = _names(current_locale())
    return sorted(((tag, names.get(tag, tag)) for tag in SPOKEN), key=lambda one: one[1])


@lru_cache(maxsize=8)
def _names(locale: str) -> dict[str, str]:
    languages = Locale.parse(locale).languages
    fallback = Locale.parse("en").languages
    return {tag: str(languages.get(tag) or fallback.get(tag) or tag) for tag in SPOKEN}


def init_app(app: Flask) -> None:
    """Give the names to every template."""
    app.jinja_env.globals.update(say_language=say_language, spoken_languages=language_choices)
