"""How days, times and cells are written in a file: declared by whoever brings it in, never guessed."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum
from typing import Final, Self
from zoneinfo import ZoneInfo, available_timezones

from courses.exchange.errors import (
    DayUnreadableError,
    FormatMissingError,
    TimeUnreadableError,
    ZoneUnknownError,
)

EARLIEST_YEAR: Final = 2000
LATEST_YEAR: Final = 2999
NOON: Final = 12
OF_COHORT: Final = "cohort"
_ISO: Final = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})\Z")
_SLASHED: Final = re.compile(r"([0-9]{1,2})[/.-]([0-9]{1,2})[/.-]([0-9]{4})\Z")
_H24: Final = re.compile(r"([0-9]{1,2}):([0-9]{2})(?::00)?\Z")
_H12: Final = re.compile(r"([0-9]{1,2}):([0-9]{2})(?::00)?\s*([ap])\.?m\.?\Z", re.IGNORECASE)


class DateOrder(StrEnum):
    """In which order a day is written."""

    ISO = "iso"
    DAY_FIRST = "dmy"
    MONTH_FIRST = "mdy"


class TimeStyle(StrEnum):
    """How a time of day is written."""

    H24 = "24"
    H12 = "12"


class Delimiter(StrEnum):
    """What stands between two cells."""

    COMMA = "comma"
    SEMICOLON = "semicolon"
    TAB = "tab"


MARKS: Final = {Delimiter.COMMA: ",", Delimiter.SEMICOLON: ";", Delimiter.TAB: "\t"}
DAYS: Final = {
    DateOrder.ISO: ("2026-10-13", "YYYY-MM-DD"),
    DateOrder.DAY_FIRST: ("13/10/2026", "DD/MM/YYYY"),
    DateOrder.MONTH_FIRST: ("10/13/2026", "MM/DD/YYYY"),
}
TIMES: Final = {TimeStyle.H24: "15:30", TimeStyle.H12: "3:30 pm"}


@dataclass(frozen=True, slots=True)
class Formats:
    """What was declared of a file. ``zone`` is an IANA name, or None: each time is one of its cohort's clock."""

    dates: DateOrder = DateOrder.ISO
    times: TimeStyle = TimeStyle.H24
    delimiter: Delimiter = Delimiter.COMMA
    zone: str | None = None

    @classmethod
    def of(cls, form: Mapping[str, str]) -> Self:
        """Read what a form declares. Raises FormatMissingError where it leaves one out, ZoneUnknownError."""
        try:
            dates, times = DateOrder(form.get("dates", "")), TimeStyle(form.get("times", ""))
            delimiter = Delimiter(form.get("delimiter", ""))
        except ValueError as error:
            raise FormatMissingError from error
        return cls(dates, times, delimiter, read_zone(form.get("zone", "")))

    def day(self, text: str) -> date:
        """Return a day written in the declared order. Raises DayUnreadableError."""
        found = (_ISO if self.dates is DateOrder.ISO else _SLASHED).match(text)
        if found:
            parts = [int(part) for part in found.groups()]
            year, month, day = {
                DateOrder.ISO: parts,
                DateOrder.DAY_FIRST: parts[::-1],
                DateOrder.MONTH_FIRST: [parts[-1], *parts[:2]],
            }[self.dates]
            if EARLIEST_YEAR <= year <= LATEST_YEAR:
                try:
                    return date(year, month, day)
                except ValueError:
                    pass
        raise DayUnreadableError(text=shortened(text), example=DAYS[self.dates][0])

    def time(self, text: str) -> time:
        """Return a time of day written as declared. Raises TimeUnreadableError."""
        found = (_H24 if self.times is TimeStyle.H24 else _H12).match(text)
        if found:
            hour, minute = int(found[1]), int(found[2])
            if self.times is TimeStyle.H12:
                hour = hour % NOON + NOON * (found[3].lower() == "p") if 1 <= hour <= NOON else -1
            try:
                return time(hour, minute)
            except ValueError:
                pass
        raise TimeUnreadableError(text=shortened(text), example=TIMES[self.times])

    def in_zone(self, wall: datetime, zone: str) -> ZoneInfo:
        """Return the zone whose clock showed ``wall``: the declared one, or that of the cohort."""
        return ZoneInfo(self.zone or zone)

    def declared(self) -> dict[str, str]:
        """Return the formats as a form would send them."""
        return {
            "dates": self.dates,
            "times": self.times,
            "delimiter": self.delimiter,
            "zone": self.zone or OF_COHORT,
        }


def read_zone(text: str) -> str | None:
    """Return an IANA name, or None where the cohort's clock was declared. Raises ZoneUnknownError."""
    if text == OF_COHORT:
        return None
    if text not in available_timezones():
        raise ZoneUnknownError(zone=shortened(text))
    return text


def shortened(text: str, most: int = 40) -> str:
    """Return a typed text isolated and short enough for a sentence about it."""
    kept = text if len(text) <= most else text[:most] + "…"
    return f"\u2068{kept}\u2069"
