"""Tables of the work: what somebody in a cohort wrote, answered and handed in for a step."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any, Final, NewType, cast

from sqlalchemy import (
    JSON,
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    Table,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from courses.catalogue.models import StepId
from courses.cohorts.models import EnrolmentId
from institute.actors import InstituteId
from institute.clock import now
from institute.db import Base, UtcDateTime, append_only, enum_column
from institute.files.models import StoredFileId

WorkId = NewType("WorkId", int)
LONGEST_TEXT: Final = 50_000
MOST_FILES: Final = 10


class Outcome(StrEnum):
    """What became of a text that stands in the history."""

    KEPT = "kept"
    """It was saved, and later ones took its place."""
    CLASHED = "clashed"
    """It came from a window that did not know what another had saved, and is kept beside it."""


class Work(Base):
    """What one enrolment has for one step, whichever version of the programme shows it.

    ``filled`` holds the answers to an instrument, as courses.instruments.filling writes them. ``shared_at`` is since
    when the person lets their coach read it, None while it is theirs alone. Whether it is done is the step's tick.
    """

    __tablename__ = "work"
    __table_args__ = (
        UniqueConstraint("institute_id", "id", name="tenant"),
        UniqueConstraint("enrolment_id", "step_id", name="step"),
        ForeignKeyConstraint(["institute_id", "enrolment_id"], ["enrolment.institute_id", "enrolment.id"]),
        CheckConstraint(f"length(text) <= {LONGEST_TEXT}", name="text_fits"),
        CheckConstraint("revision >= 1", name="revision_counts_from_one"),
        Index("ix_work_step_id", "step_id"),
    )

    id: Mapped[WorkId] = mapped_column(Integer, primary_key=True)
    institute_id: Mapped[InstituteId] = mapped_column(ForeignKey("institute.id"))
    enrolment_id: Mapped[EnrolmentId] = mapped_column(Integer)
    step_id: Mapped[StepId] = mapped_column(ForeignKey("step.id"))
    text: Mapped[str] = mapped_column(Text, default="")
    filled: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    revision: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    saved_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    shared_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class WorkRevision(Base):
    """What a work said at some time. Rows stay as they are: nothing that was saved or typed late is lost."""

    __tablename__ = "work_revision"
    __table_args__ = (
        ForeignKeyConstraint(["institute_id", "work_id"], ["work.institute_id", "work.id"]),
        CheckConstraint(f"length(text) <= {LONGEST_TEXT}", name="text_fits"),
        Index("ix_work_revision_work_id", "work_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    institute_id: Mapped[InstituteId] = mapped_column(ForeignKey("institute.id"))
    work_id: Mapped[WorkId] = mapped_column(Integer)
    number: Mapped[int]
    outcome: Mapped[Outcome] = enum_column(Outcome, name="outcome")
    text: Mapped[str] = mapped_column(Text, default="")
    filled: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    written_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)


append_only(cast("Table", WorkRevision.__table__))


class WorkFile(Base):
    """A file that belongs to a work, in the order in which they were added."""

    __tablename__ = "work_file"
    __table_args__ = (
        UniqueConstraint("file_id", name="file"),
        ForeignKeyConstraint(["institute_id", "work_id"], ["work.institute_id", "work.id"]),
        ForeignKeyConstraint(["institute_id", "file_id"], ["stored_file.institute_id", "stored_file.id"]),
        CheckConstraint("position >= 1", name="position_counts_from_one"),
    )

    work_id: Mapped[WorkId] = mapped_column(Integer, primary_key=True)
    file_id: Mapped[StoredFileId] = mapped_column(Integer, primary_key=True)
    institute_id: Mapped[InstituteId] = mapped_column(ForeignKey("institute.id"))
    position: Mapped[int]
