"""Beginning an upload: what is too large, or too much, is told before the first byte travels."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from institute.actors import Actor
from institute.clock import now
from institute.db import transaction
from institute.errors import DeniedError
from institute.files.checking import FileEmptyError
from institute.files.naming import safe_name
from institute.files.uploads import pieces
from institute.files.uploads.errors import UploadNoRoomError, UploadsFullError, UploadTooLargeError
from institute.files.uploads.models import Upload, UploadId, UploadState
from institute.files.uploads.offers import LARGEST_MEDIUM, Offer

KEPT_FOR: Final = timedelta(days=7)
"""How long an upload waits for its next piece, and then for the room that takes it."""
MOST_BYTES: Final = 5 * LARGEST_MEDIUM
"""How much one person may have on its way or waiting."""
MOST_FILES: Final = 40
_OPEN: Final = (UploadState.ARRIVING, UploadState.WHOLE, UploadState.READY)


def begin(*, name: str, length: int, offer: Offer, actor: Actor) -> UploadId:
    """Make an upload of ``length`` bytes and return its id.

    Raises FileEmptyError, UploadTooLargeError, UploadsFullError, UploadNoRoomError, or DeniedError for a
    session that is nobody's.
    """
    if actor.person_id is None:
        raise DeniedError
    name = safe_name(name)
    shown = f"\u2068{name}\u2069"
    if not length:
        raise FileEmptyError(file=shown)
    if length > offer.largest:
        raise UploadTooLargeError(file=shown, most=offer.largest // (1024 * 1024))
    if not pieces.has_room(length):
        raise UploadNoRoomError
    with transaction() as session:
        files, size = _open(actor, session)
        if files >= MOST_FILES or size + length > MOST_BYTES:
            raise UploadsFullError
        row = Upload(
            id=UploadId(secrets.token_urlsafe(16)),
            institute_id=actor.institute_id,
            person_id=actor.person_id,
            name=name,
            about=offer.about,
            kinds=" ".join(sorted(kind.name for kind in offer.kinds)),
            length=length,
            expires_at=expiry(),
        )
        session.add(row)
        session.flush()
        return row.id


def expiry() -> datetime:
    """Return until when an upload waits that moves now."""
    return now() + KEPT_FOR


def _open(actor: Actor, session: Session) -> tuple[int, int]:
    """Return how many uploads of a person are on their way or waiting, and how large they are together."""
    count, size = session.execute(
        select(func.count(), func.coalesce(func.sum(Upload.length), 0)).where(
            Upload.institute_id == actor.institute_id,
            Upload.person_id == actor.person_id,
            Upload.state.in_(_OPEN),
            Upload.expires_at > now(),
        )
    ).one()
    return count, int(size)
