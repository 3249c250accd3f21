"""Attendance: the list of whoever leads, signing in by the code on the wall, and rows from another system."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from courses.coaches.qualifying import note_training
from courses.meetings import errors
from courses.meetings.attendance import counted_of
from courses.meetings.audience import find_led, find_standing, is_invited, meeting_day
from courses.meetings.codes import EARLY, accepts, is_fresh, is_open, read_pass
from courses.meetings.counting import attended_minutes, minutes_late
from courses.meetings.models import (
    KEY_LENGTH,
    Meeting,
    MeetingAttendance,
    MeetingId,
    MeetingRegistration,
    Presence,
    RegistrationState,
    Way,
)
from courses.meetings.registering import enter, has_room
from institute import audit
from institute.actors import Actor, PersonId
from institute.clock import now
from institute.db import transaction
from institute.errors import DomainError, NotFoundError

DIGITS: Final = 4


@dataclass(frozen=True, slots=True)
class ListRow:
    """One line of the list as it was typed: ``presence`` is empty where nothing was said."""

    presence: str = ""
    late: str = ""
    early: str = ""


def save_list(
    meeting_id: MeetingId, rows: Mapping[PersonId, ListRow], *, actor: Actor
) -> dict[PersonId, DomainError]:
    """Record who was there, how late they came and how early they left; return what has to be mended, by person.

    All rows or none are saved. A row that says nothing changes nothing. Raises NotFoundError if the meeting is not
    the actor's to lead or somebody on the list is not invited, MeetingCancelledError, NotBegunError.
    """
    with transaction() as session:
        meeting = find_led(meeting_id, actor=actor, session=session, lock=True)
        _refuse_early(meeting)
        told = {person_id: row for person_id, row in rows.items() if row.presence in list(Presence)}
        read = {person_id: _read(row, meeting.minutes) for person_id, row in told.items()}
        problems = {person_id: one for person_id, one in read.items() if isinstance(one, DomainError)}
        if problems:
            return problems
        for person_id, lacking in read.items():
            if isinstance(lacking, DomainError):
                continue
            if not is_invited(meeting, person_id):
                raise NotFoundError
            presence = Presence(told[person_id].presence)
            _record(meeting, person_id, presence, lacking, way=Way.LIST, session=session, actor=actor)
        return {}


def sign_in(meeting_id: MeetingId, typed: str, *, actor: Actor) -> errors.CodeError | None:
    """Sign the actor in with the code that they see; return the refusal of a code that is not the one shown now.

    A second time changes nothing. Raises NotFoundError if the meeting is not for them, MeetingCancelledError,
    SignInClosedError, NoPlaceError.
    """
    with transaction() as session:
        meeting = find_standing(meeting_id, actor=actor, session=session)
        if not is_open(meeting.starts, meeting.ends, now()):
            raise errors.SignInClosedError
        if not accepts(meeting.id, typed, now()):
            return errors.CodeError()
        _arrive(meeting, now(), session=session, actor=actor)
        return None


def arrive(meeting_id: MeetingId, passed: str, *, actor: Actor) -> None:
    """Sign the actor in who scanned the code and came by the link that was mailed to them; it counts from the scan.

    Raises as ``sign_in``, NotFoundError for somebody else's pass, PassError for one that is too old.
    """
    with transaction() as session:
        meeting = find_standing(meeting_id, actor=actor, session=session)
        _arrive(meeting, scanned_at(meeting.id, passed, actor=actor), session=session, actor=actor)


def scanned_at(meeting_id: MeetingId, passed: str, *, actor: Actor) -> datetime:
    """Return when the actor scanned the code. Raises NotFoundError for no pass of theirs, PassError for an old one."""
    scanned = read_pass(meeting_id, actor.person_id, passed) if actor.person_id is not None else None
    if scanned is None:
        raise NotFoundError
    if not is_fresh(scanned, now()):
        raise errors.PassError
    return scanned


def record_attendance(
    meeting_id: MeetingId,
    person_id: PersonId,
    minutes: int,
    *,
    actor: Actor,
    external_id: str | None = None,
    imported_by: PersonId | None = None,
) -> None:
    """Record how many minutes somebody attended, 0 for an absence, as another system tells it.

    The same again changes nothing; a row of the same meeting and person is brought up to date. Raises NotFoundError
    if the meeting is not the actor's to lead or not for that person, MeetingCancelledError, NotBegunError,
    MinutesError, and ExternalTakenError where ``external_id`` names another row.
    """
    with transaction() as session:
        meeting = find_led(meeting_id, actor=actor, session=session, lock=True)
        _refuse_early(meeting)
        if not 0 <= minutes <= meeting.minutes:
            raise errors.MinutesError(most=meeting.minutes)
        if external_id is not None and not 0 < len(external_id) <= KEY_LENGTH:
            raise errors.TextLengthError(length=len(external_id), most=KEY_LENGTH)
        if not is_invited(meeting, person_id):
            raise NotFoundError
        _refuse_taken(meeting, person_id, external_id, session=session)
        presence = Presence.PRESENT if minutes else Presence.ABSENT
        lacking = (0, meeting.minutes - minutes) if minutes else (0, 0)
        row = _record(meeting, person_id, presence, lacking, way=Way.IMPORTED, session=session, actor=actor)
        row.external_id, row.imported_by = external_id, imported_by
        session.flush()


def _arrive(meeting: Meeting, at: datetime, *, session: Session, actor: Actor) -> None:
    """Record the actor as there since ``at``; who is on the list already stays as they are."""
    if actor.person_id is None:
        raise NotFoundError
    found = _attendance(meeting, actor.person_id, session=session)
    if found is not None and found.presence is Presence.PRESENT:
        return
    _take_place(meeting, actor.person_id, session=session, actor=actor)
    lacking = (minutes_late(meeting.starts, at), 0)
    row = _record(
        meeting, actor.person_id, Presence.PRESENT, lacking, way=Way.CODE, session=session, actor=actor
    )
    row.signed_at = at
    session.flush()


def _take_place(meeting: Meeting, person_id: PersonId, *, session: Session, actor: Actor) -> None:
    """See to it that whoever signs in has a place, where places are counted. Raises NoPlaceError."""
    if meeting.capacity is None:
        return
    state = session.scalar(
        select(MeetingRegistration.state).where(
            MeetingRegistration.meeting_id == meeting.id, MeetingRegistration.person_id == person_id
        )
    )
    if state is RegistrationState.REGISTERED:
        return
    if state is RegistrationState.WAITING or not has_room(meeting):
        raise errors.NoPlaceError
    enter(meeting, person_id, session=session, actor=actor)


def _read(row: ListRow, length: int) -> tuple[int, int] | DomainError:
    """Return the minutes late and early of a line, or what is wrong with them."""
    if row.presence != Presence.PRESENT:
        return (0, 0)
    late, early = _minutes(row.late), _minutes(row.early)
    if late is None or early is None or late + early > length:
        return errors.MinutesError(most=length)
    return (late, early)


def _minutes(text: str) -> int | None:
    if not text:
        return 0
    return int(text) if text.isascii() and text.isdigit() and len(text) <= DIGITS else None


def _record(
    meeting: Meeting,
    person_id: PersonId,
    presence: Presence,
    lacking: tuple[int, int],
    *,
    way: Way,
    session: Session,
    actor: Actor,
) -> MeetingAttendance:
    """Insert or change somebody's row of a locked meeting; one that says the same already stays as it is."""
    late, early = lacking
    minutes = attended_minutes(meeting.minutes, late, early) if presence is Presence.PRESENT else 0
    found = _attendance(meeting, person_id, session=session)
    if found is not None and (found.presence, found.late, found.early) == (presence, late, early):
        return found
    if found is None:
        found = MeetingAttendance(
            institute_id=meeting.institute_id, meeting_id=meeting.id, person_id=person_id
        )
        session.add(found)
    found.presence, found.late, found.early, found.minutes = presence, late, early, minutes
    found.way, found.recorded_by, found.recorded_at = way, actor.person_id, now()
    session.flush()
    audit.record(
        "meeting.attended",
        actor=actor,
        subject=("meeting", meeting.id),
        details={"person": person_id, "presence": presence, "minutes": minutes, "way": way},
    )
    note_counted(meeting, person_id, actor=actor)
    return found


