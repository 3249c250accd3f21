"""A coach with a record, a concern that reached the coordinator, a conflict, a supervision and a letter."""

from __future__ import annotations

from datetime import date
from io import BytesIO

from sqlalchemy import select

from courses.assignments import concerns
from courses.coaches.models import CoachRequirement
from courses.coaches.recording import RecordSheet, record_qualification
from courses.cohorts.models import CoachAssignment, Enrolment
from courses.cohorts.recipients import keep_confidential
from institute.actors import Role
from institute.db import db
from institute.files.handing import keep_handed
from institute.people import conflicts, supervising
from tests.meta.furnishing.room import Room

FORM = {
    "about": "1",
    "words": "We find no day.",
    "since": "2026-09-01",
    "coach": "1",
    "person": "nobody@example.test",
}


def furnish(room: Room) -> dict[str, object]:
    """Make what the coordinator's routes name."""
    marisol = room.actor("marisol", Role.COORDINATOR)
    (letter,), _ = keep_handed([("letter.txt", BytesIO(b"Please keep the name out of lists."))], most=1)
    degree = RecordSheet(requirement="degree", on="2025-10-15", words="Diploma seen.")
    recorded = record_qualification(room.people["hoa"], degree, letter, actor=marisol)
    assert recorded.record_id is not None, recorded.problems
    keep_confidential(room.enrolment_id, letter, actor=marisol)
    lucia = room.actor("lucia", Role.PARTICIPANT)
    raised = concerns.raise_concern(room.enrolment_id, "We find no day.", actor=lucia)
    concerns.pass_on(raised, "It cannot wait.", actor=lucia)
    assignment = select(CoachAssignment.id).where(CoachAssignment.enrolment_id == room.enrolment_id)
    requirement = select(CoachRequirement.id).where(CoachRequirement.institute_id == room.institute_id)
    return {
        "coach_person_id": room.people["amina"],
        "coach_record_id": recorded.record_id,
        "concern_id": raised,
        "assignment_id": db.session.scalar(assignment),
        "people_cohort_id": db.session.scalar(
            select(Enrolment.cohort_id).where(Enrolment.id == room.enrolment_id)
        ),
        "declaration_id": conflicts.declare_own("Aunt Carmen", "We share a house.", actor=marisol),
        "supervision_id": supervising.note_supervision(
            room.people["ruth"], room.people["lucia"], since=date(2025, 1, 1), actor=marisol
        ),
        "requirement_id": db.session.scalar(requirement.order_by(CoachRequirement.id).limit(1)),
    }
