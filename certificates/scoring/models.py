"""Tables of scoring: rubrics that never change, tasks that one rater holds, what is written, what is released."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from fractions import Fraction
from typing import NewType, cast

from sqlalchemy import (
    CheckConstraint,
    Date,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from certificates.evidence.models import SubmissionId
from institute.actors import InstituteId, PersonId
from institute.clock import now
from institute.db import Base, UtcDateTime, append_only, enum_column
from institute.i18n import Localised, LocalisedType

RubricId = NewType("RubricId", int)
CriterionId = NewType("CriterionId", int)
TaskId = NewType("TaskId", int)
SheetId = NewType("SheetId", int)
RevisionId = NewType("RevisionId", int)
ReleaseId = NewType("ReleaseId", int)


class Rubric(Base):
    """One version of a rubric. What was scored by it keeps it, so a change is a new version.

    ``levels`` is how many levels each criterion has. The cut is the least mean of the criteria that passes, as a
    fraction.
    """

    __tablename__ = "rubric"
    __table_args__ = (
        UniqueConstraint("institute_id", "id", name="tenant"),
        UniqueConstraint("institute_id", "key", "version", name="version"),
        CheckConstraint("version >= 1", name="version_counts_from_one"),
        CheckConstraint("levels >= 2", name="two_levels_or_more"),
        CheckConstraint(
            "cut_denominator >= 1 AND cut_numerator >= cut_denominator"
            " AND cut_numerator <= levels * cut_denominator",
            name="cut_within_levels",
        ),
    )

    id: Mapped[RubricId] = mapped_column(Integer, primary_key=True)
    institute_id: Mapped[InstituteId] = mapped_column(ForeignKey("institute.id"))
    key: Mapped[str] = mapped_column(String(60))
    version: Mapped[int]
    title: Mapped[Localised] = mapped_column(LocalisedType)
    levels: Mapped[int]
    cut_numerator: Mapped[int]
    cut_denominator: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64))
    """Hex digest of everything it says, by which an unchanged rubric is recognised."""
    published_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)

    criteria: Mapped[list[Criterion]] = relationship(order_by="Criterion.position", viewonly=True)

    @property
    def cut(self) -> Fraction:
        """The least mean that passes."""
        return Fraction(self.cut_numerator, self.cut_denominator)


class Criterion(Base):
    """One thing that a rubric looks at."""

    __tablename__ = "criterion"
    __table_args__ = (
        UniqueConstraint("rubric_id", "key", name="key"),
        UniqueConstraint("rubric_id", "position", name="position"),
        CheckConstraint("position >= 1", name="position_counts_from_one"),
    )

    id: Mapped[CriterionId] = mapped_column(Integer, primary_key=True)
    rubric_id: Mapped[RubricId] = mapped_column(ForeignKey("rubric.id"))
    key: Mapped[str] = mapped_column(String(60))
    position: Mapped[int]
    title: Mapped[Localised] = mapped_column(LocalisedType)

    levels: Mapped[list[CriterionLevel]] = relationship(order_by="CriterionLevel.number", viewonly=True)


class CriterionLevel(Base):
    """One level of a criterion, 1 being the lowest, in words."""

    __tablename__ = "criterion_level"
    __table_args__ = (CheckConstraint("number >= 1", name="number_counts_from_one"),)

    criterion_id: Mapped[CriterionId] = mapped_column(ForeignKey("criterion.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    name: Mapped[Localised] = mapped_column(LocalisedType)
    descriptor: Mapped[Localised] = mapped_column(LocalisedType)


class TaskState(StrEnum):
    """Where a task stands: nobody holds it, a rater does, or it is done."""

    OPEN = "open"
    HELD = "held"
    RELEASED = "released"
    RETURNED = "returned"


class ScoringTask(Base):
    """A submission to be scored by one rater, who takes it from the queue."""

    __tablename__ = "scoring_task"
    __table_args__ = (
        UniqueConstraint("institute_id", "id", name="tenant"),
        UniqueConstraint("submission_id", name="submission"),
        ForeignKeyConstraint(["institute_id", "submission_id"], ["submission.institute_id", "submission.id"]),
        ForeignKeyConstraint(["institute_id", "rubric_id"], ["rubric.institute_id", "rubric.id"]),
        ForeignKeyConstraint(["institute_id", "rater_id"], ["person.institute_id", "person.id"]),
        CheckConstraint("(state = 'open') = (rater_id IS NULL)", name="held_by_somebody"),
        Index("ix_scoring_task_queue", "institute_id", "state", "due"),
        Index("ix_scoring_task_rater_id", "rater_id"),
    )

    id: Mapped[TaskId] = mapped_column(Integer, primary_key=True)
    institute_id: Mapped[InstituteId] = mapped_column(ForeignKey("institute.id"))
    submission_id: Mapped[SubmissionId] = mapped_column(Integer)
    rubric_id: Mapped[RubricId] = mapped_column(Integer)
    state: Mapped[TaskState] = enum_column(TaskState, name="state", default=TaskState.OPEN)
    rater_id: Mapped[PersonId | None] = mapped_column(Integer)
    due: Mapped[date] = mapped_column(Date)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    taken_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    rubric: Mapped[Rubric] = relationship(viewonly=True)


class ScoreSheet(Base):
    """What one rater writes on one task. Whoever takes the task after them begins an own one."""

    __tablename__ = "score_sheet"
    __table_args__ = (
        UniqueConstraint("institute_id", "id", name="tenant"),
        UniqueConstraint("task_id", "rater_id", name="task_rater"),
        ForeignKeyConstraint(["institute_id", "task_id"], ["scoring_task.institute_id", "scoring_task.id"]),
        ForeignKeyConstraint(["institute_id", "rater_id"], ["person.institute_id", "person.id"]),
        Index("ix_score_sheet_rater_id", "rater_id"),
    )

    id: Mapped[SheetId] = mapped_column(Integer, primary_key=True)
    institute_id: Mapped[InstituteId] = mapped_column(ForeignKey("institute.id"))
    task_id: Mapped[TaskId] = mapped_column(Integer)
    rater_id: Mapped[PersonId] = mapped_column(Integer)
    begun_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)


class ScoreRevision(Base):
    """What a sheet said about one criterion at one moment; the newest that did not come late holds.

    A text that came ``late``, from a page that did not know the newest, is kept beside it until the rater has dealt
    with it (``settled_at``).
    """

    __tablename__ = "score_revision"
    __table_args__ = (
        UniqueConstraint("sheet_id", "criterion_id", "number", name="number"),
        CheckConstraint("number >= 1", name="number_counts_from_one"),
        CheckConstraint("level IS NULL OR level >= 1", name="level_counts_from_one"),
        CheckConstraint("settled_at IS NULL OR late", name="only_late_ones_are_settled"),
    )

    id: Mapped[RevisionId] = mapped_column(Integer, primary_key=True)
    sheet_id: Mapped[SheetId] = mapped_column(ForeignKey("score_sheet.id"))
    criterion_id: Mapped[CriterionId] = mapped_column(ForeignKey("criterion.id"), index=True)
    number: Mapped[int]
    level: Mapped[int | None]
    comment: Mapped[str] = mapped_column(Text, default="")
    late: Mapped[bool] = mapped_column(default=False)
    saved_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    settled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class ScoreRelease(Base):
    """The scores of a submission as its participant learnt them: never changed, never doubled.

    The score is the mean of the criteria's levels, as a fraction; ``maximum`` is the highest level.
    """

    __tablename__ = "score_release"
    __table_args__ = (
        UniqueConstraint("institute_id", "id", name="tenant"),
        UniqueConstraint("submission_id", name="submission"),
        UniqueConstraint("sheet_id", name="sheet"),
        ForeignKeyConstraint(["institute_id", "submission_id"], ["submission.institute_id", "submission.id"]),
        ForeignKeyConstraint(["institute_id", "sheet_id"], ["score_sheet.institute_id", "score_sheet.id"]),
        CheckConstraint(
            "score_denominator >= 1 AND score_numerator >= 0"
            " AND score_numerator <= maximum * score_denominator",
            name="score_within_maximum",
        ),
    )

    id: Mapped[ReleaseId] = mapped_column(Integer, primary_key=True)
    institute_id: Mapped[InstituteId] = mapped_column(ForeignKey("institute.id"))
    submission_id: Mapped[SubmissionId] = mapped_column(Integer)
    sheet_id: Mapped[SheetId] = mapped_column(Integer)
    score_numerator: Mapped[int]
    score_denominator: Mapped[int]
    maximum: Mapped[int]
    passed: Mapped[bool]
    released_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)

    @property
    def score(self) -> Fraction:
        """The exact mean."""
        return Fraction(self.score_numerator, self.score_denominator)


class CriterionScore(Base):
    """The released level of one criterion and the rater's words."""

    __tablename__ = "criterion_score"
    __table_args__ = (CheckConstraint("level >= 1", name="level_counts_from_one"),)

    release_id: Mapped[ReleaseId] = mapped_column(ForeignKey("score_release.id"), primary_key=True)
    criterion_id: Mapped[CriterionId] = mapped_column(
        ForeignKey("criterion.id"), primary_key=True, index=True
    )
    level: Mapped[int]
    comment: Mapped[str] = mapped_column(Text, default="")


