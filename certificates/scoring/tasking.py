"""Holding a task: one rater at a time takes it, opens it, and gives it back."""

from __future__ import annotations

from typing import Final

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from certificates.evidence.models import Submission
from certificates.evidence.moving import change_state
from certificates.evidence.states import SubmissionState
from certificates.scoring.conflicts import refusals
from certificates.scoring.errors import (
    RaterInConflictError,
    RaterUnfitError,
    TaskClosedError,
    TaskNotHeldError,
    TaskTakenError,
)
from certificates.scoring.giving.eligible import APART, field_of, works_of
from certificates.scoring.giving.making import wish_to_give_out
from certificates.scoring.giving.raters import rater_alone
from certificates.scoring.giving.seeding import seed
from certificates.scoring.models import DeclaredConflict, ScoreSheet, ScoringTask, TaskId, TaskState
from certificates.scoring.proof.saying import say_obstacle
from courses.cohorts.models import Enrolment, EnrolmentId
from institute import audit, events
from institute.actors import Actor, PersonId, Role
from institute.clock import now
from institute.db import insert_into, transaction
from institute.errors import NotFoundError
from institute.people.events import DutyBegun
from institute.people.models import Person

CLOSED: Final = (TaskState.SCORED, TaskState.RETURNED, TaskState.WITHDRAWN)


def find_task(task_id: TaskId, *, actor: Actor, session: Session) -> tuple[ScoringTask, Submission | None]:
    """Return a task of the actor's institute with its submission, both locked, the submission first.

    So of two raters of one submission the second waits for what follows the first one's score. A known paper has no
    submission. Raises NotFoundError.
    """
    submission = session.scalar(
        select(Submission)
        .where(
            Submission.id
            == select(ScoringTask.submission_id)
            .where(ScoringTask.id == task_id, ScoringTask.institute_id == actor.institute_id)
            .scalar_subquery()
        )
        .with_for_update()
    )
    task = session.scalar(
        select(ScoringTask)
        .where(ScoringTask.id == task_id, ScoringTask.institute_id == actor.institute_id)
        .with_for_update()
    )
    if task is None:
        raise NotFoundError
    return task, submission


def rater_of(actor: Actor) -> PersonId:
    """Return the person who acts. Raises NotFoundError for the command line, which scores nothing."""
    if actor.person_id is None:
        raise NotFoundError
    return actor.person_id


def held_task(
    task_id: TaskId, *, actor: Actor, session: Session
) -> tuple[ScoringTask, Submission | None, ScoreSheet]:
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
    if sheet.opened_at is None:
        sheet.opened_at = now()
    return task, submission, sheet


def take_task(task_id: TaskId, *, actor: Actor) -> None:
    """Let the actor hold a task that nobody holds. Taking it again changes nothing.

    Raises NotFoundError if it is not there, RaterInConflictError where the two have, or had, another duty towards
    each other, RaterUnfitError where another rule keeps them from it, TaskTakenError if somebody else holds it,
    TaskClosedError if it is done.
    """
    rater_id = rater_of(actor)
    with transaction() as session:
        lock_people(task_id, rater_id, actor, session)
        task, submission = find_task(task_id, actor=actor, session=session)
        if submission is None:
            raise NotFoundError
        if refusals(task.institute_id, rater_id, submission.person_id):
            raise RaterInConflictError
        if task.state in CLOSED:
            raise TaskClosedError
        if task.rater_id == rater_id:
            return
        if task.rater_id is not None:
            raise TaskTakenError
        refuse_unfit(task, rater_id, leads=actor.has(Role.SCORING_LEAD))
        hold(session, task, submission, rater_id, opened=True, actor=actor)
        audit.record("scoring.taken", actor=actor, subject=("scoring_task", task_id))


