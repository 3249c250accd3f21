"""The enrolment that somebody logs sessions for: only who coaches it, or did."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from courses.catalogue.models import ProgrammeId, ProgrammeVersionId
from courses.coaching.duties import LATE_DAYS
from courses.coaching.sheets import USUAL_MINUTES
from courses.cohorts.assigning import assigned_on, local_day
from courses.cohorts.models import (
    CoachAssignment,
    CoachAssignmentId,
    Cohort,
    CohortId,
    Enrolment,
    EnrolmentId,
)
from courses.sessions.models import SessionLog, SessionState
from institute.actors import Actor, InstituteId, PersonId
from institute.db import db
from institute.errors import NotFoundError
from institute.people.models import Person
from institute.people.naming import name_or_number


@dataclass(frozen=True, slots=True)
class Case:
    """The enrolment that a coach logs for. ``usual`` is the length of their last session, in minutes."""

    institute_id: InstituteId
    cohort_id: CohortId
    enrolment_id: EnrolmentId
    programme_id: ProgrammeId
    version_id: ProgrammeVersionId
    participant_id: PersonId
    coach_id: PersonId
    zone: str
    usual: int


def find_case(enrolment_id: EnrolmentId, *, actor: Actor, session: Session) -> Case:
    """Return the case of an enrolment that the actor coaches or coached. Raises NotFoundError."""
    row = session.execute(
        select(
            Enrolment.institute_id,
            Enrolment.cohort_id,
            Enrolment.person_id,
            Enrolment.version_id,
            Cohort.programme_id,
            Cohort.timezone,
        )
        .join(Cohort, Cohort.id == Enrolment.cohort_id)
        .join(CoachAssignment, CoachAssignment.enrolment_id == Enrolment.id)
        .where(
            Enrolment.id == enrolment_id,
            Enrolment.institute_id == actor.institute_id,
            CoachAssignment.coach_id == actor.person_id,
        )
        .limit(1)
    ).one_or_none()
    if row is None or actor.person_id is None or actor.place not in {None, row.cohort_id}:
        raise NotFoundError
    last = session.scalar(
        select(SessionLog.minutes)
        .where(SessionLog.enrolment_id == enrolment_id, SessionLog.state != SessionState.VOIDED)
        .order_by(SessionLog.start_utc.desc())
        .limit(1)
    )
    return Case(
        institute_id=row.institute_id,
        cohort_id=row.cohort_id,
        enrolment_id=enrolment_id,
        programme_id=row.programme_id,
        version_id=row.version_id,
        participant_id=row.person_id,
        coach_id=actor.person_id,
        zone=row.timezone,
        usual=last or USUAL_MINUTES,
    )


@dataclass(frozen=True, slots=True)
class Relieved:
    """Somebody whom the actor coached until a day, not long ago."""

    enrolment_id: EnrolmentId
    name: str
    until: date


def lately_coached(actor: Actor) -> list[Relieved]:
    """Return those whom the actor coached until lately and does not coach now, by name."""
    today = local_day("UTC")
    rows = db.session.execute(
        select(Enrolment.id, Person.name, Person.id, func.max(CoachAssignment.until))
        .join(CoachAssignment, CoachAssignment.enrolment_id == Enrolment.id)
        .join(Person, Person.id == Enrolment.person_id)
        .where(
            Enrolment.institute_id == actor.institute_id,
            CoachAssignment.coach_id == actor.person_id,
            CoachAssignment.until.between(today - LATE_DAYS, today - timedelta(days=1)),
            Enrolment.id.not_in(
                select(CoachAssignment.enrolment_id).where(
                    CoachAssignment.coach_id == actor.person_id, assigned_on(today)
                )
            ),
            *([] if actor.place is None else [Enrolment.cohort_id == actor.place]),
        )
        .group_by(Enrolment.id, Person.name, Person.id)
        .order_by(Person.name, Enrolment.id)
    )
    return [Relieved(row[0], name_or_number(row[1], row[2]), row[3] or today) for row in rows]


def assignment_on(case: Case, day: date, *, session: Session) -> CoachAssignmentId | None:
    """Return the coach's assignment that covers a day, or None."""
    return session.scalar(
        select(CoachAssignment.id)
        .where(
            CoachAssignment.enrolment_id == case.enrolment_id,
            CoachAssignment.coach_id == case.coach_id,
            assigned_on(day),
        )
        .limit(1)
    )
