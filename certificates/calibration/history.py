"""What trainers of a sample took before: ``[[calibrated]]`` in its history."""

from __future__ import annotations

from certificates.calibration.models import AnchorPaper, AnchorPaperId
from certificates.calibration.reading import known_scores
from certificates.calibration.taking import Scored, begin, hand_in
from certificates.calibration.trying import attempt_page, paper_page
from certificates.rubrics.models import Criterion, CriterionId
from courses.loading.history import HistoryTold, as_role
from courses.loading.tables import Table
from institute.actors import Role
from institute.clock import frozen, now
from institute.db import db


def tell_calibration(told: HistoryTold) -> None:
    """Take sets as the history says, each at its time: as known but for what stands there. Raises FolderError."""
    for entry in told.tables("calibrated"):
        trainer, rubric_key, at = entry.text("trainer"), entry.slug("rubric"), entry.instant("at")
        otherwise = _read(entry)
        entry.finish()
        if trainer not in told.cast or at > now():
            continue
        actor = as_role(told.cast[trainer], Role.TRAINER)
        with frozen(at):
            attempt_id = begin(rubric_key, actor=actor)
            next_paper = attempt_page(attempt_id, actor=actor).next
            while next_paper is not None:
                given = _given(next_paper, otherwise)
                hand_in(attempt_id, next_paper, given, actor=actor)
                next_paper = paper_page(attempt_id, next_paper, actor=actor).next


def _read(entry: Table) -> dict[tuple[int, str], int]:
    found = {}
    for one in entry.tables("otherwise"):
        found[one.position("paper"), one.slug("criterion")] = one.position("level")
        one.finish()
    return found


def _given(paper_id: AnchorPaperId, otherwise: dict[tuple[int, str], int]) -> dict[CriterionId, Scored]:
    position = db.session.get_one(AnchorPaper, paper_id).position
    return {
        criterion_id: Scored(
            otherwise.get((position, db.session.get_one(Criterion, criterion_id).key), level), ""
        )
        for criterion_id, level in known_scores(paper_id).items()
    }
