"""Whom a meeting is for, and whose meetings somebody sees or leads."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Select, and_, exists, false, literal, or_, select, union
from sqlalchemy.orm import Session

from courses.coaches.models import CoachProfile
from courses.cohorts.assigning import assigned_on
from courses.cohorts.coordinating import WHOLE, scope_of, seen_by
from courses.cohorts.models import CoachAssignment, Cohort, CohortId, Enrolment, EnrolmentState
from courses.meetings.errors import MeetingCancelledError
from courses.meetings.models import (
    Audience,
    Meeting,
    MeetingAttendance,
    MeetingId,
    MeetingKind,
    MeetingRegistration,
    RegistrationState,
)
from institute.actors import PERSON, Actor, PersonId, Role
from institute.clock import now
from institute.db import db
from institute.errors import NotFoundError
from institute.people.models import Grant, Person
from institute.people.naming import name_or_number

THERE: Final = (EnrolmentState.INVITED, EnrolmentState.ACTIVE, EnrolmentState.PAUSED)
FOR_PARTICIPANTS: Final = (Audience.PARTICIPANTS, Audience.EVERYBODY)
FOR_COACHES: Final = (Audience.COACHES, Audience.EVERYBODY)

BEGINNER: Final = (CoachProfile.coaches_since.is_(None),)

# Who is entered as a coach, or registered for a meeting of coaches, opens the coach's pages with nobody to coach yet:
# training comes first.
REGISTERED_COACHES: Final = select(literal(Role.COACH.value)).where(
    exists(select(CoachProfile.id).where(CoachProfile.person_id == PERSON, *BEGINNER))
    | exists(
        select(MeetingRegistration.id)
        .join(Meeting, Meeting.id == MeetingRegistration.meeting_id)
        .where(
            MeetingRegistration.person_id == PERSON,
            MeetingRegistration.state != RegistrationState.WITHDRAWN,
            Meeting.audience == Audience.COACHES,
            Meeting.cancelled_at.is_(None),
        )
    )
)


@dataclass(frozen=True, slots=True)
class Invited:
    """Somebody whom a meeting is for."""

    person_id: PersonId
    name: str


def find_led(meeting_id: MeetingId, *, actor: Actor, session: Session, lock: bool = False) -> Meeting:
    """Return a meeting that the actor leads. Raises NotFoundError."""
    found = session.scalar(_locked(select(Meeting).where(Meeting.id == meeting_id, led_by(actor)), lock=lock))
    if found is None:
        raise NotFoundError
    return found


def led_by(actor: Actor) -> ColumnElement[bool]:
    """Return the condition for the meetings that an actor leads."""
    ours = Meeting.institute_id == actor.institute_id
    return ours if leads_all(actor) else and_(ours, Meeting.cohort_id.in_(_cohorts_led(actor)))


def leads_all(actor: Actor) -> bool:
    """Tell whether an actor leads every meeting of the institute.

    Its administrators and its command do, and its coordinators but for those who work for some organisations only.
    """
    if actor.person_id is None or actor.has(Role.ADMINISTRATOR):
        return True
    return actor.has(Role.COORDINATOR) and scope_of(actor) is WHOLE


def may_lead(cohort_id: CohortId | None, actor: Actor) -> bool:
    """Tell whether an actor may make meetings for a cohort or, with None, for more than one."""
    if leads_all(actor):
        return True
    led = select(Cohort.id).where(Cohort.id == cohort_id, Cohort.id.in_(_cohorts_led(actor)))
    return cohort_id is not None and db.session.scalar(led) is not None


def _cohorts_led(actor: Actor) -> Select[CohortId]:
    """Return the query of the cohorts whose meetings somebody leads who does not lead all.

    The one that is open for a facilitator; those with people of their organisations for a coordinator.
    """
    parts: list[ColumnElement[bool]] = [false()]
    if actor.has(Role.FACILITATOR) and actor.place is not None:
        parts.append(Cohort.id == actor.place)
    if actor.has(Role.COORDINATOR):
        parts.append(Cohort.id.in_(select(Enrolment.cohort_id).where(seen_by(actor))))
    return select(Cohort.id).where(Cohort.institute_id == actor.institute_id, or_(*parts))


def find_own(meeting_id: MeetingId, *, actor: Actor, session: Session, lock: bool = False) -> Meeting:
    """Return a meeting that the actor is invited to or takes part in. Raises NotFoundError."""
    query = select(Meeting).where(Meeting.id == meeting_id, Meeting.institute_id == actor.institute_id)
    found = session.scalar(_locked(query, lock=lock))
    if found is None or actor.person_id is None or not is_invited(found, actor.person_id):
        raise NotFoundError
    return found


def find_standing(meeting_id: MeetingId, *, actor: Actor, session: Session) -> Meeting:
    """Return the same, locked and not cancelled. Raises NotFoundError, MeetingCancelledError."""
    meeting = find_own(meeting_id, actor=actor, session=session, lock=True)
    if meeting.cancelled_at is not None:
        raise MeetingCancelledError
    return meeting


def is_invited(meeting: Meeting, person_id: PersonId) -> bool:
    """Tell whether a meeting is for a person: by the audience, a registration, or because they were there."""
    asked = select(exists(_people_of(meeting, only=person_id).with_only_columns(Person.id)))
    return bool(db.session.scalar(asked))


def invited_to(meeting: Meeting) -> list[Invited]:
    """Return everybody whom a meeting is for, by name."""
    rows = db.session.execute(_people_of(meeting).order_by(Person.name, Person.id))
    return [Invited(row.id, name_or_number(row.name, row.id)) for row in rows]


def meeting_day(meeting: Meeting) -> date:
    """Return the day of a meeting on the clock of its zone."""
    return meeting.starts.astimezone(ZoneInfo(meeting.zone)).date()


def meetings_of(actor: Actor, *, coach: bool) -> Select[Meeting]:
    """Return the query of the meetings that somebody sees as a coach, or as a participant."""
    return select(Meeting).where(sees_as(actor, coach=coach))


def sees_as(actor: Actor, *, coach: bool) -> ColumnElement[bool]:
    """Return the condition for the meetings that somebody sees as a coach, or as a participant."""
    person, today = actor.person_id, now().date()
    cohorts = select(Enrolment.cohort_id).where(Enrolment.institute_id == actor.institute_id)
    if coach:
        cohorts = cohorts.join(CoachAssignment, CoachAssignment.enrolment_id == Enrolment.id).where(
            CoachAssignment.coach_id == person, or_(assigned_on(today), CoachAssignment.since >= today)
        )
    else:
        cohorts = cohorts.where(Enrolment.person_id == person, Enrolment.state.in_(THERE))
    programmes = select(Cohort.programme_id).where(Cohort.id.in_(cohorts))
    belongs: ColumnElement[bool] = exists(cohorts)
    if coach:
        belongs = or_(belongs, exists().where(CoachProfile.person_id == person, *BEGINNER))
    everywhere = and_(Meeting.cohort_id.is_(None), Meeting.programme_id.is_(None), belongs)
    scope = or_(Meeting.cohort_id.in_(cohorts), Meeting.programme_id.in_(programmes), everywhere)
    mine = or_(_registered(person), _attended(person))
    audience = FOR_COACHES if coach else FOR_PARTICIPANTS
    return and_(Meeting.institute_id == actor.institute_id, Meeting.audience.in_(audience), or_(scope, mine))


def _registered(person_id: PersonId | None) -> ColumnElement[bool]:
    return exists().where(
        MeetingRegistration.meeting_id == Meeting.id, MeetingRegistration.person_id == person_id
    )


def _attended(person_id: PersonId | None) -> ColumnElement[bool]:
    return exists().where(
        MeetingAttendance.meeting_id == Meeting.id, MeetingAttendance.person_id == person_id
    )


def enrolled_in(meeting: Meeting, person_id: PersonId) -> CohortId | None:
    """Return the cohort in which a person is a participant whom a meeting is for, None for everybody else."""
    if meeting.audience not in FOR_PARTICIPANTS:
        return None
    return db.session.scalar(
        select(Enrolment.cohort_id)
        .where(*_scope(meeting), Enrolment.person_id == person_id, Enrolment.state.in_(THERE))
        .order_by(Enrolment.id.desc())
        .limit(1)
    )


def takes_part(person_id: PersonId) -> ColumnElement[bool]:
    """Return the condition for the meetings that have a person as ``enrolled_in`` tells of one meeting."""
    enrolled = (
        select(Enrolment.id)
        .join(Cohort, Cohort.id == Enrolment.cohort_id)
        .where(
            Enrolment.institute_id == Meeting.institute_id,
            Enrolment.person_id == person_id,
            Enrolment.state.in_(THERE),
            or_(Meeting.cohort_id.is_(None), Meeting.cohort_id == Cohort.id),
            or_(Meeting.programme_id.is_(None), Meeting.programme_id == Cohort.programme_id),
        )
        .correlate(Meeting)
    )
    return and_(Meeting.audience.in_(FOR_PARTICIPANTS), enrolled.exists())


def _scope(meeting: Meeting) -> list[ColumnElement[bool]]:
    """Return the conditions for the enrolments that a meeting's cohort, programme or institute has."""
    scope: list[ColumnElement[bool]] = [Enrolment.institute_id == meeting.institute_id]
    if meeting.cohort_id is not None:
        scope.append(Enrolment.cohort_id == meeting.cohort_id)
    if meeting.programme_id is not None:
        studying = select(Cohort.id).where(Cohort.programme_id == meeting.programme_id)
        scope.append(Enrolment.cohort_id.in_(studying))
    return scope


