"""Tables of the evidence: what a level asks for, and what a participant submitted for it."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final, NewType

from sqlalchemy import (
    CheckConstraint,
    Connection,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
    event,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from certificates.evidence.freezing import FROZEN
from certificates.evidence.states import ENDED, SubmissionState
from certificates.levels.models import LevelId
from courses.cohorts.models import EnrolmentId
from institute.actors import InstituteId, PersonId
from institute.clock import now
from institute.db import Base, UtcDateTime, enum_column
from institute.files.models import StoredFileId
from institute.i18n import Localised, LocalisedType

RequirementId = NewType("RequirementId", int)
SubmissionId = NewType("SubmissionId", int)
MOST_FILES: Final = 10
LONGEST_TEXT: Final = 50_000
_STANDING: Final = f"state NOT IN ({', '.join(repr(str(state)) for state in sorted(ENDED))})"


class Requirement(Base):
    """What a participant hands in for a level. ``retired_at`` is set once the institute asks for it no longer."""

    __tablename__ = "requirement"
    __table_args__ = (
        UniqueConstraint("institute_id", "id", name="tenant"),
        UniqueConstraint("institute_id", "key", name="key"),
        ForeignKeyConstraint(["institute_id", "level_id"], ["level.institute_id", "level.id"]),
        CheckConstraint("position >= 1", name="position_counts_from_one"),
        CheckConstraint(f"most_files BETWEEN 0 AND {MOST_FILES}", name="few_files"),
        CheckConstraint("wants_text OR most_files > 0", name="asks_for_something"),
        CheckConstraint("NOT scored OR rubric_key IS NOT NULL", name="scored_by_a_rubric"),
        Index("ix_requirement_level_id", "level_id"),
    )

    id: Mapped[RequirementId] = mapped_column(Integer, primary_key=True)
    institute_id: Mapped[InstituteId] = mapped_column(ForeignKey("institute.id"))
    level_id: Mapped[LevelId] = mapped_column(Integer)
    key: Mapped[str] = mapped_column(String(60))
    position: Mapped[int]
    title: Mapped[Localised] = mapped_column(LocalisedType)
    instructions: Mapped[Localised] = mapped_column(LocalisedType)
    most_files: Mapped[int]
    wants_text: Mapped[bool]
    scored: Mapped[bool]
    rubric_key: Mapped[str | None] = mapped_column(String(60))
    retired_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Submission(Base):
    """One attempt at a requirement. Of those that stand there is one; it can be changed only as a draft."""

    __tablename__ = "submission"
    __table_args__ = (
        UniqueConstraint("institute_id", "id", name="tenant"),
        UniqueConstraint("requirement_id", "enrolment_id", "attempt", name="attempt"),
        ForeignKeyConstraint(
            ["institute_id", "requirement_id"], ["requirement.institute_id", "requirement.id"]
        ),
        ForeignKeyConstraint(["institute_id", "enrolment_id"], ["enrolment.institute_id", "enrolment.id"]),
        ForeignKeyConstraint(["institute_id", "person_id"], ["person.institute_id", "person.id"]),
        CheckConstraint("attempt >= 1", name="attempt_counts_from_one"),
        CheckConstraint("(state = 'draft') = (submitted_at IS NULL)", name="submitted_once"),
        CheckConstraint(f"length(text) <= {LONGEST_TEXT}", name="text_fits"),
        Index(
            "uq_submission_standing",
            "requirement_id",
            "enrolment_id",
            unique=True,
            sqlite_where=text(_STANDING),
            postgresql_where=text(_STANDING),
        ),
        Index("ix_submission_enrolment_id", "enrolment_id"),
        Index("ix_submission_state", "institute_id", "state"),
    )

    id: Mapped[SubmissionId] = mapped_column(Integer, primary_key=True)
    institute_id: Mapped[InstituteId] = mapped_column(ForeignKey("institute.id"))
    requirement_id: Mapped[RequirementId] = mapped_column(Integer)
    enrolment_id: Mapped[EnrolmentId] = mapped_column(Integer)
    person_id: Mapped[PersonId] = mapped_column(Integer)
    attempt: Mapped[int]
    state: Mapped[SubmissionState] = enum_column(SubmissionState, name="state")
    text: Mapped[str] = mapped_column(Text, default="")
    saved_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    submitted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class SubmissionFile(Base):
    """A file of a submission, in the order in which they were added."""

    __tablename__ = "submission_file"
    __table_args__ = (
        UniqueConstraint("file_id", name="file"),
        ForeignKeyConstraint(["institute_id", "submission_id"], ["submission.institute_id", "submission.id"]),
        ForeignKeyConstraint(["institute_id", "file_id"], ["stored_file.institute_id", "stored_file.id"]),
        CheckConstraint("position >= 1", name="position_counts_from_one"),
    )

    submission_id: Mapped[SubmissionId] = mapped_column(Integer, primary_key=True)
    file_id: Mapped[StoredFileId] = mapped_column(Integer, primary_key=True)
    institute_id: Mapped[InstituteId] = mapped_column(ForeignKey("institute.id"))
    position: Mapped[int]


def _freeze(_table: Table, connection: Connection, **_more: Any) -> None:
    for statement in FROZEN[connection.dialect.name]:
        connection.exec_driver_sql(statement)


event.listen(SubmissionFile.metadata.tables[SubmissionFile.__tablename__], "after_create", _freeze)
