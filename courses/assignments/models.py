"""Tables of concerns: what one side says about the coaching, and the steps that it takes."""

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
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from courses.cohorts.models import CoachAssignmentId, EnrolmentId
from institute.actors import InstituteId, PersonId
from institute.clock import now
from institute.db import Base, UtcDateTime, append_only, enum_column

ConcernId = NewType("ConcernId", int)
WORDS_LENGTH: Final = 4000


class ConcernState(StrEnum):
    """Where a concern stands: first between the two, then with the coordinator, then at its end."""

    BETWEEN = "between"
    COORDINATOR = "coordinator"
    REASSIGNED = "reassigned"
    CLOSED = "closed"


class Concern(Base):
    """That coach and participant do not get on in some way, as one of the two says.

    It stays ``between`` them until ``between_until``, then goes to the coordinator by itself. A ``direct`` one never
    was between them: the other side does not see it.
    """

    __tablename__ = "concern"
    __table_args__ = (
        UniqueConstraint("institute_id", "id", name="tenant"),
        ForeignKeyConstraint(["institute_id", "enrolment_id"], ["enrolment.institute_id", "enrolment.id"]),
        ForeignKeyConstraint(["institute_id", "raised_by"], ["person.institute_id", "person.id"]),
        ForeignKeyConstraint(["institute_id", "other_id"], ["person.institute_id", "person.id"]),
        CheckConstraint("raised_by <> other_id", name="two_people"),
        CheckConstraint("NOT direct OR state <> 'between'", name="direct_is_not_between"),
        Index("ix_concern_enrolment_id", "enrolment_id"),
        Index("ix_concern_institute", "institute_id", "state"),
    )

    id: Mapped[ConcernId] = mapped_column(Integer, primary_key=True)
    institute_id: Mapped[InstituteId] = mapped_column(ForeignKey("institute.id"))
    enrolment_id: Mapped[EnrolmentId] = mapped_column(Integer)
    assignment_id: Mapped[CoachAssignmentId] = mapped_column(ForeignKey("coach_assignment.id"))
    raised_by: Mapped[PersonId] = mapped_column(Integer)
    other_id: Mapped[PersonId] = mapped_column(Integer)
    direct: Mapped[bool] = mapped_column(default=False)
    state: Mapped[ConcernState] = enum_column(ConcernState, name="state")
    between_until: Mapped[date] = mapped_column(Date)
    raised_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)


class ConcernStep(Base):
    """One thing that was said or done about a concern. ``person_id`` is null where time alone passed it on."""

    __tablename__ = "concern_step"
    __table_args__ = (
        ForeignKeyConstraint(["institute_id", "concern_id"], ["concern.institute_id", "concern.id"]),
        ForeignKeyConstraint(["institute_id", "person_id"], ["person.institute_id", "person.id"]),
        Index("ix_concern_step_concern_id", "concern_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    institute_id: Mapped[InstituteId] = mapped_column(ForeignKey("institute.id"))
    concern_id: Mapped[ConcernId] = mapped_column(Integer)
    state: Mapped[ConcernState] = enum_column(ConcernState, name="state")
    person_id: Mapped[PersonId | None] = mapped_column(Integer)
    words: Mapped[str] = mapped_column(Text, default="")
    kept_inside: Mapped[bool] = mapped_column(default=False)
    """Whether only coordinators read it."""
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)


append_only(Base.metadata.tables["concern_step"])
