"""Which requirements a coach meets on a day: worked out of what was verified, and nothing else."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from courses.coaches.models import CoachRecord, CoachRequirement, RecordKind
from courses.coaches.periods import months_after

SOON: Final = timedelta(days=60)


class Met(StrEnum):
    """How a requirement stands."""

    MISSING = "missing"
    LATER = "later"
    EXPIRING = "expiring"
    WAIVED = "waived"
    MET = "met"


@dataclass(frozen=True, slots=True)
class Line:
    """One requirement of one coach: ``until`` is when it ends, or by when it is needed; ``minutes`` were attended."""

    requirement: CoachRequirement
    met: Met
    until: date | None
    minutes: int
    records: tuple[CoachRecord, ...]


@dataclass(frozen=True, slots=True)
class Standing:
    """Everything that is asked of a coach. What is ``missing`` keeps them from being assigned."""

    lines: tuple[Line, ...]

    @property
    def missing(self) -> tuple[Line, ...]:
        """What is needed now and is not there."""
        return tuple(line for line in self.lines if line.met is Met.MISSING)

    @property
    def later(self) -> tuple[Line, ...]:
        """What is not there, and is needed only after some months."""
        return tuple(line for line in self.lines if line.met is Met.LATER)

    @property
    def expiring(self) -> tuple[Line, ...]:
        """What is there and ends soon."""
        return tuple(line for line in self.lines if line.met is Met.EXPIRING)

    @property
    def met(self) -> tuple[Line, ...]:
        """What is there, by evidence, training or waiver."""
        return tuple(line for line in self.lines if line.met not in {Met.MISSING, Met.LATER})


def judge(
    requirements: Sequence[CoachRequirement],
    records: Iterable[CoachRecord],
    *,
    day: date,
    first_day: date | None,
) -> Standing:
    """Return how a coach stands on ``day``; ``first_day`` is when they began to coach, None before that.

    A record holds from its day to its last day, both included, unless it was ended. A requirement that has some
    months' time is not missing before they are over.
    """
    by_requirement: dict[int, list[CoachRecord]] = {}
    for record in records:
        by_requirement.setdefault(record.requirement_id, []).append(record)
    return Standing(
        tuple(
            _line(one, by_requirement.get(one.id, []), day=day, first_day=first_day) for one in requirements
        )
    )


def holds(record: CoachRecord, day: date) -> bool:
    """Tell whether a record counts on a day."""
    return (
        record.ended_at is None and record.on_day <= day and (record.expires is None or record.expires >= day)
    )


def _line(
    requirement: CoachRequirement, records: list[CoachRecord], *, day: date, first_day: date | None
) -> Line:
    holding = [record for record in records if holds(record, day)]
    minutes = sum(record.minutes or 0 for record in holding)
    met, until = _met(requirement, holding, minutes, day)
    if met is Met.MISSING and requirement.within_months:
        until = months_after(first_day, requirement.within_months) if first_day else None
        if until is None or until >= day:
            met = Met.LATER
    return Line(requirement, met, until, minutes, tuple(records))


def _met(
    requirement: CoachRequirement, holding: list[CoachRecord], minutes: int, day: date
) -> tuple[Met, date | None]:
    waivers = [record for record in holding if record.kind is RecordKind.WAIVER]
    proofs = [record for record in holding if record.kind is not RecordKind.WAIVER]
    if proofs and minutes >= (requirement.minutes or 0):
        until = _last_day(requirement, proofs)
        soon = until is not None and until - day <= SOON
        return (Met.EXPIRING if soon else Met.MET), until
    if waivers:
        until = _latest(waivers)
        soon = until is not None and until - day <= SOON
        return (Met.EXPIRING if soon else Met.WAIVED), until
    return Met.MISSING, None


def _last_day(requirement: CoachRequirement, proofs: list[CoachRecord]) -> date | None:
    """Return until when the proofs suffice: of a training in parts, until too few minutes are left."""
    if not requirement.minutes:
        return _latest(proofs)
    left = sum(record.minutes or 0 for record in proofs)
    ending = sorted((one for one in proofs if one.expires), key=lambda one: one.expires or date.max)
    for record in ending:
        left -= record.minutes or 0
        if left < requirement.minutes:
            return record.expires
    return None


def _latest(records: list[CoachRecord]) -> date | None:
    ends = [record.expires for record in records]
    return None if None in ends else max(end for end in ends if end is not None)
