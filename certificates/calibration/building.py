"""Building a set: begun as a draft, published once every paper has its scores and reasons, retired, or made anew."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from certificates.calibration.errors import SetIncompleteError, SetPublishedError
from certificates.calibration.models import (
    AnchorFile,
    AnchorPaper,
    AnchorPaperId,
    AnchorScore,
    CalibrationMeeting,
    CalibrationSet,
    CalibrationSetId,
)
from certificates.calibration.problems import problems_of
from certificates.rubrics.models import Criterion, CriterionId, RubricId
from certificates.rubrics.queries import newest_id
from institute import audit
from institute.actors import Actor
from institute.clock import now
from institute.db import transaction
from institute.errors import NotFoundError
from institute.i18n import Localised


@dataclass(frozen=True, slots=True)
class SetSheet:
    """What a lead says of a set: its title, and what is needed to pass it."""

    title: Localised
    least_exact: int
    least_near: int
    most_misses: int


def find_set(
    session: Session, set_id: CalibrationSetId, actor: Actor, *, lock: bool = False
) -> CalibrationSet:
    """Return a set of the actor's institute. Raises NotFoundError."""
    query = select(CalibrationSet).where(
        CalibrationSet.id == set_id, CalibrationSet.institute_id == actor.institute_id
    )
    if lock:
        query = query.with_for_update()
    found = session.scalar(query)
    if found is None:
        raise NotFoundError
    return found


def find_draft(session: Session, set_id: CalibrationSetId, actor: Actor) -> CalibrationSet:
    """Return a set that can be changed, locked. Raises NotFoundError, SetPublishedError."""
    found = find_set(session, set_id, actor, lock=True)
    if not found.is_draft:
        raise SetPublishedError
    return found


def create(
    rubric_key: str,
    sheet: SetSheet,
    *,
    actor: Actor,
    source_key: str | None = None,
    sha256: str | None = None,
) -> CalibrationSetId:
    """Begin a set for the newest version of a rubric and return it. Raises NotFoundError for an unknown rubric."""
    with transaction() as session:
        rubric_id = newest_id(actor.institute_id, rubric_key)
        if rubric_id is None:
            raise NotFoundError
        made = _insert(session, rubric_key, rubric_id, sheet, actor)
        made.source_key, made.sha256 = source_key, sha256
        session.flush()
        return made.id


def revise(set_id: CalibrationSetId, sheet: SetSheet, *, actor: Actor) -> None:
    """Change what a draft says. Raises NotFoundError, SetPublishedError."""
    with transaction() as session:
        found = find_draft(session, set_id, actor)
        found.title, found.most_misses = sheet.title, sheet.most_misses
        found.least_exact, found.least_near = sheet.least_exact, sheet.least_near


def publish(set_id: CalibrationSetId, *, actor: Actor) -> None:
    """Let raters take a set; from now on it does not change. Published already, nothing happens.

    Raises NotFoundError, SetIncompleteError while a paper lacks a score, a reason or its content.
    """
    with transaction() as session:
        found = find_set(session, set_id, actor, lock=True)
        if not found.is_draft:
            return
        if problems_of(found):
            raise SetIncompleteError
        found.published_at = now()
        audit.record("calibration.published", actor=actor, subject=("calibration_set", set_id))


def retire(set_id: CalibrationSetId, *, actor: Actor) -> None:
    """Let nobody begin a set any more; who is at it may finish. Raises NotFoundError."""
    with transaction() as session:
        found = find_set(session, set_id, actor, lock=True)
        if found.is_in_use:
            found.retired_at = now()
            audit.record("calibration.retired", actor=actor, subject=("calibration_set", set_id))


