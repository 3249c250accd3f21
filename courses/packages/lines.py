"""Where in a TOML file a value stands: the standard library's reader keeps the values and forgets the lines.

A place is a tuple of keys and, for members of an array, numbers from 1: ``("activity", 2, "title", "es")``. The scanner
is no second reader: it follows what is written, and where the file is no TOML it stops and keeps what it has.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Mapping
from contextlib import suppress
from typing import Final

Place = tuple[str | int, ...]

DEEPEST: Final = 16
MOST_VALUES: Final = 50_000

_SPACE: Final = re.compile(r"[ \t]*")
_GAP: Final = re.compile(r"(?:[ \t\r\n]+|#[^\n]*)*")
_BARE_KEY: Final = re.compile(r"[A-Za-z0-9_-]+")
_STRINGS: Final = (
    re.compile(r'"""(?:[^"\\]++|\\(?:.|\n)|"(?!""))*+"{3,5}'),
    re.compile(r"'''(?:[^']++|'(?!''))*+'{3,5}"),
    re.compile(r'"(?:[^"\\\n]++|\\.)*+"'),
    re.compile(r"'[^'\n]*'"),
)
_PLAIN: Final = re.compile(r"[^,\]}#\n\"'\[{]+")
_ESCAPE: Final = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))", re.DOTALL)
_SHORT: Final = {"b": "\b", "t": "\t", "n": "\n", "f": "\f", "r": "\r"}


class TooIntricateError(ValueError):
    """The file nests deeper, or holds more values, than anything a package needs. ``line`` says where."""

    def __init__(self, line: int) -> None:
        super().__init__(f"line {line}")
        self.line = line


class _LostError(Exception):
    """What stands here is no TOML."""


def lines_of(text: str) -> dict[Place, int]:
    """Return the line, from 1, of every table, array and value of a TOML text.

    A table that only others name, such as ``a`` in ``[a.b]``, stands where it is named first. Raises
    TooIntricateError; what is no TOML raises nothing.
    """
    scanner = _Scanner(text)
    with suppress(_LostError):
        scanner.run()
    return scanner.found


def line_of(place: Place, lines: Mapping[Place, int]) -> int:
    """Return the line of a place, or of the nearest one above it."""
    while place and place not in lines:
        place = place[:-1]
    return lines.get(place, 1)


class _Scanner:
    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.ends = [found.start() for found in re.finditer("\n", text)]
        self.found: dict[Place, int] = {}
        self.counts: dict[Place, int] = {}  # members of arrays of tables, by the array's place

    def run(self) -> None:
        table: Place = ()
        while self._skip(_GAP):
            if self._takes("[["):
                table = self._array_member(self._key())
                self._expect("]]")
            elif self._takes("["):
                table = self._resolved(self._key())
                self._expect("]")
            else:
                self._pair(table)

    def _pair(self, table: Place) -> None:
        key = self._key()
        self._expect("=")
        self._skip(_SPACE)
        place = table
        for part in key:
            place = (*place, part)
            self._note(place)
        self._value(place)

    def _key(self) -> list[str]:
        parts: list[str] = []
        while True:
            self._skip(_SPACE)
            parts.append(self._key_part())
            if len(parts) > DEEPEST:
                raise TooIntricateError(self._line())
            self._skip(_SPACE)
            if not self._takes("."):
                return parts

    def _key_part(self) -> str:
        bare = _BARE_KEY.match(self.text, self.at)
        if bare:
            self.at = bare.end()
            return bare.group()
        for pattern in _STRINGS[2:]:
            quoted = pattern.match(self.text, self.at)
            if quoted:
                self.at = quoted.end()
                inner = quoted.group()[1:-1]
                return _ESCAPE.sub(_unescaped, inner) if quoted.group()[0] == '"' else inner
        raise _LostError

    def _value(self, place: Place) -> None:
        for pattern in _STRINGS:
            found = pattern.match(self.text, self.at)
            if found:
                self.at = found.end()
                return
        if self._takes("["):
            self._array(place)
        elif self._takes("{"):
            self._inline(place)
        else:
            plain = _PLAIN.match(self.text, self.at)
            if plain is None:
                raise _LostError
            self.at = plain.end()

    def _array(self, place: Place) -> None:
        number = 0
        while self._skip(_GAP) and not self._takes("]"):
            number += 1
            self._note((*place, number))
            self._value((*place, number))
            self._skip(_GAP)
            self._takes(",")

    def _inline(self, place: Place) -> None:
        while self._skip(_GAP) and not self._takes("}"):
            self._pair(place)
            self._skip(_GAP)
            self._takes(",")

    def _resolved(self, key: list[str]) -> Place:
        """Return the place of a table's header; within an array of tables it belongs to the last member."""
        place: Place = ()
        for part in key:
            place = (*place, part)
            self._note(place)
            if place in self.counts:
                place = (*place, self.counts[place])
        return place

    def _array_member(self, key: list[str]) -> Place:
        array = (*self._resolved(key[:-1]), key[-1])
        self._note(array)
        self.counts[array] = self.counts.get(array, 0) + 1
        member = (*array, self.counts[array])
        self._note(member)
        return member

    def _note(self, place: Place) -> None:
        if len(place) > DEEPEST or len(self.found) > MOST_VALUES:
            raise TooIntricateError(self._line())
        self.found.setdefault(place, self._line())

    def _line(self) -> int:
        return bisect_left(self.ends, self.at) + 1

    def _skip(self, pattern: re.Pattern[str]) -> bool:
        """Skip what the pattern matches; tell whether anything is left."""
        found = pattern.match(self.text, self.at)
        self.at = found.end() if found else self.at
        return self.at < len(self.text)

    def _takes(self, what: str) -> bool:
        if self.text.startswith(what, self.at):
            self.at += len(what)
            return True
        return False

    def _expect(self, what: str) -> None:
        self._skip(_SPACE)
        if not self._takes(what):
            raise _LostError


def _unescaped(escape: re.Match[str]) -> str:
    short, long, one = escape.groups()
    code = short or long
    if code:
        return chr(int(code, 16)) if int(code, 16) < 0x110000 else ""  # noqa: PLR2004  (the last code point)
    return _SHORT.get(one, one)
