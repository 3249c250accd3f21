"""Writing a sheet: each criterion's level and comment are saved as the rater goes, and no text is ever lost."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Select, func, select, update
from sqlalchemy.orm import Session

from certificates.evidence.models import Submission
from certificates.evidence.moving import move
from certificates.evidence.states import SubmissionState
from certificates.rubrics.models import Criterion, CriterionId
from certificates.scoring.models import (
    ConditionCode,
    RevisionId,
    ScoreRevision,
    ScoreSheet,
    ScoringTask,
    SheetId,
    TaskId,
)
from certificates.scoring.outcomes.results import CarriedScore
from certificates.scoring.tasking import find_task, held_task, rater_of
from institute.actors import Actor
from institute.clock import now
from institute.db import transaction
from institute.errors import NotFoundError

LONGEST_COMMENT: Final = 4000
NOTHING: Final = (None, None, "")


@dataclass(frozen=True, slots=True)
class Written:
    """What a page sends for one criterion; ``base`` is the number of the revision that the page was made from.

    A criterion has a level, or the reason why it can have none, or neither yet.
    """

    base: int
    level: int | None
    comment: str
    condition: ConditionCode | None = None

    @property
    def said(self) -> tuple[int | None, ConditionCode | None, str]:
        """What it says, by which two are compared."""
        return self.level, self.condition, self.comment


def save_scores(task_id: TaskId, written: Mapping[CriterionId, Written], *, actor: Actor) -> None:
    """Save levels and comments of a task that the actor holds; levels are known to be of the rubric.

    What a page did not change is left alone. What comes from a page that did not know the newest revision is kept
    beside it. Raises NotFoundError for a criterion that is not scored here, and as ``held_task``.
    """
    with transaction() as session:
        task, submission, sheet = held_task(task_id, actor=actor, session=session)
        if not set(written) <= set(asked_criteria(session, task)):
            raise NotFoundError
        for criterion_id, one in written.items():
            _save(session, sheet.id, criterion_id, one)
        if any(one.level or one.condition for one in written.values()):
            begin_scoring(submission, actor=actor)


def keep_words(task_id: TaskId, written: Mapping[CriterionId, Written], *, actor: Actor) -> None:
    """Keep what somebody wrote on a task that is no longer theirs: nobody scores with it, and they may copy it.

    It comes too late, so it counts only if the task is theirs again and they take it over. Raises NotFoundError if
    they never held the task.
    """
    with transaction() as session:
        task, _ = find_task(task_id, actor=actor, session=session)
        sheet = session.scalar(
            select(ScoreSheet).where(ScoreSheet.task_id == task_id, ScoreSheet.rater_id == rater_of(actor))
        )
        if sheet is None:
            raise NotFoundError
        for criterion_id in set(written) & set(asked_criteria(session, task)):
            one = written[criterion_id]
            if one.said in (_said(_current(session, sheet.id, criterion_id)), NOTHING):
                continue
            if not _is_waiting(session, sheet.id, criterion_id, one):
                _insert(session, sheet.id, criterion_id, one, late=True)


def write_condition(
    session: Session, task: ScoringTask, sheet: ScoreSheet, code: ConditionCode, reason: str
) -> None:
    """Say of every criterion that it cannot be scored, whatever was said before; texts that came late are settled."""
    for criterion_id in asked_criteria(session, task):
        _insert(session, sheet.id, criterion_id, Written(0, None, reason, code))
    for late in late_texts(session, sheet):
        late.settled_at = now()
    session.flush()


def asked_criteria(session: Session, task: ScoringTask) -> list[CriterionId]:
    """Return the criteria that a task scores, in the rubric's order: those that nothing was carried over for."""
    carried = select(CarriedScore.criterion_id).where(CarriedScore.submission_id == task.submission_id)
    return list(
        session.scalars(
            select(Criterion.id)
            .where(Criterion.rubric_id == task.rubric_id, Criterion.id.not_in(carried))
            .order_by(Criterion.position)
        )
    )


def begin_scoring(submission: Submission | None, *, actor: Actor) -> None:
    """Note that the evidence can be scored: its first score was given."""
    if submission is not None and submission.state is SubmissionState.SCREENING:
        move(submission.id, SubmissionState.IN_SCORING, actor=actor)


