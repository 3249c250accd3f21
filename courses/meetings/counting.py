"""What counts of a meeting: pure, in whole minutes."""

from __future__ import annotations

from datetime import datetime
from typing import Final

GRACE: Final = 10


def minutes_late(starts: datetime, signed_at: datetime) -> int:
    """Return by how many minutes somebody who signed in came late; a queue at the door makes nobody late."""
    late = int((signed_at - starts).total_seconds() // 60)
    return late if late > GRACE else 0


def attended_minutes(length: int, late: int, early: int) -> int:
    """Return the minutes somebody attended who came ``late`` and left ``early``, never below 0."""
    return max(length - late - early, 0)


def counted_minutes(length: int, attended: int, made_up: int) -> int:
    """Return what counts of one meeting: a make-up stands in its place and never beside it.

    Whoever attended a part and made up for the meeting has the longer of the two, never more than the meeting lasted.
    """
    return min(length, max(attended, made_up))
