"""Tables of what raters did with the sets: attempts, scores on them, and what they may score since."""

from __future__ import annotations

from datetime import date, datetime
from typing import Final, NewType, cast

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
from sqlalchemy.orm import Mapped, mapped_column

from certificates.calibration.models import AnchorPaperId, CalibrationSetId
from certificates.rubrics.models import CriterionId
from courses.meetings.models import MeetingId
from institute.actors import InstituteId, PersonId
from institute.clock import now
from institute.db import Base, UtcDateTime, append_only

CalibrationAttemptId = NewType("CalibrationAttemptId", int)
QualificationId = NewType("QualificationId", int)

LONGEST_NOTE: Final = 4_000


class CalibrationAttempt(Base):
    """A rater's go at a set; ``number`` counts those at the rubric. One is open at a time.

    When it is finished: how many ``scores`` there were, how many ``exact``, how many one level off or exact (``near``).
    """

    __tablename__ = "calibration_attempt"
    __table_args__ = (
        UniqueConstraint("institute_id", "id", name="tenant"),
        UniqueConstraint("person_id", "rubric_key", "number", name="number"),
        ForeignKeyConstraint(
            ["institute_id", "set_id"], ["calibration_set.institute_id", "calibration_set.id"]
        ),
        ForeignKeyConstraint(["institute_id", "person_id"], ["person.institute_id", "person.id"]),
        ForeignKeyConstraint(["institute_id", "meeting_id"], ["meeting.institute_id", "meeting.id"]),
        CheckConstraint("number >= 1", name="number_counts_from_one"),
        CheckConstraint("(finished_at IS NULL) = (passed IS NULL)", name="judged_when_finished"),
        CheckConstraint("exact >= 0 AND near >= exact AND scores >= near", name="counts_in_order"),
        Index(
            "uq_calibration_attempt_open",
            "person_id",
            "rubric_key",
            unique=True,
            sqlite_where=text("finished_at IS NULL"),
            postgresql_where=text("finished_at IS NULL"),
        ),
        Index("ix_calibration_attempt_set_id", "set_id"),
    )

    id: Mapped[CalibrationAttemptId] = mapped_column(Integer, primary_key=True)
    institute_id: Mapped[InstituteId] = mapped_column(ForeignKey("institute.id"))
    set_id: Mapped[CalibrationSetId] = mapped_column(Integer)
    person_id: Mapped[PersonId] = mapped_column(Integer)
    rubric_key: Mapped[str] = mapped_column(String(60))
    number: Mapped[int]
    meeting_id: Mapped[MeetingId | None] = mapped_column(Integer)
    begun_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    passed: Mapped[bool | None]
    scores: Mapped[int] = mapped_column(default=0)
    exact: Mapped[int] = mapped_column(default=0)
    near: Mapped[int] = mapped_column(default=0)


class AttemptPaper(Base):
    """A paper of an attempt, in an order of its own; once handed in, its scores stand and the known ones are shown."""

    __tablename__ = "calibration_attempt_paper"
    __table_args__ = (
        UniqueConstraint("attempt_id", "position", name="position"),
        CheckConstraint("position >= 1", name="position_counts_from_one"),
    )

    attempt_id: Mapped[CalibrationAttemptId] = mapped_column(
        ForeignKey("calibration_attempt.id"), primary_key=True
    )
    paper_id: Mapped[AnchorPaperId] = mapped_column(
        ForeignKey("anchor_paper.id"), primary_key=True, index=True
    )
    position: Mapped[int]
    handed_in_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class AttemptScore(Base):
    """What a rater gave one criterion of a paper, and their own word why."""

    __tablename__ = "calibration_attempt_score"
    __table_args__ = (
        ForeignKeyConstraint(
            ["attempt_id", "paper_id"],
            ["calibration_attempt_paper.attempt_id", "calibration_attempt_paper.paper_id"],
        ),
        CheckConstraint("level IS NULL OR level >= 1", name="level_counts_from_one"),
    )

    attempt_id: Mapped[CalibrationAttemptId] = mapped_column(Integer, primary_key=True)
    paper_id: Mapped[AnchorPaperId] = mapped_column(Integer, primary_key=True)
    criterion_id: Mapped[CriterionId] = mapped_column(
        ForeignKey("criterion.id"), primary_key=True, index=True
    )
    level: Mapped[int | None]
    note: Mapped[str] = mapped_column(Text, default="")
    saved_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)


class RaterQualification(Base):
    """That somebody may score by a rubric, from ``since`` to ``until``, both included, by an attempt that they passed.

    It may be ended with a word before that, and is never deleted.
    """

    __tablename__ = "rater_qualification"
    __table_args__ = (
        UniqueConstraint("attempt_id", name="attempt"),
        ForeignKeyConstraint(["institute_id", "person_id"], ["person.institute_id", "person.id"]),
        ForeignKeyConstraint(["institute_id", "ended_by"], ["person.institute_id", "person.id"]),
        ForeignKeyConstraint(
            ["institute_id", "attempt_id"], ["calibration_attempt.institute_id", "calibration_attempt.id"]
        ),
        CheckConstraint("until >= since", name="in_order"),
        CheckConstraint("(ended_at IS NULL) = (length(end_reason) = 0)", name="ended_with_reason"),
        Index("ix_rater_qualification_person", "person_id", "rubric_key"),
    )

    id: Mapped[QualificationId] = mapped_column(Integer, primary_key=True)
    institute_id: Mapped[InstituteId] = mapped_column(ForeignKey("institute.id"), index=True)
    person_id: Mapped[PersonId] = mapped_column(Integer)
    rubric_key: Mapped[str] = mapped_column(String(60))
    attempt_id: Mapped[CalibrationAttemptId] = mapped_column(Integer)
    since: Mapped[date] = mapped_column(Date)
    until: Mapped[date] = mapped_column(Date)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_by: Mapped[PersonId | None] = mapped_column(Integer)
    end_reason: Mapped[str] = mapped_column(Text, default="")


class CalibrationUnlock(Base):
    """That somebody may try again after two failed attempts: who says so, and what training came before."""

    __tablename__ = "calibration_unlock"
    __table_args__ = (
        ForeignKeyConstraint(["institute_id", "person_id"], ["person.institute_id", "person.id"]),
        ForeignKeyConstraint(["institute_id", "unlocked_by"], ["person.institute_id", "person.id"]),
        CheckConstraint("length(training) > 0", name="with_a_training"),
        Index("ix_calibration_unlock_person", "person_id", "rubric_key"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    institute_id: Mapped[InstituteId] = mapped_column(ForeignKey("institute.id"))
    person_id: Mapped[PersonId] = mapped_column(Integer)
    rubric_key: Mapped[str] = mapped_column(String(60))
    training: Mapped[str] = mapped_column(Text)
    unlocked_by: Mapped[PersonId | None] = mapped_column(Integer)
    unlocked_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)


append_only(cast("Table", CalibrationUnlock.__table__))
