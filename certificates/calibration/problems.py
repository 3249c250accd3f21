"""What keeps a set from being published."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import select

from certificates.calibration.models import (
    AnchorFile,
    AnchorPaper,
    AnchorPaperId,
    AnchorScore,
    AnchorUse,
    CalibrationSet,
)
from certificates.calibration.shown import is_shown
from certificates.rubrics.models import Criterion
from institute.db import db


class Lack(StrEnum):
    """What is missing."""

    PAPERS = "papers"
    CONTENT = "content"
    SCORES = "scores"
    REASONS = "reasons"
    CONSENT = "consent"


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is missing, of the paper with that number; 0 is the set itself."""

    number: int
    paper_id: AnchorPaperId | None
    lack: Lack


def problems_of(found: CalibrationSet) -> list[Problem]:
    """Return everything that is missing, paper by paper."""
    rows = db.session.execute(
        select(AnchorPaper, is_shown()).where(AnchorPaper.set_id == found.id).order_by(AnchorPaper.position)
    ).all()
    criteria = set(db.session.scalars(select(Criterion.id).where(Criterion.rubric_id == found.rubric_id)))
    with_files = set(
        db.session.scalars(
            select(AnchorFile.paper_id)
            .join(AnchorPaper, AnchorPaper.id == AnchorFile.paper_id)
            .where(AnchorPaper.set_id == found.id)
        )
    )
    problems = []
    if not any(paper.use is AnchorUse.CALIBRATION for paper, _ in rows):
        problems.append(Problem(0, None, Lack.PAPERS))
    for number, (paper, shown) in enumerate(rows, start=1):
        scores = db.session.scalars(select(AnchorScore).where(AnchorScore.paper_id == paper.id)).all()
        lacks = {
            Lack.CONSENT: not shown,
            Lack.CONTENT: paper.text is None and paper.id not in with_files,
            Lack.SCORES: not criteria <= {score.criterion_id for score in scores},
            Lack.REASONS: any(score.rationale is None for score in scores),
        }
        problems += [Problem(number, paper.id, lack) for lack, missing in lacks.items() if missing]
    return problems
