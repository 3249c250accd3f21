"""Tables of what is being written of rubrics, and of every text of theirs that was ever saved."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any, NewType, cast

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, Integer, String, Table, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from institute.actors import InstituteId, PersonId
from institute.clock import now
from institute.db import Base, UtcDateTime, append_only, enum_column

WritingId = NewType("WritingId", int)
SaveId = NewType("SaveId", int)


class Outcome(StrEnum):
    """What became of a saved text: one that clashed came from a page that did not know the newest."""

    KEPT = "kept"
    CLASHED = "clashed"


class RubricWriting(Base):
    """What is being written of a rubric; at most one under each key. It ends when it is published or thrown away.

    ``base_version`` is the version that it was begun from, 0 where there was none.
    """

    __tablename__ = "rubric_writing"
    __table_args__ = (
        UniqueConstraint("institute_id", "key", name="key"),
        CheckConstraint("base_version >= 0", name="base_version_counts"),
        CheckConstraint("revision >= 1", name="revision_positive"),
    )

    id: Mapped[WritingId] = mapped_column(Integer, primary_key=True)
    institute_id: Mapped[InstituteId] = mapped_column(ForeignKey("institute.id"))
    key: Mapped[str] = mapped_column(String(60))
    base_version: Mapped[int] = mapped_column(default=0)
    revision: Mapped[int] = mapped_column(default=1)
    document: Mapped[dict[str, Any]] = mapped_column(JSON)
    """Made by certificates.rubrics.sketches."""
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    updated_by: Mapped[PersonId | None] = mapped_column(ForeignKey("person.id"), index=True)


class RubricSave(Base):
    """One text of a rubric as somebody saved it. None is ever changed or taken away."""

    __tablename__ = "rubric_save"
    __table_args__ = (Index("ix_rubric_save_key", "institute_id", "key", "id"),)

    id: Mapped[SaveId] = mapped_column(Integer, primary_key=True)
    institute_id: Mapped[InstituteId] = mapped_column(ForeignKey("institute.id"))
    key: Mapped[str] = mapped_column(String(60))
    outcome: Mapped[Outcome] = enum_column(Outcome, name="outcome")
    document: Mapped[dict[str, Any]] = mapped_column(JSON)
    author_id: Mapped[PersonId | None] = mapped_column(ForeignKey("person.id"), index=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)


append_only(cast("Table", RubricSave.__table__))
