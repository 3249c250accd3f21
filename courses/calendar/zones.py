"""A time zone as calendars want it (RFC 5545 §3.6.5): when its clocks change, and from what to what."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

STEP: Final = timedelta(days=1)
SECOND: Final = timedelta(seconds=1)
NONE: Final = timedelta()


@dataclass(frozen=True, slots=True)
class Change:
    """One change of a zone's clocks. ``wall`` is the naive local time at which it happens, on the clock before it."""

    wall: datetime
    before: timedelta
    after: timedelta
    name: str
    saving: bool


def zone_lines(zone: str, since: datetime, until: datetime) -> list[str]:
    """Return the VTIMEZONE of an IANA zone that is right from ``since`` to ``until`` (aware), unfolded.

    Each change in that time stands there by its day instead of a rule: rules of zones are changed by governments,
    and what a rule says of other years is nobody's concern here.
    """
    changes = list(_changes(zone, _year_start(since), _year_start(until, ahead=1)))
    lines = ["BEGIN:VTIMEZONE", f"TZID:{zone}"]
    for first, days in _grouped(changes):
        part = "DAYLIGHT" if first.saving else "STANDARD"
        lines += [f"BEGIN:{part}", f"DTSTART:{first.wall:%Y%m%dT%H%M%S}"]
        if len(days) > 1:
            lines.append("RDATE:" + ",".join(f"{wall:%Y%m%dT%H%M%S}" for wall in days[1:]))
        lines += [
            f"TZOFFSETFROM:{_offset(first.before)}",
            f"TZOFFSETTO:{_offset(first.after)}",
            f"TZNAME:{first.name}",
            f"END:{part}",
        ]
    return [*lines, "END:VTIMEZONE"]


def _year_start(at: datetime, *, ahead: int = 0) -> datetime:
    return datetime(at.astimezone(UTC).year + ahead, 1, 1, tzinfo=UTC)


def _grouped(changes: list[Change]) -> list[tuple[Change, list[datetime]]]:
    """Return changes that are alike together: the first of them, and the local times of all."""
    alike: dict[tuple[timedelta, timedelta, str, bool], tuple[Change, list[datetime]]] = {}
    for change in changes:
        key = (change.before, change.after, change.name, change.saving)
        alike.setdefault(key, (change, []))[1].append(change.wall)
    return list(alike.values())


@lru_cache(maxsize=64)
def _found(zone: str, since: datetime, until: datetime) -> tuple[Change, ...]:
    return tuple(_look(ZoneInfo(zone), since, until))


def _changes(zone: str, since: datetime, until: datetime) -> Iterator[Change]:
    yield from _found(zone, since, until)


def _look(zone: ZoneInfo, since: datetime, until: datetime) -> Iterator[Change]:
    """Yield the zone's standing at ``since`` as a change that nothing changes, then each change until ``until``."""
    here = since.astimezone(zone)
    standing = here.utcoffset() or NONE
    yield Change(here.replace(tzinfo=None), standing, standing, here.tzname() or "", bool(here.dst()))
    at = since
    while at < until:
        following = at + STEP
        if _state(zone, at) != _state(zone, following):
            yield _change(zone, at, following)
        at = following


def _change(zone: ZoneInfo, low: datetime, high: datetime) -> Change:
    """Return the change between two instants, found to the second."""
    before = _state(zone, low)
    while high - low > SECOND:
        middle = low + (high - low) // 2
        middle = middle.replace(microsecond=0)
        if _state(zone, middle) == before:
            low = middle
        else:
            high = middle
    after = high.astimezone(zone)
    return Change(
        wall=(high + before[0]).replace(tzinfo=None),
        before=before[0],
        after=after.utcoffset() or NONE,
        name=after.tzname() or "",
        saving=bool(after.dst()),
    )


def _state(zone: ZoneInfo, at: datetime) -> tuple[timedelta, str, bool]:
    local = at.astimezone(zone)
    return local.utcoffset() or NONE, local.tzname() or "", bool(local.dst())


def _offset(offset: timedelta) -> str:
    """Return an offset as +HHMM, with seconds where it has any."""
    seconds = int(offset.total_seconds())
    sign, rest = ("-", -seconds) if seconds < 0 else ("+", seconds)
    hours, rest = divmod(rest, 3600)
    minutes, rest = divmod(rest, 60)
    return f"{sign}{hours:02}{minutes:02}" + (f"{rest:02}" if rest else "")
