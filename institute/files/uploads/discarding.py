"""Giving uploads up: by who sent them, or because nobody came back for a week."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select

from institute.actors import Actor
from institute.clock import now
from institute.db import db, transaction
from institute.files.storing import forget
from institute.files.uploads import pieces
from institute.files.uploads.models import Upload, UploadId
from institute.files.uploads.owning import find_own


def discard(upload_id: str, *, actor: Actor) -> None:
    """Remove an upload and its bytes. A file that a room has taken stays there.

    Raises UploadUnknownError (also for another person's).
    """
    _remove(find_own(upload_id, actor=actor).id)


def discard_expired(_day: date) -> None:
    """Remove what has waited too long, and bytes without a row; for once a day."""
    due = db.session.scalars(select(Upload.id).where(Upload.expires_at <= now())).all()
    for upload_id in due:
        _remove(upload_id)
    for upload_id in pieces.left_alone():
        if db.session.get(Upload, upload_id) is None:
            pieces.drop(upload_id)


def _remove(upload_id: UploadId) -> None:
    """Remove the row, then the bytes: killed in between, the daily look finds them."""
    with transaction() as session:
        row = session.get(Upload, upload_id, with_for_update=True)
        if row is not None:
            institute_id, file_id = row.institute_id, row.file_id
            session.delete(row)
            session.flush()
            if file_id is not None:
                forget(file_id, institute_id=institute_id)
    pieces.drop(upload_id)
