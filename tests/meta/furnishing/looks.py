"""A page to look at that a worker has made."""

from __future__ import annotations

from certificates.documents.looks.models import LookPreview
from institute.clock import now
from institute.db import transaction
from institute.files import storing
from tests.meta.furnishing.room import Room

FORM = {"template": "modern", "primary": "#0b4f6c"}


def furnish(room: Room) -> dict[str, object]:
    """Let there be a preview of somebody's."""
    files = {"pdf": storing.keep(b"%PDF-1.7 a page"), "png": storing.keep(b"a page")}
    with transaction() as session:
        ids = {
            kind: storing.record(
                blob,
                institute_id=room.institute_id,
                name=f"page.{kind}",
                media_type="image/png" if kind == "png" else "application/pdf",
                owner_id=None,
            )
            for kind, blob in files.items()
        }
        preview = LookPreview(
            institute_id=room.institute_id,
            person_id=room.people["grace"],
            locale="en",
            document={},
            made_at=now(),
            file_id=ids["pdf"],
            picture_id=ids["png"],
        )
        session.add(preview)
        session.flush()
        return {"look_preview_id": preview.id}
