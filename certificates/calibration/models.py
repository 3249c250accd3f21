"""Tables of calibration: sets of papers whose scores are known, and why they are what they are."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Final, NewType

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    String,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from certificates.evidence.models import SubmissionId
from certificates.rubrics.models import CriterionId, RubricId
from courses.meetings.models import MeetingId
from institute.actors import InstituteId, PersonId
from institute.clock import now
from institute.db import Base, UtcDateTime, enum_column
from institute.files.models import StoredFileId
from institute.i18n import Localised, LocalisedType

CalibrationSetId = NewType("CalibrationSetId", int)
AnchorPaperId = NewType("AnchorPaperId", int)
AnchorConsentId = NewType("AnchorConsentId", int)

MOST_PAPERS: Final = 30
MOST_FILES: Final = 5
LONGEST_TITLE: Final = 200
LONGEST_TEXT: Final = 50_000
LONGEST_RATIONALE: Final = 4_000
USUAL_EXACT: Final = 60
USUAL_NEAR: Final = 80


class AnchorUse(StrEnum):
    """What a paper is for: to be scored in an attempt, or to be put among a rater's tasks without a word."""

    CALIBRATION = "calibration"
    SEEDED = "seeded"


class ConsentState(StrEnum):
    """What an author says of being read, without a name, by raters in training."""

    ASKED = "asked"
    AGREED = "agreed"
    DECLINED = "declined"


class CalibrationSet(Base):
    """Papers by which raters of a rubric show that they read it alike. Once published it changes no more.

    Its scores are those of one version of the rubric. Who passes has at least ``least_exact`` percent of the scores
    exactly, ``least_near`` percent exactly or one level off, and at most ``most_misses`` further off. ``source_key``
    names the set in the folder that it was loaded from, ``sha256`` what that folder says.
    """

    __tablename__ = "calibration_set"
    __table_args__ = (
        UniqueConstraint("institute_id", "id", name="tenant"),
        UniqueConstraint("institute_id", "rubric_key", "version", name="version"),
        ForeignKeyConstraint(["institute_id", "rubric_id"], ["rubric.institute_id", "rubric.id"]),
        ForeignKeyConstraint(["institute_id", "created_by"], ["person.institute_id", "person.id"]),
        CheckConstraint("version >= 1", name="version_counts_from_one"),
        CheckConstraint(
            "least_exact BETWEEN 0 AND 100 AND least_near BETWEEN least_exact AND 100",
            name="shares_in_percent",
        ),
        CheckConstraint("most_misses BETWEEN 0 AND 99", name="misses_credible"),
        CheckConstraint("retired_at IS NULL OR published_at IS NOT NULL", name="retired_after_publishing"),
    )

    id: Mapped[CalibrationSetId] = mapped_column(Integer, primary_key=True)
    institute_id: Mapped[InstituteId] = mapped_column(ForeignKey("institute.id"))
    rubric_key: Mapped[str] = mapped_column(String(60))
    rubric_id: Mapped[RubricId] = mapped_column(Integer)
    version: Mapped[int]
    title: Mapped[Localised] = mapped_column(LocalisedType)
    least_exact: Mapped[int] = mapped_column(default=USUAL_EXACT)
    least_near: Mapped[int] = mapped_column(default=USUAL_NEAR)
    most_misses: Mapped[int] = mapped_column(default=0)
    source_key: Mapped[str | None] = mapped_column(String(60))
    sha256: Mapped[str | None] = mapped_column(String(64))
    created_by: Mapped[PersonId | None] = mapped_column(Integer)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    published_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    retired_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    @property
    def is_draft(self) -> bool:
        """Whether it can still be changed."""
        return self.published_at is None

    @property
    def is_in_use(self) -> bool:
        """Whether raters take it."""
        return self.published_at is not None and self.retired_at is None


