"""The decision table: every pair of levels, three raters, condition codes, and what holds whatever is given."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from certificates.rubrics.models import CriterionId
from certificates.rubrics.policies import USUAL, Policy, Settled
from certificates.scoring.models import ConditionCode
from certificates.scoring.outcomes.results import Method
from certificates.scoring.sheets.deciding import (
    Apart,
    Decision,
    Final,
    Given,
    NeedsAdjudication,
    Reason,
    RubricFacts,
    Sheet,
    Unscorable,
    decide,
    passes,
)

FIVE = RubricFacts(5, Fraction(3))
CLOSEST = replace(USUAL, settled=Settled.CLOSEST_PAIR)
NEVER_APART = Policy(gap=99, across_cut=False, incomplete=99)
ONE, TWO = CriterionId(1), CriterionId(2)
MISSING, OTHER_TASK = ConditionCode.INCOMPLETE, ConditionCode.OFF_TASK


def sheet(*levels: Given, adjudicator: bool = False) -> Sheet:
    """Return a sheet with these levels for the criteria, counted from 1."""
    return Sheet({CriterionId(at): level for at, level in enumerate(levels, start=1)}, adjudicator)


def third(*levels: Given) -> Sheet:
    """Return an adjudicator's sheet."""
    return sheet(*levels, adjudicator=True)


def come_to(*sheets: Sheet, facts: RubricFacts = FIVE, policy: Policy = USUAL) -> Decision:
    """Decide by five levels with the cut 3, as usual."""
    return decide(sheets, facts, policy)


def final(*sheets: Sheet, facts: RubricFacts = FIVE, policy: Policy = USUAL) -> Final:
    """Decide what is known to need nobody else."""
    decision = come_to(*sheets, facts=facts, policy=policy)
    assert isinstance(decision, Final)
    return decision


def why(*sheets: Sheet, facts: RubricFacts = FIVE, policy: Policy = USUAL) -> set[Apart]:
    """Return why a third person is needed."""
    decision = come_to(*sheets, facts=facts, policy=policy)
    return {reason.apart for reason in decision.reasons} if isinstance(decision, NeedsAdjudication) else set()


def test_two_levels_alike_stand() -> None:
    assert final(sheet(3), sheet(3)) == Final(Method.MEAN, {ONE: Fraction(3)}, Fraction(3), True)


def test_two_adjacent_levels_that_both_pass_are_averaged() -> None:
    assert final(sheet(3), sheet(4)) == Final(Method.MEAN, {ONE: Fraction(7, 2)}, Fraction(7, 2), True)


def test_two_adjacent_levels_that_both_fail_are_averaged_and_fail() -> None:
    assert final(sheet(1), sheet(2)) == Final(Method.MEAN, {ONE: Fraction(3, 2)}, Fraction(3, 2), False)


def test_two_adjacent_levels_on_both_sides_of_the_cut_go_to_a_third() -> None:
    assert come_to(sheet(2), sheet(3)) == NeedsAdjudication((Reason(Apart.ACROSS_CUT),))


@pytest.mark.parametrize("pair", [(4, 2), (5, 3), (1, 3), (1, 5)])
def test_two_levels_two_or_more_apart_go_to_a_third(pair: tuple[int, int]) -> None:
    assert Apart.GAP in why(sheet(pair[0]), sheet(pair[1]))


@pytest.mark.parametrize("one", range(1, 6))
@pytest.mark.parametrize("other", range(1, 6))
def test_every_pair_of_levels_comes_to_what_the_table_says(one: int, other: int) -> None:
    apart = abs(one - other) >= 2 or (one < 3) != (other < 3)
    decision = come_to(sheet(one), sheet(other))
    assert isinstance(decision, NeedsAdjudication) == apart
    if isinstance(decision, Final):
        assert decision.score == Fraction(one + other, 2)
        assert decision.passed == (min(one, other) >= 3)


def test_on_four_levels_the_cut_lies_where_the_rubric_says() -> None:
    four = RubricFacts(4, Fraction(5, 2))
    assert why(sheet(2), sheet(3), facts=four) == {Apart.ACROSS_CUT}
    assert final(sheet(3), sheet(4), facts=four).score == Fraction(7, 2)


