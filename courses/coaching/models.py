"""Tables of coaching: what counts in a programme, the sessions that were logged, what the two sides said."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any, Final, NewType

from sqlalchemy import (
    JSON,
    CheckConstraint,
    Date,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from courses.catalogue.models import ProgrammeId, SegmentId
from courses.coaching.guards import guard
from courses.cohorts.models import CoachAssignmentId, EnrolmentId
from institute.actors import InstituteId, PersonId
from institute.clock import now
from institute.db import Base, UtcDateTime, append_only, enum_column

SessionLogId = NewType("SessionLogId", int)

NOTES_LENGTH: Final = 4000
STEPS_LENGTH: Final = 2000
REASON_LENGTH: Final = 1000


class Kind(StrEnum):
    """What a session was."""

    ONE_TO_ONE = "one_to_one"
    GROUP = "group"
    OBSERVATION = "observation"
    JOB_SHADOW = "job_shadow"


class Mode(StrEnum):
    """How the two met."""

    IN_PERSON = "in_person"
    VIDEO = "video"
    PHONE = "phone"
    ASYNCHRONOUS = "asynchronous"


class SessionState(StrEnum):
    """Where a log stands; courses.coaching.states holds the lawful ways between them."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    DISPUTED = "disputed"
    CONFIRMED = "confirmed"
    LOCKED = "locked"
    VOIDED = "voided"


class Verdict(StrEnum):
    """What a participant answered."""

    CONFIRMED = "confirmed"
    DISPUTED = "disputed"


class Difference(StrEnum):
    """What a participant remembers otherwise."""

    TIME = "time"
    LENGTH = "length"
    MODE = "mode"
    AGREED = "agreed"
    NOT_HELD = "not_held"


class CoachingPolicy(Base):
    """What a programme asks for each month, in minutes, and which sessions count (``kind/mode`` words)."""

    __tablename__ = "coaching_policy"
    __table_args__ = (
        ForeignKeyConstraint(["institute_id", "programme_id"], ["programme.institute_id", "programme.id"]),
        CheckConstraint("minimum_minutes >= 0 AND target_minutes >= minimum_minutes", name="in_order"),
    )

    programme_id: Mapped[ProgrammeId] = mapped_column(Integer, primary_key=True, autoincrement=False)
    institute_id: Mapped[InstituteId] = mapped_column(ForeignKey("institute.id"))
    minimum_minutes: Mapped[int]
    target_minutes: Mapped[int]
    counting: Mapped[str] = mapped_column(String(500))


