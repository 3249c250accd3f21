"""Storing files: the bytes first and outside any transaction, then the row that refers to them."""

from __future__ import annotations

import io
from datetime import UTC, datetime, time, timedelta
from typing import BinaryIO, Final

from institute.actors import InstituteId, PersonId
from institute.clock import now
from institute.db import is_writing, transaction
from institute.errors import NotFoundError
from institute.files.models import CleanCopy, StoredFile, StoredFileId
from institute.files.naming import safe_name
from institute.files.storage import Blob, current_storage
from institute.jobs import outbox

SWEEP: Final = "files.sweep"


def store(
    data: BinaryIO | bytes,
    *,
    institute_id: InstituteId,
    name: str,
    media_type: str,
    owner_id: PersonId | None,
) -> StoredFileId:
    """Store a file and return the id of its row. Safe to repeat: the same bytes are kept once.

    For use cases that make a file and decide nothing else. Killed in between, it leaves bytes that nobody refers to.
    """
    blob = keep(data)
    with transaction():
        return record(blob, institute_id=institute_id, name=name, media_type=media_type, owner_id=owner_id)


def keep(data: BinaryIO | bytes) -> Blob:
    """Hash and write bytes; they are on the disk when this returns.

    Raises RuntimeError inside a transaction, which would keep everybody else waiting.
    """
    if is_writing():
        raise RuntimeError("files are written before a transaction, not in it")
    return current_storage().put(io.BytesIO(data) if isinstance(data, bytes) else data)


def record(
    blob: Blob, *, institute_id: InstituteId, name: str, media_type: str, owner_id: PersonId | None
) -> StoredFileId:
    """Insert the row that refers to bytes kept before, in the caller's transaction; return its id."""
    with transaction() as session:
        row = StoredFile(
            institute_id=institute_id,
            sha256=blob.sha256,
            size=blob.size,
            media_type=media_type,
            name=safe_name(name),
            owner_id=owner_id,
        )
        session.add(row)
        session.flush()
        return row.id


def forget(file_id: StoredFileId, *, institute_id: InstituteId) -> None:
    """Delete a file's row and its clean copy, in the caller's transaction. Bytes that nobody refers to go with a sweep.

    Raises NotFoundError if the institute has no such file.
    """
    with transaction() as session:
        row = session.get(StoredFile, file_id)
        if row is None or row.institute_id != institute_id:
            raise NotFoundError
        copy = session.get(CleanCopy, file_id)
        if copy is not None:
            clean = None if copy.clean_id is None else session.get_one(StoredFile, copy.clean_id)
            session.delete(copy)
            session.flush()
            if clean is not None:
                session.delete(clean)
        session.delete(row)
        session.flush()
        expect_sweep()


def expect_sweep() -> None:
    """Have the worker look for bytes without a row: one sweep for a whole day, when the youngest are a day old."""
    day = now().date()
    due = datetime.combine(day + timedelta(days=2), time(), tzinfo=UTC)
    outbox.put(kind=SWEEP, key=day.isoformat(), after=due)
