"""A month that is excused, and what the forms of the rules and of excusing need."""

from __future__ import annotations

from courses.hours.excusing import excuse_month, excuses_of, months_to_excuse
from institute.actors import Role
from tests.meta.furnishing.room import Room

FORM = {"month": "2026-10", "revision": "none"}


def furnish(room: Room) -> dict[str, object]:
    """Excuse Lucía's latest month, a year ahead."""
    month = months_to_excuse(room.enrolment_id)[-1]
    problems = excuse_month(
        room.enrolment_id, f"{month:%Y-%m}", "Family leave", actor=room.actor("grace", Role.COORDINATOR)
    )
    assert not problems, problems
    return {"excused_id": excuses_of(room.enrolment_id)[month].id}
