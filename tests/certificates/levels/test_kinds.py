"""Every kind of rule against plain facts: the field's own numbers, and that doing more never loses a rule."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from certificates.levels.eligibility import best_pathway, check, first_recent_day
from certificates.levels.facts import Facts, MonthFact, SessionFact, write_facts
from certificates.levels.rules import STANDARD, Rule, RuleKind, Strand, digest, read_rules, write_rules

TODAY = date(2026, 8, 31)
NOTHING = Facts(today=TODAY, starts=date(2024, 9, 1))


def session(day: date = TODAY, minutes: int = 45, kind: str = "one_to_one", *people: int) -> SessionFact:
    """Return a confirmed session by video."""
    return SessionFact(day, minutes, kind, "video", frozenset(people))


def test_four_hours_and_a_half_are_270_minutes_and_45_minutes_are_never_rounded() -> None:
    month = Rule(RuleKind.HOURS, 270, recent_months=1)
    six = (session(),) * 6
    (result,) = check((month,), replace(NOTHING, sessions=six))
    assert (result.have, result.need, result.met) == (270, 270, True)
    (short,) = check((month,), replace(NOTHING, sessions=(*six[1:], session(minutes=44))))
    assert (short.met, short.missing) == (False, 1)


@pytest.mark.every_value
@pytest.mark.parametrize(
    ("today", "months", "first"),
    [
        (date(2026, 8, 31), 18, date(2025, 2, 28)),
        (date(2026, 8, 31), 6, date(2026, 2, 28)),
        (date(2024, 8, 31), 6, date(2024, 2, 29)),
        (date(2026, 10, 14), 12, date(2025, 10, 14)),
        (date(2026, 1, 1), 1, date(2025, 12, 1)),
    ],
)
def test_recent_is_so_many_calendar_months_both_ends_included(today: date, months: int, first: date) -> None:
    assert first_recent_day(today, months) == first
    rule = Rule(RuleKind.SESSIONS, 1, recent_months=months)
    for day, met in ((first, True), (first - timedelta(days=1), False), (today, True)):
        (result,) = check((rule,), Facts(today=today, starts=first, sessions=(session(day),)))
        assert result.met is met


def test_old_group_hours_do_not_make_old_one_to_one_hours_recent() -> None:
    rule = Rule(RuleKind.ONE_TO_ONE_HOURS, 60, recent_months=6)
    facts = replace(
        NOTHING,
        counted=600,
        one_to_one=300,
        sessions=(session(date(2025, 1, 7), 300), session(TODAY, 300, "group"), session(TODAY, 59)),
    )
    (result,) = check((rule,), facts)
    assert (result.have, result.met) == (59, False)


def test_only_the_kinds_and_ways_that_a_rule_names_count() -> None:
    rule = Rule(RuleKind.HOURS, 60, session_kinds=("observation",), modes=("in_person",))
    seen = SessionFact(TODAY, 60, "observation", "in_person", frozenset())
    for one, met in (
        (seen, True),
        (replace(seen, mode="video"), False),
        (replace(seen, kind="group"), False),
    ):
        (result,) = check((rule,), replace(NOTHING, counted=60, sessions=(one,)))
        assert result.met is met


def test_a_group_is_the_time_of_its_coach_once_and_each_member_a_person() -> None:
    group = session(TODAY, 60, "group", 7, 8, 9)
    hours, people = check(
        (Rule(RuleKind.COACHED_HOURS, 60), Rule(RuleKind.COACHED_PEOPLE, 4)),
        replace(NOTHING, coached=(group, session(TODAY, 30, "one_to_one", 7))),
    )
    assert (hours.have, people.have) == (90, 3)


@pytest.mark.every_value
@pytest.mark.parametrize("kind", ["mentoring", "supervision", "contact"])
def test_what_is_no_coaching_of_a_client_counts_only_where_a_rule_names_it(kind: str) -> None:
    facts = replace(NOTHING, coached=(session(TODAY, 60, kind, 7),))
    usual, named = check(
        (Rule(RuleKind.COACHED_HOURS, 60), Rule(RuleKind.COACHED_HOURS, 60, session_kinds=(kind,))), facts
    )
    assert (usual.have, named.have) == (0, 60)


RULES_AND_FACTS: tuple[tuple[Rule, dict[str, Any]], ...] = (
    (Rule(RuleKind.SCORE, key="plan", minimum=Fraction(7, 2)), {"scores": {"plan": Fraction(7, 2)}}),
    (Rule(RuleKind.SCORE, key="plan/why", minimum=Fraction(3)), {"scores": {"plan/why": Fraction(3)}}),
    (
        Rule(RuleKind.COMPETENCY, key="cpsel/1a", minimum=Fraction(3)),
        {"competencies": {"cpsel/1a": Fraction(4)}},
    ),
    (Rule(RuleKind.INSTRUMENT, key="final"), {"stages": frozenset({"final"})}),
    (Rule(RuleKind.PLAN, 2), {"goals_reached": 2}),
    (Rule(RuleKind.MEETINGS, 2, "coach"), {"meetings": {"coach": (TODAY, TODAY)}}),
    (Rule(RuleKind.QUALIFICATION, key="degree"), {"qualifications": frozenset({"degree"})}),
    (Rule(RuleKind.CALIBRATION, key="plan"), {"calibrations": {"plan": TODAY}}),
    (Rule(RuleKind.COACHED_HOURS, 60), {"coached": (session(TODAY, 60, "one_to_one", 7),)}),
    (Rule(RuleKind.COACHED_PEOPLE, 1), {"coached": (session(TODAY, 60, "one_to_one", 7),)}),
    (Rule(RuleKind.SESSIONS, 1), {"sessions": (session(),)}),
)


@pytest.mark.every_value
@pytest.mark.parametrize(("rule", "known"), RULES_AND_FACTS)
def test_each_kind_is_met_by_exactly_what_it_asks_for(rule: Rule, known: dict[str, Any]) -> None:
    assert not check((rule,), NOTHING)[0].met
    enough = replace(NOTHING, **known)
    (result,) = check((rule,), enough)
    assert result.met
    assert set(write_facts(enough)) > set(write_facts(NOTHING))  # the snapshot tells what it rested on
    either = Rule(RuleKind.ANY_OF, one_of=(Rule(RuleKind.LEVEL, key="nobody-has-it"), rule))
    assert check((either,), enough)[0].met
    assert not check((either,), NOTHING)[0].met


def test_a_score_a_hair_below_is_below_and_a_calibration_ends_with_its_day() -> None:
    score = Rule(RuleKind.SCORE, key="plan", minimum=Fraction(3))
    calibrated = Rule(RuleKind.CALIBRATION, key="plan")
    facts = replace(
        NOTHING, scores={"plan": Fraction(299_999, 100_000)}, calibrations={"plan": TODAY - timedelta(days=1)}
    )
    assert [one.met for one in check((score, calibrated), facts)] == [False, False]


def test_a_coach_who_is_the_supervisor_keeps_the_level_closed() -> None:
    rule = Rule(RuleKind.NOT_SUPERVISED)
    assert check((rule,), NOTHING)[0].met
    assert not check((rule,), replace(NOTHING, supervised=True))[0].met


def test_a_pathway_is_held_to_its_own_rules_and_the_nearest_one_is_shown() -> None:
    rules = (
        Rule(RuleKind.HOURS, 60),
        Rule(RuleKind.MONTHS, 12, pathways=(STANDARD,)),
        Rule(RuleKind.MONTHS, 6, pathways=("short",)),
        Rule(RuleKind.QUALIFICATION, key="degree", pathways=("short",)),
    )
    months = (MonthFact(2026, 1, 270, 270, kept=True),) * 6
    plain = replace(NOTHING, counted=60, months=months)
    assert [one.rule.amount for one in check(rules, plain)] == [60, 12]
    assert best_pathway(rules, ("short",), plain)[0] == STANDARD  # one rule open on each: the standard one
    key, results = best_pathway(rules, ("short",), replace(plain, qualifications=frozenset({"degree"})))
    assert (key, [one.met for one in results]) == ("short", [True, True, True])


@pytest.mark.every_value
@pytest.mark.parametrize(
    "written",
    [
        {"kind": "hours", "amount": 540, "within_months": 6},
        {"kind": "module", "key": "module-1"},
        {"kind": "dispute_free"},
    ],
)
def test_rules_of_before_keep_their_mark(written: dict[str, Any]) -> None:
    assert digest(write_rules(read_rules([written]))) == digest([written])


days = st.dates(date(2023, 1, 1), TODAY)
sessions = st.lists(
    st.builds(
        SessionFact,
        day=days,
        minutes=st.integers(1, 480),
        kind=st.sampled_from(("one_to_one", "group", "mentoring")),
        mode=st.sampled_from(("video", "phone")),
        people=st.frozensets(st.integers(1, 9), max_size=3),
    ),
    max_size=12,
).map(tuple)
levels = st.fractions(1, 4)
facts = st.builds(
    Facts,
    today=st.just(TODAY),
    starts=st.just(date(2024, 9, 1)),
    counted=st.integers(0, 5000),
    one_to_one=st.integers(0, 5000),
    sessions=sessions,
    coached=sessions,
    meetings=st.dictionaries(st.just("coach"), st.lists(days, max_size=5).map(tuple)),
    scores=st.dictionaries(st.just("plan"), levels),
    competencies=st.dictionaries(st.just("cpsel/1a"), levels),
    stages=st.frozensets(st.sampled_from(("initial", "final"))),
    goals_reached=st.integers(0, 5),
)
amounts = st.integers(1, 2000)
narrow = {
    "amount": amounts,
    "recent_months": st.none() | st.integers(1, 36),
    "session_kinds": st.sampled_from(((), ("group",), ("one_to_one", "group"))),
    "modes": st.sampled_from(((), ("video",))),
}
of_sessions = (
    RuleKind.HOURS,
    RuleKind.ONE_TO_ONE_HOURS,
    RuleKind.COACHED_HOURS,
    RuleKind.COACHED_PEOPLE,
    RuleKind.SESSIONS,
)
plain_rules = st.one_of(
    st.builds(Rule, kind=st.sampled_from(of_sessions), **narrow),
    st.builds(
        Rule,
        kind=st.just(RuleKind.MEETINGS),
        amount=st.integers(1, 5),
        key=st.just("coach"),
        recent_months=narrow["recent_months"],
    ),
    st.builds(Rule, kind=st.just(RuleKind.SCORE), key=st.just("plan"), minimum=levels),
    st.builds(Rule, kind=st.just(RuleKind.COMPETENCY), key=st.just("cpsel/1a"), minimum=levels),
    st.builds(Rule, kind=st.just(RuleKind.INSTRUMENT), key=st.sampled_from(("initial", "final"))),
    st.builds(Rule, kind=st.just(RuleKind.PLAN), amount=st.integers(1, 5)),
)
any_rules = st.one_of(
    plain_rules,
    st.builds(
        Rule,
        kind=st.just(RuleKind.ANY_OF),
        one_of=st.lists(plain_rules, min_size=2, max_size=3).map(tuple),
        strand=st.none() | st.sampled_from(Strand),
        pathways=st.sampled_from(((), ("short",), (STANDARD, "short"))),
    ),
)


@given(st.lists(any_rules, max_size=4).map(tuple), facts, facts)
def test_whatever_is_added_no_rule_that_was_met_is_lost(
    asked: tuple[Rule, ...], known: Facts, more: Facts
) -> None:
    richer = replace(
        known,
        counted=known.counted + more.counted,
        one_to_one=known.one_to_one + more.one_to_one,
        sessions=known.sessions + more.sessions,
        coached=known.coached + more.coached,
        meetings={"coach": known.meetings.get("coach", ()) + more.meetings.get("coach", ())},
        scores=_best(dict(known.scores), dict(more.scores)),
        competencies=_best(dict(known.competencies), dict(more.competencies)),
        stages=known.stages | more.stages,
        goals_reached=known.goals_reached + more.goals_reached,
    )
    for before, after in zip(check(asked, known, "short"), check(asked, richer, "short"), strict=True):
        assert after.met >= before.met
        assert after.missing <= before.missing


@given(st.lists(any_rules, max_size=4).map(tuple), facts, st.integers(0, 900))
def test_as_days_pass_only_what_has_to_be_recent_is_lost(
    asked: tuple[Rule, ...], known: Facts, later: int
) -> None:
    then = replace(known, today=known.today + timedelta(days=later))
    for before, after in zip(check(asked, known), check(asked, then), strict=True):
        recent = any(one.recent_months for one in (before.rule, *before.rule.one_of))
        assert after.met == before.met or (recent and before.met)


@given(st.lists(any_rules, max_size=4).map(tuple))
def test_whatever_a_rule_says_survives_being_written(asked: tuple[Rule, ...]) -> None:
    assert read_rules(write_rules(asked)) == asked


def _best(one: dict[str, Fraction], other: dict[str, Fraction]) -> dict[str, Fraction]:
    keys = one.keys() | other.keys()
    return {key: max(found[key] for found in (one, other) if key in found) for key in keys}
