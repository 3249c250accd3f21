"""What is proved of one round of one submission: what the policy asked, what happened, and whether the two agree."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from fractions import Fraction

from certificates.evidence.models import SubmissionId
from certificates.rubrics.models import CriterionId
from certificates.rubrics.policies import Policy
from certificates.scoring.giving.choosing import Facts, Scored, reasons
from certificates.scoring.giving.drawing import number_of
from certificates.scoring.models import Purpose, Why
from certificates.scoring.sheets.deciding import Given, NeedsAdjudication, RubricFacts, Sheet, decide
from institute.actors import PersonId
from institute.i18n import Localised

TWO = 2


class Fault(StrEnum):
    """What was not as the policy asks."""

    SECOND_MISSING = "second_missing"
    REASON_UNNOTED = "reason_unnoted"
    THIRD_MISSING = "third_missing"
    SAME_RATER = "same_rater"
    CONFLICT = "conflict"
    EARLIER_RATER = "earlier_rater"
    DRAW_MISSING = "draw_missing"
    DRAW_WRONG = "draw_wrong"


@dataclass(frozen=True, slots=True)
class ScoreGiven:
    """One score that was handed in. ``before`` is how many of the rubric its rater had given until then.

    ``duty_since`` is when a duty between rater and author began, None where there is none.
    """

    purpose: Purpose
    rater_id: PersonId
    rows: frozenset[PersonId]
    at: datetime
    before: int
    given: Mapping[CriterionId, Given]
    duty_since: datetime | None
    scored_before: bool


@dataclass(frozen=True, slots=True)
class Drawn:
    """What was drawn for a submission, with the seed that it was drawn from."""

    number: int
    share: int
    seed: str


@dataclass(frozen=True, slots=True)
class RoundFacts:
    """Everything that is known of a round: nothing in it names whose evidence it is."""

    submission_id: SubmissionId
    title: Localised
    attempt: int
    round: int
    rubric: str
    policy: Policy
    levels: int
    cut: Fraction
    minimums: Mapping[CriterionId, int]
    carried: Mapping[CriterionId, Fraction]
    retake: bool
    drawn: Drawn | None
    noted: frozenset[Why]
    scores: Sequence[ScoreGiven]
    ended: bool
    unscorable: bool


@dataclass(frozen=True, slots=True)
class Proof:
    """A round with what its policy asked and what is wrong, nothing where it was followed."""

    facts: RoundFacts
    asked: frozenset[Why]
    third: bool
    faults: tuple[Fault, ...]

    @property
    def holds(self) -> bool:
        """Whether nothing is wrong."""
        return not self.faults


def prove(facts: RoundFacts) -> Proof:
    """Hold what happened in a round against its policy, computed anew from the scores themselves."""
    raters = [score for score in facts.scores if score.purpose in {Purpose.FIRST, Purpose.SECOND}]
    asked = reasons(
        Facts(
            round=facts.round,
            retake=facts.retake,
            cut=facts.cut,
            number=number_of(facts.drawn.seed, facts.submission_id) if facts.drawn else None,
            scores=[Scored(score.before, score.given) for score in raters],
            carried=facts.carried,
        ),
        facts.policy,
    )
    third = len(raters) == TWO and _lie_apart(facts, raters)
    faults = [*_of_draws(facts), *_of_raters(facts)]
    if not asked <= facts.noted:
        faults.append(Fault.REASON_UNNOTED)
    if facts.ended and not facts.unscorable:
        if asked and len(raters) < TWO:
            faults.append(Fault.SECOND_MISSING)
        if third and all(score.purpose is not Purpose.ADJUDICATION for score in facts.scores):
            faults.append(Fault.THIRD_MISSING)
    return Proof(facts, asked, third, tuple(faults))


def _lie_apart(facts: RoundFacts, raters: Sequence[ScoreGiven]) -> bool:
    rubric = RubricFacts(facts.levels, facts.cut, facts.minimums, facts.carried)
    return isinstance(
        decide([Sheet(score.given) for score in raters], rubric, facts.policy), NeedsAdjudication
    )


def _of_draws(facts: RoundFacts) -> list[Fault]:
    if facts.drawn is None:
        return [Fault.DRAW_MISSING] if facts.policy.share and facts.scores and not facts.round else []
    wrong = facts.drawn.number != number_of(facts.drawn.seed, facts.submission_id)
    return [Fault.DRAW_WRONG] if wrong or facts.drawn.share != facts.policy.share else []


def _of_raters(facts: RoundFacts) -> list[Fault]:
    found, met = [], set[PersonId]()
    for score in facts.scores:
        if score.rows & met:
            found.append(Fault.SAME_RATER)
        met |= score.rows
        if score.duty_since is not None and score.duty_since <= score.at:
            found.append(Fault.CONFLICT)
        if score.scored_before and facts.policy.retakes:
            found.append(Fault.EARLIER_RATER)
    return list(dict.fromkeys(found))
