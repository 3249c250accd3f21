"""Packages that were handed in and wait for somebody's word."""

from __future__ import annotations

from datetime import datetime
from typing import NewType

from sqlalchemy import ForeignKeyConstraint, Index, Integer, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from institute.actors import InstituteId, PersonId
from institute.clock import now
from institute.db import Base, UtcDateTime
from institute.files.models import StoredFile, StoredFileId

PackageUploadId = NewType("PackageUploadId", int)


class PackageUpload(Base):
    """A package that somebody handed in, without mistakes, not yet confirmed; forgotten after a day."""

    __tablename__ = "package_upload"
    __table_args__ = (
        UniqueConstraint("file_id", name="file"),
        ForeignKeyConstraint(["institute_id", "file_id"], ["stored_file.institute_id", "stored_file.id"]),
        ForeignKeyConstraint(["institute_id", "uploaded_by"], ["person.institute_id", "person.id"]),
        Index("ix_package_upload_uploaded_at", "uploaded_at"),
    )

    id: Mapped[PackageUploadId] = mapped_column(Integer, primary_key=True)
    institute_id: Mapped[InstituteId] = mapped_column(Integer)
    file_id: Mapped[StoredFileId] = mapped_column(Integer)
    uploaded_by: Mapped[PersonId] = mapped_column(Integer)
    uploaded_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)

    file: Mapped[StoredFile] = relationship(
        primaryjoin="foreign(PackageUpload.file_id) == StoredFile.id", viewonly=True
    )
