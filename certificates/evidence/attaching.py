"""The files of a draft: rows that refer to bytes kept before."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from certificates.evidence.models import Requirement, Submission, SubmissionFile
from certificates.evidence.uploading import Handed
from courses.media import clips, sharing
from courses.media.errors import ClipRefusedError
from institute.actors import Actor
from institute.clock import now
from institute.files.checking import CheckedFile
from institute.files.handing import KeptFile, take_new
from institute.files.kinds import DOCUMENTS, MEDIA
from institute.files.models import StoredFile, StoredFileId
from institute.files.storage import Blob
from institute.files.storing import forget, record
from institute.files.uploads.claiming import claim_new


def files_of(submission: Submission, session: Session) -> list[tuple[SubmissionFile, StoredFile]]:
    """Return the files of a submission, in order."""
    rows = session.execute(
        select(SubmissionFile, StoredFile)
        .join(StoredFile, StoredFile.id == SubmissionFile.file_id)
        .where(SubmissionFile.submission_id == submission.id)
        .order_by(SubmissionFile.position)
    )
    return [(place, file) for place, file in rows]


def add_files(
    draft: Submission, requirement: Requirement, handed: Handed, *, actor: Actor, session: Session
) -> list[str]:
    """Attach files as far as there is room, leaving out what is there already; return what is wrong with the rest."""
    most, there = requirement.most_files, [file for _, file in files_of(draft, session)]
    taken, problems = take_new(handed.kept, there, most=most)
    added = [_record(draft, file) for file in taken]
    if handed.uploads:
        there += [session.get_one(StoredFile, file_id) for file_id in added]
        kinds = DOCUMENTS | MEDIA if requirement.takes_media else DOCUMENTS
        arrived, wrong = claim_new(handed.uploads, there, actor=actor, most=most, kinds=kinds)
        added, problems = [*added, *arrived], [*problems, *wrong]
    for file_id in added:
        problems += _attach(draft, file_id, actor=actor, session=session)
    return problems


def copy_files(source: Submission, draft: Submission, *, session: Session) -> None:
    """Give a draft the files of another submission: rows of its own for the same bytes."""
    for place, file in files_of(source, session):
        kept = KeptFile(CheckedFile(file.name, file.media_type), Blob(file.sha256, file.size))
        _place(draft, _record(draft, kept), position=place.position, session=session)


def withheld(files: Iterable[StoredFile]) -> list[str]:
    """Return the names of the files that cannot be shown: somebody shown in them has not agreed, or does no more."""
    return [one.name for one in files if not sharing.shareable(one.id, institute_id=one.institute_id)]


def _attach(draft: Submission, file_id: StoredFileId, *, actor: Actor, session: Session) -> list[str]:
    """Put a file last into a draft; film and sound become clips, where their owner names who is shown."""
    file = session.get_one(StoredFile, file_id)
    if sharing.is_recording(file.media_type):
        try:
            clips.receive(file, draft.enrolment_id, actor=actor)
        except ClipRefusedError as error:
            forget(file_id, institute_id=draft.institute_id)
            return [error.text]
    last = session.scalar(
        select(func.max(SubmissionFile.position)).where(SubmissionFile.submission_id == draft.id)
    )
    _place(draft, file_id, position=(last or 0) + 1, session=session)
    draft.saved_at = now()
    return []


def _record(draft: Submission, file: KeptFile) -> StoredFileId:
    return record(
        file.blob,
        institute_id=draft.institute_id,
        name=file.checked.name,
        media_type=file.checked.media_type,
        owner_id=draft.author_id,
    )


def _place(draft: Submission, file_id: StoredFileId, *, position: int, session: Session) -> None:
    session.add(
        SubmissionFile(
            submission_id=draft.id, file_id=file_id, institute_id=draft.institute_id, position=position
        )
    )
    session.flush()
