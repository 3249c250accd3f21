"""Whether rules are met: exact, in minutes, and never lost by doing more."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from certificates.levels.eligibility import all_met, check, last_day
from certificates.levels.facts import Facts, MonthFact, RequirementFact, StepsFact
from certificates.levels.rules import Rule, RuleKind, digest, read_rules, write_rules

NOTHING = Facts(today=date(2026, 11, 22), starts=date(2026, 9, 1))
amounts = st.integers(min_value=0, max_value=100_000)
months = st.lists(st.booleans(), max_size=40).map(
    lambda kept: tuple(MonthFact(2026, 1, 0, 270, one) for one in kept)
)
facts = st.builds(
    Facts,
    today=st.just(date(2026, 11, 22)),
    starts=st.just(date(2026, 9, 1)),
    counted=amounts,
    one_to_one=amounts,
    months=months,
    disputed=st.integers(min_value=0, max_value=9),
)
rules = st.lists(
    st.builds(
        Rule,
        kind=st.sampled_from((RuleKind.HOURS, RuleKind.ONE_TO_ONE_HOURS, RuleKind.MONTHS)),
        amount=st.integers(min_value=1, max_value=100_000),
        within_months=st.none() | st.integers(min_value=1, max_value=240),
    ),
    max_size=5,
).map(tuple)


@given(rules, facts, amounts, st.booleans())
def test_more_coaching_never_loses_a_rule_that_was_met(
    asked: tuple[Rule, ...], known: Facts, more: int, kept: bool
) -> None:
    richer = replace(
        known,
        counted=known.counted + more,
        one_to_one=known.one_to_one + more,
        months=(*known.months, MonthFact(2027, 1, more, 270, kept)),
    )
    for before, after in zip(check(asked, known), check(asked, richer), strict=True):
        assert after.met >= before.met
        assert after.missing <= before.missing


@given(st.integers(min_value=1, max_value=100_000), amounts)
def test_what_is_missing_is_exact_to_the_minute(needed: int, counted: int) -> None:
    rule = Rule(RuleKind.HOURS, needed)
    (result,) = check((rule,), replace(NOTHING, counted=counted))
    assert result.missing == max(needed - counted, 0)
    (filled,) = check((rule,), replace(NOTHING, counted=counted + result.missing))
    assert filled.met
    if result.missing:
        (almost,) = check((rule,), replace(NOTHING, counted=counted + result.missing - 1))
        assert not almost.met


@given(rules)
def test_rules_survive_being_written_and_keep_their_mark(asked: tuple[Rule, ...]) -> None:
    written = write_rules(asked)
    assert read_rules(written) == asked
    assert digest(write_rules(read_rules(written))) == digest(written)


def test_each_kind_asks_for_what_it_names() -> None:
    asked = (
        Rule(RuleKind.MODULE, key="module-1"),
        Rule(RuleKind.EVIDENCE, key="plan"),
        Rule(RuleKind.LEVEL, key="novice"),
        Rule(RuleKind.DISPUTE_FREE),
    )
    assert [one.met for one in check(asked, NOTHING)] == [False, False, False, True]
    known = replace(
        NOTHING,
        steps={"module-1": StepsFact(6, 6), "module-2": StepsFact(0, 3)},
        requirements={"plan": RequirementFact("accepted", passed=True)},
        levels_held={"novice": date(2026, 10, 1)},
        disputed=1,
    )
    assert [one.met for one in check(asked, known)] == [True, True, True, False]


def test_a_module_without_steps_proves_nothing() -> None:
    rule = Rule(RuleKind.MODULE, key="module-1")
    (result,) = check((rule,), replace(NOTHING, steps={"module-1": StepsFact(0, 0)}))
    assert not result.met


def test_a_level_without_rules_is_open_to_nobody() -> None:
    assert not all_met(check((), NOTHING))


@pytest.mark.parametrize(
    ("starts", "within", "expected"),
    [
        (date(2026, 9, 1), 24, date(2028, 8, 31)),
        (date(2026, 9, 1), 6, date(2027, 2, 28)),
        (date(2026, 9, 15), 1, date(2026, 10, 14)),
        (date(2026, 8, 31), 6, date(2027, 2, 28)),
        (date(2027, 8, 31), 6, date(2028, 2, 29)),
        (date(2026, 12, 31), 2, date(2027, 2, 28)),
        (date(2026, 1, 1), 12, date(2026, 12, 31)),
    ],
)
def test_a_time_of_months_ends_on_its_last_day(starts: date, within: int, expected: date) -> None:
    assert last_day(starts, within) == expected


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.integers(min_value=1, max_value=239))
def test_a_longer_time_never_ends_earlier(starts: date, within: int) -> None:
    assert starts <= last_day(starts, within) < last_day(starts, within + 1)


def test_a_rule_met_late_is_met_and_an_open_one_is_late() -> None:
    rule = Rule(RuleKind.HOURS, 60, within_months=1)
    (late,) = check((rule,), NOTHING)
    assert late.late(NOTHING.today)
    assert not late.late(date(2026, 9, 30))
    (met,) = check((rule,), replace(NOTHING, counted=60))
    assert met.met
    assert not met.late(NOTHING.today)
