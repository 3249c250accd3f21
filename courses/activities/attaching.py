"""The files of a work: rows that refer to bytes kept before."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from courses.activities.models import MOST_FILES, Work, WorkFile, WorkId
from institute.actors import PersonId
from institute.errors import NotFoundError
from institute.files.handing import KeptFile, take_new
from institute.files.models import StoredFile, StoredFileId
from institute.files.storing import forget, record


def files_of(work_id: WorkId, session: Session) -> list[tuple[WorkFile, StoredFile]]:
    """Return the files of a work, in order."""
    rows = session.execute(
        select(WorkFile, StoredFile)
        .join(StoredFile, StoredFile.id == WorkFile.file_id)
        .where(WorkFile.work_id == work_id)
        .order_by(WorkFile.position)
    )
    return [(place, file) for place, file in rows]


def add_files(work: Work, kept: tuple[KeptFile, ...], *, owner_id: PersonId, session: Session) -> list[str]:
    """Attach files as far as there is room, leaving out what is there already; return what is wrong with the rest."""
    there = files_of(work.id, session)
    taken, problems = take_new(kept, [file for _, file in there], most=MOST_FILES)
    last = max((place.position for place, _ in there), default=0)
    for position, file in enumerate(taken, start=last + 1):
        file_id = record(
            file.blob,
            institute_id=work.institute_id,
            name=file.checked.name,
            media_type=file.checked.media_type,
            owner_id=owner_id,
        )
        session.add(
            WorkFile(work_id=work.id, file_id=file_id, institute_id=work.institute_id, position=position)
        )
        session.flush()
    return problems


def drop_file(work: Work, file_id: StoredFileId, *, session: Session) -> None:
    """Take a file out of a work; its bytes go with a sweep. Raises NotFoundError if it has no such file."""
    row = session.get(WorkFile, (work.id, file_id))
    if row is None:
        raise NotFoundError
    session.delete(row)
    session.flush()
    forget(file_id, institute_id=work.institute_id)
