"""Tables of the plans: what somebody in a cohort wants to reach, and what they do for it."""

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

from courses.catalogue.models import StepId
from courses.cohorts.models import EnrolmentId
from institute.actors import InstituteId, PersonId
from institute.clock import now
from institute.db import Base, UtcDateTime, append_only, enum_column
from institute.files.models import StoredFileId
from institute.i18n import Localised, LocalisedType

PlanGoalId = NewType("PlanGoalId", int)
PlanActionId = NewType("PlanActionId", int)
PlanEvidenceId = NewType("PlanEvidenceId", int)
PlanVersionId = NewType("PlanVersionId", int)
LONGEST_GOAL: Final = 500
LONGEST_ACTION: Final = 500
LONGEST_LABEL: Final = 200
LONGEST_URL: Final = 2_000
LONGEST_WORDS: Final = 4_000


class PlanKind(StrEnum):
    """Which of a person's two plans it is."""

    PDP = "pdp"
    """The professional development plan, begun by what a self-assessment put first."""
    ILP = "ilp"
    """The individual leadership plan."""


class ReviewOutcome(StrEnum):
    """What a coach says of a plan that was handed to them."""

    AGREED = "agreed"
    CHANGES = "changes"


class PlanGoal(Base):
    """A goal of somebody in a cohort: in their own words (``text``), or an area of an instrument that they chose.

    Of an area, ``area`` is the title, ``area_key`` its key and ``step_id`` the step where it was chosen, so that
    choosing again renews the goal. ``answers`` holds what they answered about it: {"question": Localised as a
    document, "answer": text}. ``elements`` holds addresses of the competencies that it is about
    (``framework/element``), ``due`` the day by which it is to be reached. ``rank`` orders the goals, 1 first.
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
    kind: Mapped[PlanKind] = enum_column(PlanKind, name="kind", default=PlanKind.PDP)
    due: Mapped[date | None] = mapped_column(Date)
    elements: Mapped[list[str]] = mapped_column(JSON, default=list)
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


class PlanEvidence(Base):
    """What shows that a goal is worked on: an address on the web, or a file. Taken out, the row stays for versions."""

    __tablename__ = "plan_evidence"
    __table_args__ = (
        UniqueConstraint("file_id", name="file"),
        ForeignKeyConstraint(["institute_id", "goal_id"], ["plan_goal.institute_id", "plan_goal.id"]),
        ForeignKeyConstraint(["institute_id", "file_id"], ["stored_file.institute_id", "stored_file.id"]),
        CheckConstraint("(url IS NULL) <> (file_id IS NULL)", name="address_or_file"),
        CheckConstraint("length(label) > 0", name="says_something"),
        Index("ix_plan_evidence_goal_id", "goal_id"),
    )

    id: Mapped[PlanEvidenceId] = mapped_column(Integer, primary_key=True)
    institute_id: Mapped[InstituteId] = mapped_column(ForeignKey("institute.id"))
    goal_id: Mapped[PlanGoalId] = mapped_column(Integer)
    label: Mapped[str] = mapped_column(String(LONGEST_LABEL))
    url: Mapped[str | None] = mapped_column(String(LONGEST_URL))
    file_id: Mapped[StoredFileId | None] = mapped_column(Integer)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    removed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class PlanVersion(Base):
    """A plan as it was handed to the coach. ``document`` is what courses.plans.snapshots writes; it never changes."""

    __tablename__ = "plan_version"
    __table_args__ = (
        UniqueConstraint("institute_id", "id", name="tenant"),
        UniqueConstraint("enrolment_id", "kind", "number", name="number"),
        ForeignKeyConstraint(["institute_id", "enrolment_id"], ["enrolment.institute_id", "enrolment.id"]),
        CheckConstraint("number >= 1", name="number_counts_from_one"),
        CheckConstraint(f"length(words) <= {LONGEST_WORDS}", name="words_fit"),
    )

    id: Mapped[PlanVersionId] = mapped_column(Integer, primary_key=True)
    institute_id: Mapped[InstituteId] = mapped_column(ForeignKey("institute.id"))
    enrolment_id: Mapped[EnrolmentId] = mapped_column(Integer)
    kind: Mapped[PlanKind] = enum_column(PlanKind, name="kind")
    number: Mapped[int]
    document: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    words: Mapped[str] = mapped_column(Text, default="")
    submitted_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)


class PlanReview(Base):
    """What the coach said of a version, once for each."""

    __tablename__ = "plan_review"
    __table_args__ = (
        UniqueConstraint("version_id", name="version"),
        ForeignKeyConstraint(
            ["institute_id", "version_id"], ["plan_version.institute_id", "plan_version.id"]
        ),
        ForeignKeyConstraint(["institute_id", "reviewer_id"], ["person.institute_id", "person.id"]),
        CheckConstraint(f"length(words) BETWEEN 1 AND {LONGEST_WORDS}", name="words_fit"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    institute_id: Mapped[InstituteId] = mapped_column(ForeignKey("institute.id"))
    version_id: Mapped[PlanVersionId] = mapped_column(Integer)
    reviewer_id: Mapped[PersonId] = mapped_column(Integer)
    outcome: Mapped[ReviewOutcome] = enum_column(ReviewOutcome, name="outcome")
    words: Mapped[str] = mapped_column(Text)
    reviewed_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)


for _model in (PlanVersion, PlanReview):
    append_only(Base.metadata.tables[_model.__tablename__])
