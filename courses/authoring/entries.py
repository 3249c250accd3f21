"""What was typed, turned into values one by one; what does not fit is noted beside its field."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, TypeVar

from courses.authoring import mistakes
from courses.authoring.sheets import ROWS_MOST, Row, Sheet, clean, filled
from courses.catalogue.drafts import MinuteRange
from institute.errors import DomainError
from institute.i18n import Localised, text_hash

TITLE_MOST: Final = 200
LINE_MOST: Final = 2_000
TEXT_MOST: Final = 20_000
CONTENT_MOST: Final = 200_000
ADDRESS_MOST: Final = 2_000
MINUTES_MOST: Final = 10_000
SESSION_MOST: Final = 999

K = TypeVar("K", bound=StrEnum)
_DIGITS: Final = re.compile(r"[0-9]{1,6}\Z")
_WEB: Final = re.compile(r"https?://[^\s/?#]+[^\s]*\Z")


def source_text(text: Localised | None) -> str:
    """Return what an author wrote, as a field shows it; empty for None."""
    return clean(text.texts[text.source]) if text else ""


def known_by(text: Localised) -> str:
    """Return what a row of a list carries to be found again, wherever it was moved."""
    return text_hash(source_text(text))


def revised(typed: str, was: Localised | None, source: str) -> Localised:
    """Return a text with what was typed in place of its source; unchanged it keeps its translations fresh."""
    if was is None:
        return Localised({source: typed}, source)
    return was if source_text(was) == typed else was.revised(typed)


@dataclass(frozen=True, slots=True)
class Line:
    """A row of a list with its number from 1 and its text; ``origin`` is the index of the text that it came from."""

    number: int
    row: Row
    text: Localised
    origin: int | None


class Entries:
    """Reads values from a sheet and keeps what has to be mended, by the id of the field.

    ``source`` is the language in which new texts are written. What a method returns for a field that it refused is
    a stand-in: a draft is made only where ``problems`` is empty.
    """

    def __init__(self, sheet: Sheet, source: str) -> None:
        self.sheet = sheet
        self.source = source
        self.problems: dict[str, DomainError] = {}

    def refuse(self, name: str, error: DomainError) -> None:
        """Note what has to be mended in a field; the first word about a field stands."""
        self.problems.setdefault(name, error)

    def text(self, name: str, was: Localised | None, *, most: int, needed: bool = False) -> Localised:
        """Return the text of a field."""
        return self.text_of(name, self.sheet[name], was, most=most, needed=needed)

    def text_of(
        self, name: str, typed: str, was: Localised | None, *, most: int, needed: bool = False
    ) -> Localised:
        """Return a text that was typed into the field ``name``."""
        if needed and not typed:
            self.refuse(name, mistakes.TextNeededError())
        if len(typed) > most:
            self.refuse(name, mistakes.TextLongError(length=len(typed), most=most))
        return revised(typed, was, self.source)

    def text_or_none(self, name: str, was: Localised | None, *, most: int) -> Localised | None:
        """Return the text of a field that may stay empty."""
        return self.text(name, was, most=most) if self.sheet[name] else None

    def texts(self, name: str, was: Sequence[Localised], *, most: int, field: str = "text") -> list[Line]:
        """Return the rows of a list in which something was typed, each with its text.

        A row keeps the translations of the text that it came from: the one with the same words, else the one that it
        names by ``was``.
        """
        rows = filled(self.sheet.rows[name], field)
        if len(rows) > ROWS_MOST:
            self.refuse(f"{name}-add", mistakes.TooManyRowsError(most=ROWS_MOST))
        origins = _origins(rows, was, field)
        found = []
        for number, row in rows:
            origin = origins.get(number)
            before = was[origin] if origin is not None else None
            text = self.text_of(f"{name}-{number}-{field}", row[field], before, most=most)
            found.append(Line(number, row, text, origin))
        return found

    def number(self, name: str, typed: str, *, least: int, most: int) -> int:
        """Return a whole number from ``least`` to ``most``."""
        number = int(typed) if _DIGITS.match(typed) else None
        if number is None or not least <= number <= most:
            self.refuse(name, mistakes.WholeNumberError(least=least, most=most))
            return least
        return number

    def number_or_none(self, name: str, *, least: int, most: int) -> int | None:
        """Return the whole number in a field that may stay empty."""
        typed = self.sheet[name]
        return self.number(name, typed, least=least, most=most) if typed else None

    def minutes(self, name: str) -> int:
        """Return the minutes in a field; nothing is none."""
        typed = self.sheet[name]
        if typed and (not _DIGITS.match(typed) or int(typed) > MINUTES_MOST):
            self.refuse(name, mistakes.MinutesError(most=MINUTES_MOST))
            return 0
        return int(typed or 0)

    def range(self, name: str) -> MinuteRange:
        """Return the range of minutes in the fields ``<name>_least`` and ``<name>_most``."""
        least, most = self.minutes(f"{name}_least"), self.minutes(f"{name}_most")
        if least > most and not {f"{name}_least", f"{name}_most"} & self.problems.keys():
            self.refuse(f"{name}_most", mistakes.RangeError(least=least, most=most))
        return MinuteRange(min(least, most), max(least, most))

    def kind(self, name: str, typed: str, kinds: type[K]) -> K:
        """Return which of a few kinds was chosen."""
        if typed in set(kinds):
            return kinds(typed)
        self.refuse(name, mistakes.NotOfferedError())
        return next(iter(kinds))

    def chosen(self, name: str, offered: Iterable[str], was: Iterable[str]) -> tuple[str, ...]:
        """Return the ticked values of a group; what is not offered any more may stay where it was."""
        allowed = {*offered, *was}
        gone = [value for value in self.sheet.many[name] if value not in allowed]
        if gone:
            self.refuse(name, mistakes.GoneChoiceError(name=gone[0][:TITLE_MOST]))
        return tuple(value for value in self.sheet.many[name] if value in allowed)

    def one_of(self, name: str, offered: Iterable[str], was: str | None) -> str | None:
        """Return the value of a select that may stay empty; what is not offered any more may stay where it was."""
        typed = self.sheet[name]
        if typed and typed != was and typed not in set(offered):
            self.refuse(name, mistakes.GoneChoiceError(name=typed[:TITLE_MOST]))
        return typed or None

    def web_address(self, name: str) -> str | None:
        """Return the address in a field that may stay empty."""
        typed = self.sheet[name].strip()
        if typed and (len(typed) > ADDRESS_MOST or not _WEB.match(typed)):
            self.refuse(name, mistakes.WebAddressError())
        return typed or None


def _origins(rows: Sequence[tuple[int, Row]], was: Sequence[Localised], field: str) -> dict[int, int]:
    """Return for each row, by its number, the index of the text that it came from."""
    left: dict[str, list[int]] = {}
    for index, text in enumerate(was):
        left.setdefault(known_by(text), []).append(index)
    found: dict[int, int] = {}
    for same_words in (True, False):
        for number, row in rows:
            mark = text_hash(row[field]) if same_words else row["was"]
            if number not in found and left.get(mark):
                found[number] = left[mark].pop(0)
    return found


def texts_by_hash(name: str, texts: Iterable[Localised]) -> Mapping[str, Localised]:
    """Return the texts of a list as its rows name them: ``objective/0f3a…``."""
    return {f"{name}/{known_by(text)}": text for text in texts}
