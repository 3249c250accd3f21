"""Tables of the hours: what a programme asks for, which months are excused, and the sums of each month."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Final, NewType

from sqlalchemy import (
    CheckConstraint,
    Date,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    String,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from courses.catalogue.models import ProgrammeId
from courses.cohorts.models import EnrolmentId
from institute.actors import InstituteId, PersonId
from institute.clock import now
from institute.db import Base, UtcDateTime, enum_column

ExcusedMonthId = NewType("ExcusedMonthId", int)

REASON_LENGTH: Final = 1000
COUNTING_LENGTH: Final = 1000
CAPS_LENGTH: Final = 2000


class Rounding(StrEnum):
    """What becomes of the sum of a month; single sessions are never rounded."""

    NONE = "none"
    NEAREST = "nearest"
    DOWN = "down"


class PartialMonth(StrEnum):
    """What is asked of the month in which somebody began."""

    FULL = "full"
    PRORATA = "prorata"


class CarryOver(StrEnum):
    """What becomes of minutes beyond a month's target."""

    NONE = "none"
    NEXT = "next"


class CoachingPolicy(Base):
    """What a programme asks for each month, in minutes, and which sessions count.

    ``counting`` holds ``kind/mode`` words, ``caps`` words such as ``month:mode/asynchronous:30``
    (courses.hours.policies reads both). Where a need level has no minutes of its own, those of the standard one hold.
    """

    __tablename__ = "coaching_policy"
    __table_args__ = (
        ForeignKeyConstraint(["institute_id", "programme_id"], ["programme.institute_id", "programme.id"]),
        CheckConstraint("minimum_minutes >= 0 AND target_minutes >= minimum_minutes", name="in_order"),
        CheckConstraint("(raised_minimum IS NULL) = (raised_target IS NULL)", name="raised_both"),
        CheckConstraint("raised_minimum >= 0 AND raised_target >= raised_minimum", name="raised_in_order"),
        CheckConstraint("(intensive_minimum IS NULL) = (intensive_target IS NULL)", name="intensive_both"),
        CheckConstraint(
            "intensive_minimum >= 0 AND intensive_target >= intensive_minimum", name="intensive_in_order"
        ),
        CheckConstraint("late_days BETWEEN 1 AND 365", name="late_days_credible"),
        CheckConstraint("long_minutes BETWEEN 15 AND 1440", name="long_credible"),
        CheckConstraint("long_day_minutes BETWEEN 15 AND 1440", name="long_day_credible"),
        CheckConstraint("most_in_group BETWEEN 2 AND 500", name="group_credible"),
        CheckConstraint("recent_months BETWEEN 1 AND 120", name="recent_credible"),
    )

    programme_id: Mapped[ProgrammeId] = mapped_column(Integer, primary_key=True, autoincrement=False)
    institute_id: Mapped[InstituteId] = mapped_column(ForeignKey("institute.id"))
    minimum_minutes: Mapped[int]
    target_minutes: Mapped[int]
    counting: Mapped[str] = mapped_column(String(COUNTING_LENGTH))
    raised_minimum: Mapped[int | None]
    raised_target: Mapped[int | None]
    intensive_minimum: Mapped[int | None]
    intensive_target: Mapped[int | None]
    caps: Mapped[str] = mapped_column(String(CAPS_LENGTH), default="")
    one_to_one_minimum: Mapped[bool] = mapped_column(default=True)
    rounding: Mapped[Rounding] = enum_column(Rounding, name="rounding", default=Rounding.NONE)
    partial_month: Mapped[PartialMonth] = enum_column(
        PartialMonth, name="partial_month", default=PartialMonth.FULL
    )
    carry_over: Mapped[CarryOver] = enum_column(CarryOver, name="carry_over", default=CarryOver.NONE)
    split_at_midnight: Mapped[bool] = mapped_column(default=False)
    late_days: Mapped[int] = mapped_column(default=30)
    long_minutes: Mapped[int] = mapped_column(default=240)
    long_day_minutes: Mapped[int] = mapped_column(default=480)
    most_in_group: Mapped[int] = mapped_column(default=15)
    recent_months: Mapped[int | None]
    planning_counts: Mapped[bool] = mapped_column(default=False)
    makeup_replaces: Mapped[bool] = mapped_column(default=True)


