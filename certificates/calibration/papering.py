"""The papers of a draft: added, written, scored with reasons, with files, taken out again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from certificates.calibration.building import find_draft
from certificates.calibration.errors import NotAgreedError, TooManyPapersError
from certificates.calibration.models import (
    MOST_FILES,
    MOST_PAPERS,
    AnchorConsent,
    AnchorFile,
    AnchorPaper,
    AnchorPaperId,
    AnchorScore,
    AnchorUse,
    CalibrationSetId,
    ConsentState,
)
from certificates.evidence.models import SubmissionId
from certificates.evidence.reading import packet
from certificates.rubrics.models import Criterion, CriterionId
from courses.media import sharing
from institute import audit
from institute.actors import Actor, InstituteId
from institute.db import db, transaction
from institute.errors import NotFoundError
from institute.files import cleaning
from institute.files.handing import KeptFile, take_new
from institute.files.models import StoredFile, StoredFileId
from institute.files.storing import record
from institute.i18n import Localised, current_locale


@dataclass(frozen=True, slots=True)
class PaperSheet:
    """What a lead says of a paper. ``scores`` are, by criterion, the known level and why, each None where not said."""

    use: AnchorUse
    text: Localised | None
    rationale: Localised | None
    scores: Mapping[CriterionId, tuple[int | None, Localised | None]]


def add_paper(
    set_id: CalibrationSetId,
    *,
    actor: Actor,
    submission_id: SubmissionId | None = None,
    use: AnchorUse = AnchorUse.CALIBRATION,
) -> AnchorPaperId:
    """Add an empty paper to a draft, or what somebody who agreed had handed in, without names; return it.

    Raises NotFoundError, SetPublishedError, TooManyPapersError, NotAgreedError.
    """
    with transaction() as session:
        find_draft(session, set_id, actor)
        count, last = session.execute(
            select(func.count(), func.max(AnchorPaper.position)).where(AnchorPaper.set_id == set_id)
        ).one()
        if count >= MOST_PAPERS:
            raise TooManyPapersError(most=MOST_PAPERS)
        paper = AnchorPaper(institute_id=actor.institute_id, set_id=set_id, position=(last or 0) + 1, use=use)
        if submission_id is not None:
            _refuse_without_consent(session, submission_id, actor.institute_id)
            paper.submission_id = submission_id
        session.add(paper)
        session.flush()
        if submission_id is not None:
            _fill(session, paper, submission_id)
        return paper.id


def write_paper(paper_id: AnchorPaperId, sheet: PaperSheet, *, actor: Actor) -> None:
    """Write a paper of a draft. Raises NotFoundError, also for a criterion of another rubric, SetPublishedError."""
    with transaction() as session:
        paper, criteria = _paper(session, paper_id, actor)
        if not set(sheet.scores) <= criteria:
            raise NotFoundError
        paper.use, paper.text, paper.rationale = sheet.use, sheet.text, sheet.rationale
        session.execute(delete(AnchorScore).where(AnchorScore.paper_id == paper_id))
        session.add_all(
            AnchorScore(paper_id=paper_id, criterion_id=criterion_id, level=level, rationale=why)
            for criterion_id, (level, why) in sheet.scores.items()
            if level is not None
        )


def remove_paper(paper_id: AnchorPaperId, *, actor: Actor) -> CalibrationSetId:
    """Take a paper out of a draft, and return the draft. Raises NotFoundError, SetPublishedError."""
    with transaction() as session:
        paper, _ = _paper(session, paper_id, actor)
        set_id = paper.set_id
        session.execute(delete(AnchorScore).where(AnchorScore.paper_id == paper_id))
        session.execute(delete(AnchorFile).where(AnchorFile.paper_id == paper_id))
        session.delete(paper)
        audit.record("calibration.paper-removed", actor=actor, subject=("calibration_set", set_id))
        return set_id


def add_files(paper_id: AnchorPaperId, kept: Sequence[KeptFile], *, actor: Actor) -> list[str]:
    """Add files to a paper of a draft; return a sentence for each that finds no room.

    Raises NotFoundError, SetPublishedError.
    """
    with transaction() as session:
        _paper(session, paper_id, actor)
        there = files_there(paper_id)
        taken, sentences = take_new(kept, there, most=MOST_FILES)
        last = session.scalar(select(func.max(AnchorFile.position)).where(AnchorFile.paper_id == paper_id))
        for position, file in enumerate(taken, start=(last or 0) + 1):
            file_id = record(
                file.blob,
                institute_id=actor.institute_id,
                name=file.checked.name,
                media_type=file.checked.media_type,
                owner_id=actor.person_id,
            )
            _attach(session, paper_id, file_id, actor.institute_id, position)
        return sentences


def remove_file(paper_id: AnchorPaperId, file_id: StoredFileId, *, actor: Actor) -> None:
    """Take a file out of a paper of a draft; other versions of the set may still hold it.

    Raises NotFoundError, SetPublishedError.
    """
    with transaction() as session:
        _paper(session, paper_id, actor)
        held = session.get(AnchorFile, (paper_id, file_id))
        if held is None:
            raise NotFoundError
        session.delete(held)


def files_there(paper_id: AnchorPaperId) -> list[StoredFile]:
    """Return the files of a paper in order."""
    return list(
        db.session.scalars(
            select(StoredFile)
            .join(AnchorFile, AnchorFile.file_id == StoredFile.id)
            .where(AnchorFile.paper_id == paper_id)
            .order_by(AnchorFile.position)
        )
    )


def find_paper(session: Session, paper_id: AnchorPaperId, actor: Actor) -> AnchorPaper:
    """Return a paper of the actor's institute. Raises NotFoundError."""
    found = session.scalar(
        select(AnchorPaper).where(AnchorPaper.id == paper_id, AnchorPaper.institute_id == actor.institute_id)
    )
    if found is None:
        raise NotFoundError
    return found


