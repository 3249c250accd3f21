"""Tables of scoring: tasks that one rater holds, what is written, what is released."""

from __future__ import annotations

import secrets
from datetime import date, datetime
from enum import StrEnum
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
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from certificates.evidence.models import SubmissionId
from certificates.rubrics.models import CriterionId, Rubric, RubricId
from institute.actors import InstituteId, PersonId
from institute.clock import now
from institute.db import Base, UtcDateTime, append_only, enum_column

TaskId = NewType("TaskId", int)
SheetId = NewType("SheetId", int)
RevisionId = NewType("RevisionId", int)
TaskScoreId = NewType("TaskScoreId", int)


def any_place() -> int:
    """Return a number at random, by which tasks are ordered so that nobody can guess at their order."""
    return secrets.randbelow(2**31)


class TaskState(StrEnum):
    """Where a task stands: nobody has it, a rater does, or it is done.

    ``WITHDRAWN`` is a task that is needed no longer, such as the second of evidence that cannot be scored.
    """

    OPEN = "open"
    HELD = "held"
    SCORED = "scored"
    RETURNED = "returned"
    WITHDRAWN = "withdrawn"


class Purpose(StrEnum):
    """What a task is for. Raters of the first and the second never learn which of them they have.

    ``SEEDED`` is a paper whose scores are known, put among a rater's tasks.
    """

    FIRST = "first"
    SECOND = "second"
    ADJUDICATION = "adjudication"
    SEEDED = "seeded"


class ScoringTask(Base):
    """Evidence to be scored by one rater: a submission, or a seeded paper (``anchor_id``).

    ``round`` is 0, and 1 for the appeal. ``place`` is a random number that orders what a rater has. ``rater_id`` is who
    has it, None where nobody does; no rater has two tasks of one submission, whatever the round.
    """

    __tablename__ = "scoring_task"
    __table_args__ = (
        UniqueConstraint("institute_id", "id", name="tenant"),
        ForeignKeyConstraint(["institute_id", "submission_id"], ["submission.institute_id", "submission.id"]),
        ForeignKeyConstraint(["institute_id", "rubric_id"], ["rubric.institute_id", "rubric.id"]),
        ForeignKeyConstraint(["institute_id", "rater_id"], ["person.institute_id", "person.id"]),
        CheckConstraint("state <> 'open' OR rater_id IS NULL", name="open_to_all"),
        CheckConstraint("state IN ('open', 'withdrawn') OR rater_id IS NOT NULL", name="held_by_somebody"),
        CheckConstraint("(purpose = 'seeded') = (submission_id IS NULL)", name="of_a_submission"),
        CheckConstraint("(purpose = 'seeded') = (anchor_id IS NOT NULL)", name="of_an_anchor"),
        CheckConstraint("round >= 0", name="round_counts_from_zero"),
        Index(
            "uq_scoring_task_purpose",
            "submission_id",
            "round",
            "purpose",
            unique=True,
            sqlite_where=text("state <> 'withdrawn'"),
            postgresql_where=text("state <> 'withdrawn'"),
        ),
        Index(
            "uq_scoring_task_rater",
            "submission_id",
            "rater_id",
            unique=True,
            sqlite_where=text("state <> 'withdrawn' AND rater_id IS NOT NULL"),
            postgresql_where=text("state <> 'withdrawn' AND rater_id IS NOT NULL"),
        ),
        Index("ix_scoring_task_queue", "institute_id", "state", "due"),
        Index("ix_scoring_task_rater_id", "rater_id", "state"),
        Index("ix_scoring_task_anchor_id", "anchor_id"),
    )

    id: Mapped[TaskId] = mapped_column(Integer, primary_key=True)
    institute_id: Mapped[InstituteId] = mapped_column(ForeignKey("institute.id"))
    submission_id: Mapped[SubmissionId | None] = mapped_column(Integer)
    anchor_id: Mapped[int | None] = mapped_column(Integer)
    rubric_id: Mapped[RubricId] = mapped_column(Integer)
    purpose: Mapped[Purpose] = enum_column(Purpose, name="purpose", default=Purpose.FIRST)
    round: Mapped[int] = mapped_column(default=0)
    place: Mapped[int] = mapped_column(default=any_place)
    state: Mapped[TaskState] = enum_column(TaskState, name="state", default=TaskState.OPEN)
    rater_id: Mapped[PersonId | None] = mapped_column(Integer)
    due: Mapped[date] = mapped_column(Date)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    taken_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    rubric: Mapped[Rubric] = relationship(viewonly=True)


class ConditionCode(StrEnum):
    """Why evidence, or one criterion of it, cannot be scored."""

    OFF_TASK = "off_task"
    INCOMPLETE = "incomplete"
    UNREADABLE = "unreadable"
    NAMES_SHOWN = "names_shown"
    NOT_OWN_WORK = "not_own_work"


