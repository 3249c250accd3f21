"""Levels as pages show them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from certificates.levels.models import Level
from institute.actors import InstituteId
from institute.db import db
from institute.i18n import Localised


@dataclass(frozen=True, slots=True)
class LevelLine:
    """One level of a list."""

    position: int
    name: Localised
    summary: Localised


def levels_of(institute_id: InstituteId) -> Sequence[LevelLine]:
    """Return an institute's levels, lowest first."""
    rows = db.session.execute(
        select(Level.position, Level.name, Level.summary)
        .where(Level.institute_id == institute_id)
        .order_by(Level.position)
    )
    return [LevelLine(*row) for row in rows]
