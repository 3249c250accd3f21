"""A cohort to move, the version that it is in, and a segment with a day of its own."""

from __future__ import annotations

from tests.meta.furnishing.room import Room

FORM = {"version": "1", "who": "everybody"}


def furnish(room: Room) -> dict[str, object]:
    """Name what is there: the first institute's first version, and for the second a number that the first has not."""
    return {"version_number": room.institute_id, "moving_cohort_id": room.cohort_id}