def refuse_unfit(task: ScoringTask, rater_id: PersonId, *, leads: bool) -> None:
    """Raise RaterInConflictError or RaterUnfitError where a rule keeps a person from a task."""
    rater = rater_alone(task.institute_id, rater_id, leads=leads)
    works = works_of([task.id])
    found = field_of(task.institute_id, works, [rater]).obstacles(works[0], rater)
    if APART in found:
        raise RaterInConflictError
    if found:
        raise RaterUnfitError(why=say_obstacle(found[0]))


def hold(
    session: Session,
    task: ScoringTask,
    submission: Submission,
    rater_id: PersonId,
    *,
    opened: bool,
    actor: Actor,
) -> None:
    """Let a person hold an open task that the caller's transaction has locked, with a sheet of their own.

    The first time that they have it, a known paper may come with it. Raises TaskTakenError if it is not open.
    """
    taken = session.scalar(
        update(ScoringTask)
        .where(ScoringTask.id == task.id, ScoringTask.state == TaskState.OPEN)
        .values(state=TaskState.HELD, rater_id=rater_id, taken_at=now())
        .returning(ScoringTask.id)
    )
    if taken is None:
        raise TaskTakenError
    begun = session.scalar(
        insert_into(session, ScoreSheet)
        .values(
            institute_id=task.institute_id,
            task_id=task.id,
            rater_id=rater_id,
            begun_at=now(),
            opened_at=now() if opened else None,
        )
        .on_conflict_do_nothing(index_elements=["task_id", "rater_id"])
        .returning(ScoreSheet.id)
    )
    if begun is not None:
        seed(session, task, rater_id, actor=actor)
    if submission.state is SubmissionState.SUBMITTED:
        change_state(submission, SubmissionState.SCREENING, actor=actor)


def note_opened(task_id: TaskId, *, actor: Actor) -> None:
    """Note that the actor has seen the evidence of a task that was given to them. Twice changes nothing."""
    with transaction() as session:
        session.execute(
            update(ScoreSheet)
            .where(
                ScoreSheet.task_id == task_id,
                ScoreSheet.rater_id == rater_of(actor),
                ScoreSheet.opened_at.is_(None),
            )
            .values(opened_at=now())
        )


def give_back(task_id: TaskId, *, in_conflict: bool, actor: Actor) -> None:
    """Put a held task back into the queue; what was written is kept for the rater who wrote it.

    With ``in_conflict`` the rater declares that they should not score this person: it never comes back to them, and
    whatever else they hold of that person leaves them too. A known paper comes back to nobody. Raises as ``held_task``.
    """
    with transaction() as session:
        task, submission, _ = held_task(task_id, actor=actor, session=session)
        let_go(session, task)
        if in_conflict and submission is not None:
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
            events.publish(DutyBegun(task.institute_id, rater_of(actor), submission.person_id))
        audit.record(
            "scoring.given-back",
            actor=actor,
            subject=("scoring_task", task_id),
            details={"in_conflict": in_conflict},
        )


def let_go(session: Session, task: ScoringTask) -> None:
    """Put a task that the caller's transaction has locked back among the open ones; a known paper is withdrawn."""
    if task.submission_id is None:
        task.state, task.closed_at = TaskState.WITHDRAWN, now()
        return
    task.state, task.rater_id, task.taken_at = TaskState.OPEN, None, None
    session.flush()
    wish_to_give_out(task.institute_id)


def lock_people(task_id: TaskId, rater_id: PersonId | None, actor: Actor, session: Session) -> None:
    """Hold the enrolment and the rater: whoever assigns a coach or notes a supervision holds one of them too.

    Raises NotFoundError for a task that is not of the actor's institute.
    """
    enrolment_id = session.scalar(
        select(Submission.enrolment_id)
        .join(ScoringTask, ScoringTask.submission_id == Submission.id)
        .where(ScoringTask.id == task_id, ScoringTask.institute_id == actor.institute_id)
    )
    if enrolment_id is None:
        raise NotFoundError
    session.get_one(Enrolment, EnrolmentId(enrolment_id), with_for_update=True)
    if rater_id is not None:
        session.get_one(Person, rater_id, with_for_update=True)
