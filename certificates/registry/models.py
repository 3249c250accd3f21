"""Tables of the registry: whether the public sees it, what awards are tagged with, and packets for auditors."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Final, NewType

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    String,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from certificates.awards.models import AwardId
from institute.actors import InstituteId, PersonId
from institute.clock import now
from institute.db import Base, UtcDateTime, enum_column
from institute.files.models import StoredFileId

TagId = NewType("TagId", int)
PacketId = NewType("PacketId", int)
LONGEST_TAG: Final = 60


class RegistryPublicity(Base):
    """Whether an institute shows its registry to everybody. Without a row it does not."""

    __tablename__ = "registry_publicity"
    __table_args__ = (
        ForeignKeyConstraint(["institute_id", "changed_by"], ["person.institute_id", "person.id"]),
    )

    institute_id: Mapped[InstituteId] = mapped_column(ForeignKey("institute.id"), primary_key=True)
    public: Mapped[bool] = mapped_column(default=False)
    changed_by: Mapped[PersonId | None] = mapped_column(Integer)
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)


class TagKind(StrEnum):
    """What a tag is for: three that every institute has, and those of its own."""

    SCHOLARSHIP = "scholarship"
    INCENTIVE = "incentive"
    QRIS = "qris"
    OWN = "own"


class Tag(Base):
    """A word that awards are marked with, such as a scholarship; the holder and the public never see it.

    Those that every institute has carry no name: it is said in the reader's language. ``folded`` is the name as it is
    looked for, or the kind, so that there are no two of one name.
    """

    __tablename__ = "award_tag"
    __table_args__ = (
        UniqueConstraint("institute_id", "id", name="tenant"),
        UniqueConstraint("institute_id", "folded", name="folded"),
        CheckConstraint("(kind = 'own') = (length(name) > 0)", name="own_has_name"),
    )

    id: Mapped[TagId] = mapped_column(Integer, primary_key=True)
    institute_id: Mapped[InstituteId] = mapped_column(ForeignKey("institute.id"))
    kind: Mapped[TagKind] = enum_column(TagKind, name="kind")
    name: Mapped[str] = mapped_column(String(LONGEST_TAG), default="")
    folded: Mapped[str] = mapped_column(String(4 * LONGEST_TAG))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)


class Tagging(Base):
    """That an award carries a tag."""

    __tablename__ = "award_tagging"
    __table_args__ = (
        ForeignKeyConstraint(["institute_id", "award_id"], ["award.institute_id", "award.id"]),
        ForeignKeyConstraint(["institute_id", "tag_id"], ["award_tag.institute_id", "award_tag.id"]),
        ForeignKeyConstraint(["institute_id", "tagged_by"], ["person.institute_id", "person.id"]),
        Index("ix_award_tagging_tag_id", "tag_id"),
    )

    award_id: Mapped[AwardId] = mapped_column(Integer, primary_key=True)
    tag_id: Mapped[TagId] = mapped_column(Integer, primary_key=True)
    institute_id: Mapped[InstituteId] = mapped_column(ForeignKey("institute.id"))
    tagged_by: Mapped[PersonId | None] = mapped_column(Integer)
    tagged_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)


class Packet(Base):
    """Everything about one award as one file for an auditor, made when somebody asks and kept for a week.

    ``done`` counts, of a hundred, how far the worker is; ``file_id`` is there once it has made the file and until it
    is taken away (``gone_at``). The digest stays, so that a packet that was handed over can be told from another.
    """

    __tablename__ = "award_packet"
    __table_args__ = (
        UniqueConstraint("institute_id", "id", name="tenant"),
        ForeignKeyConstraint(["institute_id", "award_id"], ["award.institute_id", "award.id"]),
        ForeignKeyConstraint(["institute_id", "asked_by"], ["person.institute_id", "person.id"]),
        ForeignKeyConstraint(["institute_id", "file_id"], ["stored_file.institute_id", "stored_file.id"]),
        CheckConstraint("done BETWEEN 0 AND 100", name="done_of_a_hundred"),
        CheckConstraint("file_id IS NULL OR (sha256 IS NOT NULL AND made_at IS NOT NULL)", name="file_whole"),
        Index(
            "uq_award_packet_open",
            "award_id",
            unique=True,
            sqlite_where=text("made_at IS NULL AND gone_at IS NULL"),
            postgresql_where=text("made_at IS NULL AND gone_at IS NULL"),
        ),
        Index("ix_award_packet_award_id", "award_id"),
        Index("ix_award_packet_made_at", "made_at"),
    )

    id: Mapped[PacketId] = mapped_column(Integer, primary_key=True)
    institute_id: Mapped[InstituteId] = mapped_column(ForeignKey("institute.id"))
    award_id: Mapped[AwardId] = mapped_column(Integer)
    locale: Mapped[str] = mapped_column(String(10))
    asked_by: Mapped[PersonId | None] = mapped_column(Integer)
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    done: Mapped[int] = mapped_column(default=0)
    file_id: Mapped[StoredFileId | None] = mapped_column(Integer)
    sha256: Mapped[str | None] = mapped_column(String(64))
    made_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    gone_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
