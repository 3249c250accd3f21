"""Tables of the logbook: who put their name to a month, and the month as a document."""

from __future__ import annotations

from datetime import date, datetime
from typing import Final, NewType

from sqlalchemy import (
    CheckConstraint,
    Date,
    ForeignKey,
    ForeignKeyConstraint,
    Integer,
    String,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from courses.cohorts.models import EnrolmentId
from courses.sessions.models import Side
from institute.actors import InstituteId, PersonId
from institute.clock import now
from institute.db import Base, UtcDateTime, append_only, enum_column
from institute.files.models import StoredFileId
from institute.printing.papers import Paper

MonthDocumentId = NewType("MonthDocumentId", int)
DIGEST_LENGTH: Final = 64
EDITION_LENGTH: Final = 16


class MonthSignOff(Base):
    """One side's name under what a month's log said. ``month`` is its first day.

    ``digest`` stands for what was shown; where the month says something else by now, the row says that somebody
    signed before that. ``minutes`` counted and ``sessions`` were agreed on when it was signed. Nothing is taken back.
    """

    __tablename__ = "month_sign_off"
    __table_args__ = (
        ForeignKeyConstraint(["institute_id", "enrolment_id"], ["enrolment.institute_id", "enrolment.id"]),
        ForeignKeyConstraint(["institute_id", "person_id"], ["person.institute_id", "person.id"]),
        UniqueConstraint("enrolment_id", "month", "side", "digest", name="once"),
        CheckConstraint("minutes >= 0 AND sessions >= 1", name="signs_something"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    institute_id: Mapped[InstituteId] = mapped_column(ForeignKey("institute.id"))
    enrolment_id: Mapped[EnrolmentId] = mapped_column(Integer)
    month: Mapped[date] = mapped_column(Date)
    side: Mapped[Side] = enum_column(Side, name="side")
    person_id: Mapped[PersonId] = mapped_column(Integer)
    digest: Mapped[str] = mapped_column(String(DIGEST_LENGTH))
    minutes: Mapped[int]
    sessions: Mapped[int]
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)


class MonthDocument(Base):
    """A month's log as a document: wished for, made by the worker, made anew where it says something else by now.

    ``edition`` stands for everything that is printed.
    """

    __tablename__ = "month_document"
    __table_args__ = (
        UniqueConstraint("enrolment_id", "month", "locale", "paper", name="once"),
        ForeignKeyConstraint(["institute_id", "enrolment_id"], ["enrolment.institute_id", "enrolment.id"]),
        ForeignKeyConstraint(["institute_id", "file_id"], ["stored_file.institute_id", "stored_file.id"]),
        CheckConstraint("(file_id IS NULL) = (made_at IS NULL)", name="made_whole"),
    )

    id: Mapped[MonthDocumentId] = mapped_column(Integer, primary_key=True)
    institute_id: Mapped[InstituteId] = mapped_column(ForeignKey("institute.id"))
    enrolment_id: Mapped[EnrolmentId] = mapped_column(Integer)
    month: Mapped[date] = mapped_column(Date)
    locale: Mapped[str] = mapped_column(String(10))
    paper: Mapped[Paper] = enum_column(Paper, name="paper")
    edition: Mapped[str] = mapped_column(String(EDITION_LENGTH))
    wished_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    file_id: Mapped[StoredFileId | None] = mapped_column(Integer)
    made_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


append_only(MonthSignOff.metadata.tables[MonthSignOff.__tablename__])
