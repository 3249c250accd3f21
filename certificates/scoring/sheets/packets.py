"""What a task gives to read: what was submitted, or a paper whose scores are known, which looks the same."""

from __future__ import annotations

from sqlalchemy import ScalarSelect, func, select
from sqlalchemy.orm import aliased

from certificates.calibration.models import AnchorPaperId
from certificates.calibration.reading import packet_of
from certificates.evidence.models import Requirement, RequirementId, Submission, SubmissionId
from certificates.evidence.reading import EvidencePacket, PacketFile, neutral_file, packet
from certificates.evidence.states import SubmissionState
from certificates.scoring.models import ScoringTask
from institute.db import db
from institute.errors import NotFoundError
from institute.files import cleaning
from institute.files.models import StoredFile, StoredFileId
from institute.people.models import Person


def requirement_of_rubric() -> ScalarSelect[RequirementId | None]:
    """Return the requirement that a known paper is shown under: the first that its rubric's version scored."""
    other = aliased(ScoringTask)
    return (
        select(func.min(Submission.requirement_id))
        .join(other, other.submission_id == Submission.id)
        .where(other.rubric_id == ScoringTask.rubric_id)
        .correlate(ScoringTask)
        .scalar_subquery()
    )


def packet_for(task: ScoringTask) -> EvidencePacket:
    """Return what a rater reads for a task, without a name. Raises NotFoundError."""
    if task.submission_id is not None:
        return packet(SubmissionId(task.submission_id), institute_id=task.institute_id)
    row = db.session.execute(
        select(Requirement, Person.locale)
        .select_from(ScoringTask)
        .join(Requirement, Requirement.id == requirement_of_rubric())
        .join(Person, Person.id == ScoringTask.rater_id)
        .where(ScoringTask.id == task.id)
    ).one_or_none()
    if row is None:
        raise NotFoundError
    requirement, locale = row
    paper = packet_of(AnchorPaperId(task.anchor_id or 0), institute_id=task.institute_id)
    read = paper.text.shown(locale or paper.text.source) if paper.text else None
    return EvidencePacket(
        submission_id=SubmissionId(0),
        requirement_id=requirement.id,
        requirement_key=requirement.key,
        requirement_title=requirement.title,
        instructions=requirement.instructions,
        rubric_key=paper.rubric_key,
        attempt=1,
        state=SubmissionState.IN_SCORING,
        text=read.text if read else "",
        files=tuple(
            neutral_file(number, db.session.get_one(StoredFile, file.id))
            for number, file in enumerate(paper.files, start=1)
        ),
        submitted_at=task.created_at,
        language=read.locale if read else locale or "en",
    )


def is_hidden(task: ScoringTask) -> bool:
    """Tell whether a task's paper may be shown no more, because its author does not agree."""
    return (
        task.submission_id is None
        and packet_of(AnchorPaperId(task.anchor_id or 0), institute_id=task.institute_id).withdrawn
    )


def clean_file(task: ScoringTask, file_id: StoredFileId) -> tuple[PacketFile, StoredFile | None]:
    """Return a file of a task, and its copy that names nobody.

    The copy is None while the worker has not made it, or where consent was withdrawn. Raises NotFoundError.
    """
    for file in packet_for(task).files:
        if file.id == file_id:
            clean = None if file.withdrawn else cleaning.clean_of(file_id)
            return file, None if clean is None else db.session.get(StoredFile, clean)
    raise NotFoundError
