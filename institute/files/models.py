"""Stored files: one row for each file that somebody handed in or the house made; the bytes lie in the storage."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any, Final, NewType

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Connection,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    String,
    Table,
    UniqueConstraint,
    event,
)
from sqlalchemy.orm import Mapped, mapped_column

from institute.actors import InstituteId, PersonId
from institute.clock import now
from institute.db import Base, UtcDateTime, append_only_ddl, enum_column

StoredFileId = NewType("StoredFileId", int)
LONGEST_NAME: Final = 120


class StoredFile(Base):
    """A file of one institute. Two rows may share the bytes that ``sha256`` names; a row never changes.

    ``owner_id`` is who handed it in, None for what the house made. ``size`` counts bytes.
    """

    __tablename__ = "stored_file"
    __table_args__ = (
        UniqueConstraint("institute_id", "id", name="tenant"),
        ForeignKeyConstraint(["institute_id", "owner_id"], ["person.institute_id", "person.id"]),
        CheckConstraint("length(sha256) = 64", name="digest_whole"),
        CheckConstraint("size > 0", name="not_empty"),
        CheckConstraint("length(name) > 0", name="named"),
        Index("ix_stored_file_sha256", "sha256"),
    )

    id: Mapped[StoredFileId] = mapped_column(Integer, primary_key=True)
    institute_id: Mapped[InstituteId] = mapped_column(ForeignKey("institute.id"))
    sha256: Mapped[str] = mapped_column(String(64))
    size: Mapped[int] = mapped_column(BigInteger)
    media_type: Mapped[str] = mapped_column(String(120))
    name: Mapped[str] = mapped_column(String(LONGEST_NAME))
    owner_id: Mapped[PersonId | None] = mapped_column(Integer)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)


def _never_changed(table: Table, connection: Connection, **_more: Any) -> None:
    for statement in append_only_ddl(table.name, "update")[connection.dialect.name]:
        connection.exec_driver_sql(statement)


event.listen(StoredFile.metadata.tables[StoredFile.__tablename__], "after_create", _never_changed)


class CleanState(StrEnum):
    """How far a clean copy is."""

    WISHED = "wished"
    MADE = "made"
    FAILED = "failed"


class CleanCopy(Base):
    """The copy of a file that tells nothing about who made it, once the worker has written it as ``clean_id``."""

    __tablename__ = "clean_copy"
    __table_args__ = (
        UniqueConstraint("clean_id", name="clean"),
        ForeignKeyConstraint(["institute_id", "file_id"], ["stored_file.institute_id", "stored_file.id"]),
        ForeignKeyConstraint(["institute_id", "clean_id"], ["stored_file.institute_id", "stored_file.id"]),
        CheckConstraint("(state = 'made') = (clean_id IS NOT NULL)", name="made_with_file"),
        CheckConstraint("clean_id IS NULL OR clean_id <> file_id", name="not_itself"),
    )

    file_id: Mapped[StoredFileId] = mapped_column(Integer, primary_key=True, autoincrement=False)
    institute_id: Mapped[InstituteId] = mapped_column(ForeignKey("institute.id"))
    state: Mapped[CleanState] = enum_column(CleanState, name="state", default=CleanState.WISHED)
    clean_id: Mapped[StoredFileId | None] = mapped_column(Integer)
    wished_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    settled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
