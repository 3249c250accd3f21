"""Where each piece of evidence stands, line by line: for its participant, their coach and the office."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy import select

from certificates.evidence.hands import OWN, Hands
from certificates.evidence.models import Owner, Presentation, RequirementKind, SubmissionId
from certificates.evidence.pages import PresentationLine, presentation_line
from certificates.evidence.queries import RequirementStatus, requirement_states
from certificates.evidence.states import ENDED, SubmissionState
from certificates.levels.eligibility import last_day
from certificates.levels.models import LevelId
from certificates.levels.queries import LevelLine, levels_of
from certificates.levels.rules import RuleKind
from courses.cohorts.assigning import local_day
from courses.cohorts.queries import EnrolmentHere, find_enrolment
from institute.actors import Actor
from institute.db import db
from institute.i18n import Localised

NOBODY: Final[Mapping[SubmissionId, Presentation]] = {}
LEFT_TO_WRITE: Final = frozenset({SubmissionState.DRAFT, SubmissionState.RELEASED}) | ENDED


@dataclass(frozen=True, slots=True)
class BoardLine:
    """A requirement as a line of the board. ``by`` is the last day of the time that the level's rule gives for it."""

    status: RequirementStatus
    by: date | None
    late: bool
    presentation: PresentationLine | None

    @property
    def waits_for_author(self) -> bool:
        """Whether its participant has something to write or to hand in, now."""
        status = self.status
        begun = status.state is None or status.state in LEFT_TO_WRITE
        mine = status.owner is Owner.CANDIDATE and status.kind is not RequirementKind.PRESENTATION
        return mine and status.asks and begun and not status.met


@dataclass(frozen=True, slots=True)
class BoardGroup:
    """Lines that stand together: one requirement, or several of which one is enough."""

    choice: str | None
    lines: tuple[BoardLine, ...]

    @property
    def met(self) -> bool:
        """Whether nothing is left to do for it."""
        return any(line.status.met for line in self.lines)


@dataclass(frozen=True, slots=True)
class LevelPart:
    """What one level asks for. ``complete`` where everything is met."""

    position: int
    name: Localised
    groups: tuple[BoardGroup, ...]

    @property
    def complete(self) -> bool:
        """Whether everything is met."""
        return all(group.met for group in self.groups)

    @property
    def done(self) -> int:
        """How many of its groups are met."""
        return sum(group.met for group in self.groups)


@dataclass(frozen=True, slots=True)
class EvidenceList:
    """All requirements: those of the next level, those of levels after it, those of levels that are complete."""

    enrolment: EnrolmentHere
    parts: tuple[LevelPart, ...]
    zone: ZoneInfo

    @property
    def following(self) -> LevelPart | None:
        """The level that comes next."""
        return next((part for part in self.parts if not part.complete), None)

    @property
    def next(self) -> BoardLine | None:
        """What its participant does next for the level that comes next; None while others have to act."""
        groups = self.following.groups if self.following else ()
        open_lines = (line for group in groups if not group.met for line in group.lines)
        return next((line for line in open_lines if line.waits_for_author), None)

    @property
    def later(self) -> tuple[LevelPart, ...]:
        """The levels after it."""
        return tuple(part for part in self.parts if not part.complete)[1:]

    @property
    def complete(self) -> tuple[LevelPart, ...]:
        """The levels of which everything is met."""
        return tuple(part for part in self.parts if part.complete)

    @property
    def lines(self) -> tuple[BoardLine, ...]:
        """Every line."""
        return tuple(line for part in self.parts for group in part.groups for line in group.lines)


def evidence_list(actor: Actor) -> EvidenceList | None:
    """Return all requirements of a participant, or None for somebody who is not enrolled."""
    enrolment = find_enrolment(actor)
    return None if enrolment is None else board_of(enrolment)


def board_for(actor: Actor, hands: Hands = OWN) -> EvidenceList:
    """Return the board of an enrolment that the actor may see. Raises NotFoundError."""
    return board_of(hands.enrolment(actor))


def board_of(enrolment: EnrolmentHere) -> EvidenceList:
    """Return the board of an enrolment."""
    states = requirement_states(enrolment.id)
    levels = levels_of(enrolment.institute_id)
    presentations = _presentations(states.values())
    limits = _limits(levels, states, enrolment.starts)
    today = local_day(enrolment.timezone)

    def line(status: RequirementStatus) -> BoardLine:
        by = None if status.met else limits.get(status.key)
        row = presentations.get(status.submission_id) if status.submission_id else None
        return BoardLine(
            status,
            by,
            late=by is not None and by < today,
            presentation=presentation_line(row) if row else None,
        )

    parts = []
    for level in levels:
        own = [line(status) for status in states.values() if status.level_id == level.id]
        if own:
            parts.append(LevelPart(level.position, level.name, _groups(own)))
    return EvidenceList(enrolment, tuple(parts), ZoneInfo(enrolment.timezone))


def _groups(lines: list[BoardLine]) -> tuple[BoardGroup, ...]:
    """Put either/or lines beside the first of their choice; a choice of one is none."""
    first: dict[str, int] = {}
    for at, line in enumerate(lines):
        if line.status.choice is not None:
            first.setdefault(line.status.choice, at)
    ordered = sorted(
        enumerate(lines), key=lambda one: (first.get(one[1].status.choice or "", one[0]), one[0])
    )
    found = []
    for at, group in groupby(ordered, key=lambda one: first.get(one[1].status.choice or "", one[0])):
        same = tuple(line for _, line in group)
        choice = lines[at].status.choice
        found.append(BoardGroup(choice if len(same) > 1 else None, same))
    return tuple(found)


def _presentations(states: Iterable[RequirementStatus]) -> Mapping[SubmissionId, Presentation]:
    begun = [
        one.submission_id for one in states if one.kind is RequirementKind.PRESENTATION and one.submission_id
    ]
    if not begun:
        return NOBODY
    rows = db.session.scalars(select(Presentation).where(Presentation.submission_id.in_(begun)))
    return {row.submission_id: row for row in rows}


def _limits(
    levels: Iterable[LevelLine], states: Mapping[str, RequirementStatus], starts: date
) -> dict[str, date]:
    """Return by when the rules of the levels want each requirement; either/or ones share the day."""
    found: dict[str, date] = {}
    chosen: dict[tuple[LevelId, str], date] = {}
    for level in levels:
        for rule in level.rules.rules if level.rules else ():
            if rule.kind is RuleKind.EVIDENCE and rule.within_months is not None and rule.key in states:
                found[rule.key] = last_day(starts, rule.within_months)
                status = states[rule.key]
                if status.choice is not None:
                    chosen[(status.level_id, status.choice)] = found[rule.key]
    for key, status in states.items():
        if status.choice is not None and (status.level_id, status.choice) in chosen:
            found.setdefault(key, chosen[(status.level_id, status.choice)])
    return found


def owed(board: EvidenceList, owner: Owner) -> tuple[BoardLine, ...]:
    """Return what an owner still has to hand in."""
    return tuple(line for line in board.lines if line.status.owner is owner and not line.status.met)
