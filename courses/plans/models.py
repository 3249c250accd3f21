"""Tables of the plans: what somebody in a cohort wants to reach, and what they do for it."""

from __future__ import annotations

from datetime import date, datetime
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
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from courses.catalogue.models import StepId
from courses.cohorts.models import EnrolmentId
from institute.actors import InstituteId, PersonId
from institute.clock import now
from institute.db import Base, UtcDateTime
from institute.i18n import Localised, LocalisedType

PlanGoalId = NewType("PlanGoalId", int)
PlanActionId = NewType("PlanActionId", int)
LONGEST_GOAL: Final = 500
LONGEST_ACTION: Final = 500


class PlanGoal(Base):
    """A goal of somebody in a cohort: in their own words (``text``), or an area of an instrument that they chose.

    Of an area, ``area`` is the title, ``area_key`` its key and ``step_id`` the step where it was chosen, so that
    choosing again renews the goal. ``answers`` holds what they answered about it: {"question": Localised as a
    document, "answer": text}. ``rank`` orders the goals, 1 first.
    """

    __tablename__ = "plan_goal"
    __table_args__ = (
        UniqueConstraint("institute_id", "id", name="tenant"),
        UniqueConstraint("enrolment_id", "step_id", "area_key", name="area"),
        ForeignKeyConstraint(["institute_id", "enrolment_id"], ["enrolment.institute_id", "enrolment.id"]),
        CheckConstraint("text <> '' OR area IS NOT NULL", name="says_something"),
        CheckConstraint(f"length(text) <= {LONGEST_GOAL}", name="text_fits"),
        CheckConstraint("(step_id IS NULL) = (area_key IS NULL)", name="area_of_a_step"),
        CheckConstraint("rank >= 1", name="rank_counts_from_one"),
        CheckConstraint("revision >= 1", name="revision_counts_from_one"),
        Index("ix_plan_goal_enrolment_id", "enrolment_id"),
        Index("ix_plan_goal_step_id", "step_id"),
    )

    id: Mapped[PlanGoalId] = mapped_column(Integer, primary_key=True)
    institute_id: Mapped[InstituteId] = mapped_column(ForeignKey("institute.id"))
    enrolment_id: Mapped[EnrolmentId] = mapped_column(Integer)
    rank: Mapped[int]
    text: Mapped[str] = mapped_column(String(LONGEST_GOAL), default="")
    area: Mapped[Localised | None] = mapped_column(LocalisedType)
    area_key: Mapped[str | None] = mapped_column(String(80))
    step_id: Mapped[StepId | None] = mapped_column(ForeignKey("step.id"))
    answers: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    revision: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    reached_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    removed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class PlanAction(Base):
    """Something to do for a goal, by a day where one is set. ``added_by`` is the person themselves or their coach."""

    __tablename__ = "plan_action"
    __table_args__ = (
        ForeignKeyConstraint(["institute_id", "goal_id"], ["plan_goal.institute_id", "plan_goal.id"]),
        ForeignKeyConstraint(["institute_id", "added_by"], ["person.institute_id", "person.id"]),
        CheckConstraint("length(text) > 0", name="says_something"),
        CheckConstraint(f"length(text) <= {LONGEST_ACTION}", name="text_fits"),
        CheckConstraint("revision >= 1", name="revision_counts_from_one"),
        Index("ix_plan_action_goal_id", "goal_id"),
    )

    id: Mapped[PlanActionId] = mapped_column(Integer, primary_key=True)
    institute_id: Mapped[InstituteId] = mapped_column(ForeignKey("institute.id"))
    goal_id: Mapped[PlanGoalId] = mapped_column(Integer)
    added_by: Mapped[PersonId] = mapped_column(Integer)
    text: Mapped[str] = mapped_column(String(LONGEST_ACTION))
    due: Mapped[date | None] = mapped_column(Date)
    revision: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    done_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    removed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
