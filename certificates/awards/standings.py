"""The level that a person holds, for whoever shows it elsewhere."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import bindparam, func, or_, select

from certificates.awards.models import Award
from certificates.awards.states import AwardStatus
from certificates.levels.models import Level
from institute.actors import InstituteId, PersonId
from institute.clock import now
from institute.db import db
from institute.i18n import Localised


@dataclass(frozen=True, slots=True)
class LevelReached:
    """The highest level of ``levels`` that a valid award of the person says; position 0 and no name without one."""

    position: int
    levels: int
    name: Localised | None
    since: datetime | None


_HIGHEST: Final = (
    select(Level.position, Level.name, Award.issued_at)
    .join(Award, Award.level_id == Level.id)
    .where(
        Award.institute_id == bindparam("institute"),
        Award.person_id == bindparam("person"),
        Award.status == AwardStatus.VALID,
        or_(Award.valid_until.is_(None), Award.valid_until > bindparam("now")),
    )
    .order_by(Level.position.desc())
    .limit(1)
)
_LEVELS: Final = select(func.max(Level.position)).where(Level.institute_id == bindparam("institute"))


def level_reached(institute_id: InstituteId, person_id: PersonId) -> LevelReached:
    """Return the level that a person of an institute holds now, in two queries."""
    levels = db.session.scalar(_LEVELS, {"institute": institute_id}) or 0
    asked = {"institute": institute_id, "person": person_id, "now": now()}
    row = db.session.execute(_HIGHEST, asked).one_or_none()
    if row is None:
        return LevelReached(0, levels, None, None)
    return LevelReached(row.position, levels, row.name, row.issued_at)
