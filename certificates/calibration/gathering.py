"""A set as a meeting's content: who was there and how they did, side by side."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from certificates.calibration.attempts import CalibrationAttempt
from certificates.calibration.building import find_set
from certificates.calibration.models import CalibrationMeeting, CalibrationSet, CalibrationSetId
from certificates.calibration.qualified import is_in_use
from courses.meetings.audience import find_led, invited_to, is_invited, leads_all
from courses.meetings.models import Meeting, MeetingAttendance, MeetingId, MeetingKind, Presence
from institute import audit
from institute.actors import Actor, PersonId
from institute.clock import now
from institute.db import db, insert_into, transaction
from institute.errors import NotFoundError
from institute.i18n import Localised

BEFORE: Final = timedelta(hours=1)
AFTER: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class AttendedLine:
    """Somebody at a meeting: whether and how long they were there, and what came of their attempt there."""

    person_id: PersonId
    name: str
    presence: Presence | None
    minutes: int
    attempt: CalibrationAttempt | None


@dataclass(frozen=True, slots=True)
class MeetingResult:
    """The results of one set that is taken at a meeting."""

    set_id: CalibrationSetId
    title: Localised
    lines: tuple[AttendedLine, ...]


def add_meeting(set_id: CalibrationSetId, meeting_id: MeetingId, *, actor: Actor) -> None:
    """Let a published set be taken at a meeting of the institute. Raises NotFoundError."""
    with transaction() as session:
        found = find_set(session, set_id, actor)
        meeting = session.scalar(
            select(Meeting.id).where(
                Meeting.id == meeting_id,
                Meeting.institute_id == actor.institute_id,
                Meeting.kind == MeetingKind.CALIBRATION,
                Meeting.cancelled_at.is_(None),
            )
        )
        if meeting is None:
            raise NotFoundError
        session.execute(
            insert_into(session, CalibrationMeeting)
            .values(
                set_id=found.id,
                meeting_id=meeting_id,
                institute_id=actor.institute_id,
                added_by=actor.person_id,
                added_at=now(),
            )
            .on_conflict_do_nothing(index_elements=["set_id", "meeting_id"])
        )
        audit.record(
            "calibration.meeting",
            actor=actor,
            subject=("calibration_set", set_id),
            details={"meeting": meeting_id},
        )


def remove_meeting(set_id: CalibrationSetId, meeting_id: MeetingId, *, actor: Actor) -> None:
    """Take a set off a meeting; attempts made there stay. Raises NotFoundError."""
    with transaction() as session:
        find_set(session, set_id, actor)
        there = session.scalar(
            select(CalibrationMeeting).where(
                CalibrationMeeting.set_id == set_id, CalibrationMeeting.meeting_id == meeting_id
            )
        )
        if there is None:
            raise NotFoundError
        session.delete(there)


def meeting_now(session: Session, rubric_key: str, person_id: PersonId, actor: Actor) -> MeetingId | None:
    """Return the meeting that is held just now, with a set of this rubric, that a person is invited to; or None."""
    found = session.scalars(
        select(Meeting)
        .join(CalibrationMeeting, CalibrationMeeting.meeting_id == Meeting.id)
        .join(CalibrationSet, CalibrationSet.id == CalibrationMeeting.set_id)
        .where(
            Meeting.institute_id == actor.institute_id,
            Meeting.cancelled_at.is_(None),
            Meeting.starts <= now() + BEFORE,
            Meeting.ends >= now() - AFTER,
            CalibrationSet.rubric_key == rubric_key,
            is_in_use(),
        )
        .order_by(Meeting.starts.desc())
    )
    return next((meeting.id for meeting in found if is_invited(meeting, person_id)), None)


def results_at(actor: Actor, meeting_id: int) -> list[MeetingResult] | None:
    """Return the results of the sets that are taken at a meeting, None where there is none.

    They are for those who lead all meetings of the institute, not for who leads those of one cohort.
    """
    if not leads_all(actor):
        return None
    sets = db.session.scalars(
        select(CalibrationSet)
        .join(CalibrationMeeting, CalibrationMeeting.set_id == CalibrationSet.id)
        .where(CalibrationMeeting.meeting_id == meeting_id, CalibrationSet.institute_id == actor.institute_id)
        .order_by(CalibrationSet.id)
    ).all()
    if not sets:
        return None
    meeting = find_led(MeetingId(meeting_id), actor=actor, session=db.session())
    attended = {
        one.person_id: one
        for one in db.session.scalars(
            select(MeetingAttendance).where(MeetingAttendance.meeting_id == meeting_id)
        )
    }
    people = invited_to(meeting)
    results = []
    for found in sets:
        attempts = {
            one.person_id: one
            for one in db.session.scalars(
                select(CalibrationAttempt)
                .where(CalibrationAttempt.set_id == found.id, CalibrationAttempt.meeting_id == meeting_id)
                .order_by(CalibrationAttempt.id)
            )
        }
        lines = [
            AttendedLine(
                one.person_id,
                one.name,
                attended[one.person_id].presence if one.person_id in attended else None,
                attended[one.person_id].minutes if one.person_id in attended else 0,
                attempts.get(one.person_id),
            )
            for one in people
            if one.person_id in attempts or one.person_id in attended
        ]
        results.append(MeetingResult(found.id, found.title, tuple(lines)))
    return results
