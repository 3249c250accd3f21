"""A programme taken up by an author, with a part of each kind and a text in its history."""

from __future__ import annotations

from sqlalchemy import select

from courses.authoring.models import Draft, DraftKind, DraftRevision
from courses.authoring.shelf import take_up
from courses.catalogue.models import PartId, Programme
from institute.actors import Role
from institute.db import db
from tests.meta.furnishing.room import Room

FORM = {"to": "down", "title": "What leaders do", "source": "en", "do": "save"}


def furnish(room: Room) -> dict[str, object]:
    """Take the sample's programme up for writing."""
    slug = db.session.scalars(
        select(Programme.slug).where(Programme.institute_id == room.institute_id)
    ).first()
    assert slug is not None
    programme_id = take_up(slug, actor=room.actor("grace", Role.AUTHOR))
    module = _first(programme_id, DraftKind.MODULE)
    assert module.part_id is not None
    revision = db.session.scalars(select(DraftRevision.id).where(DraftRevision.draft_id == module.id)).first()
    return {
        "module_part": module.part_id,
        "part_id": _segment_of(module.part_id),
        "revision_id": revision,
    }


def _first(programme_id: int, kind: DraftKind) -> Draft:
    query = select(Draft).where(Draft.programme_id == programme_id, Draft.kind == kind)
    return db.session.scalars(query.order_by(Draft.position)).first() or Draft()


def _segment_of(module: PartId) -> PartId | None:
    query = select(Draft.part_id).where(Draft.parent_part_id == module)
    return db.session.scalars(query.order_by(Draft.position)).first()
