"""What a scoring lead sees: what waits and why, what two raters disagreed about, and how much was scored twice."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Row, func, select
from sqlalchemy.orm import aliased

from certificates.evidence.models import Requirement, Submission, SubmissionId
from certificates.rubrics.models import Rubric
from certificates.scoring.giving.eligible import field_of, works_of
from certificates.scoring.giving.making import RATERS
from certificates.scoring.giving.raters import raters_of
from certificates.scoring.models import (
    Purpose,
    ScoringTask,
    SecondScore,
    TaskId,
    TaskScore,
    TaskState,
    Why,
)
from courses.coaches.periods import institute_day
from institute.actors import Actor, InstituteId, PersonId
from institute.db import db
from institute.errors import NotFoundError
from institute.i18n import Localised
from institute.people.models import Person

MOST: Final = 50


@dataclass(frozen=True, slots=True)
class TaskLine:
    """A task as its lead sees it: what it is about and who has it, never whose evidence it is.

    ``fit`` is how many raters may have it, ``reasons`` how many of the others each obstacle keeps away.
    """

    task_id: TaskId
    submission_id: SubmissionId
    title: Localised
    attempt: int
    purpose: Purpose
    round: int
    state: TaskState
    due: date
    rater_id: PersonId | None
    rater: str
    fit: int
    reasons: Mapping[str, int]
    late: bool


@dataclass(frozen=True, slots=True)
class Counts:
    """The tasks of an institute in numbers."""

    open: int
    held: int
    late: int
    thirds: int


@dataclass(frozen=True, slots=True)
class CoverageLine:
    """A version of a rubric: evidence that has a score, what of it was scored twice, and why, in counts."""

    title: Localised
    version: int
    scored: int
    twice: int
    thirds: int
    whys: Mapping[Why, int]
    share: int


@dataclass(frozen=True, slots=True)
class DiscrepancyLine:
    """Evidence whose two raters lay apart, with the three who scored it; ``ended`` once the third has."""

    submission_id: SubmissionId
    title: Localised
    attempt: int
    round: int
    raters: tuple[str, ...]
    third: str
    ended: bool
    at: datetime


def counts_of(institute_id: InstituteId) -> Counts:
    """Return how much is open, held, late, and waits for a third person."""
    day, found = institute_day(institute_id), {"open": 0, "held": 0, "late": 0, "thirds": 0}
    rows = db.session.execute(
        select(ScoringTask.state, ScoringTask.purpose, ScoringTask.due, func.count(ScoringTask.id))
        .where(
            ScoringTask.institute_id == institute_id,
            ScoringTask.state.in_((TaskState.OPEN, TaskState.HELD)),
            ScoringTask.submission_id.is_not(None),
        )
        .group_by(ScoringTask.state, ScoringTask.purpose, ScoringTask.due)
    )
    for state, purpose, due, count in rows:
        found["open" if state is TaskState.OPEN else "held"] += count
        found["late"] += count if due < day else 0
        found["thirds"] += count if purpose is Purpose.ADJUDICATION else 0
    return Counts(**found)


def tasks_in(institute_id: InstituteId, *, show: str = "open", most: int = MOST) -> list[TaskLine]:
    """Return tasks that are ``open``, ``held`` or ``late``, what is due first first."""
    wanted: dict[str, ColumnElement[bool]] = {
        "open": ScoringTask.state == TaskState.OPEN,
        "held": ScoringTask.state == TaskState.HELD,
        "late": ScoringTask.state.in_((TaskState.OPEN, TaskState.HELD))
        & (ScoringTask.due < institute_day(institute_id)),
    }
    return _lines(institute_id, wanted.get(show, wanted["open"]), most)


def task_line(task_id: TaskId, *, actor: Actor) -> TaskLine:
    """Return one task of the actor's institute that is not done. Raises NotFoundError."""
    lines = _lines(
        actor.institute_id,
        (ScoringTask.id == task_id) & ScoringTask.state.in_((TaskState.OPEN, TaskState.HELD)),
        1,
    )
    if not lines:
        raise NotFoundError
    return lines[0]