def test_a_criterion_with_a_minimum_is_a_cut_of_its_own() -> None:
    facts = replace(FIVE, minimums={TWO: 3})
    decision = come_to(sheet(5, 2), sheet(5, 3), facts=facts)
    assert decision == NeedsAdjudication((Reason(Apart.ACROSS_MINIMUM, TWO),))
    assert final(sheet(5, 2), sheet(5, 3)).passed
    assert not final(sheet(5, 2), sheet(5, 2), facts=facts).passed


def test_a_programme_may_ask_for_another_gap_or_for_none_across_the_cut() -> None:
    assert why(sheet(3), sheet(5), policy=replace(USUAL, gap=3)) == set()
    assert why(sheet(3), sheet(4), policy=replace(USUAL, gap=1)) == {Apart.GAP}
    averaged = final(sheet(2), sheet(3), policy=replace(USUAL, across_cut=False))
    assert (averaged.score, averaged.passed) == (Fraction(5, 2), False)


def test_one_sheet_stands_alone() -> None:
    assert final(sheet(2, 4)) == Final(Method.SINGLE, {ONE: Fraction(2), TWO: Fraction(4)}, Fraction(3), True)


def test_the_third_person_decides() -> None:
    decided = final(sheet(2), sheet(4), third(3))
    assert decided == Final(Method.ADJUDICATED, {ONE: Fraction(3)}, Fraction(3), True)
    assert final(sheet(4), sheet(5), third(1)).score == 1


@pytest.mark.parametrize(
    ("levels", "score"),
    [
        ((2, 4, 4), 4),
        ((2, 5, 3), Fraction(5, 2)),
        ((2, 4, 3), 3),
        ((1, 3, 5), 3),
        ((4, 2, 2), 2),
        ((5, 1, 4), Fraction(9, 2)),
    ],
)
def test_or_the_two_that_lie_closest_do_and_all_three_where_two_pairs_are_as_close(
    levels: tuple[int, int, int], score: Fraction
) -> None:
    decided = final(sheet(levels[0]), sheet(levels[1]), third(levels[2]), policy=CLOSEST)
    assert (decided.method, decided.score) == (Method.CLOSEST_PAIR, score)


def test_what_one_could_not_score_and_another_could_goes_to_a_third() -> None:
    assert why(sheet(3, MISSING), sheet(3, 3)) == {Apart.CONDITION}
    assert why(sheet(3, MISSING), sheet(3, OTHER_TASK)) == {Apart.CONDITION}
    assert final(sheet(2, 3), sheet(2, MISSING), third(2, 4), policy=CLOSEST).levels[TWO] == 4


def test_a_criterion_without_a_level_is_in_no_mean_and_passes_nothing() -> None:
    decided = final(sheet(5, MISSING), sheet(5, MISSING))
    assert decided == Final(Method.MEAN, {ONE: Fraction(5), TWO: MISSING}, Fraction(5), False)


def test_as_many_condition_codes_as_the_policy_says_send_the_evidence_back() -> None:
    codes = {TWO: MISSING, CriterionId(3): OTHER_TASK}
    assert come_to(sheet(5, MISSING, OTHER_TASK)) == Unscorable(codes)
    assert come_to(sheet(5, MISSING, OTHER_TASK), sheet(4, MISSING, OTHER_TASK)) == Unscorable(codes)
    assert isinstance(come_to(sheet(MISSING)), Unscorable)
    assert isinstance(come_to(sheet(5, MISSING), policy=replace(USUAL, incomplete=1)), Unscorable)


def test_what_was_carried_over_counts_in_the_mean() -> None:
    facts = replace(FIVE, carried={TWO: Fraction(7, 2)})
    assert final(sheet(2), facts=facts) == Final(Method.SINGLE, {ONE: Fraction(2)}, Fraction(11, 4), False)
    assert final(sheet(3), facts=facts).score == Fraction(13, 4)
    assert why(sheet(2), sheet(3), facts=facts) == {Apart.ACROSS_CUT}


@pytest.mark.parametrize(
    "sheets",
    [
        [],
        [sheet()],
        [sheet(6)],
        [sheet(0)],
        [sheet(3), sheet(3, 3)],
        [sheet(3), sheet(3), sheet(3)],
        [sheet(3), third(3)],
        [third(3)],
        [sheet(3), sheet(3), third(3), third(3)],
    ],
)
def test_what_is_no_round_is_refused(sheets: list[Sheet]) -> None:
    with pytest.raises(ValueError, match=r"sheet|criteria|level"):
        decide(sheets, FIVE, USUAL)


