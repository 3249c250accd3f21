"""Table of what is made beside certificates: transcripts and forms, each once."""

from __future__ import annotations

from datetime import datetime
from typing import cast

from sqlalchemy import ForeignKeyConstraint, Integer, String, Table
from sqlalchemy.orm import Mapped, mapped_column

from certificates.awards.models import AwardId
from certificates.documents.papers.facts import PaperKind
from institute.actors import InstituteId
from institute.clock import now
from institute.db import Base, UtcDateTime, append_only, enum_column
from institute.files.models import StoredFileId
from institute.keys.models import InstituteKeyId


class AwardPaper(Base):
    """A transcript or a form of an award, as it was made and signed with a key; never made again, never changed."""

    __tablename__ = "award_paper"
    __table_args__ = (
        ForeignKeyConstraint(["institute_id", "award_id"], ["award.institute_id", "award.id"]),
        ForeignKeyConstraint(["institute_id", "file_id"], ["stored_file.institute_id", "stored_file.id"]),
        ForeignKeyConstraint(["institute_id", "key_id"], ["institute_key.institute_id", "institute_key.id"]),
    )

    award_id: Mapped[AwardId] = mapped_column(Integer, primary_key=True)
    kind: Mapped[PaperKind] = enum_column(PaperKind, name="kind", primary_key=True)
    institute_id: Mapped[InstituteId] = mapped_column(Integer)
    file_id: Mapped[StoredFileId] = mapped_column(Integer)
    sha256: Mapped[str] = mapped_column(String(64))
    key_id: Mapped[InstituteKeyId] = mapped_column(Integer)
    made_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)


append_only(cast("Table", AwardPaper.__table__))