def _people_of(meeting: Meeting, *, only: PersonId | None = None) -> Select[PersonId, str]:
    """Return the query of (id, name) of those invited; ``only`` narrows it to one person."""
    scope = _scope(meeting)
    parts: list[Select[Any]] = [
        select(MeetingRegistration.person_id).where(MeetingRegistration.meeting_id == meeting.id),
        select(MeetingAttendance.person_id).where(MeetingAttendance.meeting_id == meeting.id),
    ]
    if meeting.kind is MeetingKind.CALIBRATION and meeting.cohort_id is None and meeting.programme_id is None:
        parts.append(_scorers())
    if meeting.audience in FOR_PARTICIPANTS:
        parts.append(select(Enrolment.person_id).where(*scope, Enrolment.state.in_(THERE)))
    if meeting.audience in FOR_COACHES:
        on_the_day = assigned_on(meeting_day(meeting))
        parts.append(
            select(CoachAssignment.coach_id)
            .join(Enrolment, Enrolment.id == CoachAssignment.enrolment_id)
            .where(*scope, Enrolment.state.in_(THERE), or_(on_the_day, assigned_on(now().date())))
        )
        if meeting.cohort_id is None and meeting.programme_id is None:  # also who coaches nobody yet
            ours = CoachProfile.institute_id == meeting.institute_id
            parts.append(select(CoachProfile.person_id).where(ours, *BEGINNER))
    people = union(*parts).subquery()
    query = select(Person.id, Person.name).where(
        Person.institute_id == meeting.institute_id, Person.id.in_(select(people.c[0]))
    )
    return query if only is None else query.where(Person.id == only)


def _scorers() -> Select[Any]:
    """Return the query of those who score: a calibration of the institute is for them, whomever else it is for."""
    scoring = Grant.role.in_((Role.TRAINER, Role.SCORING_LEAD))
    return select(Grant.person_id).where(scoring, Grant.ended_at.is_(None))


def cohorts_led(actor: Actor) -> list[Cohort]:
    """Return the cohorts that an actor may make meetings for, the newest first."""
    query = (
        select(Cohort)
        .where(Cohort.institute_id == actor.institute_id)
        .order_by(Cohort.starts.desc(), Cohort.id)
    )
    if not leads_all(actor):
        query = query.where(Cohort.id.in_(_cohorts_led(actor)))
    return list(db.session.scalars(query))


def _locked(query: Select[Meeting], *, lock: bool) -> Select[Meeting]:
    return query.with_for_update() if lock else query
