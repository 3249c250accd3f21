"""The files of a draft: rows that refer to bytes kept before."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from certificates.evidence.models import Submission, SubmissionFile
from certificates.evidence.uploading import KeptFile
from institute.clock import now
from institute.files.checking import CheckedFile
from institute.files.models import StoredFile
from institute.files.storage import Blob
from institute.files.storing import expect_sweep, record
from institute.i18n import ngettext


def files_of(submission: Submission, session: Session) -> list[tuple[SubmissionFile, StoredFile]]:
    """Return the files of a submission, in order."""
    rows = session.execute(
        select(SubmissionFile, StoredFile)
        .join(StoredFile, StoredFile.id == SubmissionFile.file_id)
        .where(SubmissionFile.submission_id == submission.id)
        .order_by(SubmissionFile.position)
    )
    return [(place, file) for place, file in rows]


def add_files(draft: Submission, kept: tuple[KeptFile, ...], *, most: int, session: Session) -> list[str]:
    """Attach files as far as there is room, leaving out what is there already; return what is wrong with the rest."""
    there = files_of(draft, session)
    known = {(file.sha256, file.name) for _, file in there}
    position = max((place.position for place, _ in there), default=0)
    problems = []
    for file in kept:
        same = (file.blob.sha256, file.checked.name)
        if same in known:
            continue
        if len(known) >= most:
            problems.append(_no_room(file.checked.name, most))
            expect_sweep()
            continue
        position += 1
        known.add(same)
        attach(draft, file, position=position, session=session)
        draft.saved_at = now()
    return problems


def copy_files(source: Submission, draft: Submission, *, session: Session) -> None:
    """Give a draft the files of another submission: rows of its own for the same bytes."""
    for place, file in files_of(source, session):
        kept = KeptFile(CheckedFile(file.name, file.media_type), Blob(file.sha256, file.size))
        attach(draft, kept, position=place.position, session=session)


def attach(draft: Submission, file: KeptFile, *, position: int, session: Session) -> None:
    """Insert the two rows of a file."""
    file_id = record(
        file.blob,
        institute_id=draft.institute_id,
        name=file.checked.name,
        media_type=file.checked.media_type,
        owner_id=draft.person_id,
    )
    session.add(
        SubmissionFile(
            submission_id=draft.id, file_id=file_id, institute_id=draft.institute_id, position=position
        )
    )
    session.flush()


def _no_room(name: str, most: int) -> str:
    return ngettext(
        "“%(file)s” was not added: there is room for %(num)s file. Remove it first.",
        "“%(file)s” was not added: there is room for %(num)s files. Remove one first.",
        most,
        file=f"\u2068{name}\u2069",
    )
