"""When a segment is open to somebody: what comes first is done, and its day has come. Pure rules.

A segment waits for the modules and segments that its author named, and for its day: the cohort's own, or so many days
after the cohort's first. What somebody has begun stays open to them, whatever another version asks for.
"""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import dataclass
from datetime import date, timedelta

from courses.catalogue.addresses import address_of
from courses.catalogue.models import PartId, StepId
from courses.catalogue.outlines import ModuleLine, Outline, SegmentLine

Place = tuple[ModuleLine, SegmentLine | None]


@dataclass(frozen=True, slots=True)
class Gate:
    """What keeps a segment closed: modules (without a segment) and segments to be done first, and the day to come."""

    first: tuple[Place, ...]
    opens_on: date | None


@dataclass(frozen=True, slots=True)
class Calendar:
    """A cohort's days: its first, its own for some segments, and today."""

    starts: date
    own: Mapping[PartId, date]
    today: date


def gates_of(
    outline: Outline, done: Set[StepId], calendar: Calendar, *, begun: Set[StepId]
) -> dict[PartId, Gate]:
    """Return the gates of the segments that are closed, by their parts. ``begun`` are steps that were ever done."""
    places = _places(outline)
    gates: dict[PartId, Gate] = {}
    for _, segment in outline.segments():
        if any(step in begun for step in segment.steps):
            continue
        waiting = (places[one] for one in segment.opens.after if one in places)
        first = tuple(place for place in waiting if not _is_done(place, done))
        day = day_of(segment, calendar)
        opens_on = day if day is not None and day > calendar.today else None
        if first or opens_on is not None:
            gates[segment.part_id] = Gate(first, opens_on)
    return gates


def day_of(segment: SegmentLine, calendar: Calendar) -> date | None:
    """Return the day of a segment: the cohort's own, or the author's; None where any day will do."""
    if segment.part_id in calendar.own:
        return calendar.own[segment.part_id]
    days = segment.opens.days
    return None if days is None else calendar.starts + timedelta(days=days)


def named_first(outline: Outline, segment: SegmentLine) -> tuple[Place, ...]:
    """Return the modules and segments that the author of a segment put before it, done or not."""
    places = _places(outline)
    return tuple(places[one] for one in segment.opens.after if one in places)


def _places(outline: Outline) -> dict[str, Place]:
    places: dict[str, Place] = {address_of(module.slug): (module, None) for module in outline.modules}
    for module, segment in outline.segments():
        places[address_of(module.slug, segment.slug)] = (module, segment)
    return places


def _is_done(place: Place, done: Set[StepId]) -> bool:
    module, segment = place
    segments = (segment,) if segment is not None else module.segments
    return all(step in done for one in segments for step in one.steps)
