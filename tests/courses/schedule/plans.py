"""What tests of the schedule send: a plan, its move, its end."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final

from tests.browsing import Visitor
from tests.courses.coaching.conftest import Pair

STARTS: Final = datetime(2026, 10, 20, 22, 30, tzinfo=UTC)  # 15:30 in Los Angeles


def plan_fields(pair: Pair, **given: str | list[str]) -> dict[str, str | list[str]]:
    """Return the fields of a plan: Tuesday 20 October, 15:30 to 16:30, by video."""
    fields: dict[str, str | list[str]] = {
        "day": "2026-10-20",
        "begins": "15:30",
        "ends": "16:30",
        "mode": "video",
        "place": "https://meet.example.org/amina",
        "members": [str(pair.enrolment_id)],
    }
    return {**fields, **given}


def plan(pair: Pair, **given: str | list[str]) -> int:
    """Plan a session through the form and return its id."""
    answer = pair.coach.post("/coach/schedule/new", plan_fields(pair, **given))
    assert answer.status_code == 303, answer.text
    return int(answer.location.rpartition("/")[2])


def move(coach: Visitor, pair: Pair, planned_id: int, *, sequence: int = 0, **given: str | list[str]) -> int:
    """Send the form that moves a session; return the status of the answer."""
    fields = plan_fields(pair, **given) | {"sequence": str(sequence)}
    return coach.post(f"/coach/schedule/{planned_id}/move", fields).status_code


def cancel(coach: Visitor, planned_id: int, *, sequence: int = 0, reason: str = "") -> int:
    """Cancel a session; return the status of the answer."""
    fields = {"sequence": str(sequence), "reason": reason}
    return coach.post(f"/coach/schedule/{planned_id}/cancel", fields).status_code
