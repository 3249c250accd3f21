"""What a trainer's pages show: the queue, and the evidence beside its rubric. No page names whose evidence it is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import Row, func, select

from certificates.evidence.models import Requirement, Submission
from certificates.evidence.reading import EvidencePacket, packet, packet_file
from certificates.scoring.conflicts import may_rate
from certificates.scoring.errors import TaskNotHeldError
from certificates.scoring.models import (
    Criterion,
    CriterionId,
    CriterionLevel,
    RevisionId,
    Rubric,
    RubricId,
    ScoreRevision,
    ScoreSheet,
    ScoringReturn,
    ScoringTask,
    SheetId,
    TaskId,
    TaskState,
)
from certificates.scoring.tasking import rater_of
from certificates.scoring.writing import current_scores, late_texts
from institute.actors import Actor, PersonId
from institute.db import db
from institute.errors import NotFoundError
from institute.files.models import StoredFileId
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


@dataclass(frozen=True, slots=True)
class Queue:
    """What a trainer may score: what they hold, and the oldest of what nobody holds (``waiting`` in all)."""

    mine: tuple[QueueLine, ...]
    open: tuple[QueueLine, ...]
    waiting: int


@dataclass(frozen=True, slots=True)
class LevelLine:
    """One level of a criterion."""

    number: int
    name: Localised
    descriptor: Localised


@dataclass(frozen=True, slots=True)
class LateText:
    """What came from another window of the rater too late to be taken over."""

    id: RevisionId
    level: int | None
    comment: str
    saved_at: datetime


@dataclass(frozen=True, slots=True)
class CriterionSheet:
    """A criterion with what the rater wrote. ``base`` is the revision that the page is made from, 0 for none."""

    id: CriterionId
    title: Localised
    levels: tuple[LevelLine, ...]
    level: int | None
    comment: str
    base: int
    late: tuple[LateText, ...]

    @property
    def is_left(self) -> bool:
        """Whether it keeps the scores from being released."""
        return self.level is None or bool(self.late)


@dataclass(frozen=True, slots=True)
class ScoringPage:
    """The evidence beside the rubric, with what the rater wrote so far."""

    task_id: TaskId
    state: TaskState
    due: date
    evidence: EvidencePacket
    rubric_title: Localised
    levels: int
    criteria: tuple[CriterionSheet, ...]
    saved_at: datetime | None
    returned: ScoringReturn | None

    @property
    def is_open(self) -> bool:
        """Whether anything can still be written."""
        return self.state is TaskState.HELD

    @property
    def scored(self) -> int:
        """How many criteria have a score."""
        return sum(criterion.level is not None for criterion in self.criteria)

    @property
    def left(self) -> tuple[CriterionSheet, ...]:
        """The criteria that keep the scores from being released."""
        return tuple(criterion for criterion in self.criteria if criterion.is_left)


def queue_of(actor: Actor) -> Queue:
    """Return the actor's queue. Evidence of somebody they have another duty towards is not in it."""
    rater = rater_of(actor)
    tasks = (
        select(
            ScoringTask.id,
            ScoringTask.rubric_id,
            Requirement.title,
            Submission.attempt,
            ScoringTask.due,
            Submission.submitted_at,
        )
        .join(Submission, Submission.id == ScoringTask.submission_id)
        .join(Requirement, Requirement.id == Submission.requirement_id)
        .where(ScoringTask.institute_id == actor.institute_id)
        .order_by(ScoringTask.due, ScoringTask.id)
    )
    free = (ScoringTask.state == TaskState.OPEN, may_rate(rater, Submission.person_id))
    mine = db.session.execute(
        tasks.where(ScoringTask.state == TaskState.HELD, ScoringTask.rater_id == rater)
    ).all()
    waiting = db.session.execute(tasks.where(*free).limit(MOST_IN_QUEUE + 1)).all()
    count = len(waiting)
    if count > MOST_IN_QUEUE:
        counting = select(func.count(ScoringTask.id)).join(
            Submission, Submission.id == ScoringTask.submission_id
        )
        count = db.session.scalars(
            counting.where(ScoringTask.institute_id == actor.institute_id, *free)
        ).one()
    criteria = _criteria_counts({row.rubric_id for row in (*mine, *waiting)})
    scored = _scored_counts([row.id for row in mine], rater)

    def line(row: Row[*tuple[Any, ...]]) -> QueueLine:
        return QueueLine(
            task_id=row.id,
            title=row.title,
            attempt=row.attempt,
            due=row.due,
            submitted_at=row.submitted_at,
            scored=scored.get(row.id, 0),
            criteria=criteria[row.rubric_id],
        )

    return Queue(
        mine=tuple(line(row) for row in mine),
        open=tuple(line(row) for row in waiting[:MOST_IN_QUEUE]),
        waiting=count,
    )


