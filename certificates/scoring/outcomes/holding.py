"""Tables of what waits for the scoring lead: scores held until they are released, and raters' words translated."""

from __future__ import annotations

from datetime import datetime
from fractions import Fraction
from typing import Any, NewType

from sqlalchemy import (
    JSON,
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from certificates.evidence.models import SubmissionId
from certificates.rubrics.models import CriterionId
from certificates.scoring.models import TaskScoreId
from certificates.scoring.outcomes.results import Method
from institute.actors import InstituteId, PersonId
from institute.clock import now
from institute.db import Base, UtcDateTime, enum_column

HeldId = NewType("HeldId", int)


class HeldScores(Base):
    """What a round of scoring came to, until the scoring lead lets it out; its participant knows nothing of it.

    ``levels`` says for each criterion its exact level as a fraction, or the condition code in its place.
    """

    __tablename__ = "held_scores"
    __table_args__ = (
        UniqueConstraint("institute_id", "id", name="tenant"),
        UniqueConstraint("submission_id", "round", name="round"),
        ForeignKeyConstraint(["institute_id", "submission_id"], ["submission.institute_id", "submission.id"]),
        ForeignKeyConstraint(["institute_id", "released_by"], ["person.institute_id", "person.id"]),
        CheckConstraint("score_denominator >= 1 AND score_numerator >= 0", name="score_whole"),
        CheckConstraint("released_by IS NULL OR released_at IS NOT NULL", name="released_by_somebody"),
        Index("ix_held_scores_waiting", "institute_id", "released_at"),
    )

    id: Mapped[HeldId] = mapped_column(Integer, primary_key=True)
    institute_id: Mapped[InstituteId] = mapped_column(ForeignKey("institute.id"))
    submission_id: Mapped[SubmissionId] = mapped_column(Integer)
    round: Mapped[int]
    method: Mapped[Method] = enum_column(Method, name="method")
    levels: Mapped[dict[str, Any]] = mapped_column(JSON)
    score_numerator: Mapped[int]
    score_denominator: Mapped[int]
    passed: Mapped[bool]
    held_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    released_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    released_by: Mapped[PersonId | None] = mapped_column(Integer)

    @property
    def score(self) -> Fraction:
        """The exact mean."""
        return Fraction(self.score_numerator, self.score_denominator)


class CommentTranslation(Base):
    """A rater's words about one criterion in the participant's language, written by a scoring lead before release."""

    __tablename__ = "comment_translation"
    __table_args__ = (
        ForeignKeyConstraint(["institute_id", "written_by"], ["person.institute_id", "person.id"]),
        ForeignKeyConstraint(["institute_id", "task_score_id"], ["task_score.institute_id", "task_score.id"]),
        CheckConstraint("length(text) > 0", name="with_words"),
    )

    task_score_id: Mapped[TaskScoreId] = mapped_column(Integer, primary_key=True)
    criterion_id: Mapped[CriterionId] = mapped_column(
        ForeignKey("criterion.id"), primary_key=True, index=True
    )
    institute_id: Mapped[InstituteId] = mapped_column(ForeignKey("institute.id"))
    language: Mapped[str] = mapped_column(String(16))
    text: Mapped[str] = mapped_column(Text)
    written_by: Mapped[PersonId] = mapped_column(Integer)
    written_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
