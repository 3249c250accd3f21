"""Places in a meeting: taken and given back by oneself, and the waiting list that moves up by itself.

Whoever changes places holds the meeting's row, so that no two act on the same count; the database refuses one too many.
"""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from courses.cohorts.assigning import GONE
from courses.cohorts.events import EnrolmentMoved
from courses.meetings import errors
from courses.meetings.audience import find_led, find_standing
from courses.meetings.letters import tell_place
from courses.meetings.models import (
    Audience,
    Meeting,
    MeetingId,
    MeetingRegistration,
    RegistrationId,
    RegistrationState,
)
from institute import audit
from institute.actors import Actor, PersonId
from institute.clock import now
from institute.db import transaction
from institute.errors import NotFoundError
from institute.messages.addresses import parse_address
from institute.people.models import Person


def register(meeting_id: MeetingId, *, actor: Actor) -> RegistrationState:
    """Take a place for the actor, or one in the waiting list; return which. A second time changes nothing.

    Raises NotFoundError if the meeting is not for them, MeetingCancelledError, MeetingOverError.
    """
    with transaction() as session:
        meeting = find_standing(meeting_id, actor=actor, session=session)
        _refuse_over(meeting)
        if actor.person_id is None:
            raise NotFoundError
        return enter(meeting, actor.person_id, session=session, actor=actor)


def withdraw(meeting_id: MeetingId, *, actor: Actor) -> None:
    """Give the actor's place back; whoever waits longest gets it. A second time changes nothing.

    Raises as ``register``.
    """
    with transaction() as session:
        meeting = find_standing(meeting_id, actor=actor, session=session)
        _refuse_over(meeting)
        mine = _registration(meeting, actor.person_id, session=session)
        if mine is not None:
            _leave(meeting, mine, session=session, actor=actor)


def add_person(
    meeting_id: MeetingId, email: str, *, actor: Actor
) -> RegistrationState | errors.StrangerError:
    """Register somebody of the institute whom a leader names by their address; return what came of it.

    Raises NotFoundError, MeetingCancelledError.
    """
    with transaction() as session:
        meeting = find_led(meeting_id, actor=actor, session=session, lock=True)
        if meeting.cancelled_at is not None:
            raise errors.MeetingCancelledError
        address = parse_address(email)
        found = address and session.scalar(
            select(Person.id)
            .where(Person.institute_id == actor.institute_id, Person.email.in_(address.spellings))
            .order_by(Person.id)
            .limit(1)
        )
        if not found:
            return errors.StrangerError()
        return enter(meeting, found, session=session, actor=actor)


def remove_registration(meeting_id: MeetingId, registration_id: RegistrationId, *, actor: Actor) -> None:
    """Take somebody's place back as the one who leads; the next one moves up. Raises NotFoundError."""
    with transaction() as session:
        meeting = find_led(meeting_id, actor=actor, session=session, lock=True)
        found = session.get(MeetingRegistration, registration_id)
        if found is None or found.meeting_id != meeting.id:
            raise NotFoundError
        if meeting.cancelled_at is not None:
            raise errors.MeetingCancelledError
        _leave(meeting, found, session=session, actor=actor)


def enter(meeting: Meeting, person_id: PersonId, *, session: Session, actor: Actor) -> RegistrationState:
    """Give a person a place in a locked meeting, or one in its waiting list; return which."""
    found = _registration(meeting, person_id, session=session)
    if found is not None and found.state is not RegistrationState.WITHDRAWN:
        return found.state
    state = RegistrationState.REGISTERED if has_room(meeting) else RegistrationState.WAITING
    if found is None:
        found = MeetingRegistration(
            institute_id=meeting.institute_id, meeting_id=meeting.id, person_id=person_id
        )
        session.add(found)
    found.state, found.since, found.moved_up_at = state, now(), None
    meeting.taken += state is RegistrationState.REGISTERED
    session.flush()
    audit.record(
        f"meeting.{state}", actor=actor, subject=("meeting", meeting.id), details={"person": person_id}
    )
    return state


def leave_when_gone(event: EnrolmentMoved) -> None:
    """Give the places back that somebody has in meetings of a cohort's participants, which they left."""
    if event.state not in GONE:
        return
    with transaction() as session:
        coming = session.scalars(
            select(Meeting)
            .where(
                Meeting.cohort_id == event.cohort_id,
                Meeting.audience == Audience.PARTICIPANTS,
                Meeting.starts > now(),
                Meeting.cancelled_at.is_(None),
            )
            .order_by(Meeting.id)
            .with_for_update()
        ).all()
        system = Actor(institute_id=event.institute_id, person_id=None)
        for meeting in coming:
            theirs = _registration(meeting, event.person_id, session=session)
            if theirs is not None:
                _leave(meeting, theirs, session=session, actor=system)


def has_room(meeting: Meeting) -> bool:
    """Tell whether a place is left."""
    return meeting.capacity is None or meeting.taken < meeting.capacity


def move_up(meeting: Meeting, *, session: Session) -> None:
    """Give free places of a locked meeting to those who wait longest, and tell them; each once."""
    if meeting.ends <= now():
        return
    waiting = session.scalars(
        select(MeetingRegistration)
        .where(
            MeetingRegistration.meeting_id == meeting.id,
            MeetingRegistration.state == RegistrationState.WAITING,
        )
        .order_by(MeetingRegistration.since, MeetingRegistration.id)
    )
    for registration in waiting:
        if not has_room(meeting):
            return
        registration.state, registration.moved_up_at = RegistrationState.REGISTERED, now()
        meeting.taken += 1
        session.flush()
        audit.record(
            "meeting.moved-up",
            actor=Actor(institute_id=meeting.institute_id, person_id=None),
            subject=("meeting", meeting.id),
            details={"person": registration.person_id},
        )
        tell_place(meeting, registration.person_id)


def _leave(meeting: Meeting, registration: MeetingRegistration, *, session: Session, actor: Actor) -> None:
    if registration.state is RegistrationState.WITHDRAWN:
        return
    had_place = registration.state is RegistrationState.REGISTERED
    registration.state = RegistrationState.WITHDRAWN
    meeting.taken -= had_place
    session.flush()
    audit.record(
        "meeting.withdrawn",
        actor=actor,
        subject=("meeting", meeting.id),
        details={"person": registration.person_id},
    )
    if had_place:
        move_up(meeting, session=session)


def _registration(
    meeting: Meeting, person_id: PersonId | None, *, session: Session
) -> MeetingRegistration | None:
    return session.scalar(
        select(MeetingRegistration)
        .where(MeetingRegistration.meeting_id == meeting.id, MeetingRegistration.person_id == person_id)
        .execution_options(populate_existing=True)
    )


def _refuse_over(meeting: Meeting) -> None:
    if meeting.ends <= now():
        raise errors.MeetingOverError
