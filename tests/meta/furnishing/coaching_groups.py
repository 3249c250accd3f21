"""A group session that Amina led, a step that it agreed on, and time that she noted beside it."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from courses.coaching.groups_checking import GroupSheet
from courses.coaching.groups_writing import log_group
from courses.coaching.planning import PlanningSheet, note_planning
from courses.coaching.sheets import Sheet
from courses.cohorts.models import Cohort
from courses.sessions.models import AgreedAction, SessionGroupId
from courses.sessions.planning import PlanningTime
from institute.actors import Role
from institute.clock import now
from institute.db import db
from tests.meta.furnishing.room import Room

FORM = {"why": "No longer needed."}


def furnish(room: Room) -> dict[str, object]:
    """Log a group of one, three days ago, and note half an hour of that day."""
    amina = room.actor("amina", Role.COACH)
    day = (now() - timedelta(days=3)).date().isoformat()
    sheet = Sheet(
        day=day, begins="10:00", ends="11:00", mode="video", kind="group", next_steps="Read on together."
    )
    cohort = db.session.get_one(Cohort, room.cohort_id)
    written = log_group(cohort, GroupSheet(sheet, members={room.enrolment_id: ""}), actor=amina)
    assert written.group_id is not None, written.checked
    assert note_planning(PlanningSheet(day, "30", str(room.enrolment_id)), actor=amina) == {}
    return {
        "session_group_id": SessionGroupId(written.group_id),
        "group_cohort_id": room.cohort_id,
        "agreed_action_id": db.session.scalar(
            select(AgreedAction.id).where(
                AgreedAction.institute_id == room.institute_id, AgreedAction.text == "Read on together."
            )
        ),
        "planning_id": db.session.scalar(
            select(PlanningTime.id).where(PlanningTime.institute_id == room.institute_id)
        ),
    }
