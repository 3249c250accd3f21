"""A trainer's queue: what they hold and what they may take, in an order that says nothing of when it came."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Row, Select, exists, func, literal, select, tuple_
from sqlalchemy.orm import aliased

from certificates.evidence.models import Requirement, Submission
from certificates.rubrics.models import Criterion, RubricId
from certificates.scoring.giving.offering import open_to
from certificates.scoring.models import Purpose, ScoreSheet, ScoringTask, SheetId, TaskId, TaskState
from certificates.scoring.outcomes.results import CarriedScore
from certificates.scoring.sheets.packets import requirement_of_rubric
from certificates.scoring.sheets.writing import current_scores
from certificates.scoring.tasking import rater_of
from institute.actors import Actor, PersonId, Role
from institute.clock import now
from institute.db import db
from institute.i18n import Localised

MOST_IN_QUEUE: Final = 50


@dataclass(frozen=True, slots=True)
class QueueLine:
    """A task in the queue; ``scored`` of ``criteria`` is how far its holder is."""

    task_id: TaskId
    title: Localised
    attempt: int
    due: date
    submitted_at: datetime
    scored: int
    criteria: int
    adjudicates: bool = False

    @property
    def overdue(self) -> bool:
        """Whether its day has passed everywhere."""
        return self.due < now().date()


@dataclass(frozen=True, slots=True)
class Queue:
    """What a trainer may score: what they hold, and the oldest of what nobody holds (``waiting`` in all)."""

    mine: tuple[QueueLine, ...]
    open: tuple[QueueLine, ...]
    waiting: int


def queue_of(actor: Actor) -> Queue:
    """Return the actor's queue. Evidence of somebody they have another duty towards is not in it."""
    rater = rater_of(actor)
    tasks = _tasks().where(ScoringTask.institute_id == actor.institute_id)
    leads = actor.has(Role.SCORING_LEAD)
    free = (*open_to(rater, actor.institute_id, leads=leads), _once_a_submission())
    held = (
        ScoringTask.institute_id == actor.institute_id,
        ScoringTask.state == TaskState.HELD,
        ScoringTask.rater_id == rater,
    )
    mine = [row for query in (_tasks(), _seeded()) for row in db.session.execute(query.where(*held))]
    waiting = db.session.execute(tasks.where(*free).limit(MOST_IN_QUEUE + 1)).all()
    count = len(waiting)
    if count > MOST_IN_QUEUE:
        counting = select(func.count(ScoringTask.id)).join(
            Submission, Submission.id == ScoringTask.submission_id
        )
        count = db.session.scalars(counting.where(*free)).one()
    shown = waiting[:MOST_IN_QUEUE]
    criteria = _criteria_counts([*mine, *shown])
    scored = _scored_counts([row.id for row in mine], rater)

    def lines(rows: Sequence[Row[Any]]) -> tuple[QueueLine, ...]:
        found = [_line(row, criteria[row.id], scored.get(row.id, 0)) for row in rows]
        return tuple(sorted(found, key=lambda line: not line.overdue))

    return Queue(mine=lines(_shuffled(mine)), open=lines(_shuffled(shown)), waiting=count)


def _shuffled(rows: Sequence[Row[Any]]) -> list[Row[Any]]:
    """Return tasks in the order that chance gave them, so that neighbours tell nothing of each other."""
    return sorted(rows, key=lambda row: (row.place, row.id))


def _once_a_submission() -> ColumnElement[bool]:
    """Return the condition that shows one of a submission's open tasks: nobody has two of them."""
    other = aliased(ScoringTask)
    return ~exists().where(
        other.submission_id == ScoringTask.submission_id,
        other.state == TaskState.OPEN,
        other.id != ScoringTask.id,
        tuple_(other.place, other.id) < tuple_(ScoringTask.place, ScoringTask.id),
    )


def _tasks() -> Select[*tuple[Any, ...]]:
    return (
        select(
            ScoringTask.id,
            ScoringTask.rubric_id,
            ScoringTask.submission_id,
            ScoringTask.purpose,
            ScoringTask.place,
            Requirement.title,
            Submission.attempt,
            ScoringTask.due,
            Submission.submitted_at,
        )
        .join(Submission, Submission.id == ScoringTask.submission_id)
        .join(Requirement, Requirement.id == Submission.requirement_id)
        # What is due first is shown; in which order it stands there, chance says.
        .order_by(ScoringTask.due, ScoringTask.place, ScoringTask.id)
    )


def _seeded() -> Select[*tuple[Any, ...]]:
    """Return the query of known papers, which look as evidence does."""
    return (
        select(
            ScoringTask.id,
            ScoringTask.rubric_id,
            ScoringTask.submission_id,
            ScoringTask.purpose,
            ScoringTask.place,
            Requirement.title,
            literal(1).label("attempt"),
            ScoringTask.due,
            ScoringTask.created_at.label("submitted_at"),
        )
        .join(Requirement, Requirement.id == requirement_of_rubric())
        .where(ScoringTask.purpose == Purpose.SEEDED)
    )


def _line(row: Row[Any], criteria: int, scored: int) -> QueueLine:
    return QueueLine(
        task_id=row.id,
        title=row.title,
        attempt=row.attempt,
        due=row.due,
        submitted_at=row.submitted_at,
        scored=scored,
        criteria=criteria,
        adjudicates=row.purpose is Purpose.ADJUDICATION,
    )


def _criteria_counts(rows: Sequence[Row[Any]]) -> dict[TaskId, int]:
    """Return how many criteria each task scores: those of its rubric without what is carried over."""
    in_rubric: dict[RubricId, int] = {
        row[0]: row[1]
        for row in db.session.execute(
            select(Criterion.rubric_id, func.count())
            .where(Criterion.rubric_id.in_({row.rubric_id for row in rows}))
            .group_by(Criterion.rubric_id)
        )
    }
    carried = {
        row[0]: row[1]
        for row in db.session.execute(
            select(CarriedScore.submission_id, func.count())
            .where(CarriedScore.submission_id.in_({row.submission_id for row in rows}))
            .group_by(CarriedScore.submission_id)
        )
    }
    return {row.id: in_rubric[row.rubric_id] - carried.get(row.submission_id, 0) for row in rows}


def _scored_counts(tasks: Sequence[TaskId], rater: PersonId) -> dict[TaskId, int]:
    """Return how many criteria are scored on the rater's sheet of each task."""
    sheets: dict[SheetId, TaskId] = {
        sheet.id: sheet.task_id
        for sheet in db.session.scalars(
            select(ScoreSheet).where(ScoreSheet.task_id.in_(tasks), ScoreSheet.rater_id == rater)
        )
    }
    counts: dict[TaskId, int] = {}
    for score in current_scores(db.session(), list(sheets)) if sheets else []:
        if score.level is not None or score.condition is not None:
            task_id = sheets[score.sheet_id]
            counts[task_id] = counts.get(task_id, 0) + 1
    return counts
