"""From what a clock on the wall showed to an instant, in a zone whose clocks go forward and back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import Final
from zoneinfo import ZoneInfo

HALF_DAY: Final = timedelta(hours=12)
FEW_HOURS: Final = timedelta(hours=4)


class Side(StrEnum):
    """Which of two equal times is meant, in the night when the clocks go back."""

    FIRST = "first"
    SECOND = "second"


class Reading(StrEnum):
    """What a time on the wall was, that day in that zone."""

    ONCE = "once"
    TWICE = "twice"
    NEVER = "never"


@dataclass(frozen=True, slots=True)
class Offer:
    """An end that may have been meant instead, and the minutes from the start to it."""

    at: time
    minutes: int


def reading_of(wall: datetime, zone: ZoneInfo) -> Reading:
    """Tell whether a naive local time happened once, twice (clocks went back) or never (clocks went forward)."""
    first, second = (wall.replace(tzinfo=zone, fold=fold).utcoffset() for fold in (0, 1))
    if first is None or second is None or first == second:
        return Reading.ONCE
    return Reading.TWICE if first > second else Reading.NEVER


def instant_of(wall: datetime, zone: ZoneInfo, side: Side = Side.FIRST) -> datetime:
    """Return the instant (aware, UTC) of a naive local time that happened; ``side`` matters where it did twice."""
    return wall.replace(tzinfo=zone, fold=int(side is Side.SECOND)).astimezone(UTC)


def side_of(instant: datetime, zone: ZoneInfo) -> Side | None:
    """Return which of two equal times an instant was, None where its time happened once."""
    local = instant.astimezone(zone)
    if reading_of(local.replace(tzinfo=None, fold=0), zone) is not Reading.TWICE:
        return None
    return Side.SECOND if local.fold else Side.FIRST


def minutes_between(start: datetime, end: datetime) -> int:
    """Return the whole minutes from one instant to another, as a stopwatch counts them."""
    return int((end - start).total_seconds() // 60)


def likely_end(day: date, begins: time, ends: time, usual: int) -> Offer:
    """Return what an end before the start was probably meant to be; ``usual`` minutes is how long sessions are.

    Twelve hours too early is a forgotten "pm". Otherwise the minutes are believed and the hour is not: of all
    later times with these minutes, the one that comes nearest to the usual length.
    """
    start, typed = datetime.combine(day, begins), datetime.combine(day, ends)
    if timedelta() < typed + HALF_DAY - start <= FEW_HOURS:
        return _offer(start, typed + HALF_DAY)
    later = [typed + timedelta(hours=hours) for hours in range(25)]
    after = [end for end in later if end > start]
    return _offer(start, min(after, key=lambda end: abs((end - start) - timedelta(minutes=usual))))


def _offer(start: datetime, end: datetime) -> Offer:
    return Offer(end.time(), int((end - start).total_seconds() // 60))