class SessionLog(Base):
    """A session as its coach logged it.

    ``minutes`` is its length without the break; ``month`` is the first day of the month in which it began, on the
    clock of the cohort. Two sessions of a participant never share a moment, nor do two of a coach that are not
    group sessions: triggers on SQLite and exclusion constraints on PostgreSQL see to it (courses.coaching.guards).
    """

    __tablename__ = "session_log"
    __table_args__ = (
        UniqueConstraint("institute_id", "id", name="tenant"),
        ForeignKeyConstraint(["institute_id", "enrolment_id"], ["enrolment.institute_id", "enrolment.id"]),
        ForeignKeyConstraint(["institute_id", "coach_id"], ["person.institute_id", "person.id"]),
        ForeignKeyConstraint(["institute_id", "participant_id"], ["person.institute_id", "person.id"]),
        ForeignKeyConstraint(["institute_id", "author_id"], ["person.institute_id", "person.id"]),
        CheckConstraint("coach_id <> participant_id", name="two_people"),
        CheckConstraint("end_utc > start_utc", name="in_order"),
        CheckConstraint("minutes BETWEEN 1 AND 1440", name="minutes_credible"),
        CheckConstraint("break_minutes BETWEEN 0 AND 1439", name="break_credible"),
        CheckConstraint("author_id IN (coach_id, participant_id)", name="author_was_there"),
        CheckConstraint(
            "confirmed_by IS NULL OR (confirmed_by <> author_id AND confirmed_by IN (coach_id, participant_id))",
            name="confirmer_is_the_other",
        ),
        CheckConstraint(
            "(state IN ('confirmed', 'locked')) = (confirmed_by IS NOT NULL)", name="confirmed_by_somebody"
        ),
        CheckConstraint("(confirmed_by IS NULL) = (confirmed_at IS NULL)", name="confirmed_at_some_time"),
        CheckConstraint("version >= 1", name="version_positive"),
        Index("ix_session_log_hours", "enrolment_id", "month", "state", "kind", "mode", "minutes"),
        Index("ix_session_log_coach", "coach_id", "start_utc"),
        Index("ix_session_log_participant", "participant_id", "start_utc"),
        Index("ix_session_log_tenant", "institute_id", "enrolment_id", "state", "kind", "mode", "minutes"),
    )

    id: Mapped[SessionLogId] = mapped_column(Integer, primary_key=True)
    institute_id: Mapped[InstituteId] = mapped_column(ForeignKey("institute.id"))
    assignment_id: Mapped[CoachAssignmentId] = mapped_column(ForeignKey("coach_assignment.id"))
    enrolment_id: Mapped[EnrolmentId] = mapped_column(Integer)
    coach_id: Mapped[PersonId] = mapped_column(Integer)
    participant_id: Mapped[PersonId] = mapped_column(Integer)
    author_id: Mapped[PersonId] = mapped_column(Integer)
    start_utc: Mapped[datetime] = mapped_column(UtcDateTime)
    end_utc: Mapped[datetime] = mapped_column(UtcDateTime)
    zone: Mapped[str] = mapped_column(String(60))
    local_day: Mapped[date] = mapped_column(Date)
    month: Mapped[date] = mapped_column(Date)
    break_minutes: Mapped[int] = mapped_column(default=0)
    minutes: Mapped[int]
    mode: Mapped[Mode] = enum_column(Mode, name="mode")
    kind: Mapped[Kind] = enum_column(Kind, name="kind")
    segment_id: Mapped[SegmentId | None] = mapped_column(ForeignKey("segment.id", ondelete="SET NULL"))
    notes: Mapped[str] = mapped_column(Text, default="")
    next_steps: Mapped[str] = mapped_column(Text, default="")
    long_reason: Mapped[str] = mapped_column(Text, default="")
    state: Mapped[SessionState] = enum_column(SessionState, name="state")
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    submitted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    confirmed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    confirmed_by: Mapped[PersonId | None] = mapped_column(Integer)


class SessionRevision(Base):
    """What a log said in one of its versions, and who wrote that."""

    __tablename__ = "session_revision"
    __table_args__ = (
        UniqueConstraint("log_id", "version", name="version"),
        ForeignKeyConstraint(["institute_id", "log_id"], ["session_log.institute_id", "session_log.id"]),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    institute_id: Mapped[InstituteId] = mapped_column(Integer)
    log_id: Mapped[SessionLogId] = mapped_column(Integer)
    version: Mapped[int]
    state: Mapped[SessionState] = enum_column(SessionState, name="state")
    author_id: Mapped[PersonId] = mapped_column(Integer)
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    facts: Mapped[dict[str, Any]] = mapped_column(JSON)


class SessionAnswer(Base):
    """What the other side said to one version of a log."""

    __tablename__ = "session_answer"
    __table_args__ = (
        UniqueConstraint("log_id", "version", name="version"),
        ForeignKeyConstraint(["institute_id", "log_id"], ["session_log.institute_id", "session_log.id"]),
        CheckConstraint("(verdict = 'disputed') = (difference IS NOT NULL)", name="dispute_says_what"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    institute_id: Mapped[InstituteId] = mapped_column(Integer)
    log_id: Mapped[SessionLogId] = mapped_column(Integer)
    version: Mapped[int]
    verdict: Mapped[Verdict] = enum_column(Verdict, name="verdict")
    difference: Mapped[Difference | None] = enum_column(Difference, name="difference", nullable=True)
    reason: Mapped[str] = mapped_column(Text, default="")
    person_id: Mapped[PersonId] = mapped_column(Integer)
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)


guard(Base.metadata.tables["session_log"])
append_only(Base.metadata.tables["session_revision"])
append_only(Base.metadata.tables["session_answer"])
