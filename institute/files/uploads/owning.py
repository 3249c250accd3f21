"""Whose an upload is: nobody else's door leads to it."""

from __future__ import annotations

import re
from typing import Final

from sqlalchemy import select

from institute.actors import Actor
from institute.clock import now
from institute.db import db
from institute.files.uploads.errors import UploadUnknownError
from institute.files.uploads.models import Upload

_ID: Final = re.compile(r"[A-Za-z0-9_-]{22}\Z")


def find_own(upload_id: str, *, actor: Actor, lock: bool = False) -> Upload:
    """Return a person's own upload that has not waited too long; with ``lock`` nobody else changes it meanwhile.

    Raises UploadUnknownError.
    """
    if not _ID.match(upload_id):
        raise UploadUnknownError
    own = select(Upload).where(
        Upload.id == upload_id,
        Upload.institute_id == actor.institute_id,
        Upload.person_id == actor.person_id,
        Upload.expires_at > now(),
    )
    row = db.session.scalars(own.with_for_update() if lock else own).one_or_none()
    if row is None:
        raise UploadUnknownError
    return row
