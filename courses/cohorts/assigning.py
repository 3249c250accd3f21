"""Coaches and the people they coach."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy import BindParameter, ColumnElement, Integer, cast, exists, literal, or_, select
from sqlalchemy.orm import Session

from courses.cohorts.errors import (
    AssignmentOrderError,
    CoachInConflictError,
    CoachIsParticipantError,
    CoachSupervisesError,
)
from courses.cohorts.models import (
    CoachAssignment,
    CoachAssignmentId,
    Enrolment,
    EnrolmentId,
    EnrolmentState,
)
from institute import audit
from institute.actors import PERSON, PLACE, TODAY, Actor, PersonId, Role
from institute.clock import now
from institute.db import db, transaction
from institute.errors import NotFoundError
from institute.people import standing
from institute.people.models import Person, Supervision

GONE: Final = (EnrolmentState.WITHDRAWN, EnrolmentState.TRANSFERRED)
# For what is asked at every request: an IN would be written anew each time.
IS_THERE: Final = tuple(Enrolment.state != state for state in GONE)


def local_day(timezone: str, at: datetime | None = None) -> date:
    """Return the day it is at ``at`` (now, unless given) in an IANA zone."""
    return (at or now()).astimezone(ZoneInfo(timezone)).date()


def assign_coach(
    enrolment_id: EnrolmentId, coach_id: PersonId, *, since: date | None = None, actor: Actor
) -> CoachAssignmentId:
    """Let a person coach an enrolment from a day on (today in the cohort's zone, unless given); return the id.

    The present coach's time ends the day before. Nothing changes if the same person coaches already.
    Raises NotFoundError if one of the two is not of the actor's institute; CoachIsParticipantError,
    CoachSupervisesError and CoachInConflictError where the duties must stay apart; AssignmentOrderError if the
    present coach began on that day or later.
    """
    with transaction() as session:
        enrolment = session.get(Enrolment, enrolment_id, with_for_update=True)
        coach = session.get(Person, coach_id)
        if enrolment is None or coach is None:
            raise NotFoundError
        if {enrolment.institute_id, coach.institute_id} != {actor.institute_id}:
            raise NotFoundError
        begins = since or local_day(enrolment.cohort.timezone)
        present = session.scalar(
            select(CoachAssignment).where(
                CoachAssignment.enrolment_id == enrolment_id, CoachAssignment.until.is_(None)
            )
        )
        if present is not None and present.coach_id == coach_id:
            return present.id
        _refuse_conflict(enrolment, coach_id, begins, session)
        if present is not None:
            if present.since >= begins:
                raise AssignmentOrderError(since=present.since.isoformat())
            present.until = begins - timedelta(days=1)
            session.flush()
        assignment = CoachAssignment(
            institute_id=enrolment.institute_id, enrolment_id=enrolment_id, coach_id=coach_id, since=begins
        )
        session.add(assignment)
        session.flush()
        audit.record(
            "coach.assigned",
            actor=actor,
            subject=("coach_assignment", assignment.id),
            details={"enrolment": enrolment_id, "coach": coach_id},
        )
        return assignment.id


def assigned_on(day: date | BindParameter[date]) -> ColumnElement[bool]:
    """Return the condition that a coach's time covers ``day``."""
    return (CoachAssignment.since <= day) & or_(CoachAssignment.until.is_(None), CoachAssignment.until >= day)


# The coach's role for whoever coaches somebody today, in the cohort that is open or, without one, anywhere.
COACHES: Final = select(literal(Role.COACH.value)).where(
    exists(
        select(CoachAssignment.id)
        .join(Enrolment, Enrolment.id == CoachAssignment.enrolment_id)
        .where(
            CoachAssignment.coach_id == PERSON,
            assigned_on(TODAY),
            *IS_THERE,
            or_(cast(PLACE, Integer).is_(None), Enrolment.cohort_id == PLACE),
        )
    )
)


def report_conflicts(institute_id: int, one: int, other: int, relation: str) -> list[str]:
    """Tell other rooms that ``one`` coaches or coached ``other``: no supervisor, and no rater, of that person."""
    wanted = {"supervisor": assigned_on(now().date()), "rater": literal(value=True)}
    if relation not in wanted:
        return []
    coached = db.session.scalar(
        select(CoachAssignment.id)
        .join(Enrolment, Enrolment.id == CoachAssignment.enrolment_id)
        .where(
            CoachAssignment.institute_id == institute_id,
            CoachAssignment.coach_id == one,
            Enrolment.person_id == other,
            wanted[relation],
        )
        .limit(1)
    )
    return [] if coached is None else ["coaches"]


def _refuse_conflict(enrolment: Enrolment, coach_id: PersonId, begins: date, session: Session) -> None:
    if coach_id == enrolment.person_id:
        raise CoachIsParticipantError
    supervises = session.scalar(
        select(Supervision.id)
        .where(
            Supervision.institute_id == enrolment.institute_id,
            Supervision.supervisor_id == coach_id,
            Supervision.subordinate_id == enrolment.person_id,
            or_(Supervision.until.is_(None), Supervision.until >= begins),
        )
        .limit(1)
    )
    if supervises is not None:
        raise CoachSupervisesError
    if standing.conflicts_between(enrolment.institute_id, coach_id, enrolment.person_id, "coach"):
        raise CoachInConflictError
