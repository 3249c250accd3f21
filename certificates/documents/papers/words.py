"""Words in each language of a page, beside each other."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from babel.dates import format_date

from courses.sessions.wording import say_month
from institute.i18n import LazyText, Localised, current_locale, direction, language_tag, speaking
from institute.printing.scripts import direction_of, language_of


@dataclass(frozen=True, slots=True)
class Piece:
    """A text with its language and direction."""

    text: str
    tag: str
    direction: str


# The same in every language of a page, the first language's first; what is the same in both stands once.
Words = tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Speaker:
    """Says things in the languages of a page."""

    locales: tuple[str, ...]

    def say(self, words: LazyText | Callable[[], str]) -> Words:
        """Return a sentence of ours in each language."""
        found: dict[str, Piece] = {}
        for locale in self.locales:
            with speaking(locale):
                text = str(words() if callable(words) else words)
            found.setdefault(text, Piece(text, language_tag(locale), direction(locale)))
        return tuple(found.values())

    def content(self, content: Localised) -> Words:
        """Return a content text in each language that it has; its source stands once where it has none."""
        found: dict[str, Piece] = {}
        for locale in self.locales:
            shown = content.shown(locale)
            found.setdefault(shown.text, Piece(shown.text, shown.tag, shown.dir))
        return tuple(found.values())

    def name(self, name: str) -> Words:
        """Return the name of a person, or what else is the same in every language."""
        tag = language_of(name, self.locales[0])
        return (Piece(name, tag, direction_of(tag)),)

    def day(self, day: date) -> Words:
        """Return a day as each language writes it."""
        return self.say(lambda: format_date(day, "medium", locale=current_locale()))

    def month(self, day: date) -> Words:
        """Return the month of a day."""
        return self.say(lambda: say_month(day))
