"""Documents that waited for a key: wished for again at once when another key takes its place."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sqlalchemy import select

from certificates.awards.issuing.issuing import JOB_KIND
from certificates.awards.models import Award
from institute.db import db
from institute.jobs import outbox
from institute.keys.events import KeyRotated
from institute.keys.models import KeyPurpose


def wish_again(event: KeyRotated) -> None:
    """Wish for the document of every award of the institute that has none."""
    if event.purpose is not KeyPurpose.DOCUMENT:
        return
    waiting = select(Award.id).where(
        Award.institute_id == event.institute_id, Award.document_file_id.is_(None)
    )
    keys = [str(award_id) for award_id in db.session.scalars(waiting)]
    for some in _batches(keys):
        outbox.put_several(kind=JOB_KIND, keys=some)


def _batches(keys: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(keys), outbox.PUT_AT_ONCE):
        yield keys[start : start + outbox.PUT_AT_ONCE]
