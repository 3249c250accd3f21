"""What of a person's files is on its way to a place, for its page."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from institute.actors import Actor
from institute.clock import now
from institute.db import db
from institute.files.checking import refusal_of
from institute.files.uploads.models import Upload, UploadId, UploadState
from institute.files.uploads.owning import find_own
from institute.web.areas import current_actor


@dataclass(frozen=True, slots=True)
class WaitingUpload:
    """An upload as its page shows it; ``problem`` says what is wrong with the file."""

    id: UploadId
    name: str
    length: int
    received: int
    state: UploadState
    problem: str

    @property
    def is_ready(self) -> bool:
        """Whether a room can take it."""
        return self.state is UploadState.READY


def waiting(about: str, *, actor: Actor) -> list[WaitingUpload]:
    """Return a person's uploads to a place, the oldest first: those on their way, and those nobody took yet."""
    rows = db.session.scalars(
        select(Upload)
        .where(
            Upload.institute_id == actor.institute_id,
            Upload.person_id == actor.person_id,
            Upload.about == about,
            Upload.state.not_in([UploadState.CLAIMED, UploadState.REFUSED]),
            Upload.expires_at > now(),
        )
        .order_by(Upload.created_at, Upload.id)
    )
    return [_seen(row) for row in rows]


def waiting_here(about: str) -> list[WaitingUpload]:
    """Return the reader's own uploads to the place of this page, for templates."""
    return waiting(about, actor=current_actor())


def look_at(upload_id: str, *, actor: Actor) -> WaitingUpload:
    """Return how a person's own upload stands. Raises UploadUnknownError."""
    return _seen(find_own(upload_id, actor=actor))


def _seen(row: Upload) -> WaitingUpload:
    problem = refusal_of(row.refusal, name=row.name).text if row.refusal else ""
    return WaitingUpload(row.id, row.name, row.length, row.received, row.state, problem)
