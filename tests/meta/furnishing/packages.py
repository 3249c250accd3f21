"""Packages: Grace's waits for her word."""

from __future__ import annotations

import io

from sqlalchemy import select

from courses.catalogue.models import Programme
from courses.packages.uploading import await_word, take_in
from institute.actors import Role
from institute.db import db
from tests.courses.packages.spoilt import WHOLE, packed
from tests.meta.furnishing.room import Room

FORM = {"plan": "0" * 32, "conflicts": "ours"}


def furnish(room: Room) -> dict[str, object]:
    """Hand a package in."""
    handed = take_in(io.BytesIO(packed(WHOLE)), "leadership.zip", institute_id=room.institute_id)
    assert handed.blob is not None
    package_id = await_word(handed.blob, handed.name, actor=room.actor("grace", Role.AUTHOR))
    slug = db.session.scalars(select(Programme.slug).where(Programme.institute_id == room.institute_id)).one()
    return {"package_id": package_id, "packed_programme": slug}
