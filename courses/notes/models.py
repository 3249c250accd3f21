"""Tables of private notes: what only its author reads, and the key that only it is sealed with."""

from __future__ import annotations

from datetime import datetime
from typing import Final, NewType

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from courses.cohorts.models import EnrolmentId
from courses.sessions.models import SessionLogId
from institute.actors import InstituteId, PersonId
from institute.clock import now
from institute.db import Base, UtcDateTime

PrivateNoteId = NewType("PrivateNoteId", int)
NOTE_LENGTH: Final = 8000


class NotesKey(Base):
    """The key that one person's private notes are sealed with, wrapped by NOTES_KEY, which no database holds.

    Without the row nobody can read the notes any more, whatever else is kept.
    """

    __tablename__ = "notes_key"
    __table_args__ = (
        ForeignKeyConstraint(["institute_id", "person_id"], ["person.institute_id", "person.id"]),
    )

    person_id: Mapped[PersonId] = mapped_column(Integer, primary_key=True)
    institute_id: Mapped[InstituteId] = mapped_column(ForeignKey("institute.id"))
    wrapped: Mapped[bytes] = mapped_column(LargeBinary)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)


class PrivateNote(Base):
    """What somebody noted for themselves on a session or on somebody: one note each, sealed, of one of the two."""

    __tablename__ = "private_note"
    __table_args__ = (
        ForeignKeyConstraint(["institute_id", "author_id"], ["person.institute_id", "person.id"]),
        ForeignKeyConstraint(["institute_id", "log_id"], ["session_log.institute_id", "session_log.id"]),
        ForeignKeyConstraint(["institute_id", "enrolment_id"], ["enrolment.institute_id", "enrolment.id"]),
        CheckConstraint("(log_id IS NULL) <> (enrolment_id IS NULL)", name="one_subject"),
        CheckConstraint("version >= 1", name="version_positive"),
        UniqueConstraint("author_id", "log_id", name="on_log"),
        UniqueConstraint("author_id", "enrolment_id", name="on_enrolment"),
        Index("ix_private_note_log_id", "log_id"),
        Index("ix_private_note_enrolment_id", "enrolment_id"),
    )

    id: Mapped[PrivateNoteId] = mapped_column(Integer, primary_key=True)
    institute_id: Mapped[InstituteId] = mapped_column(ForeignKey("institute.id"))
    author_id: Mapped[PersonId] = mapped_column(Integer)
    log_id: Mapped[SessionLogId | None] = mapped_column(Integer)
    enrolment_id: Mapped[EnrolmentId | None] = mapped_column(Integer)
    ciphertext: Mapped[bytes] = mapped_column(LargeBinary)
    version: Mapped[int] = mapped_column(default=1)
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
