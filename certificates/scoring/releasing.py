"""The end of a task: scores are released to the participant once, or the evidence goes back unscored."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from certificates.evidence.models import Requirement, Submission
from certificates.evidence.moving import move
from certificates.evidence.states import SubmissionState
from certificates.scoring.conflicts import refusals
from certificates.scoring.errors import RaterInConflictError, ScoresMissingError, TaskClosedError
from certificates.scoring.events import ScoresReleased
from certificates.scoring.marking import Mark, mark_of
from certificates.scoring.models import (
    ConditionCode,
    Criterion,
    CriterionScore,
    Rubric,
    ScoreRelease,
    ScoreRevision,
    ScoreSheet,
    ScoringReturn,
    ScoringTask,
    TaskId,
    TaskState,
)
from certificates.scoring.tasking import held_task
from certificates.scoring.writing import begin_scoring, current_scores, late_texts
from courses.cohorts.models import Enrolment
from institute import audit, events
from institute.actors import Actor
from institute.clock import now
from institute.db import transaction
from institute.messages import mail

RELEASED_MAIL: Final = "scores.released"
RETURNED_MAIL: Final = "evidence.returned"


def release_scores(task_id: TaskId, *, actor: Actor) -> None:
    """Release the scores of a task that the actor holds: frozen, told to the participant, never twice.

    Raises ScoresMissingError while a criterion has no score or a text that came late waits, RaterInConflictError if
    the two got another duty towards each other since, and as ``held_task``; whoever comes second gets
    TaskClosedError.
    """
    with transaction() as session:
        task, submission, sheet = held_task(task_id, actor=actor, session=session)
        if refusals(task.institute_id, sheet.rater_id, submission.person_id):
            raise RaterInConflictError
        rubric = session.get_one(Rubric, task.rubric_id)
        scores = _whole(session, rubric, sheet)
        mark = mark_of([score.level or 0 for score in scores], maximum=rubric.levels, cut=rubric.cut)
        _close(session, task, TaskState.RELEASED)
        release = _freeze(session, task, sheet, mark, scores)
        begin_scoring(submission, actor=actor)
        for state in (
            SubmissionState.SCORED,
            SubmissionState.RELEASED,
            SubmissionState.ACCEPTED if mark.passed else SubmissionState.REVISE,
        ):
            move(submission.id, state, actor=actor)
        audit.record(
            "scores.released",
            actor=actor,
            subject=("submission", submission.id),
            details={"release": release.id, "score": str(mark.score), "passed": mark.passed},
        )
        events.publish(_event(session, submission, mark))
        mail.tell(
            submission.person_id,
            RELEASED_MAIL,
            {"submission_id": submission.id},
            institute_id=submission.institute_id,
        )


@dataclass(frozen=True, slots=True)
class Condition:
    """Why evidence cannot be scored, in a code and in words."""

    code: ConditionCode
    reason: str


def return_unscored(task_id: TaskId, condition: Condition, *, actor: Actor) -> None:
    """Send evidence back that cannot be scored; the participant reads the reason and may submit again.

    Raises RaterInConflictError if the two got another duty towards each other since, and as ``held_task``.
    """
    with transaction() as session:
        task, submission, sheet = held_task(task_id, actor=actor, session=session)
        if refusals(task.institute_id, sheet.rater_id, submission.person_id):
            raise RaterInConflictError
        _close(session, task, TaskState.RETURNED)
        session.add(
            ScoringReturn(
                institute_id=task.institute_id,
                submission_id=submission.id,
                sheet_id=sheet.id,
                code=condition.code,
                reason=condition.reason,
            )
        )
        session.flush()
        move(submission.id, SubmissionState.RETURNED_UNSCORABLE, actor=actor)
        audit.record(
            "scoring.returned",
            actor=actor,
            subject=("submission", submission.id),
            details={"code": condition.code},
        )
        mail.tell(
            submission.person_id,
            RETURNED_MAIL,
            {"submission_id": submission.id},
            institute_id=submission.institute_id,
        )


def _whole(session: Session, rubric: Rubric, sheet: ScoreSheet) -> list[ScoreRevision]:
    """Return what holds for each criterion, in order. Raises ScoresMissingError."""
    scores = {score.criterion_id: score for score in current_scores(session, [sheet.id])}
    waiting = {late.criterion_id for late in late_texts(session, sheet)}
    criteria = session.scalars(
        select(Criterion.id).where(Criterion.rubric_id == rubric.id).order_by(Criterion.position)
    ).all()
    for criterion_id in criteria:
        if criterion_id in waiting or criterion_id not in scores or not scores[criterion_id].level:
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


def _freeze(
    session: Session, task: ScoringTask, sheet: ScoreSheet, mark: Mark, scores: list[ScoreRevision]
) -> ScoreRelease:
    release = ScoreRelease(
        institute_id=task.institute_id,
        submission_id=task.submission_id,
        sheet_id=sheet.id,
        score_numerator=mark.score.numerator,
        score_denominator=mark.score.denominator,
        maximum=mark.maximum,
        passed=mark.passed,
    )
    session.add(release)
    session.flush()
    session.add_all(
        CriterionScore(
            release_id=release.id,
            criterion_id=score.criterion_id,
            level=score.level or 0,
            comment=score.comment,
        )
        for score in scores
    )
    session.flush()
    return release


def _event(session: Session, submission: Submission, mark: Mark) -> ScoresReleased:
    enrolment = session.get_one(Enrolment, submission.enrolment_id)
    requirement = session.get_one(Requirement, submission.requirement_id)
    return ScoresReleased(
        institute_id=submission.institute_id,
        cohort_id=enrolment.cohort_id,
        enrolment_id=enrolment.id,
        person_id=submission.person_id,
        submission_id=submission.id,
        requirement_id=requirement.id,
        requirement_key=requirement.key,
        score=mark.score,
        maximum=Fraction(mark.maximum),
        passed=mark.passed,
    )
