"""Tables of the schedule: sessions that are agreed on, and who takes part in each."""

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
)
from sqlalchemy.orm import Mapped, mapped_column

from courses.catalogue.models import SegmentId
from courses.cohorts.models import CohortId, EnrolmentId
from courses.sessions.models import Mode, SessionLogId
from institute.actors import InstituteId, PersonId
from institute.clock import now
from institute.db import Base, UtcDateTime, enum_column

PlannedSessionId = NewType("PlannedSessionId", int)

PLACE_LENGTH: Final = 500
WORD_LENGTH: Final = 500


class PlanState(StrEnum):
    """What became of a plan: a session that was moved is planned still, under the next sequence."""

    PLANNED = "planned"
    HELD = "held"
    CANCELLED = "cancelled"


class PlannedSession(Base):
    """A session that a coach agreed on with one or several participants of a cohort.

    ``sequence`` grows by one with each change that calendars must learn of. ``place`` is a room or an address to join
    at. ``reason`` says why it was cancelled.
    """

    __tablename__ = "planned_session"
    __table_args__ = (
        UniqueConstraint("institute_id", "id", name="tenant"),
        ForeignKeyConstraint(["institute_id", "coach_id"], ["person.institute_id", "person.id"]),
        ForeignKeyConstraint(["institute_id", "cohort_id"], ["cohort.institute_id", "cohort.id"]),
        CheckConstraint("end_utc > start_utc", name="in_order"),
        CheckConstraint("sequence >= 0", name="sequence_grows"),
        Index("ix_planned_session_coach", "coach_id", "start_utc"),
        Index("ix_planned_session_cohort", "cohort_id", "start_utc"),
    )

    id: Mapped[PlannedSessionId] = mapped_column(Integer, primary_key=True)
    institute_id: Mapped[InstituteId] = mapped_column(ForeignKey("institute.id"))
    cohort_id: Mapped[CohortId] = mapped_column(Integer)
    coach_id: Mapped[PersonId] = mapped_column(Integer)
    start_utc: Mapped[datetime] = mapped_column(UtcDateTime)
    end_utc: Mapped[datetime] = mapped_column(UtcDateTime)
    zone: Mapped[str] = mapped_column(String(60))
    mode: Mapped[Mode] = enum_column(Mode, name="mode")
    place: Mapped[str] = mapped_column(String(PLACE_LENGTH), default="")
    segment_id: Mapped[SegmentId | None] = mapped_column(ForeignKey("segment.id", ondelete="SET NULL"))
    state: Mapped[PlanState] = enum_column(PlanState, name="state")
    sequence: Mapped[int] = mapped_column(default=0)
    reason: Mapped[str] = mapped_column(String(WORD_LENGTH), default="")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)


class PlannedMember(Base):
    """Somebody who takes part in a planned session.

    ``asked`` is the word with which they asked for another time, until the coach answers. ``log_id`` is the log that
    the session became.
    """

    __tablename__ = "planned_member"
    __table_args__ = (
        ForeignKeyConstraint(
            ["institute_id", "planned_id"], ["planned_session.institute_id", "planned_session.id"]
        ),
        ForeignKeyConstraint(["institute_id", "enrolment_id"], ["enrolment.institute_id", "enrolment.id"]),
        ForeignKeyConstraint(["institute_id", "log_id"], ["session_log.institute_id", "session_log.id"]),
        UniqueConstraint("log_id", name="log"),
        CheckConstraint("asked_at IS NOT NULL OR asked = ''", name="asked_at_some_time"),
        Index("ix_planned_member_enrolment_id", "enrolment_id"),
    )

    planned_id: Mapped[PlannedSessionId] = mapped_column(Integer, primary_key=True)
    enrolment_id: Mapped[EnrolmentId] = mapped_column(Integer, primary_key=True)
    institute_id: Mapped[InstituteId] = mapped_column(Integer)
    asked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    asked: Mapped[str] = mapped_column(String(WORD_LENGTH), default="")
    log_id: Mapped[SessionLogId | None] = mapped_column(Integer)
