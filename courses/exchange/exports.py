"""What administrators take out: sessions and attendance with names, for the people who administer them.

Names that are kept confidential by a letter of their organisation leave the house in no list: the number stands alone.
What the two wrote to each other stays in the log.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy import select

from courses.cohorts.models import Enrolment
from courses.cohorts.recipients import confidential_in
from courses.exchange.records import SessionRecord, session_records
from courses.meetings.models import Meeting, MeetingAttendance
from institute import audit
from institute.actors import Actor, InstituteId
from institute.db import db, transaction
from institute.people.models import Person
from institute.spreadsheets import Cell

Column = tuple[str, Callable[[SessionRecord], Cell]]

# The first columns are those of the files that are brought in.
SESSIONS: Final[tuple[Column, ...]] = (
    ("external_id", lambda one: one.log.external_id or f"session-{one.log.id}"),
    ("participant", lambda one: "" if one.confidential else one.study.email),
    ("coach", lambda one: one.coach.email),
    ("cohort", lambda one: one.study.cohort),
    ("date", lambda one: one.begins.date().isoformat()),
    ("begins", lambda one: f"{one.begins:%H:%M}"),
    ("ends", lambda one: f"{one.ends:%H:%M}"),
    ("next_day", lambda one: "yes" if one.ends.date() > one.begins.date() else "no"),
    ("break_minutes", lambda one: one.log.break_minutes),
    ("mode", lambda one: one.log.mode),
    ("kind", lambda one: one.log.kind),
    ("segment", lambda one: one.segment),
    ("practices", lambda one: " ".join(one.log.practices)),
    ("funding", lambda one: one.log.funding),
    ("participant_number", lambda one: one.study.enrolment_id),
    ("participant_name", lambda one: "" if one.confidential else one.study.name),
    ("coach_name", lambda one: one.coach.name),
    ("programme", lambda one: one.study.programme),
    ("zone", lambda one: one.log.zone),
    ("minutes", lambda one: one.log.minutes),
    ("counted_minutes", lambda one: one.explained.counted),
    ("waiting_minutes", lambda one: one.explained.waiting),
    ("state", lambda one: one.log.state),
    ("imported", lambda one: "no" if one.log.imported_by is None else "yes"),
)
ATTENDANCE: Final = (
    "external_id", "meeting", "person", "minutes", "person_number", "person_name", "meeting_kind", "meeting_title",
    "date", "begins", "ends", "zone", "presence", "way",
)  # fmt: skip


def note_taken_out(what: str, *, actor: Actor) -> None:
    """Note who took which list out of the house."""
    with transaction():
        audit.record(
            "exchange.taken-out",
            actor=actor,
            subject=("institute", actor.institute_id),
            details={"what": what},
        )


def session_header() -> list[str]:
    """Return the names of the columns of sessions."""
    return [name for name, _ in SESSIONS]


def session_rows(institute_id: InstituteId) -> Iterator[list[Cell]]:
    """Yield the sessions of an institute that were sent, read while they are sent."""
    for record in session_records(institute_id):
        yield [value(record) for _, value in SESSIONS]


def attendance_rows(institute_id: InstituteId) -> Iterator[tuple[Cell, ...]]:
    """Yield who was at which meeting of an institute, meeting by meeting."""
    enrolments = confidential_in(institute_id)
    quiet = set(db.session.scalars(select(Enrolment.person_id).where(Enrolment.id.in_(enrolments))))
    rows = db.session.execute(
        select(MeetingAttendance, Meeting, Person.id, Person.name, Person.email)
        .join(Meeting, Meeting.id == MeetingAttendance.meeting_id)
        .join(Person, Person.id == MeetingAttendance.person_id)
        .where(MeetingAttendance.institute_id == institute_id)
        .order_by(Meeting.starts, Meeting.id, MeetingAttendance.id)
    )
    for attendance, meeting, person_id, name, email in rows:
        starts, ends = (at.astimezone(ZoneInfo(meeting.zone)) for at in (meeting.starts, meeting.ends))
        hidden = person_id in quiet
        yield (
            attendance.external_id or f"attendance-{attendance.id}",
            meeting.key,
            "" if hidden else email,
            attendance.minutes,
            person_id,
            "" if hidden else name,
            meeting.kind,
            meeting.title,
            starts.date().isoformat(),
            f"{starts:%H:%M}",
            f"{ends:%H:%M}",
            meeting.zone,
            attendance.presence,
            attendance.way,
        )