def note_counted(meeting: Meeting, person_id: PersonId, *, actor: Actor) -> None:
    """Tell the coaches' room what counts of a meeting now that meets one of its requirements, nothing included."""
    if not meeting.requirement:
        return
    counted = counted_of(person_id, Meeting.id == meeting.id).get(meeting.id)
    note_training(
        person_id,
        meeting.requirement,
        on=meeting_day(meeting),
        minutes=counted.minutes if counted else 0,
        event_ref=f"meeting/{meeting.id}",
        actor=actor,
    )


def _attendance(meeting: Meeting, person_id: PersonId, *, session: Session) -> MeetingAttendance | None:
    return session.scalar(
        select(MeetingAttendance)
        .where(MeetingAttendance.meeting_id == meeting.id, MeetingAttendance.person_id == person_id)
        .execution_options(populate_existing=True)
    )


def _refuse_taken(
    meeting: Meeting, person_id: PersonId, external_id: str | None, *, session: Session
) -> None:
    other = session.scalar(
        select(MeetingAttendance.id).where(
            MeetingAttendance.institute_id == meeting.institute_id,
            MeetingAttendance.external_id == external_id,
            or_(MeetingAttendance.meeting_id != meeting.id, MeetingAttendance.person_id != person_id),
        )
    )
    if external_id is not None and other is not None:
        raise errors.ExternalTakenError


def _refuse_early(meeting: Meeting) -> None:
    if meeting.cancelled_at is not None:
        raise errors.MeetingCancelledError
    if now() < meeting.starts - EARLY:
        raise errors.NotBegunError
