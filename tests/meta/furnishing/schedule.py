"""A session that Amina plans with Lucía for the day after tomorrow."""

from __future__ import annotations

from datetime import timedelta

from courses.schedule.planning import plan_session
from courses.schedule.sheets import PlanSheet
from institute.actors import Role
from institute.clock import now
from tests.meta.furnishing.room import Room

FORM = {"sequence": "0", "word": "Thursday would be better."}


def furnish(room: Room) -> dict[str, object]:
    """Plan it by video, an hour long."""
    day = (now() + timedelta(days=2)).date().isoformat()
    sheet = PlanSheet(day=day, begins="10:00", ends="11:00", mode="video", members=(str(room.enrolment_id),))
    planned_id, checked = plan_session(sheet, actor=room.actor("amina", Role.COACH))
    assert planned_id is not None, checked.problems
    return {"planned_id": planned_id}
