"""Reading a paper: what a rater is shown of it, with nothing that says whose it was or what is known of it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePath

from sqlalchemy import select

from certificates.calibration.models import (
    AnchorFile,
    AnchorPaper,
    AnchorPaperId,
    AnchorScore,
    CalibrationSet,
)
from certificates.calibration.shown import is_shown
from certificates.rubrics.models import CriterionId, RubricId
from institute.actors import InstituteId
from institute.db import db
from institute.errors import NotFoundError
from institute.files.models import StoredFile, StoredFileId
from institute.i18n import Localised


@dataclass(frozen=True, slots=True)
class AnchorPacketFile:
    """A file of a paper under a neutral name ("file-1.pdf")."""

    id: StoredFileId
    name: str
    size: int
    media_type: str


@dataclass(frozen=True, slots=True)
class AnchorPacket:
    """A paper as a rater reads it. ``withdrawn`` is one whose author agrees no more: nothing of it is shown."""

    paper_id: AnchorPaperId
    rubric_id: RubricId
    rubric_key: str
    text: Localised | None
    files: tuple[AnchorPacketFile, ...]
    withdrawn: bool


def packet_of(paper_id: AnchorPaperId, *, institute_id: InstituteId) -> AnchorPacket:
    """Return a paper as a rater reads it, in a seeded task or an attempt. Raises NotFoundError."""
    row = db.session.execute(
        select(AnchorPaper, CalibrationSet, is_shown())
        .join(CalibrationSet, CalibrationSet.id == AnchorPaper.set_id)
        .where(AnchorPaper.id == paper_id, AnchorPaper.institute_id == institute_id)
    ).one_or_none()
    if row is None:
        raise NotFoundError
    paper: AnchorPaper = row[0]
    chosen: CalibrationSet = row[1]
    shown = bool(row[2])
    return AnchorPacket(
        paper_id=paper.id,
        rubric_id=chosen.rubric_id,
        rubric_key=chosen.rubric_key,
        text=paper.text if shown else None,
        files=files_of(paper.id) if shown else (),
        withdrawn=not shown,
    )


def files_of(paper_id: AnchorPaperId) -> tuple[AnchorPacketFile, ...]:
    """Return the files of a paper under neutral names, in order."""
    rows = db.session.scalars(
        select(StoredFile)
        .join(AnchorFile, AnchorFile.file_id == StoredFile.id)
        .where(AnchorFile.paper_id == paper_id)
        .order_by(AnchorFile.position)
    )
    return tuple(
        AnchorPacketFile(
            file.id, f"file-{number}{PurePath(file.name).suffix.lower()}", file.size, file.media_type
        )
        for number, file in enumerate(rows, start=1)
    )


def packet_file(
    paper_id: AnchorPaperId, file_id: StoredFileId, *, institute_id: InstituteId
) -> AnchorPacketFile:
    """Return a file of a paper that may be shown. Raises NotFoundError."""
    for file in packet_of(paper_id, institute_id=institute_id).files:
        if file.id == file_id:
            return file
    raise NotFoundError


def known_scores(paper_id: AnchorPaperId) -> dict[CriterionId, int]:
    """Return the known level of each criterion of a paper."""
    rows = db.session.execute(
        select(AnchorScore.criterion_id, AnchorScore.level).where(AnchorScore.paper_id == paper_id)
    )
    return {criterion_id: level for criterion_id, level in rows}  # noqa: C416  (a Row is no tuple to mypy)
