"""Seeded papers: known ones that come among a rater's tasks without a word, so that drift is noticed."""

from __future__ import annotations

import secrets
from collections.abc import Collection

from sqlalchemy import select

from certificates.calibration.attempts import AttemptPaper, CalibrationAttempt
from certificates.calibration.models import AnchorPaper, AnchorPaperId, AnchorUse, CalibrationSet
from certificates.calibration.qualified import is_in_use
from certificates.calibration.shown import is_shown
from certificates.rubrics.models import RubricId
from institute.actors import InstituteId, PersonId
from institute.db import db
from institute.people.linking import same_person


def next_seed(
    rater_id: PersonId,
    rubric_id: RubricId,
    *,
    institute_id: InstituteId,
    had: Collection[AnchorPaperId] = (),
    number: int | None = None,
) -> AnchorPaperId | None:
    """Return a seeded paper of a rubric's version that the rater never met; None where there is none.

    ``had`` are those that came among their tasks; those of their attempts are known here. Of several ``number`` says
    which, and chance where there is none.
    """
    met = (
        select(AttemptPaper.paper_id)
        .join(CalibrationAttempt, CalibrationAttempt.id == AttemptPaper.attempt_id)
        .where(CalibrationAttempt.person_id.in_(same_person(rater_id)))
    )
    left = db.session.scalars(
        select(AnchorPaper.id)
        .join(CalibrationSet, CalibrationSet.id == AnchorPaper.set_id)
        .where(
            CalibrationSet.institute_id == institute_id,
            CalibrationSet.rubric_id == rubric_id,
            is_in_use(),
            AnchorPaper.use == AnchorUse.SEEDED,
            AnchorPaper.id.not_in(had),
            AnchorPaper.id.not_in(met),
            is_shown(),
        )
        .order_by(AnchorPaper.id)
    ).all()
    if not left:
        return None
    return secrets.choice(left) if number is None else left[number % len(left)]
