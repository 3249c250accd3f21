"""Clean copies of files: what a reader gets who must not learn who made them.

``wish`` for one in the transaction that makes a file worth reading blind; the worker writes it, under a name that says
the kind alone; ``clean_of`` finds it. What cannot be cleaned is shown to nobody blind: there is no copy then, ever.
"""

from __future__ import annotations

import tempfile
from datetime import timedelta
from typing import BinaryIO, Final, cast

from flask import current_app

from institute.clock import now
from institute.db import db, transaction
from institute.files.cleaners.choosing import clean, plain_name
from institute.files.cleaners.faults import UncleanError
from institute.files.models import CleanCopy, CleanState, StoredFile, StoredFileId
from institute.files.storage import Blob, current_storage
from institute.files.storing import expect_sweep, keep, record
from institute.jobs import outbox
from institute.jobs.outbox import LeasedJob
from institute.jobs.worker import Dead, Done, Outcome, RetryPolicy

KIND: Final = "files.clean"
RETRY: Final = RetryPolicy(first=timedelta(seconds=5), most_attempts=5)
_IN_MEMORY: Final = 8 * 1024 * 1024


def wish(file_id: StoredFileId) -> None:
    """Have the worker make a clean copy, in the caller's transaction. Safe to repeat."""
    with transaction() as session:
        file = session.get_one(StoredFile, file_id)
        if session.get(CleanCopy, file_id) is None:
            session.add(CleanCopy(file_id=file_id, institute_id=file.institute_id))
            session.flush()
            outbox.put(kind=KIND, key=str(file_id))


def clean_of(file_id: StoredFileId) -> StoredFileId | None:
    """Return the clean copy of a file; None while there is none, and where it cannot be made."""
    copy = db.session.get(CleanCopy, file_id)
    return None if copy is None else copy.clean_id


def state_of(file_id: StoredFileId) -> CleanState | None:
    """Return how far a file's clean copy is; None where nobody wished for one."""
    copy = db.session.get(CleanCopy, file_id)
    return None if copy is None else copy.state


def clean_copy(file_id: StoredFileId) -> StoredFileId | None:
    """Make the clean copy that was wished for, unless it is there; return it, None where the file cannot be cleaned.

    Call it in the worker, outside any transaction.
    """
    with transaction(durable=False) as session:  # over before the file is read
        file, copy = session.get(StoredFile, file_id), session.get(CleanCopy, file_id)
        if file is None or copy is None or copy.state is not CleanState.WISHED:
            return None if copy is None else copy.clean_id
        sha256, media_type = file.sha256, file.media_type
    blob = _clean(sha256, media_type)
    with transaction() as session:
        copy = session.get(CleanCopy, file_id, with_for_update=True)
        if copy is None:  # the file went meanwhile
            expect_sweep()
            return None
        if blob is not None and copy.clean_id is None:
            copy.clean_id = record(
                blob,
                institute_id=copy.institute_id,
                name=plain_name(media_type),
                media_type=media_type,
                owner_id=None,
            )
        copy.state = CleanState.MADE if copy.clean_id is not None else CleanState.FAILED
        copy.settled_at = now()
        return copy.clean_id


def clean_when_due(job: LeasedJob) -> Outcome:
    """Do what the outbox asked for; what cannot be cleaned waits for a person to look."""
    file_id = StoredFileId(int(job.key))
    clean_copy(file_id)
    return Dead("not-cleanable") if state_of(file_id) is CleanState.FAILED else Done()


def _clean(sha256: str, media_type: str) -> Blob | None:
    """Write the clean bytes of a stored file; None where that cannot be done."""
    with (
        current_storage().open(sha256) as source,
        tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY) as target,
    ):
        data = cast("BinaryIO", target)
        try:
            clean(source, data, media_type)
        except UncleanError as error:
            current_app.logger.warning("no clean copy of %s: %s", sha256, error)
            return None
        data.seek(0)
        return keep(data)
