"""The rules of hours: counted, waiting, logged; one-to-one; the month's state. Nothing is counted twice."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from courses.hours.counting import AGREED, SENT, Piece, weigh
from courses.hours.figures import MonthStatus, Why
from courses.hours.models import Rounding
from courses.hours.months import following, last_day, month_of, status_of
from courses.hours.policies import DEFAULT, Policy
from courses.sessions.models import Kind, Mode, SessionState
from tests.courses.hours.weighing import POLICIES, SINCE, TODAY, hours, piece, sessions

RULES = settings(deadline=None, max_examples=100)


@RULES
@given(pieces=sessions(), policy=POLICIES)
def test_counted_and_waiting_together_never_exceed_what_was_logged(
    pieces: list[Piece], policy: Policy
) -> None:
    found = hours(pieces, policy)
    assert found.one_to_one <= found.counted
    assert found.counted + found.waiting <= found.logged
    for month in found.months:
        assert month.counted + month.waiting <= month.logged
        assert 0 <= month.sums.filling <= month.counted
        assert 0 <= month.sums.filling_waiting <= month.waiting
    for one in weigh(pieces, policy):
        assert 0 <= one.counted + one.waiting <= one.piece.minutes
        assert one.minutes + sum(reason.minutes for reason in one.reasons) == one.piece.minutes


@RULES
@given(pieces=sessions(), policy=POLICIES, seed=st.integers(0, 10_000))
def test_the_order_in_which_sessions_are_entered_never_changes_a_total(
    pieces: list[Piece], policy: Policy, seed: int
) -> None:
    shuffled = random.Random(seed).sample(pieces, len(pieces))
    entered = [one._replace(log_id=number) for number, one in enumerate(shuffled)]
    assert hours(entered, policy) == hours(pieces, policy)


@RULES
@given(pieces=sessions(), policy=POLICIES)
def test_limits_never_raise_what_counts(pieces: list[Piece], policy: Policy) -> None:
    limited, free = hours(pieces, policy), hours(pieces, replace(policy, caps=()))
    assert limited.counted <= free.counted
    assert limited.logged == free.logged
    for one, other in zip(limited.months, free.months, strict=True):
        assert one.counted <= other.counted
        assert one.counted + one.waiting <= other.counted + other.waiting
    for cap in policy.caps:
        alone = replace(policy, caps=(cap,))
        less = replace(policy, caps=(cap._replace(minutes=cap.minutes // 2),))
        assert hours(pieces, less).counted <= hours(pieces, alone).counted


@RULES
@given(pieces=sessions(), policy=POLICIES)
def test_without_rounding_every_logged_minute_counts_or_has_a_reason(
    pieces: list[Piece], policy: Policy
) -> None:
    found = hours(pieces, replace(policy, rounding=Rounding.NONE))
    assert found.counted + sum(reason.minutes for reason in found.reasons) == found.logged
    assert Why.ROUNDED not in {reason.why for reason in found.reasons}


@RULES
@given(pieces=sessions())
def test_a_minute_counts_once_in_one_month(pieces: list[Piece]) -> None:
    found = hours(pieces)
    assert found.counted == sum(
        one.minutes for one in pieces if one.state in AGREED and DEFAULT.counts(one.kind, one.mode)
    )
    assert found.logged == sum(one.minutes for one in pieces if one.state in SENT)
    for name in ("logged", "waiting", "counted"):
        assert getattr(found, name) == sum(getattr(month, name) for month in found.months)


@RULES
@given(pieces=sessions())
def test_months_run_without_a_gap_to_the_present_one(pieces: list[Piece]) -> None:
    days = [month.first_day for month in hours(pieces).months]
    assert days[-1] == month_of(TODAY)
    assert days[0] <= SINCE
    assert all(following(one) == next_one for one, next_one in pairwise(days))


@RULES
@given(pieces=sessions(), at=st.integers(0, 11))
def test_confirming_what_waits_moves_its_minutes_and_makes_none(pieces: list[Piece], at: int) -> None:
    before = hours(pieces)
    confirmed = [
        one._replace(state=SessionState.CONFIRMED)
        if index == at and one.state is SessionState.SUBMITTED
        else one
        for index, one in enumerate(pieces)
    ]
    after = hours(confirmed)
    assert after.counted + after.waiting == before.counted + before.waiting
    assert after.logged == before.logged
    assert after.counted >= before.counted


@pytest.mark.parametrize("kind", Kind)
@pytest.mark.parametrize("mode", Mode)
def test_phone_mail_groups_mentoring_and_supervision_are_logged_and_do_not_count(
    kind: Kind, mode: Mode
) -> None:
    counted = 45 if kind is Kind.ONE_TO_ONE and mode in {Mode.IN_PERSON, Mode.VIDEO} else 0
    found = hours([piece(45, kind=kind, mode=mode)])
    assert (found.logged, found.counted) == (45, counted)
    assert [reason.why for reason in found.reasons] == ([] if counted else [Why.KIND])


def test_a_programme_may_count_otherwise() -> None:
    policy = Policy(60, 90, frozenset({(Kind.GROUP, Mode.VIDEO)}))
    found = hours([piece(60, kind=Kind.GROUP, mode=Mode.VIDEO), piece(45, 2)], policy)
    assert (found.counted, found.one_to_one, found.minimum, found.target) == (60, 0, 60, 90)
    assert found.present.status is MonthStatus.MET


def test_group_minutes_count_and_do_not_fill_a_one_to_one_minimum() -> None:
    both = DEFAULT.counting | {(Kind.GROUP, Mode.IN_PERSON)}
    group = [piece(300, kind=Kind.GROUP), piece(60, 2)]
    asked = hours(group, Policy(270, 360, both))
    assert (asked.counted, asked.one_to_one) == (360, 60)
    assert (asked.present.missing, asked.present.status) == (210, MonthStatus.BELOW)
    any_kind = hours(group, Policy(270, 360, both, one_to_one_minimum=False))
    assert (any_kind.present.missing, any_kind.present.status) == (0, MonthStatus.TARGET)


def test_minutes_are_summed_before_anything_is_said() -> None:
    found = hours([piece(45), piece(7, 2), piece(218, 3)])
    assert found.counted == 270
    assert found.present.status is MonthStatus.MET


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
    found = hours([piece(500, month=date(2026, 9, 1))])
    assert [(month.counted, month.beyond, month.status) for month in found.months] == [
        (500, 140, MonthStatus.TARGET),
        (0, 0, MonthStatus.NOT_STARTED),
    ]


@RULES
@given(day=st.dates(date(2000, 1, 1), date(2999, 11, 30)))
def test_the_day_after_the_last_of_a_month_begins_the_next(day: date) -> None:
    assert last_day(day) + timedelta(days=1) == following(month_of(day))