def discard(set_id: CalibrationSetId, *, actor: Actor) -> None:
    """Throw a draft away with its papers. Raises NotFoundError, SetPublishedError."""
    with transaction() as session:
        found = find_draft(session, set_id, actor)
        papers = select(AnchorPaper.id).where(AnchorPaper.set_id == set_id)
        session.execute(delete(AnchorScore).where(AnchorScore.paper_id.in_(papers)))
        session.execute(delete(AnchorFile).where(AnchorFile.paper_id.in_(papers)))
        session.execute(delete(AnchorPaper).where(AnchorPaper.set_id == set_id))
        session.execute(delete(CalibrationMeeting).where(CalibrationMeeting.set_id == set_id))
        session.delete(found)
        audit.record("calibration.discarded", actor=actor, subject=("calibration_set", set_id))


def copy_set(set_id: CalibrationSetId, *, actor: Actor) -> CalibrationSetId:
    """Begin a new version of a set, for the newest version of its rubric, and return it. Raises NotFoundError.

    Scores go with the criteria of the same key; those of criteria that are no more are left behind.
    """
    with transaction() as session:
        old = find_set(session, set_id, actor)
        rubric_id = newest_id(actor.institute_id, old.rubric_key) or old.rubric_id
        sheet = SetSheet(old.title, old.least_exact, old.least_near, old.most_misses)
        made = _insert(session, old.rubric_key, rubric_id, sheet, actor)
        keys = _keys(session, old.rubric_id)
        new_ids = {key: criterion_id for criterion_id, key in _keys(session, rubric_id).items()}
        for paper in session.scalars(
            select(AnchorPaper).where(AnchorPaper.set_id == old.id).order_by(AnchorPaper.position)
        ).all():
            fresh = AnchorPaper(
                institute_id=paper.institute_id,
                set_id=made.id,
                position=paper.position,
                use=paper.use,
                text=paper.text,
                rationale=paper.rationale,
                submission_id=paper.submission_id,
            )
            session.add(fresh)
            session.flush()
            _copy_parts(session, paper, fresh.id, {old_id: new_ids.get(key) for old_id, key in keys.items()})
        return made.id


def _copy_parts(
    session: Session,
    paper: AnchorPaper,
    fresh: AnchorPaperId,
    criteria: Mapping[CriterionId, CriterionId | None],
) -> None:
    for file in session.scalars(select(AnchorFile).where(AnchorFile.paper_id == paper.id)).all():
        session.add(
            AnchorFile(
                paper_id=fresh, file_id=file.file_id, institute_id=file.institute_id, position=file.position
            )
        )
    for score in session.scalars(select(AnchorScore).where(AnchorScore.paper_id == paper.id)).all():
        criterion_id = criteria.get(score.criterion_id)
        if criterion_id is not None:
            session.add(
                AnchorScore(
                    paper_id=fresh, criterion_id=criterion_id, level=score.level, rationale=score.rationale
                )
            )


def _keys(session: Session, rubric_id: RubricId) -> dict[CriterionId, str]:
    rows = session.execute(select(Criterion.id, Criterion.key).where(Criterion.rubric_id == rubric_id))
    return {criterion_id: key for criterion_id, key in rows}  # noqa: C416  (a Row is no tuple to mypy)


def _insert(
    session: Session, rubric_key: str, rubric_id: RubricId, sheet: SetSheet, actor: Actor
) -> CalibrationSet:
    last = session.scalar(
        select(func.max(CalibrationSet.version)).where(
            CalibrationSet.institute_id == actor.institute_id, CalibrationSet.rubric_key == rubric_key
        )
    )
    made = CalibrationSet(
        institute_id=actor.institute_id,
        rubric_key=rubric_key,
        rubric_id=rubric_id,
        version=(last or 0) + 1,
        title=sheet.title,
        least_exact=sheet.least_exact,
        least_near=sheet.least_near,
        most_misses=sheet.most_misses,
        created_by=actor.person_id,
    )
    session.add(made)
    session.flush()
    audit.record("calibration.begun-set", actor=actor, subject=("calibration_set", made.id))
    return made
