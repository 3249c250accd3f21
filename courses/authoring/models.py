"""Tables of authoring: what is being written of a programme, part by part, and everything that was ever written."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any, Final, NewType

from sqlalchemy import (
    JSON,
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    String,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from courses.catalogue.models import PartId, ProgrammeId
from institute.actors import InstituteId, PersonId
from institute.clock import now
from institute.db import Base, UtcDateTime, append_only, enum_column
from institute.i18n import Localised, LocalisedType

DraftId = NewType("DraftId", int)
RevisionId = NewType("RevisionId", int)

ADDRESS_LENGTH: Final = 80


class DraftKind(StrEnum):
    """What is being written: the programme itself, or one of its parts."""

    PROGRAMME = "programme"
    MODULE = "module"
    SEGMENT = "segment"
    INSTRUMENT = "instrument"


class Outcome(StrEnum):
    """What became of a text that was sent: kept as the draft, or only remembered, because another came first."""

    KEPT = "kept"
    CLASHED = "clashed"


class Draft(Base):
    """What is being written of one part; ``part_id`` is empty for the programme itself.

    ``document`` is made by courses.catalogue.codec; a number in it means nothing, ``position`` among the parts of the
    same parent does. The columns from ``title`` to ``stale`` repeat what the outline shows, so that it reads no
    document. ``revision`` is the number of the newest kept revision, ``written`` of the newest of all; ``changed``
    tells that the part differs from the newest version, or stands elsewhere in it.
    """

    __tablename__ = "draft"
    __table_args__ = (
        UniqueConstraint("programme_id", "part_id", name="part"),
        CheckConstraint("(kind = 'programme') = (part_id IS NULL)", name="part_but_of_programme"),
        CheckConstraint("(kind = 'segment') = (parent_part_id IS NOT NULL)", name="segment_in_module"),
        CheckConstraint("position >= 1", name="position_positive"),
        CheckConstraint("revision BETWEEN 1 AND written", name="revision_written"),
        CheckConstraint("reading_min BETWEEN 0 AND reading_max", name="reading_range_ordered"),
        CheckConstraint("coaching_min BETWEEN 0 AND coaching_max", name="coaching_range_ordered"),
        ForeignKeyConstraint(["institute_id", "programme_id"], ["programme.institute_id", "programme.id"]),
        ForeignKeyConstraint(["programme_id", "part_id"], ["part.programme_id", "part.id"]),
        ForeignKeyConstraint(["programme_id", "parent_part_id"], ["part.programme_id", "part.id"]),
        # A programme has one draft of its own: NULL parts are all different to a unique constraint.
        Index(
            "ix_draft_programme",
            "programme_id",
            unique=True,
            sqlite_where=text("part_id IS NULL"),
            postgresql_where=text("part_id IS NULL"),
        ),
        Index("ix_draft_institute_updated", "institute_id", "updated_at"),
    )

    id: Mapped[DraftId] = mapped_column(Integer, primary_key=True)
    institute_id: Mapped[InstituteId] = mapped_column(Integer)
    programme_id: Mapped[ProgrammeId] = mapped_column(Integer)
    kind: Mapped[DraftKind] = enum_column(DraftKind, name="kind")
    part_id: Mapped[PartId | None] = mapped_column(Integer, index=True)
    parent_part_id: Mapped[PartId | None] = mapped_column(Integer, index=True)
    position: Mapped[int]
    slug: Mapped[str] = mapped_column(String(ADDRESS_LENGTH))
    revision: Mapped[int] = mapped_column(default=1)
    written: Mapped[int] = mapped_column(default=1)
    changed: Mapped[bool] = mapped_column(default=True)
    core: Mapped[bool] = mapped_column(default=False)
    removed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    updated_by: Mapped[PersonId | None] = mapped_column(ForeignKey("person.id"), index=True)
    title: Mapped[Localised] = mapped_column(LocalisedType)
    reading_min: Mapped[int] = mapped_column(default=0)
    reading_max: Mapped[int] = mapped_column(default=0)
    coaching_min: Mapped[int] = mapped_column(default=0)
    coaching_max: Mapped[int] = mapped_column(default=0)
    gap_count: Mapped[int] = mapped_column(default=0)
    gaps: Mapped[list[list[str]]] = mapped_column(JSON, deferred=True, default=list)
    """What is missing in this part alone: pairs of path and code."""
    missing: Mapped[dict[str, int]] = mapped_column(JSON, default=dict)
    """Per language (every one of the tool's): how many texts have no translation."""
    stale: Mapped[dict[str, int]] = mapped_column(JSON, default=dict)
    """Per language: how many translations were made from an older text."""
    document: Mapped[dict[str, Any]] = mapped_column(JSON, deferred=True)
    """The draft itself. It stands last, so that rows are read without it."""


class DraftRevision(Base):
    """One text of a part as somebody sent it. None is ever changed or taken away."""

    __tablename__ = "draft_revision"
    __table_args__ = (
        UniqueConstraint("draft_id", "number", name="number"),
        CheckConstraint("number >= 1", name="number_positive"),
    )

    id: Mapped[RevisionId] = mapped_column(Integer, primary_key=True)
    draft_id: Mapped[DraftId] = mapped_column(ForeignKey("draft.id"))
    number: Mapped[int]
    outcome: Mapped[Outcome] = enum_column(Outcome, name="outcome")
    document: Mapped[dict[str, Any]] = mapped_column(JSON, deferred=True)
    author_id: Mapped[PersonId | None] = mapped_column(ForeignKey("person.id"), index=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)


append_only(Base.metadata.tables["draft_revision"])
