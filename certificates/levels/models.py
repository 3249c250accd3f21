"""The levels of an institute, from the first to the highest, and the rules by which each is reached."""

from __future__ import annotations

from datetime import datetime
from typing import Any, NewType

from sqlalchemy import (
    JSON,
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Integer,
    String,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from institute.actors import InstituteId
from institute.clock import now
from institute.db import Base, UtcDateTime, append_only
from institute.i18n import Localised, LocalisedType

LevelId = NewType("LevelId", int)
RuleSetId = NewType("RuleSetId", int)


class Level(Base):
    """One level, such as novice; ``position`` 1 is the first to be reached.

    ``title`` is what its holder may be called, such as "Certified Leadership Coach"; the name where there is none.
    """

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
    title: Mapped[Localised | None] = mapped_column(LocalisedType)


class RuleSet(Base):
    """A version of a level's rules, never changed: whoever applied under it is held to it.

    ``sha256`` is that of the rules' one spelling (certificates.levels.rules.canonical).
    """

    __tablename__ = "rule_set"
    __table_args__ = (
        UniqueConstraint("institute_id", "id", name="tenant"),
        UniqueConstraint("level_id", "version", name="version"),
        ForeignKeyConstraint(["institute_id", "level_id"], ["level.institute_id", "level.id"]),
        CheckConstraint("version >= 1", name="version_counts_from_one"),
    )

    id: Mapped[RuleSetId] = mapped_column(Integer, primary_key=True)
    institute_id: Mapped[InstituteId] = mapped_column(ForeignKey("institute.id"))
    level_id: Mapped[LevelId] = mapped_column(Integer)
    version: Mapped[int]
    rules: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    sha256: Mapped[str] = mapped_column(String(64))
    published_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)


append_only(RuleSet.metadata.tables[RuleSet.__tablename__])