def _lines(institute_id: InstituteId, wanted: ColumnElement[bool], most: int) -> list[TaskLine]:
    rows = db.session.execute(
        select(ScoringTask, Submission.attempt, Requirement.title, Person.name)
        .join(Submission, Submission.id == ScoringTask.submission_id)
        .join(Requirement, Requirement.id == Submission.requirement_id)
        .outerjoin(Person, Person.id == ScoringTask.rater_id)
        .where(ScoringTask.institute_id == institute_id, wanted)
        .order_by(ScoringTask.due, ScoringTask.place)
        .limit(most)
    ).all()
    raters, day = raters_of(institute_id), institute_day(institute_id)
    works = {work.task_id: work for work in works_of([row.ScoringTask.id for row in rows])}
    field = field_of(institute_id, list(works.values()), raters)
    lines = []
    for row in rows:
        task, reasons, fit = row.ScoringTask, dict[str, int](), 0
        for rater in raters:
            found = field.obstacles(works[task.id], rater)
            fit += not found
            for code in found[:1]:
                reasons[code] = reasons.get(code, 0) + 1
        lines.append(
            TaskLine(
                task.id,
                task.submission_id,
                row.title,
                row.attempt,
                task.purpose,
                task.round,
                task.state,
                task.due,
                task.rater_id,
                row.name or "",
                fit,
                reasons,
                task.due < day,
            )
        )
    return lines


def coverage_of(institute_id: InstituteId) -> list[CoverageLine]:
    """Return for each version of a rubric how much of what was scored was scored twice, and why."""
    per_round = (
        select(
            ScoringTask.submission_id,
            ScoringTask.rubric_id,
            func.count(TaskScore.id).filter(ScoringTask.purpose.in_(RATERS)).label("raters"),
            func.count(TaskScore.id).filter(ScoringTask.purpose == Purpose.ADJUDICATION).label("thirds"),
        )
        .join(TaskScore, TaskScore.task_id == ScoringTask.id)
        .where(ScoringTask.institute_id == institute_id, ScoringTask.submission_id.is_not(None))
        .group_by(ScoringTask.submission_id, ScoringTask.round, ScoringTask.rubric_id)
        .subquery()
    )
    rows = db.session.execute(
        select(
            Rubric,
            func.count().label("scored"),
            func.count().filter(per_round.c.raters > 1).label("twice"),
            func.count().filter(per_round.c.thirds > 0).label("thirds"),
        )
        .join(per_round, per_round.c.rubric_id == Rubric.id)
        .group_by(Rubric.id)
        .order_by(Rubric.key, Rubric.version.desc())
    ).all()
    whys: dict[int, dict[Why, int]] = {}
    for rubric_id, why, count in db.session.execute(
        select(per_round.c.rubric_id, SecondScore.why, func.count(SecondScore.id))
        .join(SecondScore, SecondScore.submission_id == per_round.c.submission_id)
        .group_by(per_round.c.rubric_id, SecondScore.why)
    ):
        whys.setdefault(rubric_id, {})[why] = count
    return [
        CoverageLine(
            row.Rubric.title,
            row.Rubric.version,
            row.scored,
            row.twice,
            row.thirds,
            whys.get(row.Rubric.id, {}),
            row.Rubric.rules.share,
        )
        for row in rows
    ]


def discrepancies_of(institute_id: InstituteId, *, most: int = MOST) -> list[DiscrepancyLine]:
    """Return the evidence that went to a third person, newest first. What each gave is not told here."""
    third = aliased(Person)
    rows = db.session.execute(
        select(ScoringTask, Submission.attempt, Requirement.title, third.name)
        .join(Submission, Submission.id == ScoringTask.submission_id)
        .join(Requirement, Requirement.id == Submission.requirement_id)
        .outerjoin(third, third.id == ScoringTask.rater_id)
        .where(
            ScoringTask.institute_id == institute_id,
            ScoringTask.purpose == Purpose.ADJUDICATION,
            ScoringTask.state != TaskState.WITHDRAWN,
        )
        .order_by(ScoringTask.id.desc())
        .limit(most)
    ).all()
    names: dict[tuple[SubmissionId, int], list[str]] = {}
    for one in db.session.execute(
        select(ScoringTask.submission_id, ScoringTask.round, Person.name)
        .join(Person, Person.id == ScoringTask.rater_id)
        .where(
            ScoringTask.submission_id.in_([row.ScoringTask.submission_id for row in rows]),
            ScoringTask.purpose.in_(RATERS),
            ScoringTask.state == TaskState.SCORED,
        )
        .order_by(Person.name)
    ):
        names.setdefault((one.submission_id, one.round), []).append(one.name)
    return [_discrepancy(row, names) for row in rows]


def _discrepancy(
    row: Row[*tuple[Any, ...]], names: Mapping[tuple[SubmissionId, int], list[str]]
) -> DiscrepancyLine:
    task: ScoringTask = row.ScoringTask
    submission_id = SubmissionId(task.submission_id or 0)
    return DiscrepancyLine(
        submission_id,
        row.title,
        row.attempt,
        task.round,
        tuple(names.get((submission_id, task.round), ())),
        row.name or "",
        task.state is TaskState.SCORED,
        task.created_at,
    )
