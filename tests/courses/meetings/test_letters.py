"""What is mailed: a reminder the day before to those who come, and the employer's answer to whoever asked for it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from courses.meetings.reminding import remind_of_meetings
from institute import clock
from tests.courses.meetings.conftest import NOON, STARTS, Cast, sheet
from tests.institute import post

Make = Callable[..., int]
HOUR = timedelta(hours=1)


def _subjects(to: str) -> list[str]:
    return [str(one["Subject"]) for one in post.deliver() if one["To"] == to]


def test_whoever_is_invited_is_reminded_once_a_day_before(cast: Cast, make_meeting: Make) -> None:
    make_meeting()
    for hours in range(3):
        with clock.frozen(NOON + hours * HOUR):
            remind_of_meetings(NOON.date())
    with clock.frozen(STARTS - 20 * HOUR):
        assert _subjects("amina@example.test") == ["A meeting is near"]
        assert _subjects("lucia@example.test") == []


def test_nobody_is_reminded_of_what_they_gave_back_what_moved_or_what_they_have_no_place_in(
    cast: Cast, make_meeting: Make
) -> None:
    given_back, moved, _full, cancelled = (make_meeting(**one) for one in ({}, {}, {"capacity": "1"}, {}))
    cast.coach.post(f"/coach/meetings/{given_back}/register")
    remind_of_meetings(NOON.date())
    cast.coach.post(f"/coach/meetings/{given_back}/withdraw")
    cast.coordinator.post(
        f"/coordinator/meetings/{moved}/edit", sheet(version="1", day="2026-11-20", title="Moved")
    )
    cast.coordinator.post(f"/coordinator/meetings/{cancelled}/cancel", {"version": "1", "reason": "Ill"})
    with clock.frozen(STARTS - 20 * HOUR):
        assert _subjects("amina@example.test") == []
