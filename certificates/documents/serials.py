"""Serials people can read out: prefix, year, number and a check digit, such as ``VCI-2026-00418-3``.

The digit is Damm's (H. M. Damm, Total anti-symmetrische Quasigruppen, 2004): it notices every wrong digit and
every two neighbours that were swapped, across the year and the number.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

DIGITS: Final = 5
MOST: Final = 10**9 - 1
LONGEST: Final = 40
YEARS: Final = range(1000, 10000)

_PREFIX: Final = re.compile(r"[A-Z][A-Z0-9]{0,11}", re.ASCII)
_SERIAL: Final = re.compile(r"([A-Z][A-Z0-9]{0,11})-([0-9]{4})-([0-9]{5,9})-([0-9])", re.ASCII)
# What people type instead of a hyphen, or put between groups when they read from paper.
_DASHES: Final = str.maketrans(dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2212\ufe63\uff0d", "-"))

# A totally anti-symmetric quasigroup of order ten; its diagonal is zero.
_TABLE: Final = (
    (0, 3, 1, 7, 5, 9, 8, 6, 4, 2),
    (7, 0, 9, 2, 1, 5, 4, 8, 6, 3),
    (4, 2, 0, 6, 8, 7, 1, 3, 5, 9),
    (1, 7, 5, 0, 9, 8, 3, 4, 2, 6),
    (6, 1, 2, 3, 0, 4, 5, 9, 7, 8),
    (3, 6, 7, 4, 2, 0, 9, 5, 8, 1),
    (5, 8, 6, 9, 7, 2, 0, 1, 3, 4),
    (8, 9, 4, 5, 3, 6, 2, 0, 1, 7),
    (9, 4, 3, 8, 6, 1, 7, 2, 0, 5),
    (2, 5, 8, 1, 4, 3, 6, 7, 9, 0),
)


@dataclass(frozen=True, slots=True)
class Serial:
    """A serial taken apart."""

    prefix: str
    year: int
    number: int

    def __str__(self) -> str:
        return serial(self.prefix, self.year, self.number)


def serial(prefix: str, year: int, number: int) -> str:
    """Return the serial of the ``number``-th certificate of a year, counted from 1.

    ``prefix`` is the institute's: up to twelve capitals and digits, a letter first. Raises ValueError otherwise.
    """
    if not _PREFIX.fullmatch(prefix):
        raise ValueError(f"{prefix!r} is no prefix of serials")
    if year not in YEARS or not 1 <= number <= MOST:
        raise ValueError(f"no serial for number {number} of {year}")
    digits = f"{number:0{DIGITS}d}"
    return f"{prefix}-{year}-{digits}-{check_digit(f'{year}{digits}')}"


def read_serial(text: str) -> Serial | None:
    """Return what a serial says, however it was typed: lower case, spaces, other dashes. None if it is wrong."""
    plain = _plain(text)
    found = _SERIAL.fullmatch(plain) if len(plain) <= LONGEST else None
    if found is None:
        return None
    prefix, year, number, check = found.groups()
    known = check_digit(year + number) == int(check) and int(year) in YEARS and int(number) > 0
    if not known or (len(number) > DIGITS and number[0] == "0"):
        return None
    return Serial(prefix, int(year), int(number))


def looks_like_serial(text: str) -> bool:
    """Tell whether somebody typed a serial, right or with a wrong digit, and no code."""
    plain = _plain(text)
    return len(plain) <= LONGEST and _SERIAL.fullmatch(plain) is not None


def _plain(text: str) -> str:
    return "".join(text[: LONGEST * 4].split()).translate(_DASHES).upper()


def check_digit(digits: str) -> int:
    """Return Damm's check digit of a row of decimal digits."""
    interim = 0
    for digit in digits:
        interim = _TABLE[interim][int(digit)]
    return interim
