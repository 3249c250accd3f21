"""Tables of what becomes of an award: reminders before its end, and wishes for another name on it."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import NewType

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    String,
    Text,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from certificates.awards.models import LONGEST_NAME, AwardId
from institute.actors import InstituteId, PersonId
from institute.clock import now
from institute.db import Base, UtcDateTime, append_only, enum_column
from institute.files.models import StoredFileId

CorrectionId = NewType("CorrectionId", int)


class AwardReminder(Base):
    """That an award's holder was reminded so many days before its end: once for each number of days.

    ``told`` is false for a reminder that a later one took the place of before anybody could send it.
    """

    __tablename__ = "award_reminder"
    __table_args__ = (
        ForeignKeyConstraint(["institute_id", "award_id"], ["award.institute_id", "award.id"]),
        CheckConstraint("days > 0", name="before_the_end"),
    )

    award_id: Mapped[AwardId] = mapped_column(Integer, primary_key=True)
    days: Mapped[int] = mapped_column(primary_key=True)
    institute_id: Mapped[InstituteId] = mapped_column(ForeignKey("institute.id"))
    told: Mapped[bool] = mapped_column(default=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)


append_only(AwardReminder.metadata.tables[AwardReminder.__tablename__])


class CorrectionState(StrEnum):
    """Where a holder's wish for another name stands."""

    OPEN = "open"
    DONE = "done"
    REFUSED = "refused"


class CorrectionRequest(Base):
    """A holder's wish that the certificate bears another name, with the reason and, if they like, a proof.

    ``corrected_id`` is the award that took the place of ``award_id``. At most one is open for an award.
    """

    __tablename__ = "correction_request"
    __table_args__ = (
        ForeignKeyConstraint(["institute_id", "award_id"], ["award.institute_id", "award.id"]),
        ForeignKeyConstraint(["institute_id", "corrected_id"], ["award.institute_id", "award.id"]),
        ForeignKeyConstraint(["institute_id", "person_id"], ["person.institute_id", "person.id"]),
        ForeignKeyConstraint(["institute_id", "decided_by"], ["person.institute_id", "person.id"]),
        ForeignKeyConstraint(
            ["institute_id", "proof_file_id"], ["stored_file.institute_id", "stored_file.id"]
        ),
        CheckConstraint("length(name) > 0", name="name_said"),
        CheckConstraint("length(reason) > 0", name="says_why"),
        CheckConstraint("(state = 'open') = (decided_at IS NULL)", name="decided_when"),
        CheckConstraint("(decided_at IS NULL) = (decided_by IS NULL)", name="decided_by_somebody"),
        CheckConstraint("(state = 'done') = (corrected_id IS NOT NULL)", name="done_with_another"),
        CheckConstraint("state <> 'refused' OR length(note) > 0", name="refused_with_a_word"),
        Index(
            "uq_correction_request_open",
            "award_id",
            unique=True,
            sqlite_where=text("state = 'open'"),
            postgresql_where=text("state = 'open'"),
        ),
        Index("ix_correction_request_state", "institute_id", "state"),
    )

    id: Mapped[CorrectionId] = mapped_column(Integer, primary_key=True)
    institute_id: Mapped[InstituteId] = mapped_column(ForeignKey("institute.id"))
    award_id: Mapped[AwardId] = mapped_column(Integer)
    person_id: Mapped[PersonId] = mapped_column(Integer)
    name: Mapped[str] = mapped_column(String(LONGEST_NAME))
    reason: Mapped[str] = mapped_column(Text)
    proof_file_id: Mapped[StoredFileId | None] = mapped_column(Integer)
    state: Mapped[CorrectionState] = enum_column(CorrectionState, name="state", default=CorrectionState.OPEN)
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    decided_by: Mapped[PersonId | None] = mapped_column(Integer)
    note: Mapped[str] = mapped_column(Text, default="")
    corrected_id: Mapped[AwardId | None] = mapped_column(Integer)