class AnchorPaper(Base):
    """A paper with known scores: words of one's own, files, or what an author who agreed had handed in.

    ``text`` and ``rationale`` are in the languages that somebody wrote. A paper of ``submission_id`` is shown only as
    long as its author agrees.
    """

    __tablename__ = "anchor_paper"
    __table_args__ = (
        UniqueConstraint("institute_id", "id", name="tenant"),
        UniqueConstraint("set_id", "position", name="position"),
        ForeignKeyConstraint(
            ["institute_id", "set_id"], ["calibration_set.institute_id", "calibration_set.id"]
        ),
        ForeignKeyConstraint(["institute_id", "submission_id"], ["submission.institute_id", "submission.id"]),
        CheckConstraint("position >= 1", name="position_counts_from_one"),
        Index("ix_anchor_paper_submission_id", "submission_id"),
    )

    id: Mapped[AnchorPaperId] = mapped_column(Integer, primary_key=True)
    institute_id: Mapped[InstituteId] = mapped_column(ForeignKey("institute.id"))
    set_id: Mapped[CalibrationSetId] = mapped_column(Integer)
    position: Mapped[int]
    use: Mapped[AnchorUse] = enum_column(AnchorUse, name="use", default=AnchorUse.CALIBRATION)
    text: Mapped[Localised | None] = mapped_column(LocalisedType)
    rationale: Mapped[Localised | None] = mapped_column(LocalisedType)
    submission_id: Mapped[SubmissionId | None] = mapped_column(Integer)


class AnchorFile(Base):
    """A file of a paper, in order; its bytes carry no author's name."""

    __tablename__ = "anchor_file"
    __table_args__ = (
        ForeignKeyConstraint(["institute_id", "paper_id"], ["anchor_paper.institute_id", "anchor_paper.id"]),
        ForeignKeyConstraint(["institute_id", "file_id"], ["stored_file.institute_id", "stored_file.id"]),
        CheckConstraint("position >= 1", name="position_counts_from_one"),
        Index("ix_anchor_file_file_id", "file_id"),
    )

    paper_id: Mapped[AnchorPaperId] = mapped_column(Integer, primary_key=True)
    file_id: Mapped[StoredFileId] = mapped_column(Integer, primary_key=True)
    institute_id: Mapped[InstituteId] = mapped_column(ForeignKey("institute.id"))
    position: Mapped[int]


class AnchorScore(Base):
    """The level that a criterion of a paper has, and why it is neither one more nor one less."""

    __tablename__ = "anchor_score"
    __table_args__ = (CheckConstraint("level >= 1", name="level_counts_from_one"),)

    paper_id: Mapped[AnchorPaperId] = mapped_column(ForeignKey("anchor_paper.id"), primary_key=True)
    criterion_id: Mapped[CriterionId] = mapped_column(
        ForeignKey("criterion.id"), primary_key=True, index=True
    )
    level: Mapped[int]
    rationale: Mapped[Localised | None] = mapped_column(LocalisedType)


class AnchorConsent(Base):
    """Whether the author of released evidence lets raters learn from it; the answer may change at any time."""

    __tablename__ = "anchor_consent"
    __table_args__ = (
        UniqueConstraint("institute_id", "id", name="tenant"),
        UniqueConstraint("submission_id", name="submission"),
        ForeignKeyConstraint(["institute_id", "submission_id"], ["submission.institute_id", "submission.id"]),
        ForeignKeyConstraint(["institute_id", "asked_by"], ["person.institute_id", "person.id"]),
        CheckConstraint("(state = 'asked') = (answered_at IS NULL)", name="answered_once"),
    )

    id: Mapped[AnchorConsentId] = mapped_column(Integer, primary_key=True)
    institute_id: Mapped[InstituteId] = mapped_column(ForeignKey("institute.id"))
    submission_id: Mapped[SubmissionId] = mapped_column(Integer)
    state: Mapped[ConsentState] = enum_column(ConsentState, name="state", default=ConsentState.ASKED)
    asked_by: Mapped[PersonId | None] = mapped_column(Integer)
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class CalibrationMeeting(Base):
    """A set that is taken at a meeting: who was there and how they did stand side by side."""

    __tablename__ = "calibration_meeting"
    __table_args__ = (
        ForeignKeyConstraint(
            ["institute_id", "set_id"], ["calibration_set.institute_id", "calibration_set.id"]
        ),
        ForeignKeyConstraint(["institute_id", "meeting_id"], ["meeting.institute_id", "meeting.id"]),
        ForeignKeyConstraint(["institute_id", "added_by"], ["person.institute_id", "person.id"]),
        Index("ix_calibration_meeting_meeting_id", "meeting_id"),
    )

    set_id: Mapped[CalibrationSetId] = mapped_column(Integer, primary_key=True)
    meeting_id: Mapped[MeetingId] = mapped_column(Integer, primary_key=True)
    institute_id: Mapped[InstituteId] = mapped_column(ForeignKey("institute.id"))
    added_by: Mapped[PersonId | None] = mapped_column(Integer)
    added_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