class ConditionCode(StrEnum):
    """Why evidence cannot be scored."""

    OFF_TASK = "off_task"
    INCOMPLETE = "incomplete"
    UNREADABLE = "unreadable"
    NAMES_SHOWN = "names_shown"
    NOT_OWN_WORK = "not_own_work"


class ScoringReturn(Base):
    """Evidence that went back because it cannot be scored: the code and the rater's reason."""

    __tablename__ = "scoring_return"
    __table_args__ = (
        UniqueConstraint("submission_id", name="submission"),
        ForeignKeyConstraint(["institute_id", "submission_id"], ["submission.institute_id", "submission.id"]),
        ForeignKeyConstraint(["institute_id", "sheet_id"], ["score_sheet.institute_id", "score_sheet.id"]),
        CheckConstraint("length(reason) > 0", name="with_a_reason"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    institute_id: Mapped[InstituteId] = mapped_column(ForeignKey("institute.id"))
    submission_id: Mapped[SubmissionId] = mapped_column(Integer)
    sheet_id: Mapped[SheetId] = mapped_column(Integer, index=True)
    code: Mapped[ConditionCode] = enum_column(ConditionCode, name="code")
    reason: Mapped[str] = mapped_column(Text)
    returned_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)


class DeclaredConflict(Base):
    """A rater's word that they should not score somebody, whom they recognised by the evidence."""

    __tablename__ = "declared_conflict"
    __table_args__ = (
        UniqueConstraint("person_id", "other_id", name="pair"),
        ForeignKeyConstraint(["institute_id", "person_id"], ["person.institute_id", "person.id"]),
        ForeignKeyConstraint(["institute_id", "other_id"], ["person.institute_id", "person.id"]),
        CheckConstraint("person_id <> other_id", name="two_people"),
        Index("ix_declared_conflict_other_id", "other_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    institute_id: Mapped[InstituteId] = mapped_column(ForeignKey("institute.id"))
    person_id: Mapped[PersonId] = mapped_column(Integer)
    other_id: Mapped[PersonId] = mapped_column(Integer)
    declared_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)


FROZEN = (Rubric, Criterion, CriterionLevel, ScoreRelease, CriterionScore, ScoringReturn, DeclaredConflict)

for _model in FROZEN:
    append_only(cast("Table", _model.__table__))
