"""Limits, rounding, midnight, need levels, partial, excused and carried months: each with its numbers."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from courses.cohorts.models import NeedLevel
from courses.hours.asking import Stay
from courses.hours.counting import Piece, round_sum, weigh
from courses.hours.figures import MonthStatus, Reason, Why
from courses.hours.models import CarryOver, PartialMonth, Rounding
from courses.hours.pieces import split
from courses.hours.policies import DEFAULT, Cap, Dosage, Period, Policy, Subject, read_policy
from courses.sessions.models import Kind, Mode, SessionState
from tests.courses.hours.weighing import SINCE, hours, piece

MAIL = (Kind.ONE_TO_ONE, Mode.ASYNCHRONOUS)
BY_MAIL = Subject(mode=Mode.ASYNCHRONOUS)
OCTOBER, SEPTEMBER = date(2026, 10, 1), date(2026, 9, 1)


def mail(minutes: int, number: int = 1, **given: object) -> Piece:
    """Return contact by e-mail."""
    return piece(minutes, number, mode=Mode.ASYNCHRONOUS, **given)


def limited(*caps: Cap, **more: object) -> Policy:
    """Return the usual policy where e-mail counts too, with limits."""
    return replace(DEFAULT, counting=DEFAULT.counting | {MAIL}, caps=caps, **more)  # type: ignore[arg-type]


def test_limits_hold_per_session_then_per_month_then_in_all() -> None:
    policy = limited(
        Cap(Period.TOTAL, BY_MAIL, 70),
        Cap(Period.SESSION, BY_MAIL, 20),
        Cap(Period.MONTH, BY_MAIL, 50),
    )
    pieces = [mail(30, number, month=SEPTEMBER) for number in (1, 2, 3)] + [mail(15, 4), mail(30, 5)]
    found = hours(pieces, policy)
    assert [month.counted for month in found.months] == [50, 20]
    assert [month.logged for month in found.months] == [90, 45]
    weighed = weigh(pieces, policy)
    assert [one.counted for one in weighed] == [20, 20, 10, 15, 5]
    whys = [[(reason.cap.period, reason.minutes) for reason in one.reasons if reason.cap] for one in weighed]
    assert whys == [
        [(Period.SESSION, 10)],
        [(Period.SESSION, 10)],
        [(Period.SESSION, 10), (Period.MONTH, 10)],
        [],
        [(Period.SESSION, 10), (Period.TOTAL, 15)],
    ]


def test_what_is_confirmed_takes_from_a_limit_before_what_waits() -> None:
    policy = limited(Cap(Period.MONTH, BY_MAIL, 30))
    found = hours([mail(25, 1, state=SessionState.SUBMITTED), mail(20, 2)], policy)
    assert (found.counted, found.waiting) == (20, 10)


def test_mentoring_that_may_count_ends_at_ten_hours_in_all() -> None:
    both = DEFAULT.counting | {(Kind.MENTORING, Mode.VIDEO)}
    policy = Policy(counting=both, caps=(Cap(Period.TOTAL, Subject(kind=Kind.MENTORING), 600),))
    pieces = [piece(240, number, kind=Kind.MENTORING, mode=Mode.VIDEO) for number in (1, 2, 3)]
    found = hours(pieces, policy)
    assert (found.logged, found.counted, found.one_to_one) == (720, 600, 0)
    assert found.reasons == (Reason(Why.LIMIT, 120),)


@pytest.mark.parametrize(
    ("minutes", "most", "nearest", "down"),
    [(270, 270, 270, 270), (277, 300, 270, 270), (278, 300, 285, 270), (268, 268, 268, 255), (7, 60, 0, 0)],
)
def test_only_a_month_s_sum_is_rounded_and_never_above_what_was_logged(
    minutes: int, most: int, nearest: int, down: int
) -> None:
    assert round_sum(minutes, Rounding.NONE, most=most) == minutes
    assert round_sum(minutes, Rounding.NEAREST, most=most) == nearest
    assert round_sum(minutes, Rounding.DOWN, most=most) == down


def test_rounding_comes_after_the_sum() -> None:
    found = hours([piece(50, number) for number in (1, 2, 3)], replace(DEFAULT, rounding=Rounding.DOWN))
    assert found.counted == 150  # 45 three times would be 135
    odd = hours([piece(50, 1), piece(44, 2)], replace(DEFAULT, rounding=Rounding.DOWN))
    assert (odd.counted, odd.reasons) == (90, (Reason(Why.ROUNDED, 4),))


def test_a_session_over_midnight_counts_to_the_month_it_began_in_or_is_split() -> None:
    zone = "America/Los_Angeles"
    start, end = datetime(2026, 10, 1, 6, tzinfo=UTC), datetime(2026, 10, 1, 8, tzinfo=UTC)
    late = piece(90, at=start, month=SEPTEMBER)  # 23:00 to 01:00 with a break of half an hour
    first, second = split(late, end, zone)
    assert (first.month, first.minutes, first.logs) == (SEPTEMBER, 45, 1)
    assert (second.month, second.minutes, second.logs) == (OCTOBER, 45, 0)
    assert second.at == datetime(2026, 10, 1, 7, tzinfo=UTC)
    within = late._replace(month=date(2026, 10, 1), at=datetime(2026, 10, 2, 6, tzinfo=UTC))
    assert split(within, datetime(2026, 10, 2, 8, tzinfo=UTC), zone) == [within]
    whole = late._replace(at=datetime(2026, 10, 1, 5, tzinfo=UTC))
    assert split(whole, datetime(2026, 10, 1, 7, tzinfo=UTC), zone) == [whole]


def test_a_limit_per_session_holds_for_a_split_session_once() -> None:
    policy = limited(Cap(Period.SESSION, Subject(), 60))
    pieces = [piece(45, 1, month=SEPTEMBER), piece(45, 2, log_id=1, logs=0)]
    assert hours(pieces, policy).counted == 60


def test_a_need_level_that_changes_mid_way_asks_for_other_hours_from_that_month_on() -> None:
    policy = replace(DEFAULT, raised=Dosage(360, 480), intensive=Dosage(480, 600))
    needs = [(date(2026, 7, 1), NeedLevel.STANDARD), (date(2026, 8, 20), NeedLevel.RAISED)]
    stay = Stay(date(2026, 7, 1), [*needs, (date(2026, 10, 20), NeedLevel.INTENSIVE)])
    before = hours([], policy, stay, today=date(2026, 10, 14))
    assert [month.minimum for month in before.months] == [270, 360, 360, 360]
    after = hours([], policy, stay, today=date(2026, 10, 20))
    assert [month.minimum for month in after.months] == [270, 360, 360, 480]
    assert (after.minimum, after.target) == (480, 600)
    later = hours([], policy, stay, today=date(2026, 11, 2))
    assert [month.target for month in later.months] == [360, 480, 480, 600, 600]
    unnamed = hours([], DEFAULT, stay, today=date(2026, 10, 20))
    assert {month.minimum for month in unnamed.months} == {270}


@pytest.mark.parametrize(
    ("since", "partial", "asked"),
    [
        (date(2026, 9, 16), PartialMonth.FULL, (270, 360)),
        (date(2026, 9, 16), PartialMonth.PRORATA, (135, 180)),
        (date(2026, 9, 1), PartialMonth.PRORATA, (270, 360)),
        (date(2026, 9, 30), PartialMonth.PRORATA, (9, 12)),
    ],
)
def test_the_month_of_the_beginning_asks_pro_rata_where_the_policy_says_so(
    since: date, partial: PartialMonth, asked: tuple[int, int]
) -> None:
    first, second = hours([], replace(DEFAULT, partial_month=partial), Stay(since)).months
    assert (first.minimum, first.target) == asked
    assert (second.minimum, second.target) == (270, 360)


def test_nothing_is_asked_of_an_excused_month_and_what_was_done_stays() -> None:
    stay = Stay(SINCE, excused={SEPTEMBER})
    excused, present = hours([piece(60, month=SEPTEMBER)], DEFAULT, stay).months
    assert (excused.status, excused.missing, excused.minimum) == (MonthStatus.EXCUSED, 0, 0)
    assert excused.counted == 60
    assert present.minimum == 270
    reached, _ = hours([piece(300, month=SEPTEMBER)], DEFAULT, stay).months
    assert (reached.status, reached.minimum) == (MonthStatus.MET, 270)


def test_minutes_beyond_the_target_go_to_the_next_month_alone_where_the_policy_says_so() -> None:
    policy = replace(DEFAULT, carry_over=CarryOver.NEXT)
    stay = Stay(date(2026, 8, 1))
    found = hours([piece(660, month=date(2026, 8, 1))], policy, stay)
    assert [(one.counted, one.carried, one.status) for one in found.months] == [
        (660, 0, MonthStatus.TARGET),
        (0, 300, MonthStatus.MET),
        (0, 0, MonthStatus.NOT_STARTED),
    ]
    assert found.counted == 660


def test_a_policy_is_stored_in_words_and_read_as_it_was() -> None:
    policy = Policy(
        counting=frozenset({MAIL, (Kind.GROUP, Mode.VIDEO)}),
        raised=Dosage(300, 400),
        caps=(Cap(Period.MONTH, BY_MAIL, 30), Cap(Period.TOTAL, Subject(), 6000)),
        rounding=Rounding.NEAREST,
        recent_months=18,
    )
    assert read_policy(*policy.stored().values()) == policy
    assert read_policy(None, None, None) == DEFAULT


@pytest.mark.parametrize(
    "wrong",
    [
        {"minimum": 10, "target": 5},
        {"raised": Dosage(10, 5)},
        {"caps": (Cap(Period.MONTH, BY_MAIL, 1), Cap(Period.MONTH, BY_MAIL, 2))},
        {"caps": (Cap(Period.MONTH, BY_MAIL, -1),)},
    ],
)
def test_a_policy_that_contradicts_itself_is_none(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"minutes|limit"):
        Policy(**wrong)  # type: ignore[arg-type]
