"""The end of a task: a sheet is handed in and stands from then on, or the evidence goes back unscored."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import update
from sqlalchemy.orm import Session

from certificates.evidence.models import Submission
from certificates.scoring.conflicts import refusals
from certificates.scoring.errors import (
    RaterInConflictError,
    ScoresMissingError,
    TaskClosedError,
)
from certificates.scoring.models import (
    ScoreRevision,
    ScoreSheet,
    ScoringTask,
    TaskCriterionScore,
    TaskId,
    TaskScore,
    TaskState,
)
from certificates.scoring.outcomes.releasing import Condition, send_back
from certificates.scoring.sheets.following import after_score
from certificates.scoring.sheets.writing import (
    asked_criteria,
    begin_scoring,
    current_scores,
    late_texts,
    write_condition,
)
from certificates.scoring.tasking import held_task
from institute import audit
from institute.actors import Actor
from institute.clock import now
from institute.db import transaction


def hand_in(task_id: TaskId, *, actor: Actor) -> None:
    """Hand in the sheet of a task that the actor holds: frozen, and followed by whatever the policy asks for.

    Raises ScoresMissingError while a criterion has neither a score nor a reason why not, or a text that came late
    waits, RaterInConflictError if the two got another duty towards each other since, and as ``held_task``; whoever
    comes second gets TaskClosedError.
    """
    with transaction() as session:
        task, submission, sheet = held_task(task_id, actor=actor, session=session)
        _refuse_conflict(task, submission, sheet)
        scores = _whole(session, task, sheet)
        _close(session, task, TaskState.SCORED)
        _freeze(session, sheet, scores)
        begin_scoring(submission, actor=actor)
        audit.record(
            "scoring.handed-in",
            actor=actor,
            subject=("scoring_task", task_id),
            details={"purpose": task.purpose, "round": task.round},
        )
        if submission is not None:
            after_score(submission.id, task.round, session=session, actor=actor)


def return_unscored(task_id: TaskId, condition: Condition, *, actor: Actor) -> None:
    """Send evidence back that cannot be scored; the participant reads the reason and may submit again.

    What others have of the same evidence is withdrawn. In an appeal and with a known paper, of which readers do not
    know, nothing goes back: the sheet is handed in with this reason at every criterion. Raises RaterInConflictError if
    the two got another duty towards each other since, and as ``held_task``.
    """
    with transaction() as session:
        task, submission, sheet = held_task(task_id, actor=actor, session=session)
        _refuse_conflict(task, submission, sheet)
        if task.round or submission is None:
            write_condition(session, task, sheet, condition.code, condition.reason)
            hand_in(task_id, actor=actor)
            return
        _close(session, task, TaskState.RETURNED)
        withdraw_others(session, task)
        send_back(submission, sheet.id, condition, actor=actor)


def withdraw_others(session: Session, task: ScoringTask) -> None:
    """Withdraw what is open or held of the same evidence: nobody needs those scores any more."""
    session.execute(
        update(ScoringTask)
        .where(
            ScoringTask.submission_id == task.submission_id,
            ScoringTask.id != task.id,
            ScoringTask.state.in_((TaskState.OPEN, TaskState.HELD)),
        )
        .values(state=TaskState.WITHDRAWN, closed_at=now())
    )


def _refuse_conflict(task: ScoringTask, submission: Submission | None, sheet: ScoreSheet) -> None:
    if submission is not None and refusals(task.institute_id, sheet.rater_id, submission.person_id):
        raise RaterInConflictError


def _whole(session: Session, task: ScoringTask, sheet: ScoreSheet) -> list[ScoreRevision]:
    """Return what holds for each criterion that is scored here, in order. Raises ScoresMissingError."""
    scores = {score.criterion_id: score for score in current_scores(session, [sheet.id])}
    waiting = {late.criterion_id for late in late_texts(session, sheet)}
    criteria = asked_criteria(session, task)
    for criterion_id in criteria:
        score = scores.get(criterion_id)
        if score is None or criterion_id in waiting:
            raise ScoresMissingError
        if score.level is None and (score.condition is None or not score.comment.strip()):
            raise ScoresMissingError
    return [scores[criterion_id] for criterion_id in criteria]


def _close(session: Session, task: ScoringTask, state: TaskState) -> None:
    """Close the task, conditionally: of two at once, one succeeds. Raises TaskClosedError for the other."""
    closed = session.scalar(
        update(ScoringTask)
        .where(
            ScoringTask.id == task.id,
            ScoringTask.state == TaskState.HELD,
            ScoringTask.rater_id == task.rater_id,
        )
        .values(state=state, closed_at=now())
        .returning(ScoringTask.id)
    )
    if closed is None:
        raise TaskClosedError


def _freeze(session: Session, sheet: ScoreSheet, scores: Sequence[ScoreRevision]) -> None:
    handed_in = TaskScore(
        institute_id=sheet.institute_id, task_id=sheet.task_id, sheet_id=sheet.id, rater_id=sheet.rater_id
    )
    session.add(handed_in)
    session.flush()
    session.add_all(
        TaskCriterionScore(
            task_score_id=handed_in.id,
            criterion_id=score.criterion_id,
            level=score.level,
            condition=score.condition,
            comment=score.comment,
        )
        for score in scores
    )
    session.flush()
