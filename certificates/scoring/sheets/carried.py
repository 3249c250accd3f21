"""What an attempt is not scored for again: criteria that passed before, with the levels that they had."""

from __future__ import annotations

from collections.abc import Collection
from fractions import Fraction

from sqlalchemy import select
from sqlalchemy.orm import Session

from certificates.evidence.models import SubmissionId
from certificates.rubrics.models import CriterionId
from certificates.scoring.outcomes.results import CarriedScore, CriterionScore


def carried_levels(session: Session, submission_id: SubmissionId) -> dict[CriterionId, Fraction]:
    """Return the levels that count in an attempt without being scored in it, by criterion."""
    return carried_of(session, [submission_id]).get(submission_id, {})


def carried_of(
    session: Session, submissions: Collection[SubmissionId]
) -> dict[SubmissionId, dict[CriterionId, Fraction]]:
    """Return the same of several attempts, without those that are scored for everything."""
    rows = session.execute(
        select(
            CarriedScore.submission_id,
            CriterionScore.criterion_id,
            CriterionScore.level_numerator,
            CriterionScore.level_denominator,
        )
        .join(
            CarriedScore,
            (CarriedScore.release_id == CriterionScore.release_id)
            & (CarriedScore.criterion_id == CriterionScore.criterion_id),
        )
        .where(CarriedScore.submission_id.in_(submissions), CriterionScore.level_numerator.is_not(None))
    )
    found: dict[SubmissionId, dict[CriterionId, Fraction]] = {}
    for row in rows:
        level = Fraction(row.level_numerator, row.level_denominator)
        found.setdefault(row.submission_id, {})[row.criterion_id] = level
    return found
