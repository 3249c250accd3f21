"""What a round comes to as a whole: what was scored, what was carried over, and what stood before an appeal."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from certificates.evidence.models import SubmissionId
from certificates.rubrics.models import Criterion, CriterionId, Rubric
from certificates.scoring.models import ConditionCode, ScoringTask
from certificates.scoring.outcomes.results import CriterionScore, Method, ReleaseId, ScoreRelease
from certificates.scoring.sheets.carried import carried_levels
from certificates.scoring.sheets.deciding import Final, RubricFacts, Settling, passes


@dataclass(frozen=True, slots=True)
class Judged:
    """What a round comes to. ``raised`` tells whether an appeal's readers gave any criterion more than stood."""

    method: Method
    levels: Mapping[CriterionId, Settling]
    carried: frozenset[CriterionId]
    score: Fraction
    passed: bool
    raised: bool = False


def judged(session: Session, submission_id: SubmissionId, round_number: int, final: Final) -> Judged:
    """Return what the scores of a round come to.

    The first round stands as it was decided. In an appeal the higher of both readings stands for each criterion: an
    appeal never lowers anything.
    """
    carried = carried_levels(session, submission_id)
    given: dict[CriterionId, Settling] = {**carried, **final.levels}
    if round_number == 0:
        return Judged(final.method, given, frozenset(carried), final.score, final.passed)
    release = session.scalars(
        select(ScoreRelease)
        .where(ScoreRelease.submission_id == submission_id, ScoreRelease.round < round_number)
        .order_by(ScoreRelease.round.desc())
        .limit(1)
    ).one()
    stood = levels_of(session, release.id)
    levels = {one: higher(stood[one], given.get(one, stood[one])) for one in stood}
    numbers = [level for level in levels.values() if not isinstance(level, ConditionCode)]
    score = sum(numbers, Fraction(0)) / len(numbers) if numbers else Fraction(0)
    return Judged(
        method=final.method,
        levels=levels,
        carried=frozenset(carried),
        score=score,
        passed=final.passed or release.passed or passes(levels, facts_of(session, submission_id)),
        raised=levels != stood,
    )


def levels_of(session: Session, release_id: ReleaseId) -> dict[CriterionId, Settling]:
    """Return the released level of each criterion, or why there is none."""
    found: dict[CriterionId, Settling] = {}
    for one in session.scalars(select(CriterionScore).where(CriterionScore.release_id == release_id)):
        settled = one.level if one.level is not None else one.condition
        if settled is not None:
            found[one.criterion_id] = settled
    return found


def rubric_of(session: Session, submission_id: SubmissionId) -> Rubric:
    """Return the version of the rubric by which a submission is scored: its tasks say so."""
    return session.scalars(
        select(Rubric)
        .join(ScoringTask, ScoringTask.rubric_id == Rubric.id)
        .where(ScoringTask.submission_id == submission_id)
        .order_by(ScoringTask.id)
        .limit(1)
    ).one()


def facts_of(session: Session, submission_id: SubmissionId) -> RubricFacts:
    """Return what the rubric of a submission asks of levels that are all given."""
    rubric = rubric_of(session, submission_id)
    return RubricFacts(rubric.levels, rubric.cut, minimums_of(session, rubric))


def minimums_of(session: Session, rubric: Rubric) -> dict[CriterionId, int]:
    """Return the least level of each criterion that has one."""
    rows = session.scalars(
        select(Criterion).where(Criterion.rubric_id == rubric.id, Criterion.minimum.is_not(None))
    )
    return {one.id: one.minimum for one in rows if one.minimum is not None}


def write_levels(levels: Mapping[CriterionId, Settling]) -> dict[str, Any]:
    """Return levels as JSON holds them: a fraction, or the code in its place."""
    return {str(one): str(level) for one, level in levels.items()}


def read_levels(written: Mapping[str, Any]) -> dict[CriterionId, Settling]:
    """Return the levels that ``write_levels`` wrote."""
    codes = {str(code): code for code in ConditionCode}
    return {
        CriterionId(int(one)): codes[level] if level in codes else Fraction(level)
        for one, level in written.items()
    }


def higher(one: Settling, other: Settling) -> Settling:
    """Return the higher of two levels; any level is more than none."""
    if isinstance(one, ConditionCode):
        return other
    if isinstance(other, ConditionCode):
        return one
    return max(one, other)
