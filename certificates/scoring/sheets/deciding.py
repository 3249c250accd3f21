"""The decision table: what the sheets of one, two or three raters come to, exactly, by the policy of their rubric.

One sheet stands as it is. Two that lie together are averaged; two that lie apart go to a third person, who decides.
Large rating programmes do the same: double scores are averaged unless they are discrepant (NBPTS), and a scoring
leader decides the rest (ETS).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction
from typing import Final as Fixed

from certificates.rubrics.models import CriterionId
from certificates.rubrics.policies import Policy, Settled
from certificates.scoring.models import ConditionCode
from certificates.scoring.outcomes.results import Method
from certificates.scoring.sheets.marking import mark_of

Given = int | ConditionCode
Settling = Fraction | ConditionCode
PAIR: Fixed = 2


@dataclass(frozen=True, slots=True)
class Sheet:
    """What one rater gave each criterion: a level, or the reason why there is none."""

    given: Mapping[CriterionId, Given]
    adjudicator: bool = False


@dataclass(frozen=True, slots=True)
class RubricFacts:
    """What deciding needs to know of a rubric and of the attempt.

    ``levels`` is the highest level, ``cut`` the least mean that passes, ``minimums`` the least level of those criteria
    that have one. ``carried`` are criteria that passed before and are not scored again: they count in the mean.
    """

    levels: int
    cut: Fraction
    minimums: Mapping[CriterionId, int] = field(default_factory=dict)
    carried: Mapping[CriterionId, Fraction] = field(default_factory=dict)


class Apart(StrEnum):
    """How two raters lie apart: too far on a criterion, on the two sides of a cut, or on whether it can be scored."""

    GAP = "gap"
    ACROSS_MINIMUM = "across_minimum"
    ACROSS_CUT = "across_cut"
    CONDITION = "condition"


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason why a third person is needed; ``criterion_id`` is None where it is the mean."""

    apart: Apart
    criterion_id: CriterionId | None = None


@dataclass(frozen=True, slots=True)
class NeedsAdjudication:
    """Two raters lie apart: a third scores."""

    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Final:
    """What counts. ``levels`` holds what was scored; ``score`` is the exact mean of these and of what was carried.

    A criterion without a level is not in the mean, and nothing passes with one.
    """

    method: Method
    levels: Mapping[CriterionId, Settling]
    score: Fraction
    passed: bool


@dataclass(frozen=True, slots=True)
class Unscorable:
    """Too many criteria cannot be scored: the evidence goes back as a whole."""

    codes: Mapping[CriterionId, ConditionCode]


Decision = NeedsAdjudication | Final | Unscorable


def decide(given: Sequence[Sheet], facts: RubricFacts, policy: Policy) -> Decision:
    """Return what the sheets of a round come to; the order in which they are given does not matter.

    One sheet, two of raters, or two of raters and one of an adjudicator. Levels are whole, from 1 to ``facts.levels``.
    Raises ValueError for any other number of sheets, sheets of different criteria, or a level outside the rubric.
    """
    raters = [sheet for sheet in given if not sheet.adjudicator]
    third = [sheet for sheet in given if sheet.adjudicator]
    _refuse_odd(raters, third, facts)
    if third:
        return _adjudicated(raters, third[0], facts, policy)
    if len(raters) == 1:
        return _conclude(Method.SINGLE, _exact(raters[0]), raters, facts, policy)
    reasons = tuple(_reasons(raters[0], raters[1], facts, policy))
    if reasons:
        return NeedsAdjudication(reasons)
    levels = {one: _mean(raters[0].given[one], raters[1].given[one]) for one in raters[0].given}
    return _conclude(Method.MEAN, levels, raters, facts, policy)


def passes(levels: Mapping[CriterionId, Settling], facts: RubricFacts) -> bool:
    """Tell whether levels reach the cut and every minimum; a criterion without a level reaches nothing."""
    found = _numbers(levels)
    if len(found) < len(levels) or not (found or facts.carried):
        return False
    if any(level < facts.minimums.get(one, 1) for one, level in found.items()):
        return False
    return _score(levels, facts) >= facts.cut


