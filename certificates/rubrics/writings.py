"""What is being written of an institute's rubrics, and what was saved of one: read for pages."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import select

from certificates.rubrics.draft_models import Outcome, RubricSave, RubricWriting, SaveId
from certificates.rubrics.errors import RubricNotFoundError
from certificates.rubrics.sketches import Sketch, read_document
from institute.actors import InstituteId
from institute.db import db
from institute.people.models import Person

MOST_SAVES: Final = 200


@dataclass(frozen=True, slots=True)
class SaveLine:
    """One saved text. ``author`` is the name, None where the person has none, empty where no person saved it."""

    id: SaveId
    outcome: Outcome
    author: str | None
    at: datetime


def writings_of(institute_id: InstituteId) -> dict[str, Sketch]:
    """Return what is being written of each rubric, by its key."""
    rows = db.session.scalars(select(RubricWriting).where(RubricWriting.institute_id == institute_id))
    return {row.key: read_document(row.document) for row in rows}


def saves_of(institute_id: InstituteId, key: str) -> list[SaveLine]:
    """Return what was saved of a rubric, the newest first, at most ``MOST_SAVES``."""
    rows = db.session.execute(
        select(RubricSave.id, RubricSave.outcome, RubricSave.author_id, Person.name, RubricSave.at)
        .outerjoin(Person, Person.id == RubricSave.author_id)
        .where(RubricSave.institute_id == institute_id, RubricSave.key == key)
        .order_by(RubricSave.id.desc())
        .limit(MOST_SAVES)
    )
    return [
        SaveLine(row.id, row.outcome, "" if row.author_id is None else row.name or None, row.at)
        for row in rows
    ]


def saved_sketch(institute_id: InstituteId, key: str, save_id: SaveId) -> Sketch:
    """Return one saved text of a rubric. Raises RubricNotFoundError."""
    document = db.session.scalar(
        select(RubricSave.document).where(
            RubricSave.institute_id == institute_id, RubricSave.key == key, RubricSave.id == save_id
        )
    )
    if document is None:
        raise RubricNotFoundError
    return read_document(document)
