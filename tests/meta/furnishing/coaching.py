"""A session that Amina logged and Lucía has not answered."""

from __future__ import annotations

from datetime import timedelta

from courses.coaching.sheets import Sheet
from courses.coaching.writing import log_session
from institute.actors import Role
from institute.clock import now
from tests.meta.furnishing.room import Room

FORM = {"version": "1", "wish": "send", "difference": "length", "reason": "It was shorter."}


def furnish(room: Room) -> dict[str, object]:
    """Log a session of yesterday, an hour long."""
    yesterday = (now() - timedelta(days=2)).date().isoformat()
    sheet = Sheet(
        day=yesterday, begins="10:00", ends="11:00", mode="video", kind="one_to_one", next_steps="Read on."
    )
    written = log_session(room.enrolment_id, sheet, send=True, actor=room.actor("amina", Role.COACH))
    assert written.log_id is not None, written.checked.problems
    return {"log_id": written.log_id}
