"""The table of looks: each saving is a row of its own, so that what an award froze can be found again."""

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

from institute.actors import InstituteId, PersonId
from institute.clock import now
from institute.db import Base, UtcDateTime, append_only
from institute.files.models import StoredFileId

DocumentLookId = NewType("DocumentLookId", int)
LookPreviewId = NewType("LookPreviewId", int)


class DocumentLook(Base):
    """How documents look from ``created_at`` on, as ``certificates.documents.looks.look`` writes it: never changed."""

    __tablename__ = "document_look"
    __table_args__ = (
        UniqueConstraint("institute_id", "version", name="version"),
        ForeignKeyConstraint(["institute_id", "created_by"], ["person.institute_id", "person.id"]),
        CheckConstraint("version >= 1", name="version_counts_from_one"),
    )

    id: Mapped[DocumentLookId] = mapped_column(Integer, primary_key=True)
    institute_id: Mapped[InstituteId] = mapped_column(ForeignKey("institute.id"))
    version: Mapped[int]
    document: Mapped[dict[str, Any]] = mapped_column(JSON)
    created_by: Mapped[PersonId | None] = mapped_column(Integer)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)


class LookPreview(Base):
    """A page made to look at, in one language: wished for by somebody, made by the worker, the last one alone.

    ``document`` is the look as it was typed, which nobody else sees until it is saved. ``problem`` is a stable word
    where the page could not be made. ``picture_id`` is the page as PNG, ``file_id`` as PDF.
    """

    __tablename__ = "look_preview"
    __table_args__ = (
        UniqueConstraint("person_id", "locale", name="person_locale"),
        ForeignKeyConstraint(["institute_id", "person_id"], ["person.institute_id", "person.id"]),
        ForeignKeyConstraint(["institute_id", "file_id"], ["stored_file.institute_id", "stored_file.id"]),
        ForeignKeyConstraint(["institute_id", "picture_id"], ["stored_file.institute_id", "stored_file.id"]),
    )

    id: Mapped[LookPreviewId] = mapped_column(Integer, primary_key=True)
    institute_id: Mapped[InstituteId] = mapped_column(ForeignKey("institute.id"))
    person_id: Mapped[PersonId] = mapped_column(Integer)
    locale: Mapped[str] = mapped_column(String(10))
    document: Mapped[dict[str, Any]] = mapped_column(JSON)
    wished_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    made_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    file_id: Mapped[StoredFileId | None] = mapped_column(Integer)
    picture_id: Mapped[StoredFileId | None] = mapped_column(Integer)
    problem: Mapped[str] = mapped_column(String(60), default="")


append_only(DocumentLook.metadata.tables[DocumentLook.__tablename__])