def _refuse_odd(raters: Sequence[Sheet], third: Sequence[Sheet], facts: RubricFacts) -> None:
    if not 1 <= len(raters) <= PAIR or len(third) > 1 or (third and len(raters) < PAIR):
        raise ValueError("one sheet, two, or two and an adjudicator's")
    sheets = [*raters, *third]
    criteria = set(sheets[0].given)
    if not criteria or any(set(sheet.given) != criteria for sheet in sheets):
        raise ValueError("every sheet scores the same criteria")
    if criteria & set(facts.carried):
        raise ValueError("what is carried over is not scored again")
    for sheet in sheets:
        for level in sheet.given.values():
            if isinstance(level, int) and not 1 <= level <= facts.levels:
                raise ValueError("a level is one of the rubric")


def _reasons(one: Sheet, other: Sheet, facts: RubricFacts, policy: Policy) -> list[Reason]:
    found = []
    for criterion_id, first in one.given.items():
        second = other.given[criterion_id]
        if isinstance(first, ConditionCode) or isinstance(second, ConditionCode):
            if first != second:
                found.append(Reason(Apart.CONDITION, criterion_id))
            continue
        if abs(first - second) >= policy.gap:
            found.append(Reason(Apart.GAP, criterion_id))
        least = facts.minimums.get(criterion_id, 1)
        if policy.across_cut and (first < least) != (second < least):
            found.append(Reason(Apart.ACROSS_MINIMUM, criterion_id))
    if policy.across_cut and len({_score(sheet.given, facts) >= facts.cut for sheet in (one, other)}) > 1:
        found.append(Reason(Apart.ACROSS_CUT))
    return found


def _adjudicated(raters: Sequence[Sheet], third: Sheet, facts: RubricFacts, policy: Policy) -> Decision:
    if policy.settled is Settled.ADJUDICATOR:
        return _conclude(Method.ADJUDICATED, _exact(third), [third], facts, policy)
    levels = {one: _closest(third.given[one], [rater.given[one] for rater in raters]) for one in third.given}
    return _conclude(Method.CLOSEST_PAIR, levels, [*raters, third], facts, policy)


def _closest(third: Given, others: Sequence[Given]) -> Settling:
    """Return the mean of the two levels that lie closest; with a condition code among them, what the third gave.

    Where two pairs are equally close, the middle level is the mean of all.
    """
    numbers = sorted(level for level in (third, *others) if isinstance(level, int))
    if len(numbers) <= PAIR or not isinstance(third, int):
        return Fraction(third) if isinstance(third, int) else third
    low, middle, high = numbers
    if middle - low == high - middle:
        return Fraction(middle)
    return Fraction(low + middle, 2) if middle - low < high - middle else Fraction(middle + high, 2)


def _conclude(
    method: Method,
    levels: Mapping[CriterionId, Settling],
    sheets: Sequence[Sheet],
    facts: RubricFacts,
    policy: Policy,
) -> Final | Unscorable:
    """Return what counts. Averaging alone never passes what each of the sheets would have failed."""
    codes = {one: code for one, code in levels.items() if isinstance(code, ConditionCode)}
    if len(codes) >= policy.incomplete or len(codes) == len(levels):
        return Unscorable(codes)
    passed = passes(levels, facts) and any(passes(_exact(sheet), facts) for sheet in sheets)
    return Final(method, levels, _score(levels, facts), passed)


def _exact(sheet: Sheet) -> dict[CriterionId, Settling]:
    return {
        one: level if isinstance(level, ConditionCode) else Fraction(level)
        for one, level in sheet.given.items()
    }


def _mean(one: Given, other: Given) -> Settling:
    """Return the mean of two levels, or the code that both gave."""
    if isinstance(one, ConditionCode):
        return one
    return other if isinstance(other, ConditionCode) else Fraction(one + other, 2)


def _numbers(
    levels: Mapping[CriterionId, Settling] | Mapping[CriterionId, Given],
) -> dict[CriterionId, Fraction]:
    return {one: Fraction(level) for one, level in levels.items() if not isinstance(level, ConditionCode)}


def _score(
    levels: Mapping[CriterionId, Settling] | Mapping[CriterionId, Given], facts: RubricFacts
) -> Fraction:
    counted = [*_numbers(levels).values(), *facts.carried.values()]
    return mark_of(counted, maximum=facts.levels, cut=facts.cut).score if counted else Fraction(0)
