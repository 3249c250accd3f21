"""What is asked for as evidence, as those read it who lead or coach a course: the same words, nobody's submissions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any, Final

from sqlalchemy import Select, bindparam, select

from certificates.evidence.models import Requirement
from certificates.levels.models import Level
from courses.catalogue.naming import is_slug
from institute.actors import Actor
from institute.db import db
from institute.errors import NotFoundError
from institute.i18n import Localised


@dataclass(frozen=True, slots=True)
class AskedFor:
    """One requirement with the level that it is asked for. ``retired``: it is asked for no longer."""

    key: str
    title: Localised
    instructions: Localised
    level_name: Localised
    most_files: int
    wants_text: bool
    scored: bool
    retired: bool


@dataclass(frozen=True, slots=True)
class LevelAsks:
    """A level with everything that is asked for it now."""

    name: Localised
    requirements: tuple[AskedFor, ...]


_ASKED: Final[Select[*tuple[Any, ...]]] = (
    select(Requirement, Level.id, Level.name)
    .join(Level, Level.id == Requirement.level_id)
    .where(Requirement.institute_id == bindparam("institute"))
    .order_by(Level.position, Requirement.position, Requirement.id)
)
_ONE: Final = _ASKED.where(Requirement.key == bindparam("key"))
_NOW: Final = _ASKED.where(Requirement.retired_at.is_(None))


def asked_now(actor: Actor) -> Sequence[LevelAsks]:
    """Return what the levels of the actor's institute ask for, lowest first, in one query."""
    rows = db.session.execute(_NOW, {"institute": actor.institute_id}).all()
    return [
        LevelAsks(found[0][2], tuple(_asked_for(row[0], row[2]) for row in found))
        for found in (list(group) for _, group in groupby(rows, key=lambda row: row[1]))
    ]


def asked_for(requirement_key: str, *, actor: Actor) -> AskedFor:
    """Return one requirement of the actor's institute, also where it is asked for no longer. Raises NotFoundError."""
    if not is_slug(requirement_key):
        raise NotFoundError
    here = {"institute": actor.institute_id, "key": requirement_key}
    row = db.session.execute(_ONE, here).one_or_none()
    if row is None:
        raise NotFoundError
    return _asked_for(row[0], row[2])


def _asked_for(requirement: Requirement, level_name: Localised) -> AskedFor:
    return AskedFor(
        key=requirement.key,
        title=requirement.title,
        instructions=requirement.instructions,
        level_name=level_name,
        most_files=requirement.most_files,
        wants_text=requirement.wants_text,
        scored=requirement.scored,
        retired=requirement.retired_at is not None,
    )
