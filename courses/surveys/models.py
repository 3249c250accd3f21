"""Tables of the surveys: windows, answers that bear a name, and the boxes of those that bear none."""

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
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from courses.catalogue.models import PartId
from courses.cohorts.models import CohortId, EnrolmentId
from courses.surveys.stages import Stage, Timing
from institute.actors import InstituteId, PersonId
from institute.clock import now
from institute.db import Base, UtcDateTime, enum_column

SurveyResponseId = NewType("SurveyResponseId", int)
MOST_DAYS: Final = 3_650


class SurveyWindow(Base):
    """A cohort's own window for a round, in the place of the usual one."""

    __tablename__ = "survey_window"
    __table_args__ = (
        UniqueConstraint("cohort_id", "part_id", "stage", name="round"),
        ForeignKeyConstraint(["institute_id", "cohort_id"], ["cohort.institute_id", "cohort.id"]),
        CheckConstraint(
            "(timing = 'days') = (opens_day IS NOT NULL AND closes_day IS NOT NULL)",
            name="days_where_they_count",
        ),
        CheckConstraint(
            "(timing = 'dates') = (opens_on IS NOT NULL AND closes_on IS NOT NULL)",
            name="dates_where_they_count",
        ),
        CheckConstraint(
            f"opens_day IS NULL OR (opens_day >= 0 AND closes_day >= opens_day AND closes_day <= {MOST_DAYS})",
            name="days_in_order",
        ),
        CheckConstraint("opens_on IS NULL OR closes_on >= opens_on", name="dates_in_order"),
        CheckConstraint("revision >= 1", name="revision_counts_from_one"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    institute_id: Mapped[InstituteId] = mapped_column(ForeignKey("institute.id"))
    cohort_id: Mapped[CohortId] = mapped_column(Integer)
    part_id: Mapped[PartId] = mapped_column(ForeignKey("part.id"), index=True)
    stage: Mapped[Stage] = enum_column(Stage, name="stage")
    timing: Mapped[Timing] = enum_column(Timing, name="timing")
    opens_day: Mapped[int | None]
    closes_day: Mapped[int | None]
    opens_on: Mapped[date | None] = mapped_column(Date)
    closes_on: Mapped[date | None] = mapped_column(Date)
    revision: Mapped[int] = mapped_column(default=1)
    set_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)


class SurveyResponse(Base):
    """What somebody answered in a round: the participant about themselves or their coach, or a coach about them.

    ``filled`` is a document of courses.instruments.filling. ``sent_at`` is None while it is being written; ``late``
    tells that it was sent after the window.
    """

    __tablename__ = "survey_response"
    __table_args__ = (
        UniqueConstraint("enrolment_id", "part_id", "stage", "respondent_id", name="round"),
        ForeignKeyConstraint(["institute_id", "enrolment_id"], ["enrolment.institute_id", "enrolment.id"]),
        ForeignKeyConstraint(["institute_id", "respondent_id"], ["person.institute_id", "person.id"]),
        CheckConstraint("revision >= 1", name="revision_counts_from_one"),
        CheckConstraint("sent_at IS NOT NULL OR NOT late", name="late_once_sent"),
        Index("ix_survey_response_respondent_id", "respondent_id"),
        Index("ix_survey_response_part_id", "part_id", "stage"),
    )

    id: Mapped[SurveyResponseId] = mapped_column(Integer, primary_key=True)
    institute_id: Mapped[InstituteId] = mapped_column(ForeignKey("institute.id"))
    enrolment_id: Mapped[EnrolmentId] = mapped_column(Integer)
    part_id: Mapped[PartId] = mapped_column(ForeignKey("part.id"))
    stage: Mapped[Stage] = enum_column(Stage, name="stage")
    respondent_id: Mapped[PersonId] = mapped_column(Integer)
    filled: Mapped[dict[str, Any]] = mapped_column(JSON)
    revision: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    saved_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    late: Mapped[bool] = mapped_column(default=False)


class EvaluationBox(Base):
    """All answers to one round of an evaluation, added up: nobody's own stand anywhere.

    ``tallies`` holds for each statement how often each value was chosen, ``texts`` for each question what was written,
    in alphabetical order. There is no row, number or time of a single answer, so nothing joins one to a person.
    """

    __tablename__ = "evaluation_box"
    __table_args__ = (
        ForeignKeyConstraint(["institute_id", "cohort_id"], ["cohort.institute_id", "cohort.id"]),
        CheckConstraint("answers >= 0", name="answers_not_negative"),
    )

    cohort_id: Mapped[CohortId] = mapped_column(Integer, primary_key=True)
    part_id: Mapped[PartId] = mapped_column(ForeignKey("part.id"), primary_key=True)
    stage: Mapped[Stage] = enum_column(Stage, name="stage", primary_key=True)
    institute_id: Mapped[InstituteId] = mapped_column(ForeignKey("institute.id"))
    answers: Mapped[int]
    tallies: Mapped[dict[str, dict[str, int]]] = mapped_column(JSON)
    texts: Mapped[dict[str, list[str]]] = mapped_column(JSON)


class EvaluationTaken(Base):
    """That somebody answered a round of an evaluation, so that nobody does twice. Neither when nor what."""

    __tablename__ = "evaluation_taken"
    __table_args__ = (
        ForeignKeyConstraint(["institute_id", "cohort_id"], ["cohort.institute_id", "cohort.id"]),
        ForeignKeyConstraint(["institute_id", "person_id"], ["person.institute_id", "person.id"]),
        Index("ix_evaluation_taken_person_id", "person_id"),
    )

    cohort_id: Mapped[CohortId] = mapped_column(Integer, primary_key=True)
    part_id: Mapped[PartId] = mapped_column(ForeignKey("part.id"), primary_key=True)
    stage: Mapped[Stage] = enum_column(Stage, name="stage", primary_key=True)
    person_id: Mapped[PersonId] = mapped_column(Integer, primary_key=True)
    institute_id: Mapped[InstituteId] = mapped_column(ForeignKey("institute.id"))
