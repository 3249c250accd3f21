"""Which evidence is scored by a second rater: reasons that the policy of its rubric finds, purely.

Some are known when the evidence comes in (always, a retake, an appeal, a draw), others with the first score (a rater
new to the rubric, a mean near the cut).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from certificates.rubrics.models import CriterionId
from certificates.rubrics.policies import Policy
from certificates.scoring.giving.drawing import is_drawn
from certificates.scoring.models import ConditionCode, Why


@dataclass(frozen=True, slots=True)
class Scored:
    """A score that was handed in: how many of this rubric its rater had given before, and its levels."""

    before: int
    given: Mapping[CriterionId, int | ConditionCode]


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of one round of an attempt. ``number`` is what was drawn for it, None where nothing was.

    A ``retake`` is an attempt after one whose scores were released. ``scores`` are those of raters, not of an
    adjudicator; ``carried`` levels that count without being scored again.
    """

    round: int
    retake: bool
    cut: Fraction
    number: int | None = None
    scores: Sequence[Scored] = ()
    carried: Mapping[CriterionId, Fraction] = field(default_factory=dict)


def reasons(facts: Facts, policy: Policy) -> frozenset[Why]:
    """Return every reason for a second score that is known so far; no reason goes away with further scores."""
    if facts.round:
        return frozenset({Why.APPEAL})
    found = set()
    if policy.raters > 1:
        found.add(Why.ALWAYS)
    if policy.retakes and facts.retake:
        found.add(Why.RETAKE)
    if facts.number is not None and is_drawn(facts.number, policy.share):
        found.add(Why.DRAWN)
    if any(score.before < policy.first for score in facts.scores):
        found.add(Why.NEW_RATER)
    if any(_is_near(score, facts, policy) for score in facts.scores):
        found.add(Why.NEAR_CUT)
    return frozenset(found)


def _is_near(score: Scored, facts: Facts, policy: Policy) -> bool:
    levels = [Fraction(level) for level in score.given.values() if not isinstance(level, ConditionCode)]
    if policy.near_cut is None or not levels:
        return False
    counted = [*levels, *facts.carried.values()]
    return abs(sum(counted, Fraction(0)) / len(counted) - facts.cut) <= policy.near_cut
