"""Finishing an upload: its bytes are looked at, and stored as a file or refused with a reason that stays with it."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from sqlalchemy import select

from institute.clock import now
from institute.db import transaction
from institute.files.checking import CheckedFile, FileIncompleteError, FileRefusedError, check
from institute.files.storage import Blob
from institute.files.storing import record
from institute.files.uploads import pieces
from institute.files.uploads.beginning import expiry
from institute.files.uploads.models import Upload, UploadId, UploadState
from institute.files.uploads.offers import LARGEST_MEDIUM, kinds_of
from institute.jobs import outbox
from institute.jobs.outbox import LeasedJob
from institute.jobs.worker import Done, Outcome

FINISH: Final = "uploads.finish"
SOON: Final = timedelta(seconds=30)
"""After which the worker finishes what the request that brought the last piece did not, since it was killed."""


def expect_finish(upload_id: UploadId) -> None:
    """Have the worker finish an upload, if nobody has until then. Call it in a transaction."""
    outbox.put(kind=FINISH, key=upload_id, after=now() + SOON)


def finish(upload_id: UploadId) -> UploadState | None:
    """Check a whole upload by what is in it and store it, or write down why not. Safe to repeat.

    Returns its state, None if there is none such. Call it outside any transaction.
    """
    with transaction(durable=False) as session:  # over before the file is looked at
        row = session.get(Upload, upload_id)
        if row is None or row.state is not UploadState.WHOLE:
            return None if row is None else row.state
        name, kinds = row.name, kinds_of(row.kinds)
    blob: Blob | None = None
    checked: CheckedFile | None = None
    refusal = ""
    with pieces.held(upload_id) as data:
        if _state(upload_id) is not UploadState.WHOLE:  # somebody finished it while we waited
            return _state(upload_id)
        try:
            checked = check(data, name=name, kinds=kinds, largest=LARGEST_MEDIUM)
            blob = pieces.keep_whole(upload_id)
        except FileRefusedError as error:
            refusal = error.code
        state = _settle(upload_id, checked, blob, refusal)
    pieces.drop(upload_id)
    return state


def _state(upload_id: UploadId) -> UploadState | None:
    with transaction(durable=False) as session:
        return session.scalar(select(Upload.state).where(Upload.id == upload_id))


def finish_when_due(job: LeasedJob) -> Outcome:
    """Do what the outbox asked for."""
    finish(UploadId(job.key))
    return Done()


def _settle(
    upload_id: UploadId, checked: CheckedFile | None, blob: Blob | None, refusal: str
) -> UploadState | None:
    with transaction() as session:
        row = session.get(Upload, upload_id, with_for_update=True)
        if row is None or row.state is not UploadState.WHOLE:
            return None if row is None else row.state
        if checked is None or blob is None or blob.size != row.length:
            row.state, row.refusal = UploadState.REFUSED, refusal or FileIncompleteError.code
        else:
            row.file_id = record(
                blob,
                institute_id=row.institute_id,
                name=checked.name,
                media_type=checked.media_type,
                owner_id=row.person_id,
            )
            row.name, row.state = checked.name, UploadState.READY
        row.expires_at = expiry()
        return row.state
