"""A task leaves its rater at once when another duty arises between the two: whoever notices says so, and once a day."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from certificates.evidence.models import Submission
from certificates.scoring.conflicts import apart_from
from certificates.scoring.models import ScoringTask, TaskState
from certificates.scoring.tasking import let_go
from courses.cohorts.events import CoachAssigned
from courses.cohorts.models import Enrolment
from institute import audit
from institute.actors import Actor, InstituteId, PersonId
from institute.db import db, transaction
from institute.people.events import DutyBegun, RowsChanged
from institute.people.linking import same_people, same_person


def leave_coached(event: CoachAssigned) -> None:
    """Take from a coach what they hold of whom they coach from now on, and of them from the other."""
    person_id = db.session.scalars(
        select(Enrolment.person_id).where(Enrolment.id == event.enrolment_id)
    ).one()
    institute_id = db.session.scalars(
        select(Enrolment.institute_id).where(Enrolment.id == event.enrolment_id)
    ).one()
    leave_conflicts(institute_id, same_person(event.coach_id) | same_person(person_id))


def leave_duty(event: DutyBegun) -> None:
    """Take from either of two people what they hold of the other."""
    leave_conflicts(event.institute_id, same_person(event.person_id) | same_person(event.other_id))


def leave_self(event: RowsChanged) -> None:
    """Take from people who became one what they hold of themselves, or of whom the other has a duty towards."""
    leave_conflicts(event.institute_id, event.rows)


def leave_daily(_day: date) -> None:
    """Take every task from a rater who must not have it, however the duty came about."""
    institutes = db.session.scalars(
        select(ScoringTask.institute_id).where(ScoringTask.state == TaskState.HELD).distinct()
    ).all()
    for institute_id in institutes:
        leave_conflicts(institute_id)


def leave_conflicts(institute_id: InstituteId, people: Collection[PersonId] | None = None) -> int:
    """Open the held tasks of an institute whose rater must not score their author; return how many.

    With ``people`` those alone that these hold. What was written stays on the rater's own sheet.
    """
    with transaction() as session:
        held = (
            select(ScoringTask.id, ScoringTask.rater_id, Submission.person_id)
            .join(Submission, Submission.id == ScoringTask.submission_id)
            .where(ScoringTask.institute_id == institute_id, ScoringTask.state == TaskState.HELD)
            .order_by(ScoringTask.id)
        )
        if people is not None:
            held = held.where(ScoringTask.rater_id.in_(people))
        rows = session.execute(held).all()
        raters = same_people({row.rater_id for row in rows})
        apart = apart_from(raters) if raters else {}
        return sum(
            _leave(session, row.id, row.rater_id, institute_id)
            for row in rows
            if row.person_id in apart[row.rater_id]
        )


def _leave(session: Session, task_id: int, rater_id: PersonId, institute_id: InstituteId) -> int:
    task = session.get_one(ScoringTask, task_id, with_for_update=True)
    if task.state is not TaskState.HELD or task.rater_id != rater_id:
        return 0
    let_go(session, task)
    audit.record(
        "scoring.left",
        actor=Actor(institute_id, None),
        subject=("scoring_task", task.id),
        details={"rater": rater_id, "why": "conflict"},
    )
    return 1