class ExcusedMonth(Base):
    """A month of which nothing is asked, with the reason and who approved it; taken back, the row stays."""

    __tablename__ = "excused_month"
    __table_args__ = (
        UniqueConstraint("institute_id", "id", name="tenant"),
        ForeignKeyConstraint(["institute_id", "enrolment_id"], ["enrolment.institute_id", "enrolment.id"]),
        ForeignKeyConstraint(["institute_id", "approved_by"], ["person.institute_id", "person.id"]),
        ForeignKeyConstraint(["institute_id", "withdrawn_by"], ["person.institute_id", "person.id"]),
        CheckConstraint("length(reason) > 0", name="says_why"),
        CheckConstraint("(withdrawn_at IS NULL) = (withdrawn_by IS NULL)", name="withdrawn_by_somebody"),
        Index(
            "uq_excused_month_standing",
            "enrolment_id",
            "month",
            unique=True,
            sqlite_where=text("withdrawn_at IS NULL"),
            postgresql_where=text("withdrawn_at IS NULL"),
        ),
    )

    id: Mapped[ExcusedMonthId] = mapped_column(Integer, primary_key=True)
    institute_id: Mapped[InstituteId] = mapped_column(ForeignKey("institute.id"))
    enrolment_id: Mapped[EnrolmentId] = mapped_column(Integer)
    month: Mapped[date] = mapped_column(Date)
    reason: Mapped[str] = mapped_column(Text)
    approved_by: Mapped[PersonId] = mapped_column(Integer)
    approved_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    withdrawn_by: Mapped[PersonId | None] = mapped_column(Integer)
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class HoursMonth(Base):
    """An enrolment's minutes of one month as the policy counts them: what courses.hours.recounting writes.

    ``filling`` are those of ``counted`` that fill the minimum, ``filling_waiting`` those of ``waiting``. ``uncounted``
    are of kinds that do not count, ``capped`` beyond a limit; ``disputed`` is in minutes, ``disputed_logs`` in logs.
    """

    __tablename__ = "hours_month"
    __table_args__ = (
        ForeignKeyConstraint(["institute_id", "enrolment_id"], ["enrolment.institute_id", "enrolment.id"]),
        CheckConstraint(
            "counted >= 0 AND waiting >= 0 AND counted + waiting <= logged", name="no_more_than_logged"
        ),
        CheckConstraint("one_to_one BETWEEN 0 AND counted", name="one_to_one_is_counted"),
        CheckConstraint("filling BETWEEN 0 AND counted", name="filling_is_counted"),
        Index("ix_hours_month_tenant", "institute_id", "month", "enrolment_id"),
    )

    enrolment_id: Mapped[EnrolmentId] = mapped_column(Integer, primary_key=True, autoincrement=False)
    month: Mapped[date] = mapped_column(Date, primary_key=True)
    institute_id: Mapped[InstituteId] = mapped_column(ForeignKey("institute.id"))
    logged: Mapped[int]
    waiting: Mapped[int]
    counted: Mapped[int]
    one_to_one: Mapped[int]
    filling: Mapped[int]
    filling_waiting: Mapped[int]
    uncounted: Mapped[int]
    capped: Mapped[int]
    disputed: Mapped[int]
    disputed_logs: Mapped[int]


class HoursTotal(Base):
    """An enrolment's minutes of all months: the sums of its ``hours_month`` rows, for lists and for an institute.

    ``months`` holds these rows once more, as a JSON list of lists, so that the hours of somebody are one row to read.
    """

    __tablename__ = "hours_total"
    __table_args__ = (
        ForeignKeyConstraint(["institute_id", "enrolment_id"], ["enrolment.institute_id", "enrolment.id"]),
        CheckConstraint(
            "counted >= 0 AND waiting >= 0 AND counted + waiting <= logged", name="no_more_than_logged"
        ),
        Index("ix_hours_total_tenant", "institute_id", "enrolment_id", "logged", "waiting", "counted"),
    )

    enrolment_id: Mapped[EnrolmentId] = mapped_column(Integer, primary_key=True, autoincrement=False)
    institute_id: Mapped[InstituteId] = mapped_column(ForeignKey("institute.id"))
    logged: Mapped[int]
    waiting: Mapped[int]
    counted: Mapped[int]
    months: Mapped[str] = mapped_column(Text)