def settle_late(task_id: TaskId, revision_id: RevisionId, *, keep: bool, actor: Actor) -> CriterionId:
    """Deal with a text that came late: add it to the comment (``keep``), or leave it out; return its criterion.

    Raises NotFoundError if the actor's sheet has no such text, and as ``held_task``.
    """
    with transaction() as session:
        _, _, sheet = held_task(task_id, actor=actor, session=session)
        late = session.scalar(
            select(ScoreRevision).where(
                ScoreRevision.id == revision_id, ScoreRevision.sheet_id == sheet.id, ScoreRevision.late
            )
        )
        if late is None:
            raise NotFoundError
        settled = session.scalar(
            update(ScoreRevision)
            .where(ScoreRevision.id == revision_id, ScoreRevision.settled_at.is_(None))
            .values(settled_at=now())
            .returning(ScoreRevision.id)
        )
        if keep and settled is not None:
            held = _current(session, sheet.id, late.criterion_id)
            level, condition, comment = _said(held)
            if level is None and condition is None:
                level, condition = late.level, late.condition
            texts = "\n\n".join(text for text in (comment, late.comment) if text)
            _insert(session, sheet.id, late.criterion_id, Written(0, level, texts, condition))
        return late.criterion_id


def current_scores(session: Session, sheets: Collection[SheetId]) -> list[ScoreRevision]:
    """Return what holds on the sheets: the newest revision of each criterion that did not come late."""
    newest = (
        select(func.max(ScoreRevision.id))
        .where(ScoreRevision.sheet_id.in_(sheets), ScoreRevision.late.is_(False))
        .group_by(ScoreRevision.sheet_id, ScoreRevision.criterion_id)
    )
    return list(session.scalars(select(ScoreRevision).where(ScoreRevision.id.in_(newest))))


def late_texts(session: Session, sheet: ScoreSheet) -> list[ScoreRevision]:
    """Return what came late on a sheet and was not dealt with, oldest first."""
    return list(
        session.scalars(
            select(ScoreRevision)
            .where(ScoreRevision.sheet_id == sheet.id, ScoreRevision.late, ScoreRevision.settled_at.is_(None))
            .order_by(ScoreRevision.id)
        )
    )


def _save(session: Session, sheet_id: SheetId, criterion_id: CriterionId, written: Written) -> None:
    held = _current(session, sheet_id, criterion_id)
    if written.said == _said(held):
        return
    if written.base != (held.number if held else 0):
        based_on = session.scalar(
            _revision(sheet_id, criterion_id).where(ScoreRevision.number == written.base)
        )
        if written.said == _said(based_on) or _is_waiting(session, sheet_id, criterion_id, written):
            return
        _insert(session, sheet_id, criterion_id, written, late=True)
        return
    _insert(session, sheet_id, criterion_id, written)


def _revision(sheet_id: SheetId, criterion_id: CriterionId) -> Select[ScoreRevision]:
    return select(ScoreRevision).where(
        ScoreRevision.sheet_id == sheet_id, ScoreRevision.criterion_id == criterion_id
    )


def _said(revision: ScoreRevision | None) -> tuple[int | None, ConditionCode | None, str]:
    return (revision.level, revision.condition, revision.comment) if revision else NOTHING


def _is_waiting(session: Session, sheet_id: SheetId, criterion_id: CriterionId, written: Written) -> bool:
    """Tell whether the same late text waits already: a page may send it more than once."""
    same = _revision(sheet_id, criterion_id).where(
        ScoreRevision.late,
        ScoreRevision.settled_at.is_(None),
        ScoreRevision.level.is_not_distinct_from(written.level),
        ScoreRevision.condition.is_not_distinct_from(written.condition),
        ScoreRevision.comment == written.comment,
    )
    return session.scalar(same.limit(1)) is not None


def _current(session: Session, sheet_id: SheetId, criterion_id: CriterionId) -> ScoreRevision | None:
    return session.scalar(
        _revision(sheet_id, criterion_id)
        .where(ScoreRevision.late.is_(False))
        .order_by(ScoreRevision.number.desc())
        .limit(1)
    )


def _insert(
    session: Session,
    sheet_id: SheetId,
    criterion_id: CriterionId,
    written: Written,
    *,
    late: bool = False,
) -> None:
    """Add a revision. The task is locked, so nobody else counts at this moment."""
    last = session.scalar(
        select(func.max(ScoreRevision.number)).where(
            ScoreRevision.sheet_id == sheet_id, ScoreRevision.criterion_id == criterion_id
        )
    )
    session.add(
        ScoreRevision(
            sheet_id=sheet_id,
            criterion_id=criterion_id,
            number=(last or 0) + 1,
            level=written.level,
            condition=written.condition,
            comment=written.comment,
            late=late,
        )
    )
    session.flush()
