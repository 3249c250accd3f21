"""Saving a look as the newest of an institute, and finding it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import select

from certificates.documents.looks.look import Look, pictures_of, read_look, write_look
from certificates.documents.looks.models import DocumentLook, LookPreview
from institute import audit
from institute.actors import Actor, InstituteId
from institute.db import db, transaction
from institute.files import storing
from institute.files.models import StoredFileId
from institute.people.models import Institute


def save_look(look: Look, *, actor: Actor) -> None:
    """Let documents issued from now on look so. Nothing happens if they do already."""
    with transaction() as session:
        session.get_one(Institute, actor.institute_id, with_for_update={"key_share": True})
        newest = _newest(actor.institute_id)
        written = write_look(look)
        if (newest.document if newest else {}) == written:
            return
        added = DocumentLook(
            institute_id=actor.institute_id,
            version=newest.version + 1 if newest else 1,
            document=written,
            created_by=actor.person_id,
        )
        session.add(added)
        session.flush()
        audit.record(
            "look.saved",
            actor=actor,
            subject=("document_look", added.id),
            details={"version": added.version},
        )


def current(institute_id: InstituteId) -> Look:
    """Return how an institute's documents look now."""
    return read_look(frozen(institute_id))


def frozen(institute_id: InstituteId) -> dict[str, Any]:
    """Return the same as JSON, as an award keeps it."""
    newest = _newest(institute_id)
    return dict(newest.document) if newest is not None else {}


def forget_unused(pictures: Iterable[StoredFileId], *, institute_id: InstituteId) -> None:
    """Delete those pictures that no look names, neither one that was ever saved nor one that somebody tries.

    In the caller's transaction, once what named them before is gone.
    """
    unused = set(pictures)
    if not unused:
        return
    with transaction() as session:
        for table in (DocumentLook, LookPreview):
            written = session.scalars(select(table.document).where(table.institute_id == institute_id))
            unused.difference_update(*(pictures_of(read_look(one)) for one in written))
        for file_id in sorted(unused):
            storing.forget(file_id, institute_id=institute_id)


def _newest(institute_id: InstituteId) -> DocumentLook | None:
    return db.session.scalar(
        select(DocumentLook)
        .where(DocumentLook.institute_id == institute_id)
        .order_by(DocumentLook.version.desc())
        .limit(1)
    )