GIVEN = st.one_of(st.integers(1, 5), st.sampled_from(ConditionCode))


@st.composite
def rounds(draw: st.DrawFn, sheets: int, codes: bool = True) -> tuple[list[Sheet], RubricFacts, Policy]:
    """Return any sheets of a round, any rubric of five levels, and any policy."""
    criteria = draw(st.integers(1, 5))
    levels: st.SearchStrategy[Given] = GIVEN if codes else st.integers(1, 5)
    drawn = [
        sheet(*draw(st.lists(levels, min_size=criteria, max_size=criteria)), adjudicator=at == 2)
        for at in range(sheets)
    ]
    minimums = draw(st.dictionaries(st.integers(1, criteria).map(CriterionId), st.integers(1, 5)))
    carried = draw(st.dictionaries(st.integers(6, 8).map(CriterionId), st.fractions(1, 5, max_denominator=4)))
    cut = draw(st.fractions(1, 5, max_denominator=4))
    policy = Policy(
        gap=draw(st.integers(1, 5)),
        across_cut=draw(st.booleans()),
        incomplete=draw(st.integers(1, 6)),
        settled=draw(st.sampled_from(Settled)),
    )
    return drawn, RubricFacts(5, cut, minimums, carried), policy


@given(rounds(3))
def test_who_of_the_raters_was_first_never_matters(
    drawn: tuple[list[Sheet], RubricFacts, Policy],
) -> None:
    (one, other, adjudicator), facts, policy = drawn
    assert decide([one, other], facts, policy) == decide([other, one], facts, policy)
    assert decide([one, other, adjudicator], facts, policy) == decide(
        [adjudicator, other, one], facts, policy
    )


def _passed(decision: Decision) -> bool:
    return isinstance(decision, Final) and decision.passed


def _each(sheets: Sequence[Sheet], facts: RubricFacts) -> list[bool]:
    return [_passed(decide([Sheet(one.given)], facts, NEVER_APART)) for one in sheets]


@given(rounds(2))
def test_two_raters_never_pass_what_both_failed_nor_fail_what_both_passed(
    drawn: tuple[list[Sheet], RubricFacts, Policy],
) -> None:
    sheets, facts, policy = drawn
    decision, each = decide(sheets, facts, policy), _each(sheets, facts)
    if isinstance(decision, Final):
        assert decision.passed in each
        if policy.across_cut and len(set(each)) > 1:
            assert not decision.passed or passes(decision.levels, facts)


@given(rounds(2, codes=False))
def test_levels_together_and_on_one_side_of_every_cut_need_nobody_else(
    drawn: tuple[list[Sheet], RubricFacts, Policy],
) -> None:
    (one, other), facts, policy = drawn
    decision = decide([one, other], facts, policy)
    far = any(abs(int(one.given[at]) - int(other.given[at])) >= policy.gap for at in one.given)
    if far:
        assert isinstance(decision, NeedsAdjudication)
    elif not policy.across_cut:
        assert isinstance(decision, Final)


@given(rounds(3))
def test_the_third_person_is_final_or_between_the_closest_pair(
    drawn: tuple[list[Sheet], RubricFacts, Policy],
) -> None:
    sheets, facts, policy = drawn
    decision = decide(sheets, facts, policy)
    assert not isinstance(decision, NeedsAdjudication)
    if isinstance(decision, Unscorable):
        return
    for at, level in decision.levels.items():
        every = [one.given[at] for one in sheets]
        if policy.settled is Settled.ADJUDICATOR or any(isinstance(one, ConditionCode) for one in every):
            assert level == every[2]
        else:
            numbers = sorted(int(one) for one in every)
            assert isinstance(level, Fraction)
            assert level in {
                Fraction(numbers[0] + numbers[1], 2),
                Fraction(numbers[1] + numbers[2], 2),
                Fraction(numbers[1]),
            }


@given(rounds(3))
def test_a_score_is_the_exact_mean_of_what_counts(drawn: tuple[list[Sheet], RubricFacts, Policy]) -> None:
    sheets, facts, policy = drawn
    for decision in (decide(sheets[:1], facts, policy), decide(sheets, facts, policy)):
        if isinstance(decision, Final):
            counted = [level for level in decision.levels.values() if isinstance(level, Fraction)]
            counted += facts.carried.values()
            assert decision.score * len(counted) == sum(counted)
            assert not decision.passed or passes(decision.levels, facts)
