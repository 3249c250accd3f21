"""What a typed field of a sheet says: a day, a time, a number, one of several choices; None where it says nothing."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Final, TypeVar
from zoneinfo import ZoneInfo

from courses.catalogue.durations import say_minutes
from courses.coaching import errors
from courses.sessions.wall_time import (
    Offer,
    Reading,
    Side,
    instant_of,
    likely_end,
    minutes_between,
    reading_of,
)
from institute.errors import DomainError
from institute.web.forms import storable

DAY: Final = timedelta(days=1)
DAY_MINUTES: Final = 1440
EARLIEST_YEAR: Final = 2000
LATEST_YEAR: Final = 2999

K = TypeVar("K", bound=StrEnum)


def clean(text: str) -> str:
    """Return a typed text with plain line ends and without characters that nobody types on purpose."""
    return storable(text).strip()


def values_of(form: Mapping[str, str], name: str) -> list[str]:
    """Return the clean values of a field that a form may hold several times, without empty ones."""
    found = form.getlist(name) if hasattr(form, "getlist") else [form.get(name, "")]
    return [value for value in map(clean, found) if value]


def member_of(kind: type[K], text: str) -> K | None:
    """Return the choice that a text names."""
    return kind(text) if text in list(kind) else None


def number_in(text: str, digits: int) -> int | None:
    """Return a whole number of so many ASCII digits at most."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= digits else None


def day_in(text: str) -> date | None:
    """Return a day as a date field sends it, of a year that somebody may have meant."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if EARLIEST_YEAR <= day.year <= LATEST_YEAR else None


def time_in(text: str) -> time | None:
    """Return a time of day as a time field sends it, in whole minutes."""
    try:
        found = time.fromisoformat(text)
    except ValueError:
        return None
    return found.replace(second=0, microsecond=0) if found.tzinfo is None else None


class TimesRead:
    """From when to when a session lasted as somebody typed it: two instants, or what has to be mended.

    ``span`` is None where something has to be; ``offer`` is an end that is likelier than the one typed.
    """

    def __init__(self, typed: Mapping[str, str], zone: ZoneInfo, usual: int) -> None:
        self.typed = typed
        self.zone = zone
        self.usual = usual
        self.problems: dict[str, DomainError] = {}
        self.offer: Offer | None = None
        self.span = self._read()

    def _read(self) -> tuple[datetime, datetime] | None:
        day, begins, ends = (
            day_in(self.typed["day"]),
            time_in(self.typed["begins"]),
            time_in(self.typed["ends"]),
        )
        if day is None:
            self.problems["day"] = errors.DayMissingError()
        if begins is None:
            self.problems["begins"] = errors.TimeMissingError()
        if ends is None:
            self.problems["ends"] = errors.TimeMissingError()
        if day is None or begins is None or ends is None:
            return None
        last = day + DAY if self.typed["next_day"] else day
        start = self._instant("begins", datetime.combine(day, begins))
        end = self._instant("ends", datetime.combine(last, ends))
        if start is None or end is None:
            return None
        if end <= start:
            self.offer = likely_end(day, begins, ends, self.usual)
            said = {"time": f"{self.offer.at:%H:%M}", "length": say_minutes(self.offer.minutes)}
            self.problems["ends"] = errors.EndFirstError(**said)
            return None
        if minutes_between(start, end) > DAY_MINUTES:
            self.problems["ends"] = errors.SessionTooLongError()
            return None
        return start, end

    def _instant(self, name: str, wall: datetime) -> datetime | None:
        reading = reading_of(wall, self.zone)
        if reading is Reading.NEVER:
            self.problems[name] = errors.TimeSkippedError(time=f"{wall:%H:%M}")
            return None
        if reading is Reading.ONCE:
            return instant_of(wall, self.zone)
        side = member_of(Side, self.typed[f"{name}_side"])
        if side is None:
            self.problems[f"{name}_side"] = errors.TimeTwiceError(time=f"{wall:%H:%M}")
            return None
        return instant_of(wall, self.zone, side)