def scoring_page(task_id: TaskId, *, actor: Actor) -> ScoringPage:
    """Return a task that the actor holds, or finished.

    Raises NotFoundError for a task that is not there or another's, TaskNotHeldError for one that they gave back.
    """
    task, sheet = _own(task_id, actor)
    rubric = db.session.get_one(Rubric, task.rubric_id)
    current = {score.criterion_id: score for score in current_scores(db.session(), [sheet.id])}
    late: dict[CriterionId, list[LateText]] = {}
    if task.state is TaskState.HELD:
        for text in late_texts(db.session(), sheet):
            waits = LateText(text.id, text.level, text.comment, text.saved_at)
            late.setdefault(text.criterion_id, []).append(waits)
    return ScoringPage(
        task_id=task.id,
        state=task.state,
        due=task.due,
        evidence=packet(task.submission_id, institute_id=task.institute_id),
        rubric_title=rubric.title,
        levels=rubric.levels,
        criteria=tuple(
            _criterion(criterion, levels, current.get(criterion.id), late.get(criterion.id, []))
            for criterion, levels in _criteria(rubric.id)
        ),
        saved_at=max((score.saved_at for score in current.values()), default=None),
        returned=_returned(task, sheet),
    )


def evidence_file(task_id: TaskId, file_id: StoredFileId, *, actor: Actor) -> str:
    """Return the neutral name of a file of a task that the actor holds or finished. Raises NotFoundError."""
    task, _ = _own(task_id, actor)
    return packet_file(task.submission_id, file_id, institute_id=task.institute_id).name


def _own(task_id: TaskId, actor: Actor) -> tuple[ScoringTask, ScoreSheet]:
    row = db.session.execute(
        select(ScoringTask, ScoreSheet)
        .join(ScoreSheet, ScoreSheet.task_id == ScoringTask.id)
        .where(
            ScoringTask.id == task_id,
            ScoringTask.institute_id == actor.institute_id,
            ScoreSheet.rater_id == rater_of(actor),
        )
    ).one_or_none()
    if row is None:
        raise NotFoundError
    task, sheet = row
    if task.rater_id is None:
        raise TaskNotHeldError
    if task.rater_id != actor.person_id:
        raise NotFoundError
    return task, sheet


def _criteria(rubric_id: RubricId) -> list[tuple[Criterion, tuple[LevelLine, ...]]]:
    rows = db.session.execute(
        select(Criterion, CriterionLevel)
        .join(CriterionLevel, CriterionLevel.criterion_id == Criterion.id)
        .where(Criterion.rubric_id == rubric_id)
        .order_by(Criterion.position, CriterionLevel.number)
    )
    levels: dict[Criterion, list[LevelLine]] = {}
    for criterion, level in rows:
        levels.setdefault(criterion, []).append(LevelLine(level.number, level.name, level.descriptor))
    return [(criterion, tuple(found)) for criterion, found in levels.items()]


def _criterion(
    criterion: Criterion,
    levels: tuple[LevelLine, ...],
    score: ScoreRevision | None,
    late: list[LateText],
) -> CriterionSheet:
    return CriterionSheet(
        id=criterion.id,
        title=criterion.title,
        levels=levels,
        level=score.level if score else None,
        comment=score.comment if score else "",
        base=score.number if score else 0,
        late=tuple(late),
    )


def _returned(task: ScoringTask, sheet: ScoreSheet) -> ScoringReturn | None:
    if task.state is not TaskState.RETURNED:
        return None
    return db.session.scalar(select(ScoringReturn).where(ScoringReturn.sheet_id == sheet.id))


def _criteria_counts(rubrics: set[RubricId]) -> dict[RubricId, int]:
    rows = db.session.execute(
        select(Criterion.rubric_id, func.count())
        .where(Criterion.rubric_id.in_(rubrics))
        .group_by(Criterion.rubric_id)
    )
    return {rubric_id: count for rubric_id, count in rows}  # noqa: C416  (a Row is no tuple to mypy)


def _scored_counts(tasks: list[TaskId], rater: PersonId) -> dict[TaskId, int]:
    """Return how many criteria are scored on the rater's sheet of each task."""
    sheets: dict[SheetId, TaskId] = {
        sheet.id: sheet.task_id
        for sheet in db.session.scalars(
            select(ScoreSheet).where(ScoreSheet.task_id.in_(tasks), ScoreSheet.rater_id == rater)
        )
    }
    counts: dict[TaskId, int] = {}
    for score in current_scores(db.session(), list(sheets)) if sheets else []:
        if score.level is not None:
            task_id = sheets[score.sheet_id]
            counts[task_id] = counts.get(task_id, 0) + 1
    return counts
