"""Tables of what came in by files: each file, and each of its rows once."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any, NewType

from sqlalchemy import (
    JSON,
    CheckConstraint,
    ForeignKeyConstraint,
    Index,
    Integer,
    String,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from courses.sessions.models import SessionLogId
from institute.actors import InstituteId, PersonId
from institute.clock import now
from institute.db import Base, UtcDateTime, enum_column
from institute.files.models import LONGEST_NAME, StoredFileId

ImportBatchId = NewType("ImportBatchId", int)

LONGEST_EXTERNAL_ID = 120


class Subject(StrEnum):
    """What the rows of a file are about."""

    SESSIONS = "sessions"
    ATTENDANCE = "attendance"


class ImportBatch(Base):
    """A file with rows, handed in or named to the command; who brought it in vouches for it.

    It waits, with its bytes in ``file_id``, until ``finished_at``; a file that nobody brought in is forgotten after a
    day. ``formats`` are the declared ones. ``faults`` are lists of line, column, code and sentence, in the language of
    who brought it. ``rows`` are those that could be read: ``added + already + refused <= rows`` once it is finished.
    """

    __tablename__ = "import_batch"
    __table_args__ = (
        UniqueConstraint("institute_id", "id", name="tenant"),
        ForeignKeyConstraint(["institute_id", "file_id"], ["stored_file.institute_id", "stored_file.id"]),
        ForeignKeyConstraint(["institute_id", "uploaded_by"], ["person.institute_id", "person.id"]),
        CheckConstraint("length(sha256) = 64", name="digest_whole"),
        CheckConstraint("finished_at IS NULL OR file_id IS NULL", name="finished_without_file"),
        Index("ix_import_batch_institute_id", "institute_id", "finished_at"),
    )

    id: Mapped[ImportBatchId] = mapped_column(Integer, primary_key=True)
    institute_id: Mapped[InstituteId] = mapped_column(Integer)
    subject: Mapped[Subject] = enum_column(Subject, name="subject")
    file_id: Mapped[StoredFileId | None] = mapped_column(Integer)
    name: Mapped[str] = mapped_column(String(LONGEST_NAME))
    sha256: Mapped[str] = mapped_column(String(64))
    formats: Mapped[dict[str, str]] = mapped_column(JSON)
    uploaded_by: Mapped[PersonId] = mapped_column(Integer)
    uploaded_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    rows: Mapped[int] = mapped_column(default=0)
    added: Mapped[int] = mapped_column(default=0)
    already: Mapped[int] = mapped_column(default=0)
    refused: Mapped[int] = mapped_column(default=0)
    faults: Mapped[list[Any]] = mapped_column(JSON, default=list)


class ImportedRow(Base):
    """A row that is in: its ``external_id`` belongs to it for good, and ``digest`` says what it said.

    ``log_id`` is the session that it became; attendance is found by its meeting and person.
    """

    __tablename__ = "imported_row"
    __table_args__ = (
        UniqueConstraint("institute_id", "subject", "external_id", name="external_id"),
        ForeignKeyConstraint(["institute_id", "batch_id"], ["import_batch.institute_id", "import_batch.id"]),
        ForeignKeyConstraint(["institute_id", "log_id"], ["session_log.institute_id", "session_log.id"]),
        CheckConstraint("(subject = 'sessions') = (log_id IS NOT NULL)", name="session_has_log"),
        Index("ix_imported_row_batch_id", "batch_id"),
        Index("ix_imported_row_log_id", "log_id"),
    )

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    institute_id: Mapped[InstituteId] = mapped_column(Integer)
    batch_id: Mapped[ImportBatchId] = mapped_column(Integer)
    subject: Mapped[Subject] = enum_column(Subject, name="subject")
    external_id: Mapped[str] = mapped_column(String(LONGEST_EXTERNAL_ID))
    line: Mapped[int]
    digest: Mapped[str] = mapped_column(String(64))
    log_id: Mapped[SessionLogId | None] = mapped_column(Integer)