class ScoreSheet(Base):
    """What one rater writes on one task. Whoever takes the task after them begins an own one.

    ``opened_at`` is when its rater first saw the evidence, None while a task that was given to them waits unopened.
    """

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
    opened_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


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
        CheckConstraint("level IS NULL OR condition IS NULL", name="level_or_condition"),
        CheckConstraint("settled_at IS NULL OR late", name="only_late_ones_are_settled"),
    )

    id: Mapped[RevisionId] = mapped_column(Integer, primary_key=True)
    sheet_id: Mapped[SheetId] = mapped_column(ForeignKey("score_sheet.id"))
    criterion_id: Mapped[CriterionId] = mapped_column(ForeignKey("criterion.id"), index=True)
    number: Mapped[int]
    level: Mapped[int | None]
    condition: Mapped[ConditionCode | None] = enum_column(ConditionCode, name="condition")
    comment: Mapped[str] = mapped_column(Text, default="")
    late: Mapped[bool] = mapped_column(default=False)
    saved_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    settled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class TaskScore(Base):
    """A sheet as its rater handed it in: the scores of one task, never changed. Nobody else's are known to them."""

    __tablename__ = "task_score"
    __table_args__ = (
        UniqueConstraint("institute_id", "id", name="tenant"),
        UniqueConstraint("task_id", name="task"),
        ForeignKeyConstraint(["institute_id", "task_id"], ["scoring_task.institute_id", "scoring_task.id"]),
        ForeignKeyConstraint(["institute_id", "sheet_id"], ["score_sheet.institute_id", "score_sheet.id"]),
        ForeignKeyConstraint(["institute_id", "rater_id"], ["person.institute_id", "person.id"]),
        Index("ix_task_score_rater_id", "rater_id"),
    )

    id: Mapped[TaskScoreId] = mapped_column(Integer, primary_key=True)
    institute_id: Mapped[InstituteId] = mapped_column(ForeignKey("institute.id"))
    task_id: Mapped[TaskId] = mapped_column(Integer)
    sheet_id: Mapped[SheetId] = mapped_column(Integer)
    rater_id: Mapped[PersonId] = mapped_column(Integer)
    handed_in_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)

    given: Mapped[list[TaskCriterionScore]] = relationship(viewonly=True)


class TaskCriterionScore(Base):
    """What one rater gave one criterion: a level, or the reason why there is none."""

    __tablename__ = "task_criterion_score"
    __table_args__ = (
        CheckConstraint("level IS NULL OR level >= 1", name="level_counts_from_one"),
        CheckConstraint("(level IS NULL) <> (condition IS NULL)", name="level_or_condition"),
    )

    task_score_id: Mapped[TaskScoreId] = mapped_column(ForeignKey("task_score.id"), primary_key=True)
    criterion_id: Mapped[CriterionId] = mapped_column(
        ForeignKey("criterion.id"), primary_key=True, index=True
    )
    level: Mapped[int | None]
    condition: Mapped[ConditionCode | None] = enum_column(ConditionCode, name="condition")
    comment: Mapped[str] = mapped_column(Text, default="")


class Why(StrEnum):
    """Why evidence is scored by a second rater."""

    ALWAYS = "always"
    NEW_RATER = "new_rater"
    RETAKE = "retake"
    NEAR_CUT = "near_cut"
    DRAWN = "drawn"
    APPEAL = "appeal"


class SecondScore(Base):
    """One reason, found by the policy, why a round of a submission has a second score."""

    __tablename__ = "second_score"
    __table_args__ = (
        UniqueConstraint("submission_id", "round", "why", name="why"),
        ForeignKeyConstraint(["institute_id", "submission_id"], ["submission.institute_id", "submission.id"]),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    institute_id: Mapped[InstituteId] = mapped_column(ForeignKey("institute.id"))
    submission_id: Mapped[SubmissionId] = mapped_column(Integer)
    round: Mapped[int]
    why: Mapped[Why] = enum_column(Why, name="why_known")
    found_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)


class DrawingSeed(Base):
    """The number from which an institute's random second scores are drawn from ``since`` on: any draw can be repeated.

    It stands in the audit as a digest when it is made, and is shown to the scoring lead.
    """

    __tablename__ = "drawing_seed"
    __table_args__ = (CheckConstraint("length(seed) = 64", name="seed_whole"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    institute_id: Mapped[InstituteId] = mapped_column(ForeignKey("institute.id"), index=True)
    seed: Mapped[str] = mapped_column(String(64))
    since: Mapped[datetime] = mapped_column(UtcDateTime, default=now)


class Draw(Base):
    """Whether a submission was drawn for a second score: ``number`` of 0 to 9999 is below ``share`` times 100 if so."""

    __tablename__ = "draw"
    __table_args__ = (
        UniqueConstraint("submission_id", name="submission"),
        ForeignKeyConstraint(["institute_id", "submission_id"], ["submission.institute_id", "submission.id"]),
        CheckConstraint("number BETWEEN 0 AND 9999", name="number_in_range"),
        CheckConstraint("share BETWEEN 0 AND 100", name="share_in_percent"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    institute_id: Mapped[InstituteId] = mapped_column(ForeignKey("institute.id"))
    submission_id: Mapped[SubmissionId] = mapped_column(Integer)
    seed_id: Mapped[int] = mapped_column(ForeignKey("drawing_seed.id"))
    number: Mapped[int]
    share: Mapped[int]


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


FROZEN = (
    TaskScore,
    TaskCriterionScore,
    SecondScore,
    DrawingSeed,
    Draw,
    DeclaredConflict,
)

for _model in FROZEN:
    append_only(cast("Table", _model.__table__))
