"""The levels of an institute, from the first to the highest."""

from __future__ import annotations

from typing import NewType

from sqlalchemy import CheckConstraint, ForeignKey, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from institute.actors import InstituteId
from institute.db import Base
from institute.i18n import Localised, LocalisedType

LevelId = NewType("LevelId", int)


class Level(Base):
    """One level, such as novice; ``position`` 1 is the first to be reached."""

    __tablename__ = "level"
    __table_args__ = (
        UniqueConstraint("institute_id", "id", name="tenant"),
        UniqueConstraint("institute_id", "key", name="key"),
        UniqueConstraint("institute_id", "position", name="position"),
        CheckConstraint("position >= 1", name="position_counts_from_one"),
    )

    id: Mapped[LevelId] = mapped_column(Integer, primary_key=True)
    institute_id: Mapped[InstituteId] = mapped_column(ForeignKey("institute.id"))
    position: Mapped[int]
    key: Mapped[str] = mapped_column(String(60))
    name: Mapped[Localised] = mapped_column(LocalisedType)
    summary: Mapped[Localised] = mapped_column(LocalisedType)
