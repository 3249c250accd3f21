"""The levels of an institute, from the first to the highest, and the rules by which each is reached."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
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

from institute.actors import InstituteId, PersonId
from institute.clock import now
from institute.db import Base, UtcDateTime, append_only, enum_column
from institute.i18n import Localised, LocalisedType

LevelId = NewType("LevelId", int)
RuleSetId = NewType("RuleSetId", int)


class Track(StrEnum):
    """Whose levels these are: each track is a ladder of its own."""

    PARTICIPANT = "participant"
    COACH = "coach"
    TRAINER = "trainer"
    MENTOR = "mentor"


class Level(Base):
    """One level, such as novice; ``position`` 1 is the first of its ``track`` to be reached.

    ``title`` is what its holder may be called, such as "Certified Leadership Coach"; the name where there is none.
    ``next_id`` is the level that follows, also on another track; null is the next position of the same.
    """

    __tablename__ = "level"
    __table_args__ = (
        UniqueConstraint("institute_id", "id", name="tenant"),
        UniqueConstraint("institute_id", "key", name="key"),
        UniqueConstraint("institute_id", "track", "position", name="position"),
        ForeignKeyConstraint(["institute_id", "next_id"], ["level.institute_id", "level.id"]),
        CheckConstraint("position >= 1", name="position_counts_from_one"),
    )

    id: Mapped[LevelId] = mapped_column(Integer, primary_key=True)
    institute_id: Mapped[InstituteId] = mapped_column(ForeignKey("institute.id"))
    position: Mapped[int]
    key: Mapped[str] = mapped_column(String(60))
    name: Mapped[Localised] = mapped_column(LocalisedType)
    summary: Mapped[Localised] = mapped_column(LocalisedType)
    title: Mapped[Localised | None] = mapped_column(LocalisedType)
    track: Mapped[Track] = enum_column(Track, name="track", default=Track.PARTICIPANT)
    next_id: Mapped[LevelId | None] = mapped_column(Integer)


class RuleSet(Base):
    """A version of a level, never changed: whoever applied under it is held to it.

    ``pathways`` are those beside the standard one, each as {"key": …, "name": {"source": …, "texts": …}}. ``renewal``
    are the rules by which an award of ``valid_months`` (null: for ever) is renewed. ``texts`` are name, summary and
    title as they were. ``sha256`` is that of the one spelling of all that is asked
    (certificates.levels.rules.canonical).
    """

    __tablename__ = "rule_set"
    __table_args__ = (
        UniqueConstraint("institute_id", "id", name="tenant"),
        UniqueConstraint("level_id", "version", name="version"),
        ForeignKeyConstraint(["institute_id", "level_id"], ["level.institute_id", "level.id"]),
        CheckConstraint("version >= 1", name="version_counts_from_one"),
        CheckConstraint("valid_months IS NULL OR valid_months >= 1", name="valid_for_a_month"),
    )

    id: Mapped[RuleSetId] = mapped_column(Integer, primary_key=True)
    institute_id: Mapped[InstituteId] = mapped_column(ForeignKey("institute.id"))
    level_id: Mapped[LevelId] = mapped_column(Integer)
    version: Mapped[int]
    rules: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    sha256: Mapped[str] = mapped_column(String(64))
    published_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    pathways: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    renewal: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    valid_months: Mapped[int | None]
    texts: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)


class RuleDraft(Base):
    """What is being written of a level's next version. ``revision`` counts the saves, so that none is overwritten."""

    __tablename__ = "rule_draft"
    __table_args__ = (
        UniqueConstraint("level_id", name="level"),
        ForeignKeyConstraint(["institute_id", "level_id"], ["level.institute_id", "level.id"]),
        ForeignKeyConstraint(["institute_id", "updated_by"], ["person.institute_id", "person.id"]),
        CheckConstraint("revision >= 1", name="revision_positive"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    institute_id: Mapped[InstituteId] = mapped_column(ForeignKey("institute.id"))
    level_id: Mapped[LevelId] = mapped_column(Integer)
    document: Mapped[dict[str, Any]] = mapped_column(JSON)
    revision: Mapped[int] = mapped_column(default=1)
    updated_by: Mapped[PersonId | None] = mapped_column(Integer)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)


append_only(RuleSet.metadata.tables[RuleSet.__tablename__])
