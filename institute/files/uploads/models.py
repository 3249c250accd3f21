"""Uploads: one row for each file that is on its way, until a room has taken it."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Final, NewType

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    String,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from institute.actors import InstituteId, PersonId
from institute.clock import now
from institute.db import Base, UtcDateTime, enum_column
from institute.files.models import LONGEST_NAME, StoredFileId

UploadId = NewType("UploadId", str)
LONGEST_ABOUT: Final = 120


class UploadState(StrEnum):
    """How far an upload is: bytes missing, all there, found good or refused, in the hands of a room."""

    ARRIVING = "arriving"
    WHOLE = "whole"
    READY = "ready"
    REFUSED = "refused"
    CLAIMED = "claimed"


class Upload(Base):
    """A file that somebody sends in pieces. ``received`` bytes of ``length`` are on the disk for good.

    ``about`` is the place that asked for it and ``kinds`` what that takes (names of FileKind with spaces between them),
    both empty where no page asked. One request at a time writes: ``holder`` is its mark, good until ``held_until``.
    ``refusal`` is the code of what is wrong with the file. ``file_id`` is the checked file, until a room takes it.
    """

    __tablename__ = "upload"
    __table_args__ = (
        UniqueConstraint("file_id", name="file"),
        ForeignKeyConstraint(["institute_id", "person_id"], ["person.institute_id", "person.id"]),
        ForeignKeyConstraint(["institute_id", "file_id"], ["stored_file.institute_id", "stored_file.id"]),
        CheckConstraint("length > 0", name="not_empty"),
        CheckConstraint("received BETWEEN 0 AND length", name="received_of_length"),
        CheckConstraint("(state = 'arriving') = (received < length)", name="arriving_until_whole"),
        CheckConstraint("(state = 'ready') = (file_id IS NOT NULL)", name="ready_with_file"),
        CheckConstraint("(state = 'refused') = (refusal <> '')", name="refused_with_reason"),
        CheckConstraint("length(name) > 0", name="named"),
        Index("ix_upload_person_id", "institute_id", "person_id"),
        Index("ix_upload_expires_at", "expires_at"),
    )

    id: Mapped[UploadId] = mapped_column(String(22), primary_key=True)
    institute_id: Mapped[InstituteId] = mapped_column(ForeignKey("institute.id"))
    person_id: Mapped[PersonId] = mapped_column(Integer)
    name: Mapped[str] = mapped_column(String(LONGEST_NAME))
    about: Mapped[str] = mapped_column(String(LONGEST_ABOUT), default="")
    kinds: Mapped[str] = mapped_column(String(200), default="")
    length: Mapped[int] = mapped_column(BigInteger)
    received: Mapped[int] = mapped_column(BigInteger, default=0)
    state: Mapped[UploadState] = enum_column(UploadState, name="state", default=UploadState.ARRIVING)
    refusal: Mapped[str] = mapped_column(String(40), default="")
    file_id: Mapped[StoredFileId | None] = mapped_column(Integer)
    holder: Mapped[str | None] = mapped_column(String(22))
    held_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
