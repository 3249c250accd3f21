"""Tasks: made when evidence comes in, taken by one rater at a time, given back, or sent back to the participant."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Final

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from certificates.evidence.events import EvidenceSubmitted
from certificates.evidence.models import Requirement, Submission, SubmissionId
from certificates.evidence.moving import move
from certificates.evidence.states import SubmissionState
from certificates.scoring.conflicts import refusals
from certificates.scoring.errors import (
    RaterInConflictError,
    TaskClosedError,
    TaskNotHeldError,
    TaskTakenError,
)
from certificates.scoring.models import (
    DeclaredConflict,
    Rubric,
    RubricId,
    ScoreSheet,
    ScoringTask,
    TaskId,
    TaskState,
)
from courses.cohorts.assigning import local_day
from courses.cohorts.models import Cohort, Enrolment, EnrolmentId
from institute import audit
from institute.actors import Actor, InstituteId, PersonId
from institute.clock import now
from institute.db import insert_into, transaction
from institute.errors import NotFoundError

DAYS_TO_SCORE: Final = 14
CLOSED: Final = (TaskState.RELEASED, TaskState.RETURNED)


def make_task(event: EvidenceSubmitted) -> None:
    """Put submitted evidence into the queue, in the transaction that submits it."""
    with transaction() as session:
        _make(session, event.institute_id, (event.submission_id,))


def make_missing_tasks(actor: Actor) -> None:
    """Put evidence into the queue that was submitted before its rubric was defined."""
    with transaction() as session:
        waiting = session.scalars(
            select(Submission.id)
            .outerjoin(ScoringTask, ScoringTask.submission_id == Submission.id)
            .where(
                Submission.institute_id == actor.institute_id,
                Submission.state == SubmissionState.SUBMITTED,
                ScoringTask.id.is_(None),
            )
        ).all()
        _make(session, actor.institute_id, waiting)


def _make(session: Session, institute_id: InstituteId, submissions: Iterable[SubmissionId]) -> None:
    """Make one task for each scored submission, by the newest version of its rubric."""
    for submission_id in submissions:
        requirement = session.scalars(
            select(Requirement)
            .join(Submission, Submission.requirement_id == Requirement.id)
            .where(Submission.id == submission_id)
        ).one()
        if not requirement.scored:
            continue
        rubric_id: RubricId | None = session.scalar(
            select(Rubric.id)
            .where(Rubric.institute_id == institute_id, Rubric.key == requirement.rubric_key)
            .order_by(Rubric.version.desc())
            .limit(1)
        )
        if rubric_id is not None:
            session.execute(
                insert_into(session, ScoringTask)
                .values(
                    institute_id=institute_id,
                    submission_id=submission_id,
                    rubric_id=rubric_id,
                    state=TaskState.OPEN,
                    due=_due(session, submission_id),
                    created_at=now(),
                )
                .on_conflict_do_nothing(index_elements=["submission_id"])
            )


def _due(session: Session, submission_id: SubmissionId) -> date:
    zone = session.scalars(
        select(Cohort.timezone)
        .join(Enrolment, Enrolment.cohort_id == Cohort.id)
        .join(Submission, Submission.enrolment_id == Enrolment.id)
        .where(Submission.id == submission_id)
    ).one()
    return local_day(zone) + timedelta(days=DAYS_TO_SCORE)


def find_task(task_id: TaskId, *, actor: Actor, session: Session) -> tuple[ScoringTask, Submission]:
    """Return a task of the actor's institute with its submission, the task locked. Raises NotFoundError."""
    row = session.execute(
        select(ScoringTask, Submission)
        .join(Submission, Submission.id == ScoringTask.submission_id)
        .where(ScoringTask.id == task_id, ScoringTask.institute_id == actor.institute_id)
        .with_for_update(of=ScoringTask)
        .execution_options(populate_existing=True)
    ).one_or_none()
    if row is None:
        raise NotFoundError
    return row[0], row[1]


def rater_of(actor: Actor) -> PersonId:
    """Return the person who acts. Raises NotFoundError for the command line, which scores nothing."""
    if actor.person_id is None:
        raise NotFoundError
    return actor.person_id


def held_task(
    task_id: TaskId, *, actor: Actor, session: Session
) -> tuple[ScoringTask, Submission, ScoreSheet]:
    """Return a task that the actor holds, locked, with its submission and their sheet.

    Raises NotFoundError if they never held it, TaskClosedError if it is done, TaskNotHeldError if they gave it back
    and nobody has it, TaskTakenError if somebody else took it since.
    """
    task, submission = find_task(task_id, actor=actor, session=session)
    sheet = session.scalar(
        select(ScoreSheet).where(ScoreSheet.task_id == task_id, ScoreSheet.rater_id == rater_of(actor))
    )
    if sheet is None:
        raise NotFoundError
    if task.state in CLOSED:
        raise TaskClosedError
    if task.rater_id is None:
        raise TaskNotHeldError
    if task.rater_id != actor.person_id:
        raise TaskTakenError
    return task, submission, sheet


def take_task(task_id: TaskId, *, actor: Actor) -> None:
    """Let the actor hold a task that nobody holds. Taking it again changes nothing.

    Raises NotFoundError if it is not there, RaterInConflictError where the two have, or had, another duty towards
    each other, TaskTakenError if somebody else holds it, TaskClosedError if it is done.
    """
    rater = rater_of(actor)
    with transaction() as session:
        task, submission = find_task(task_id, actor=actor, session=session)
        # Whoever assigns a coach holds the enrolment: the two decisions come one after the other.
        session.get_one(Enrolment, EnrolmentId(submission.enrolment_id), with_for_update=True)
        if refusals(task.institute_id, rater, submission.person_id):
            raise RaterInConflictError
        if task.state in CLOSED:
            raise TaskClosedError
        if task.rater_id == rater:
            return
        taken = session.scalar(
            update(ScoringTask)
            .where(ScoringTask.id == task_id, ScoringTask.state == TaskState.OPEN)
            .values(state=TaskState.HELD, rater_id=rater, taken_at=now())
            .returning(ScoringTask.id)
        )
        if taken is None:
            raise TaskTakenError
        session.execute(
            insert_into(session, ScoreSheet)
            .values(institute_id=task.institute_id, task_id=task_id, rater_id=rater, begun_at=now())
            .on_conflict_do_nothing(index_elements=["task_id", "rater_id"])
        )
        if submission.state is SubmissionState.SUBMITTED:
            move(submission.id, SubmissionState.SCREENING, actor=actor)
        audit.record("scoring.taken", actor=actor, subject=("scoring_task", task_id))


def give_back(task_id: TaskId, *, in_conflict: bool, actor: Actor) -> None:
    """Put a held task back into the queue; what was written is kept for the rater who wrote it.

    With ``in_conflict`` the rater declares that they should not score this person: it never comes back to them.
    Raises as ``held_task``.
    """
    with transaction() as session:
        task, submission, _ = held_task(task_id, actor=actor, session=session)
        task.state, task.rater_id, task.taken_at = TaskState.OPEN, None, None
        if in_conflict:
            session.execute(
                insert_into(session, DeclaredConflict)
                .values(
                    institute_id=task.institute_id,
                    person_id=rater_of(actor),
                    other_id=submission.person_id,
                    declared_at=now(),
                )
                .on_conflict_do_nothing(index_elements=["person_id", "other_id"])
            )
        audit.record(
            "scoring.given-back",
            actor=actor,
            subject=("scoring_task", task_id),
            details={"in_conflict": in_conflict},
        )
