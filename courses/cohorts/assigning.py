"""Coaches and the people they coach."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy import BindParameter, ColumnElement, Integer, cast, exists, literal, or_, select, true
from sqlalchemy.orm import Session

from courses.catalogue.models import ProgrammeId
from courses.coaches import qualifying
from courses.coaches.periods import months_after
from courses.cohorts.errors import (
    AssignmentEndedError,
    AssignmentEndError,
    AssignmentOrderError,
    CoachInConflictError,
    CoachIsParticipantError,
    CoachSupervisesError,
)
from courses.cohorts.events import CoachAssigned
from courses.cohorts.models import (
    CoachAssignment,
    CoachAssignmentId,
    CoachingTrack,
    Enrolment,
    EnrolmentId,
    EnrolmentState,
)
from institute import audit, events
from institute.actors import PERSON, PLACE, TODAY, Actor, PersonId, Role
from institute.clock import now
from institute.db import db, transaction
from institute.errors import NotFoundError
from institute.people import standing
from institute.people.linking import same_person
from institute.people.models import Person, Supervision

GONE: Final = (EnrolmentState.WITHDRAWN, EnrolmentState.TRANSFERRED)
# For what is asked at every request: an IN would be written anew each time.
IS_THERE: Final = tuple(Enrolment.state != state for state in GONE)


def local_day(timezone: str, at: datetime | None = None) -> date:
    """Return the day it is at ``at`` (now, unless given) in an IANA zone."""
    return (at or now()).astimezone(ZoneInfo(timezone)).date()


def assign_coach(
    enrolment_id: EnrolmentId,
    coach_id: PersonId,
    *,
    since: date | None = None,
    ends_on: date | None = None,
    reason: str = "",
    actor: Actor,
) -> CoachAssignmentId:
    """Let a person coach an enrolment from a day on (today in the cohort's zone, unless given); return the id.

    The present coach's time ends the day before, with ``reason``. Nothing changes if the same person coaches already.
    ``ends_on`` is the last day of the span, by default as many months as the programme says.
    Raises NotFoundError if one of the two is not of the actor's institute; CoachNotQualifiedError while something
    that the institute asks is missing; CoachIsParticipantError, CoachSupervisesError and CoachInConflictError where
    the duties must stay apart; AssignmentOrderError if the present coach began on that day or later.
    """
    with transaction() as session:
        enrolment = session.get(Enrolment, enrolment_id, with_for_update=True)
        coach = session.get(
            Person, coach_id, with_for_update=True
        )  # what was verified is not ended meanwhile
        if enrolment is None or coach is None:
            raise NotFoundError
        if {enrolment.institute_id, coach.institute_id} != {actor.institute_id}:
            raise NotFoundError
        begins = since or local_day(enrolment.cohort.timezone)
        present = assignment_from(enrolment_id, begins, session=session)
        if present is not None and present.until is None and present.coach_id == coach_id:
            return present.id
        _refuse_conflict(enrolment, coach_id, begins, session)
        qualifying.refuse_unqualified(coach_id, on=begins)
        if present is not None:
            if present.since >= begins:
                raise AssignmentOrderError(since=present.since.isoformat())
            present.until = begins - timedelta(days=1)
            present.end_reason, present.ended_by = reason, actor.person_id
            session.flush()
        assignment = CoachAssignment(
            institute_id=enrolment.institute_id,
            enrolment_id=enrolment_id,
            coach_id=coach_id,
            since=begins,
            ends_on=ends_on or proposed_end(enrolment.cohort.programme_id, begins),
        )
        session.add(assignment)
        session.flush()
        qualifying.note_first_day(coach_id, begins)
        audit.record(
            "coach.assigned",
            actor=actor,
            subject=("coach_assignment", assignment.id),
            details={"enrolment": enrolment_id, "coach": coach_id},
        )
        events.publish(CoachAssigned(assignment.id, enrolment_id, coach_id, assignment.ends_on))
        return assignment.id


def end_assignment(
    assignment_id: CoachAssignmentId, *, last_day: date | None = None, reason: str, actor: Actor
) -> None:
    """End an assignment with a day (today in the cohort's zone, unless given) and a reason.

    An end that is still to come can be brought forward, never put off. Whoever logged a
    session stays its coach until it is settled. Raises NotFoundError, AssignmentEndedError,
    AssignmentEndError for a day before it began.
    """
    with transaction() as session:
        assignment = find_assignment(assignment_id, actor=actor, session=session)
        enrolment = session.get_one(Enrolment, assignment.enrolment_id)
        today = local_day(enrolment.cohort.timezone)
        day = last_day or today
        # Later than the end that was said, somebody else may coach already.
        if assignment.until is not None and not today <= day < assignment.until:
            raise AssignmentEndedError
        if day < assignment.since:
            raise AssignmentEndError(since=assignment.since)
        assignment.until, assignment.end_reason, assignment.ended_by = day, reason, actor.person_id
        audit.record(
            "coach.ended",
            actor=actor,
            subject=("coach_assignment", assignment.id),
            details={"enrolment": assignment.enrolment_id, "until": day.isoformat()},
        )


def move_end(assignment_id: CoachAssignmentId, ends_on: date | None, *, actor: Actor) -> None:
    """Agree on another last day of the span, or on none. Raises as ``end_assignment``."""
    with transaction() as session:
        assignment = find_assignment(assignment_id, actor=actor, session=session)
        if assignment.until is not None:
            raise AssignmentEndedError
        if ends_on is not None and ends_on < assignment.since:
            raise AssignmentEndError(since=assignment.since)
        if assignment.ends_on == ends_on:
            return
        assignment.ends_on = ends_on
        session.flush()
        audit.record("coach.span-moved", actor=actor, subject=("coach_assignment", assignment.id))
        events.publish(CoachAssigned(assignment.id, assignment.enrolment_id, assignment.coach_id, ends_on))


def find_assignment(assignment_id: CoachAssignmentId, *, actor: Actor, session: Session) -> CoachAssignment:
    """Return an assignment of the actor's institute, locked. Raises NotFoundError."""
    assignment = session.get(CoachAssignment, assignment_id, with_for_update=True)
    if assignment is None or assignment.institute_id != actor.institute_id:
        raise NotFoundError
    return assignment


def assignment_from(enrolment_id: EnrolmentId, day: date, *, session: Session) -> CoachAssignment | None:
    """Return the last assignment of an enrolment that reaches a day or begins after it, None where none does."""
    return session.scalars(
        select(CoachAssignment)
        .where(
            CoachAssignment.enrolment_id == enrolment_id,
            or_(CoachAssignment.until.is_(None), CoachAssignment.until >= day),
        )
        .order_by(CoachAssignment.since.desc())
        .limit(1)
    ).first()


def proposed_end(programme_id: ProgrammeId, begins: date) -> date | None:
    """Return the last day of a programme's span that begins on a day; None where it has no end."""
    track = db.session.get(CoachingTrack, programme_id)
    if track is None or track.span_months is None:
        return None
    return months_after(begins, track.span_months) - timedelta(days=1)


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
    if relation == "supervisor":  # from now on: also where the coaching is only going to begin
        wanted = or_(CoachAssignment.until.is_(None), CoachAssignment.until >= now().date())
    elif relation == "rater":
        wanted = true()
    else:
        return []
    coached = db.session.scalar(
        select(CoachAssignment.id)
        .join(Enrolment, Enrolment.id == CoachAssignment.enrolment_id)
        .where(
            CoachAssignment.institute_id == institute_id,
            CoachAssignment.coach_id == one,
            Enrolment.person_id == other,
            wanted,
        )
        .limit(1)
    )
    return [] if coached is None else ["coaches"]


def _refuse_conflict(enrolment: Enrolment, coach_id: PersonId, begins: date, session: Session) -> None:
    coaches, people = same_person(coach_id), same_person(enrolment.person_id)
    if coaches & people:
        raise CoachIsParticipantError
    supervises = session.scalar(
        select(Supervision.id)
        .where(
            Supervision.institute_id == enrolment.institute_id,
            or_(
                Supervision.supervisor_id.in_(coaches) & Supervision.subordinate_id.in_(people),
                Supervision.supervisor_id.in_(people) & Supervision.subordinate_id.in_(coaches),
            ),
            or_(Supervision.until.is_(None), Supervision.until >= begins),
        )
        .limit(1)
    )
    if supervises is not None:
        raise CoachSupervisesError
    if standing.conflicts_between(enrolment.institute_id, coach_id, enrolment.person_id, "coach"):
        raise CoachInConflictError
