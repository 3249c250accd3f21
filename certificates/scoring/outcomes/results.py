"""Tables of what scoring came to: releases round by round, what was carried over, what went back unscored."""

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
from sqlalchemy.orm import Mapped, mapped_column

from certificates.evidence.models import SubmissionId
from certificates.rubrics.models import CriterionId
from certificates.scoring.models import ConditionCode, SheetId
from institute.actors import InstituteId, PersonId
from institute.clock import now
from institute.db import Base, UtcDateTime, append_only, enum_column

ReleaseId = NewType("ReleaseId", int)


class Method(StrEnum):
    """How the scores of one or more raters became one."""

    SINGLE = "single"
    MEAN = "mean"
    ADJUDICATED = "adjudicated"
    CLOSEST_PAIR = "closest_pair"


class ScoreRelease(Base):
    """The scores of a submission as its participant learnt them: never changed, one for each round.

    The score is the mean of the criteria's levels, as a fraction; ``maximum`` is the highest level.
    """

    __tablename__ = "score_release"
    __table_args__ = (
        UniqueConstraint("institute_id", "id", name="tenant"),
        UniqueConstraint("submission_id", "round", name="round"),
        ForeignKeyConstraint(["institute_id", "submission_id"], ["submission.institute_id", "submission.id"]),
        CheckConstraint(
            "score_denominator >= 1 AND score_numerator >= 0"
            " AND score_numerator <= maximum * score_denominator",
            name="score_within_maximum",
        ),
        CheckConstraint("round >= 0", name="round_counts_from_zero"),
    )

    id: Mapped[ReleaseId] = mapped_column(Integer, primary_key=True)
    institute_id: Mapped[InstituteId] = mapped_column(ForeignKey("institute.id"))
    submission_id: Mapped[SubmissionId] = mapped_column(Integer)
    round: Mapped[int] = mapped_column(default=0)
    method: Mapped[Method] = enum_column(Method, name="method", default=Method.SINGLE)
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
    """The released level of one criterion, exact (two raters may make it 7/2), or the reason why there is none.

    ``carried`` is one that passed in an attempt before and was not scored again.
    """

    __tablename__ = "criterion_score"
    __table_args__ = (
        CheckConstraint(
            "level_numerator IS NULL OR (level_denominator >= 1 AND level_numerator >= level_denominator)",
            name="level_counts_from_one",
        ),
        CheckConstraint("(level_numerator IS NULL) = (level_denominator IS NULL)", name="level_whole"),
        CheckConstraint("(level_numerator IS NULL) <> (condition IS NULL)", name="level_or_condition"),
    )

    release_id: Mapped[ReleaseId] = mapped_column(ForeignKey("score_release.id"), primary_key=True)
    criterion_id: Mapped[CriterionId] = mapped_column(
        ForeignKey("criterion.id"), primary_key=True, index=True
    )
    level_numerator: Mapped[int | None]
    level_denominator: Mapped[int | None]
    condition: Mapped[ConditionCode | None] = enum_column(ConditionCode, name="condition")
    carried: Mapped[bool] = mapped_column(default=False)

    @property
    def level(self) -> Fraction | None:
        """The exact level, None where there is none."""
        if self.level_numerator is None or self.level_denominator is None:
            return None
        return Fraction(self.level_numerator, self.level_denominator)


class ReleasedComment(Base):
    """A rater's words about one criterion as the participant reads them; whose they are is not told.

    ``position`` numbers the readers, in an order at random. ``language`` is the one that the words are written in, None
    where that is not known; ``translation`` are the same words in ``translated_to``, where the scoring lead wrote it.
    """

    __tablename__ = "released_comment"
    __table_args__ = (
        UniqueConstraint("release_id", "criterion_id", "position", name="position"),
        CheckConstraint("position >= 1", name="position_counts_from_one"),
        CheckConstraint("length(text) > 0", name="with_words"),
        CheckConstraint("(translation IS NULL) = (translated_to IS NULL)", name="translation_whole"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    release_id: Mapped[ReleaseId] = mapped_column(ForeignKey("score_release.id"))
    criterion_id: Mapped[CriterionId] = mapped_column(ForeignKey("criterion.id"), index=True)
    position: Mapped[int]
    text: Mapped[str] = mapped_column(Text)
    language: Mapped[str | None] = mapped_column(String(16))
    translation: Mapped[str | None] = mapped_column(Text)
    translated_to: Mapped[str | None] = mapped_column(String(16))


class CarriedScore(Base):
    """A criterion that an attempt is not scored for again, because it passed in the release of one before."""

    __tablename__ = "carried_score"
    __table_args__ = (
        ForeignKeyConstraint(["institute_id", "submission_id"], ["submission.institute_id", "submission.id"]),
        ForeignKeyConstraint(
            ["institute_id", "release_id"], ["score_release.institute_id", "score_release.id"]
        ),
    )

    submission_id: Mapped[SubmissionId] = mapped_column(Integer, primary_key=True)
    criterion_id: Mapped[CriterionId] = mapped_column(
        ForeignKey("criterion.id"), primary_key=True, index=True
    )
    institute_id: Mapped[InstituteId] = mapped_column(ForeignKey("institute.id"))
    release_id: Mapped[ReleaseId] = mapped_column(Integer)


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


class RetakeLeave(Base):
    """A coordinator's leave to hand in a new version although the window or the attempts are over, until ``until``."""

    __tablename__ = "retake_leave"
    __table_args__ = (
        ForeignKeyConstraint(["institute_id", "submission_id"], ["submission.institute_id", "submission.id"]),
        ForeignKeyConstraint(["institute_id", "given_by"], ["person.institute_id", "person.id"]),
        CheckConstraint("length(reason) > 0", name="with_a_reason"),
        Index("ix_retake_leave_submission_id", "submission_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    institute_id: Mapped[InstituteId] = mapped_column(ForeignKey("institute.id"))
    submission_id: Mapped[SubmissionId] = mapped_column(Integer)
    until: Mapped[date] = mapped_column(Date)
    reason: Mapped[str] = mapped_column(Text)
    given_by: Mapped[PersonId] = mapped_column(Integer)
    given_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)


FROZEN = (ScoreRelease, CriterionScore, ReleasedComment, CarriedScore, ScoringReturn, RetakeLeave)

for _model in FROZEN:
    append_only(cast("Table", _model.__table__))
