"""A meeting that began, with a place, a way in for Lucía, and what she says to have made up for at an earlier one."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from courses.catalogue.models import Programme
from courses.meetings.codes import make_pass
from courses.meetings.models import (
    Audience,
    MakeUpState,
    Meeting,
    MeetingKind,
    MeetingMakeUp,
    MeetingRegistration,
    RegistrationState,
)
from institute.clock import now
from institute.db import db, transaction
from institute.files.storing import store
from tests.meta.furnishing.room import Room

FORM = {"code": "ABCDEF", "email": "nobody@example.test", "verdict": "no"}


def furnish(room: Room) -> dict[str, object]:
    """Let the cohort meet at this moment."""
    lucia, owned = room.people["lucia"], {"institute_id": room.institute_id}
    sheet_id = store(b"Amina, Lucia\n", **owned, name="sheet.txt", media_type="text/plain", owner_id=lucia)
    with transaction() as session:
        meeting = Meeting(
            **owned,
            cohort_id=room.cohort_id,
            key="furnished",
            kind=MeetingKind.COHORT,
            audience=Audience.EVERYBODY,
            starts=now() - timedelta(minutes=20),
            ends=now() + timedelta(hours=2),
            zone="America/Los_Angeles",
            taken=1,
        )
        session.add(meeting)
        session.flush()
        place = MeetingRegistration(
            **owned, meeting_id=meeting.id, person_id=lucia, state=RegistrationState.REGISTERED
        )
        made = MeetingMakeUp(
            **owned,
            meeting_id=meeting.id,
            person_id=lucia,
            held_on=now().date(),
            minutes=60,
            employer="Sierra Unified",
            contact_name="Pat",
            contact_email="pat@employer.example",
            locale="en",
            sheet_id=sheet_id,
            state=MakeUpState.ASKED,
            reported_by=lucia,
        )
        session.add_all([place, made])
        session.flush()
        found = (meeting.id, place.id, made.id)
    programme_id = db.session.scalars(
        select(Programme.id).where(Programme.institute_id == room.institute_id)
    ).first()
    return {
        "meeting_id": found[0],
        "registration_id": found[1],
        "make_up_id": found[2],
        "own_make_up_id": found[2],
        "participant_passed": make_pass(found[0], lucia, now()),
        "coach_passed": make_pass(found[0], room.people["amina"], now()),
        "training_programme_id": programme_id,
    }
