"""The table of the time that coaches are paid for beside sessions: preparing, travelling, writing up."""

from __future__ import annotations

from datetime import date, datetime
from typing import Final, NewType

from sqlalchemy import CheckConstraint, Date, ForeignKey, ForeignKeyConstraint, Index, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from courses.cohorts.models import CohortId, EnrolmentId
from institute.actors import InstituteId, PersonId
from institute.clock import now
from institute.db import Base, UtcDateTime

PlanningTimeId = NewType("PlanningTimeId", int)

NOTE_LENGTH: Final = 500


class PlanningTime(Base):
    """Minutes of a day that a coach spent for a cohort, or for one of its participants, without a session.

    Nobody confirms them, and they are in no participant's hours: whether they count towards the coach's paid time is
    the programme's word. Taken back, never deleted.
    """

    __tablename__ = "planning_time"
    __table_args__ = (
        ForeignKeyConstraint(["institute_id", "coach_id"], ["person.institute_id", "person.id"]),
        ForeignKeyConstraint(["institute_id", "cohort_id"], ["cohort.institute_id", "cohort.id"]),
        ForeignKeyConstraint(["institute_id", "enrolment_id"], ["enrolment.institute_id", "enrolment.id"]),
        CheckConstraint("minutes BETWEEN 1 AND 1440", name="minutes_credible"),
        Index("ix_planning_time_coach", "coach_id", "day"),
    )

    id: Mapped[PlanningTimeId] = mapped_column(Integer, primary_key=True)
    institute_id: Mapped[InstituteId] = mapped_column(ForeignKey("institute.id"))
    coach_id: Mapped[PersonId] = mapped_column(Integer)
    cohort_id: Mapped[CohortId] = mapped_column(Integer)
    enrolment_id: Mapped[EnrolmentId | None] = mapped_column(Integer)
    day: Mapped[date] = mapped_column(Date)
    minutes: Mapped[int]
    funding: Mapped[str] = mapped_column(String(160), default="")
    note: Mapped[str] = mapped_column(String(NOTE_LENGTH), default="")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    taken_back_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
