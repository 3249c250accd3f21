"""What the evidence's routes name: a requirement of each owner with a draft for Lucía, and a tool outside."""

from __future__ import annotations

import io
from typing import Any

from sqlalchemy import select

from certificates.evidence.drafting import save_draft
from certificates.evidence.hands import OWN, Hands
from certificates.evidence.models import (
    Owner,
    Requirement,
    RequirementKind,
    SubmissionFile,
    SubmissionItem,
)
from certificates.evidence.tool_models import ToolSeat, ToolSlot
from certificates.evidence.uploading import digest_of, take_in
from certificates.levels.models import Level
from courses.catalogue.models import Programme
from institute.actors import Actor, Role
from institute.db import db, transaction
from institute.i18n import Localised
from tests.meta.furnishing.room import Room

FORM = {"text": "What I learnt.", "_base": digest_of("")}
LINK = {"link_url": "https://example.org/", "link_title": "A page"}


def furnish(room: Room) -> dict[str, object]:
    """Ask for more evidence, under keys that no other institute has, and begin it; hold a licence of a tool."""
    keys = {owner: f"{owner}-{room.institute_id}" for owner in Owner}
    talk = f"talk-{room.institute_id}"
    for owner, key in keys.items():
        _ask(room, key, owner=owner)
    asked_id = _ask(room, talk, kind=RequirementKind.PRESENTATION)
    found: dict[str, object] = {"asked_id": asked_id, "presentation_key": talk, **_tool(room)}
    writers = {
        Owner.CANDIDATE: (OWN, room.actor("lucia", Role.PARTICIPANT)),
        Owner.COACH: (Hands(Owner.COACH, room.enrolment_id), room.actor("amina", Role.COACH)),
        Owner.OFFICE: (Hands(Owner.OFFICE, room.enrolment_id), room.actor("grace", Role.ADMINISTRATOR)),
    }
    for owner, (hands, actor) in writers.items():
        names = hands.names
        file_id, item_id = _begun(keys[owner], hands, actor)
        found |= {names.key: keys[owner], names.file: file_id, names.item: item_id}
    return found


def _ask(room: Room, key: str, **given: Any) -> int:
    with transaction() as session:
        level_id = session.scalars(
            select(Level.id).where(Level.institute_id == room.institute_id).order_by(Level.position)
        ).first()
        assert level_id is not None
        asked = Requirement(
            institute_id=room.institute_id,
            level_id=level_id,
            key=key,
            position=99,
            title=Localised.of({"en": "Essay"}),
            instructions=Localised.of({"en": "Write it."}),
            most_files=2,
            most_links=2,
            wants_text=True,
            scored=False,
            **given,
        )
        session.add(asked)
        session.flush()
        return asked.id


def _begun(key: str, hands: Hands, actor: Actor) -> tuple[int, int]:
    from_a_form = take_in("", digest_of(""), [("notes.txt", io.BytesIO(b"Notes"))], more=LINK)
    save_draft(key, from_a_form, actor=actor, hands=hands)
    newest = db.session.scalars(
        select(SubmissionFile.file_id).order_by(SubmissionFile.file_id.desc())
    ).first()
    item = db.session.scalars(select(SubmissionItem.id).order_by(SubmissionItem.id.desc())).first()
    assert newest is not None
    assert item is not None
    return newest, item


def _tool(room: Room) -> dict[str, object]:
    programme_id = db.session.scalars(
        select(Programme.id).where(Programme.institute_id == room.institute_id)
    ).first()
    assert programme_id is not None
    with transaction() as session:
        slot = ToolSlot(
            institute_id=room.institute_id,
            programme_id=programme_id,
            title=Localised.of({"en": "Video coaching"}),
            address="https://video.example.org/",
            taken=1,
        )
        session.add(slot)
        session.flush()
        seat = ToolSeat(institute_id=room.institute_id, slot_id=slot.id, person_id=room.people["lucia"])
        session.add(seat)
        session.flush()
        return {"tool_slot_id": slot.id, "tool_seat_id": seat.id}
