"""The rules of hours: counted, waiting, logged; one-to-one; the month's state. Nothing is rounded, nothing twice."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from courses.coaching.bars import Fill, lay_out_bar
from courses.coaching.figures import MonthStatus
from courses.coaching.hours import AGREED, SENT, Share, work_out
from courses.coaching.models import Kind, Mode, SessionState
from courses.coaching.months import following, last_day, month_of, status_of
from courses.coaching.policies import DEFAULT, Policy

TODAY = date(2026, 10, 14)
SINCE = date(2026, 9, 1)
MONTHS = st.dates(date(2026, 1, 1), TODAY).map(month_of)
SHARES = st.lists(
    st.builds(
        Share,
        month=MONTHS,
        state=st.sampled_from(SessionState),
        kind=st.sampled_from(Kind),
        mode=st.sampled_from(Mode),
        minutes=st.integers(1, 5000),
        logs=st.integers(1, 20),
    ),
    max_size=30,
)


def share(minutes: int, **given: object) -> Share:
    """Return confirmed one-to-one sessions in person of this month."""
    facts: dict[str, object] = {
        "month": month_of(TODAY),
        "state": SessionState.CONFIRMED,
        "kind": Kind.ONE_TO_ONE,
        "mode": Mode.IN_PERSON,
        "logs": 1,
    }
    return Share(minutes=minutes, **{**facts, **given})  # type: ignore[arg-type]


@settings(deadline=None)
@given(shares=SHARES)
def test_counted_and_waiting_together_never_exceed_what_was_logged(shares: list[Share]) -> None:
    hours = work_out(shares, DEFAULT, since=SINCE, today=TODAY)
    assert hours.one_to_one <= hours.counted
    assert hours.counted + hours.waiting <= hours.logged
    for month in hours.months:
        assert month.counted + month.waiting <= month.logged


@settings(deadline=None)
@given(shares=SHARES)
def test_a_minute_counts_once_in_one_month(shares: list[Share]) -> None:
    hours = work_out(shares, DEFAULT, since=SINCE, today=TODAY)
    assert hours.counted == sum(
        one.minutes for one in shares if one.state in AGREED and DEFAULT.counts(one.kind, one.mode)
    )
    assert hours.logged == sum(one.minutes for one in shares if one.state in SENT)
    for name in ("logged", "waiting", "counted"):
        assert getattr(hours, name) == sum(getattr(month, name) for month in hours.months)


@settings(deadline=None)
@given(shares=SHARES)
def test_months_run_without_a_gap_to_the_present_one(shares: list[Share]) -> None:
    months = work_out(shares, DEFAULT, since=SINCE, today=TODAY).months
    days = [month.first_day for month in months]
    assert days[-1] == month_of(TODAY)
    assert days[0] <= SINCE
    assert all(following(one) == next_one for one, next_one in pairwise(days))


@settings(deadline=None)
@given(shares=SHARES, at=st.integers(0, 29))
def test_confirming_what_waits_moves_its_minutes_and_makes_none(shares: list[Share], at: int) -> None:
    before = work_out(shares, DEFAULT, since=SINCE, today=TODAY)
    confirmed = [
        Share(one.month, SessionState.CONFIRMED, one.kind, one.mode, one.minutes, one.logs)
        if index == at and one.state is SessionState.SUBMITTED
        else one
        for index, one in enumerate(shares)
    ]
    after = work_out(confirmed, DEFAULT, since=SINCE, today=TODAY)
    assert after.counted + after.waiting == before.counted + before.waiting
    assert after.logged == before.logged
    assert after.counted >= before.counted


@pytest.mark.parametrize(
    ("kind", "mode", "counted"),
    [
        (Kind.ONE_TO_ONE, Mode.IN_PERSON, 45),
        (Kind.ONE_TO_ONE, Mode.VIDEO, 45),
        (Kind.ONE_TO_ONE, Mode.PHONE, 0),
        (Kind.ONE_TO_ONE, Mode.ASYNCHRONOUS, 0),
        (Kind.GROUP, Mode.IN_PERSON, 0),
        (Kind.OBSERVATION, Mode.IN_PERSON, 0),
        (Kind.JOB_SHADOW, Mode.IN_PERSON, 0),
    ],
)
def test_phone_mail_and_groups_are_logged_and_do_not_count(kind: Kind, mode: Mode, counted: int) -> None:
    hours = work_out([share(45, kind=kind, mode=mode)], DEFAULT, since=SINCE, today=TODAY)
    assert (hours.logged, hours.counted) == (45, counted)


def test_a_programme_may_count_otherwise() -> None:
    policy = Policy(60, 90, frozenset({(Kind.GROUP, Mode.VIDEO)}))
    hours = work_out(
        [share(60, kind=Kind.GROUP, mode=Mode.VIDEO), share(45)], policy, since=SINCE, today=TODAY
    )
    assert (hours.counted, hours.one_to_one, hours.minimum, hours.target) == (60, 0, 60, 90)
    assert hours.present.status is MonthStatus.MET


def test_minutes_are_summed_before_anything_is_said_and_never_rounded() -> None:
    hours = work_out([share(45), share(7), share(218)], DEFAULT, since=SINCE, today=TODAY)
    assert hours.counted == 270
    assert hours.present.status is MonthStatus.MET


@pytest.mark.parametrize(
    ("counted", "logged", "over", "status"),
    [
        (0, 0, False, MonthStatus.NOT_STARTED),
        (0, 0, True, MonthStatus.BELOW),
        (0, 75, False, MonthStatus.BELOW),
        (269, 269, False, MonthStatus.BELOW),
        (270, 270, False, MonthStatus.MET),
        (359, 400, True, MonthStatus.MET),
        (360, 360, False, MonthStatus.TARGET),
        (900, 900, True, MonthStatus.TARGET),
    ],
)
def test_a_month_is_below_met_or_at_its_target(
    counted: int, logged: int, over: bool, status: MonthStatus
) -> None:
    assert status_of(counted, logged, minimum=270, target=360, over=over) is status


def test_what_exceeds_a_month_is_seen_and_not_carried_over() -> None:
    september = date(2026, 9, 1)
    hours = work_out([share(500, month=september)], DEFAULT, since=SINCE, today=TODAY)
    assert [(month.counted, month.status) for month in hours.months] == [
        (500, MonthStatus.TARGET),
        (0, MonthStatus.NOT_STARTED),
    ]


@settings(deadline=None)
@given(day=st.dates(date(2000, 1, 1), date(2999, 11, 30)))
def test_the_day_after_the_last_of_a_month_begins_the_next(day: date) -> None:
    assert last_day(day) + timedelta(days=1) == following(month_of(day))


@settings(deadline=None)
@given(lengths=st.lists(st.integers(1, 600), max_size=20), mirrored=st.booleans())
def test_the_bar_shows_every_session_within_its_width_and_in_order(
    lengths: list[int], mirrored: bool
) -> None:
    bar = lay_out_bar([(Fill.CONFIRMED, one) for one in lengths], minimum=270, target=360, mirrored=mirrored)
    assert len(bar.blocks) == len(lengths)
    places = [block.x for block in bar.blocks]
    assert places == sorted(places, reverse=mirrored)
    for block in bar.blocks:
        assert block.x >= -0.1
        assert block.x + block.width <= 100.1
    if sum(lengths) <= 400:
        assert (bar.minimum, bar.target) == ((32.5, 10.0) if mirrored else (67.5, 90.0))
