"""The table of documents made of guides: one for each module of a version, rendering, language and paper."""

from __future__ import annotations

from datetime import datetime
from typing import Final, NewType

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Integer,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from courses.catalogue.models import ModuleId
from courses.catalogue.renderings import Rendering
from institute.actors import InstituteId
from institute.clock import now
from institute.db import Base, UtcDateTime, enum_column
from institute.files.models import StoredFileId
from institute.printing.papers import Paper

GuideDocumentId = NewType("GuideDocumentId", int)
EDITION_LENGTH: Final = 16


class GuideDocument(Base):
    """A guide as a document: wished for once, made by the worker, kept for everybody who may read the same guide.

    ``module_id`` is a module of one version, so what it says never changes; ``edition`` stands for what is printed
    around it. A document of an older edition is made anew when somebody asks for it. ``closed`` holds the numbers of
    the segments that are left out because they are not open to the reader yet, such as "2,3".
    """

    __tablename__ = "guide_document"
    __table_args__ = (
        UniqueConstraint("module_id", "rendering", "locale", "paper", "closed", name="once"),
        ForeignKeyConstraint(["institute_id", "file_id"], ["stored_file.institute_id", "stored_file.id"]),
        CheckConstraint("(file_id IS NULL) = (made_at IS NULL)", name="made_whole"),
    )

    id: Mapped[GuideDocumentId] = mapped_column(Integer, primary_key=True)
    institute_id: Mapped[InstituteId] = mapped_column(ForeignKey("institute.id"), index=True)
    module_id: Mapped[ModuleId] = mapped_column(ForeignKey("module.id", ondelete="CASCADE"))
    rendering: Mapped[Rendering] = enum_column(Rendering, name="rendering")
    locale: Mapped[str] = mapped_column(String(10))
    paper: Mapped[Paper] = enum_column(Paper, name="paper")
    closed: Mapped[str] = mapped_column(Text, default="")
    edition: Mapped[str] = mapped_column(String(EDITION_LENGTH))
    wished_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    file_id: Mapped[StoredFileId | None] = mapped_column(Integer)
    made_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
