"""A cohort to move, the version that it is in, and a segment with a day of its own."""

from __future__ import annotations

from tests.meta.furnishing.room import Room

FORM = {"version": "1", "who": "everybody"}


def furnish(room: Room) -> dict[str, object]:
    """Name what is there."""
    return {"version_number": 1, "moving_cohort_id": room.cohort_id}
