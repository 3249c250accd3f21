"""Dates and times as coaches type them: clocks that change, midnight, lengths, and what nobody can have meant."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, time
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from courses.coaching import errors
from courses.coaching.sheets import Sheet, check_sheet, sheet_of
from courses.sessions.models import Kind, Mode
from courses.sessions.wall_time import Reading, instant_of, likely_end, minutes_between, reading_of
from tests.courses.coaching.conftest import sheet

ZONE = "America/Los_Angeles"
VALID = Sheet.of(sheet())


def typed(day: str, begins: str, ends: str, **more: str) -> Sheet:
    """Return a valid sheet at these times."""
    return replace(VALID, day=day, begins=begins, ends=ends, **more)


@pytest.mark.parametrize(
    ("times", "minutes"),
    [
        (typed("2026-03-08", "01:30", "03:30"), 60),
        (typed("2026-11-01", "00:30", "02:30"), 180),
        (typed("2026-11-01", "01:15", "01:45", begins_side="first", ends_side="second"), 90),
        (typed("2026-11-01", "01:15", "01:45", begins_side="first", ends_side="first"), 30),
        (typed("2026-11-01", "01:45", "01:15", begins_side="first", ends_side="second"), 30),
        (typed("2026-10-13", "15:30", "16:45"), 75),
        (typed("2026-10-13", "13:30", "16:00"), 150),
        (typed("2026-10-13", "15:30", "16:45", pause="15"), 60),
        (typed("2026-10-13", "23:30", "00:30", next_day="1"), 60),
        (typed("2026-10-13", "09:00", "09:00", next_day="1"), 1440),
        (typed("2026-10-13", "09:00", "09:01"), 1),
    ],
)
def test_minutes_are_those_of_a_stopwatch(times: Sheet, minutes: int) -> None:
    facts = check_sheet(times, zone=ZONE).facts
    assert facts is not None
    assert facts.minutes == minutes


@pytest.mark.parametrize(
    ("times", "name", "error"),
    [
        (typed("2026-03-08", "02:30", "04:00"), "begins", errors.TimeSkippedError),
        (typed("2026-03-08", "01:30", "02:30"), "ends", errors.TimeSkippedError),
        (typed("2026-11-01", "01:15", "03:00"), "begins_side", errors.TimeTwiceError),
        (typed("2026-11-01", "00:15", "01:45"), "ends_side", errors.TimeTwiceError),
        (typed("2026-11-01", "01:15", "03:00", begins_side="third"), "begins_side", errors.TimeTwiceError),
        (typed("2026-10-13", "10:00", "09:15"), "ends", errors.EndFirstError),
        (typed("2026-10-13", "10:00", "10:00"), "ends", errors.EndFirstError),
        (typed("2026-10-13", "09:00", "09:01", next_day="1"), "ends", errors.SessionTooLongError),
        (typed("", "10:00", "11:00"), "day", errors.DayMissingError),
        (typed("2026-02-30", "10:00", "11:00"), "day", errors.DayMissingError),
        (typed("0001-01-01", "10:00", "11:00"), "day", errors.DayMissingError),
        (typed("9999-12-31", "10:00", "11:00"), "day", errors.DayMissingError),
        (typed("2026-10-13", "", "11:00"), "begins", errors.TimeMissingError),
        (typed("2026-10-13", "10:00", "25:00"), "ends", errors.TimeMissingError),
        (typed("2026-10-13", "10:00", "11:00+02:00"), "ends", errors.TimeMissingError),
        (typed("2026-10-13", "10:00", "11:00", pause="60"), "pause", errors.BreakError),
        (typed("2026-10-13", "10:00", "11:00", pause="-5"), "pause", errors.BreakError),
        (typed("2026-10-13", "10:00", "11:00", pause="1" + "0" * 30), "pause", errors.BreakError),
        (typed("2026-10-13", "10:00", "11:00", pause="٣٠"), "pause", errors.BreakError),
        (replace(VALID, mode="carrier pigeon"), "mode", errors.ChoiceMissingError),
        (replace(VALID, kind=""), "kind", errors.ChoiceMissingError),
        (replace(VALID, segment="1" * 30), "segment", errors.SegmentUnknownError),
        (replace(VALID, segment="-1"), "segment", errors.SegmentUnknownError),
        (replace(VALID, next_steps=""), "next_steps", errors.NextStepsMissingError),
        (replace(VALID, notes="x" * 4001), "notes", errors.TextTooLongError),
        (replace(VALID, next_steps="x" * 2001), "next_steps", errors.TextTooLongError),
    ],
)
def test_what_cannot_be_is_said_beside_its_field(times: Sheet, name: str, error: type[Exception]) -> None:
    checked = check_sheet(times, zone=ZONE)
    assert checked.facts is None
    assert isinstance(checked.problems[name], error)


@pytest.mark.parametrize(
    ("begins", "ends", "usual", "meant", "minutes"),
    [
        ((10, 0), (9, 15), 60, (11, 15), 75),
        ((10, 0), (9, 15), 10, (10, 15), 15),
        ((13, 0), (2, 0), 60, (14, 0), 60),
        ((11, 30), (1, 0), 60, (13, 0), 90),
        ((10, 0), (10, 0), 60, (11, 0), 60),
        ((23, 30), (0, 30), 60, (0, 30), 60),
    ],
)
def test_an_end_before_the_start_gets_a_likelier_one(
    begins: tuple[int, int], ends: tuple[int, int], usual: int, meant: tuple[int, int], minutes: int
) -> None:
    day = datetime(2026, 10, 13).date()  # noqa: DTZ001
    offer = likely_end(day, time(*begins), time(*ends), usual)
    assert (offer.at, offer.minutes) == (time(*meant), minutes)


def test_a_session_belongs_to_the_month_in_which_it_began_on_the_cohort_s_clock() -> None:
    late = check_sheet(typed("2026-01-31", "20:00", "21:00"), zone=ZONE).facts
    assert late is not None
    assert late.start.date().isoformat() == "2026-02-01"
    assert late.day.isoformat() == "2026-01-31"
    over_midnight = check_sheet(typed("2026-01-31", "23:30", "00:30", next_day="1"), zone=ZONE).facts
    assert over_midnight is not None
    assert over_midnight.day.isoformat() == "2026-01-31"


def test_texts_lose_what_nobody_types_and_nothing_else() -> None:
    read = Sheet.of({"notes": "  línea\r\nzwei\0 三\u202e \u200fأربعة\ud800 ", "next_steps": "\0"})
    assert read.notes == "línea\nzwei 三\u202e \u200fأربعة"
    assert read.next_steps == ""


LOCAL = st.datetimes(min_value=datetime(2020, 1, 1), max_value=datetime(2030, 12, 31))  # noqa: DTZ001
ZONES = st.sampled_from(
    [ZONE, "Europe/Dublin", "Australia/Lord_Howe", "Asia/Kathmandu", "UTC", "Africa/Casablanca"]
)


@settings(deadline=None)
@given(wall=LOCAL, name=ZONES)
def test_a_time_that_happened_once_is_read_and_shown_alike(wall: datetime, name: str) -> None:
    zone = ZoneInfo(name)
    wall = wall.replace(second=0, microsecond=0)
    back = instant_of(wall, zone).astimezone(zone).replace(tzinfo=None)
    assert (back.replace(fold=0) == wall) == (reading_of(wall, zone) is not Reading.NEVER)


@settings(deadline=None)
@given(start=LOCAL, length=st.integers(1, 1440), name=ZONES)
def test_a_form_made_from_facts_says_the_same_facts(start: datetime, length: int, name: str) -> None:
    zone = ZoneInfo(name)
    begins = instant_of(start.replace(second=0, microsecond=0), zone)
    ends = datetime.fromtimestamp(begins.timestamp() + length * 60, tz=begins.tzinfo)
    first = check_sheet(VALID, zone=name).facts
    assert first is not None
    local_day = begins.astimezone(zone).date()
    facts = replace(first, start=begins, end=ends, day=local_day, minutes=length)
    again = check_sheet(sheet_of(facts), zone=name)
    assert again.facts == facts, again.problems
    assert minutes_between(begins, ends) == length


@settings(deadline=None)
@given(data=st.dictionaries(st.sampled_from(sorted(sheet())), st.text(max_size=50)))
def test_no_typed_text_breaks_the_form(data: dict[str, str]) -> None:
    checked = check_sheet(Sheet.of({**sheet(), **data}), zone=ZONE)
    assert (checked.facts is None) == bool(checked.problems)


def test_every_kind_and_mode_can_be_written() -> None:
    for kind in Kind:
        for mode in Mode:
            assert check_sheet(replace(VALID, kind=kind, mode=mode), zone=ZONE).facts is not None
