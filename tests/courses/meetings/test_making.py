"""Making meetings: one or a series with one form, on the clock on the wall, over the days when clocks change."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from courses.meetings.attendance import minutes_of
from courses.meetings.models import MeetingKind
from institute import clock
from tests.courses.conftest import Studied
from tests.courses.meetings.conftest import AFTER, Cast, Stored, sheet

NEW = "/coordinator/meetings/new"
FOUR = ["2026-10-15", "2027-01-21", "2027-03-18", "2027-05-20"]
PACIFIC = ZoneInfo("America/Los_Angeles")


def test_one_form_makes_the_four_meetings_of_a_year_and_they_are_ten_hours(
    cast: Cast, stored: Stored, record: Callable[..., int]
) -> None:
    assert cast.coordinator.post(NEW, sheet(day=FOUR)).status_code == 303
    meetings = stored.meetings()
    assert [one.starts.astimezone(PACIFIC).isoformat()[:16] for one in meetings] == [
        f"{day}T13:30" for day in FOUR
    ]
    assert {one.starts.hour for one in meetings} == {
        20,
        21,
    }  # 13:30 stays 13:30 while the zone's offset changes
    assert [one.minutes for one in meetings] == [150] * 4
    assert len({one.series_id for one in meetings}) == 1
    with clock.frozen(datetime(2027, 6, 1, tzinfo=UTC)):
        for meeting in meetings:
            assert record(meeting.id, cast.coach_person) == 303
        assert minutes_of(cast.coach_person.id, [MeetingKind.COACH]) == 600
        page = cast.coach.get("/coach/meetings/").text
    assert "10 h of 10 h" in page
    assert "4 of 4 meetings" in page


def test_a_meeting_that_lasts_over_the_change_of_clocks_counts_what_a_stopwatch_counts(
    make_meeting: Callable[..., int], stored: Stored
) -> None:
    forward = make_meeting(day="2027-03-14", begins="01:30", ends="03:30")
    back = make_meeting(day="2026-11-01", begins="00:30", ends="02:30")
    assert (stored.meeting(forward).minutes, stored.meeting(back).minutes) == (60, 180)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"day": "2027-03-14", "begins": "02:30"}, "the clocks go forward"),
        ({"day": "2026-11-01", "begins": "01:30"}, "the clocks go back"),
        ({"day": ""}, "Write a date"),
        ({"day": "2026-02-30"}, "Write a date"),
        ({"begins": "25:00"}, "Write a time"),
        ({"begins": "16:00"}, "The end has to be after the start"),
        ({"begins": "00:00", "ends": "23:00"}, "12 hours at most"),
        ({"kind": "party"}, "Choose one of these"),
        ({"audience": ""}, "Choose one of these"),
        ({"scope": "cohort-x"}, "Choose one of these"),
        ({"capacity": "0"}, "from 1 to 5000"),
        ({"capacity": "9" * 30}, "from 1 to 5000"),
        ({"link": "javascript:alert(1)"}, "beginning with https://"),
        ({"title": "x" * 201}, "there is room for 200"),
        ({"topic": "practices/nothing"}, "not on the institute&#39;s list"),
    ],
)
def test_what_cannot_be_is_said_beside_its_field_and_what_was_typed_stays(
    cast: Cast, stored: Stored, given: dict[str, str], said: str
) -> None:
    answer = cast.coordinator.post(NEW, sheet(place="Room seven", **given))
    assert answer.status_code == 422
    assert said in answer.text
    assert "Room seven" in answer.text
    assert stored.meetings() == []


@pytest.mark.parametrize(
    "given",
    [
        {"title": "a\0b", "day": "\0", "begins": "\udcff".encode(errors="replace").decode()},
        {"scope": "cohort-" + "9" * 40, "version": "9" * 40},
        {"kind": "٣", "capacity": "٣", "description": "\u202e" * 5000},
    ],
)
def test_no_input_breaks_the_form(cast: Cast, given: dict[str, str]) -> None:
    assert cast.coordinator.post(NEW, sheet(**given)).status_code in {404, 422}


def test_a_date_written_twice_makes_nothing(cast: Cast, stored: Stored) -> None:
    assert cast.coordinator.post(NEW, sheet(day=[FOUR[0]] * 2)).status_code == 422
    assert stored.meetings() == []


def test_a_facilitator_makes_meetings_of_the_open_cohort_alone(
    cast: Cast, studied: Studied, stored: Stored
) -> None:
    own = {"kind": "cohort", "audience": "participants", "scope": f"cohort-{studied.cohort_id}"}
    new = "/facilitator/meetings/new"
    assert cast.facilitator.get(new).status_code == 200
    assert cast.facilitator.post(new, sheet(**own)).status_code == 303
    for scope in ("institute", f"programme-{studied.programme_id}", "cohort-999999"):
        assert cast.facilitator.post(new, sheet(scope=scope)).status_code == 404
    assert [one.cohort_id for one in stored.meetings()] == [studied.cohort_id]


def test_a_facilitator_sees_no_meeting_that_is_not_the_cohort_s(
    cast: Cast, make_meeting: Callable[..., int]
) -> None:
    meeting_id = make_meeting()
    for path in ("", "/edit", "/code"):
        assert cast.facilitator.get(f"/facilitator/meetings/{meeting_id}{path}").status_code == 404
    for path in ("/edit", "/cancel", "/attendance", "/people"):
        answer = cast.facilitator.post(f"/facilitator/meetings/{meeting_id}{path}", sheet(version="1"))
        assert answer.status_code == 404


def test_a_late_change_of_a_meeting_is_told_and_changes_nothing(
    cast: Cast, make_meeting: Callable[..., int], stored: Stored
) -> None:
    edit = f"/coordinator/meetings/{make_meeting()}/edit"
    assert cast.coordinator.post(edit, sheet(version="1", place="Room 1")).status_code == 303
    assert cast.coordinator.post(edit, sheet(version="1", place="Room 2")).status_code == 409
    assert (stored.meetings()[0].place, stored.meetings()[0].sequence) == ("Room 1", 1)


def test_a_meeting_that_took_place_is_neither_moved_nor_cancelled(
    cast: Cast, make_meeting: Callable[..., int], stored: Stored, record: Callable[..., int]
) -> None:
    meeting_id = make_meeting()
    with clock.frozen(AFTER):
        record(meeting_id, cast.coach_person)
        address = f"/coordinator/meetings/{meeting_id}"
        moved = cast.coordinator.post(f"{address}/edit", sheet(version="1", begins="14:00"))
        cancelled = cast.coordinator.post(f"{address}/cancel", {"version": "1", "reason": "No"})
        renamed = cast.coordinator.post(f"{address}/edit", sheet(version="1", title="First meeting"))
    assert (moved.status_code, cancelled.status_code, renamed.status_code) == (409, 409, 303)
    assert stored.meeting(meeting_id).cancelled_at is None


def test_each_meeting_has_a_key_that_a_file_can_name(
    make_meeting: Callable[..., int], stored: Stored
) -> None:
    keys = [stored.meeting(make_meeting()).key for _ in range(2)]
    assert keys == ["coach-2026-10-15", "coach-2026-10-15-2"]
