"""Reading what was submitted, without its author's name: what a scorer is shown."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import PurePath

from sqlalchemy import select

from certificates.evidence.models import (
    Requirement,
    RequirementId,
    Submission,
    SubmissionFile,
    SubmissionId,
)
from certificates.evidence.states import SubmissionState
from institute.actors import InstituteId
from institute.db import db
from institute.errors import NotFoundError
from institute.files.models import StoredFile, StoredFileId
from institute.i18n import Localised


@dataclass(frozen=True, slots=True)
class PacketFile:
    """A file of a packet. ``name`` is a neutral one ("file-1.pdf"): authors put their names into file names."""

    id: StoredFileId
    name: str
    size: int
    media_type: str


@dataclass(frozen=True, slots=True)
class EvidencePacket:
    """One attempt as it was submitted. Nothing in it says whose it is, unless the author wrote it there."""

    submission_id: SubmissionId
    requirement_id: RequirementId
    requirement_key: str
    requirement_title: Localised
    instructions: Localised
    rubric_key: str | None
    attempt: int
    state: SubmissionState
    text: str
    files: tuple[PacketFile, ...]
    submitted_at: datetime


def packet(submission_id: SubmissionId, *, institute_id: InstituteId) -> EvidencePacket:
    """Return what was submitted. Raises NotFoundError if there is none in the institute, or only a draft."""
    row = db.session.execute(
        select(Submission, Requirement)
        .join(Requirement, Requirement.id == Submission.requirement_id)
        .where(
            Submission.id == submission_id,
            Submission.institute_id == institute_id,
            Submission.state != SubmissionState.DRAFT,
        )
    ).one_or_none()
    if row is None:
        raise NotFoundError
    submission, requirement = row
    assert submission.submitted_at is not None  # noqa: S101  (the table says so)
    return EvidencePacket(
        submission_id=submission.id,
        requirement_id=requirement.id,
        requirement_key=requirement.key,
        requirement_title=requirement.title,
        instructions=requirement.instructions,
        rubric_key=requirement.rubric_key,
        attempt=submission.attempt,
        state=submission.state,
        text=submission.text,
        files=_files(submission.id),
        submitted_at=submission.submitted_at,
    )


def packet_file(
    submission_id: SubmissionId, file_id: StoredFileId, *, institute_id: InstituteId
) -> PacketFile:
    """Return a file of what was submitted, under its neutral name. Raises NotFoundError."""
    found = packet(submission_id, institute_id=institute_id).files
    for file in found:
        if file.id == file_id:
            return file
    raise NotFoundError


def _files(submission_id: SubmissionId) -> tuple[PacketFile, ...]:
    rows = db.session.scalars(
        select(StoredFile)
        .join(SubmissionFile, SubmissionFile.file_id == StoredFile.id)
        .where(SubmissionFile.submission_id == submission_id)
        .order_by(SubmissionFile.position)
    )
    return tuple(
        PacketFile(file.id, f"file-{number}{PurePath(file.name).suffix.lower()}", file.size, file.media_type)
        for number, file in enumerate(rows, start=1)
    )
