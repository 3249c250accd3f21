"""A part whose texts are translated, and a language."""

from __future__ import annotations

from sqlalchemy import select

from courses.authoring.models import Draft, DraftKind
from courses.authoring.shelf import take_up
from courses.catalogue.models import Programme
from institute.actors import Role
from institute.db import db
from tests.meta.furnishing.room import Room

FORM = {"text-1": "Un texto", "path-1": "title"}


def furnish(room: Room) -> dict[str, object]:
    """Take the programme of the room up, and return one of its modules and a language."""
    slug = db.session.scalars(
        select(Programme.slug).where(Programme.institute_id == room.institute_id)
    ).first()
    assert slug is not None
    programme_id = take_up(slug, actor=room.actor("grace", Role.TRANSLATOR))
    module = select(Draft.part_id).where(Draft.programme_id == programme_id, Draft.kind == DraftKind.MODULE)
    return {"text_part": db.session.scalars(module).first(), "locale": "es"}
