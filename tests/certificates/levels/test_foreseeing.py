"""What would be true if: by when hours and months would be there, on plain facts."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest

from certificates.levels.eligibility import best_pathway, check, first_recent_day, months_left, pace
from certificates.levels.facts import Facts, MonthFact, RequirementFact, SessionFact
from certificates.levels.foreseeing import Wish, foresee
from certificates.levels.rules import Rule, RuleKind

TODAY = date(2026, 10, 14)
FORTY = Rule(RuleKind.HOURS, 40 * 60, within_months=11)
SUMMARY = Rule(RuleKind.EVIDENCE, key="summary")


def facts(**given: object) -> Facts:
    """Return the facts about somebody who began on 1 August 2026 and has 12 h 45 min, none of it this month."""
    months = (
        MonthFact(2026, 8, 360, 270, kept=True),
        MonthFact(2026, 9, 405, 270, kept=True),
        MonthFact(2026, 10, 0, 270, kept=False),
    )
    defaults: dict[str, object] = {"counted": 765, "one_to_one": 765, "months": months}
    return Facts(TODAY, date(2026, 8, 1), **(defaults | given))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("monthly", "day", "early"),
    [(360, date(2027, 2, 28), 4), (270, date(2027, 4, 30), 2), (180, date(2027, 7, 31), -1)],
)
def test_it_is_told_in_which_month_the_hours_would_be_there(monthly: int, day: date, early: int) -> None:
    (reached,) = foresee([FORTY], facts(), Wish(monthly=monthly)).reached
    assert (reached.on, reached.months_early) == (day, early)


def test_what_was_coached_this_month_is_part_of_its_share() -> None:
    months = (MonthFact(2026, 10, 300, 270, kept=True),)
    (reached,) = foresee(
        [Rule(RuleKind.HOURS, 660)], facts(counted=300, months=months), Wish(monthly=360)
    ).reached
    assert reached.on == date(2026, 11, 30)


def test_months_are_kept_only_by_what_reaches_their_minimum() -> None:
    four = Rule(RuleKind.MONTHS, 4)
    assert foresee([four], facts(), Wish(monthly=270)).on == date(2026, 11, 30)
    foreseen = foresee([four], facts(), Wish(monthly=180))
    assert foreseen.reached[0].on is None
    assert [one.rule for one in foreseen.open] == [four]


def test_hours_and_evidence_that_are_supposed_meet_their_rules() -> None:
    foreseen = foresee([FORTY, SUMMARY], facts(), Wish(minutes=2400, accepted=frozenset({"summary"})))
    assert (len(foreseen.met), foreseen.open) == (2, ())
    assert [one.rule for one in foresee([FORTY, SUMMARY], facts(), Wish(minutes=2399)).open] == [
        FORTY,
        SUMMARY,
    ]


def test_what_is_recent_is_counted_from_a_day_that_there_is() -> None:
    assert first_recent_day(date(2026, 8, 31), 18) == date(2025, 2, 28)
    recent = Rule(RuleKind.HOURS, 60, recent_months=18)
    on_the_day = SessionFact(date(2025, 2, 28), 60, "one_to_one", "video", frozenset({1}))
    before = SessionFact(date(2025, 2, 27), 60, "one_to_one", "video", frozenset({1}))
    for session, met in ((on_the_day, True), (before, False)):
        held = Facts(date(2026, 8, 31), date(2024, 1, 1), counted=60, sessions=(session,))
        assert check([recent], held)[0].met is met


def test_of_two_sessions_with_one_person_one_person_is_counted() -> None:
    coached = tuple(
        SessionFact(date(2026, 9, day), 60, "group", "video", frozenset(people))
        for day, people in ((1, {1, 2}), (2, {2}), (3, {3}))
    )
    held = Facts(TODAY, date(2026, 8, 1), coached=coached)
    (people, hours) = check([Rule(RuleKind.COACHED_PEOPLE, 3), Rule(RuleKind.COACHED_HOURS, 180)], held)
    assert (people.have, hours.have) == (3, 180)


def test_a_score_is_compared_exactly() -> None:
    third = Rule(RuleKind.SCORE, key="summary", minimum=Fraction(10, 3))
    assert check([third], Facts(TODAY, TODAY, scores={"summary": Fraction(10, 3)}))[0].met
    assert not check([third], Facts(TODAY, TODAY, scores={"summary": Fraction(333, 100)}))[0].met


def test_one_of_several_is_enough_and_the_easier_pathway_is_taken() -> None:
    either = Rule(RuleKind.ANY_OF, one_of=(SUMMARY, Rule(RuleKind.EVIDENCE, key="school")))
    held = facts(requirements={"school": RequirementFact("accepted", passed=True)})
    assert check([either], held)[0].met
    rules = [
        either,
        Rule(RuleKind.HOURS, 6000, pathways=("standard",)),
        Rule(RuleKind.HOURS, 60, pathways=("short",)),
    ]
    way, results = best_pathway(rules, ["short"], held)
    assert (way, all(one.met for one in results)) == ("short", True)


def test_what_is_missing_is_spread_over_the_months_that_are_left() -> None:
    assert months_left(TODAY, date(2027, 6, 30)) == 9
    assert pace(27 * 60 + 15, 9) == 195


def test_no_day_is_promised_for_a_window_that_moves() -> None:
    foreseen = foresee([Rule(RuleKind.HOURS, 2400, recent_months=6)], facts(), Wish(monthly=180))
    assert (foreseen.reached, len(foreseen.open)) == ((), 1)


def test_a_pathway_that_asks_for_nothing_is_none() -> None:
    short = Rule(RuleKind.HOURS, 6000, pathways=("short",))
    assert best_pathway([short], ["short"], facts())[0] == "short"