def _paper(session: Session, paper_id: AnchorPaperId, actor: Actor) -> tuple[AnchorPaper, set[CriterionId]]:
    paper = find_paper(session, paper_id, actor)
    draft = find_draft(session, paper.set_id, actor)
    criteria = session.scalars(select(Criterion.id).where(Criterion.rubric_id == draft.rubric_id))
    return paper, set(criteria)


def _refuse_without_consent(session: Session, submission_id: SubmissionId, institute_id: InstituteId) -> None:
    state = session.scalar(
        select(AnchorConsent.state).where(
            AnchorConsent.submission_id == submission_id, AnchorConsent.institute_id == institute_id
        )
    )
    if state is not ConsentState.AGREED:
        raise NotAgreedError


def _fill(session: Session, paper: AnchorPaper, submission_id: SubmissionId) -> None:
    """Take over text and files as blind raters read them; files without a clean copy are left out."""
    evidence = packet(submission_id, institute_id=paper.institute_id)
    if evidence.text.strip():
        language = getattr(evidence, "language", None) or current_locale()
        paper.text = Localised.of({language: evidence.text}, source=language)
    position = 0
    for file in evidence.files:
        clean = cleaning.clean_of(file.id)
        if clean is None or not sharing.shareable(file.id, institute_id=paper.institute_id, training=True):
            continue
        position += 1
        _attach(session, paper.id, clean, paper.institute_id, position)


def _attach(
    session: Session,
    paper_id: AnchorPaperId,
    file_id: StoredFileId,
    institute_id: InstituteId,
    position: int,
) -> None:
    session.add(AnchorFile(paper_id=paper_id, file_id=file_id, institute_id=institute_id, position=position))
    session.flush()


def file_of(paper_id: AnchorPaperId, file_id: StoredFileId, *, actor: Actor) -> str:
    """Return the name of a file of a paper of the actor's institute. Raises NotFoundError."""
    find_paper(db.session(), paper_id, actor)
    for file in files_there(paper_id):
        if file.id == file_id:
            return file.name
    raise NotFoundError
