"""What the evidence's routes name: a requirement of the institute, and a file of Lucía's draft for it."""

from __future__ import annotations

import io

from sqlalchemy import select

from certificates.evidence.drafting import save_draft
from certificates.evidence.models import Requirement, SubmissionFile
from certificates.evidence.uploading import digest_of, take_in
from certificates.levels.models import Level
from institute.actors import Role
from institute.db import db, transaction
from institute.i18n import Localised
from tests.meta.furnishing.room import Room

FORM = {"text": "What I learnt.", "_base": digest_of("")}


def furnish(room: Room) -> dict[str, object]:
    """Ask for one more piece of evidence, under a key that no other institute has, and begin it."""
    key = f"essay-{room.institute_id}"
    with transaction() as session:
        level_id = session.scalars(
            select(Level.id).where(Level.institute_id == room.institute_id).order_by(Level.position)
        ).first()
        assert level_id is not None
        session.add(
            Requirement(
                institute_id=room.institute_id,
                level_id=level_id,
                key=key,
                position=99,
                title=Localised.of({"en": "Essay"}),
                instructions=Localised.of({"en": "Write it."}),
                most_files=2,
                wants_text=True,
                scored=False,
            )
        )
    return {"requirement_key": key, "evidence_file_id": _begun(room, key)}


def _begun(room: Room, key: str) -> int:
    from_a_form = take_in("", digest_of(""), [("notes.txt", io.BytesIO(b"Notes"))])
    save_draft(key, from_a_form, actor=room.actor("lucia", Role.PARTICIPANT))
    newest = db.session.scalars(
        select(SubmissionFile.file_id).order_by(SubmissionFile.file_id.desc())
    ).first()
    assert newest is not None
    return newest
