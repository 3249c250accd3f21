"""Tables of the cohorts: who learns which programme, how far they are, and who coaches them."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import NewType

from sqlalchemy import (
    CheckConstraint,
    Date,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    String,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from courses.catalogue.models import PartId, Programme, ProgrammeId, ProgrammeVersionId, SegmentId, StepId
from institute.actors import InstituteId, PersonId
from institute.clock import now
from institute.db import Base, UtcDateTime, enum_column
from institute.files.models import StoredFileId
from institute.i18n import Localised, LocalisedType
from institute.people.models import OrganisationId, Person

CohortId = NewType("CohortId", int)
EnrolmentId = NewType("EnrolmentId", int)
CoachAssignmentId = NewType("CoachAssignmentId", int)


class EnrolmentState(StrEnum):
    """Where an enrolment stands; courses.cohorts.enrolling holds the lawful ways between them."""

    INVITED = "invited"
    ACTIVE = "active"
    PAUSED = "paused"
    COMPLETED = "completed"
    WITHDRAWN = "withdrawn"
    TRANSFERRED = "transferred"


class Cohort(Base):
    """A group that goes through one programme together, in one time zone.

    ``version_id`` is the version that new enrolments get; each enrolment has its own.
    """

    __tablename__ = "cohort"
    __table_args__ = (
        UniqueConstraint("institute_id", "slug", name="slug"),
        UniqueConstraint("institute_id", "id", name="tenant"),
        ForeignKeyConstraint(["institute_id", "programme_id"], ["programme.institute_id", "programme.id"]),
        ForeignKeyConstraint(
            ["programme_id", "version_id"], ["programme_version.programme_id", "programme_version.id"]
        ),
    )

    id: Mapped[CohortId] = mapped_column(Integer, primary_key=True)
    institute_id: Mapped[InstituteId] = mapped_column(ForeignKey("institute.id"))
    programme_id: Mapped[ProgrammeId] = mapped_column(Integer, index=True)
    version_id: Mapped[ProgrammeVersionId] = mapped_column(Integer, index=True)
    slug: Mapped[str] = mapped_column(String(80))
    name: Mapped[Localised] = mapped_column(LocalisedType)
    timezone: Mapped[str] = mapped_column(String(60))
    starts: Mapped[date] = mapped_column(Date)
    enrols_learners: Mapped[bool] = mapped_column(default=True)

    programme: Mapped[Programme] = relationship(viewonly=True)


class Enrolment(Base):
    """One person in one cohort, with the version that they study and the segment where they left off.

    ``left_at`` is when the course outside that they came from was found to list them no more; None while it does, or
    where there is none. It changes nothing else: whether the enrolment ends is a person's decision.
    """

    __tablename__ = "enrolment"
    __table_args__ = (
        UniqueConstraint("cohort_id", "person_id", name="person"),
        UniqueConstraint("institute_id", "id", name="tenant"),
        ForeignKeyConstraint(["institute_id", "cohort_id"], ["cohort.institute_id", "cohort.id"]),
        ForeignKeyConstraint(["institute_id", "person_id"], ["person.institute_id", "person.id"]),
        ForeignKeyConstraint(
            ["institute_id", "version_id"], ["programme_version.institute_id", "programme_version.id"]
        ),
        Index("ix_enrolment_person_id", "person_id"),
        Index("ix_enrolment_version_id", "version_id"),
    )

    id: Mapped[EnrolmentId] = mapped_column(Integer, primary_key=True)
    institute_id: Mapped[InstituteId] = mapped_column(ForeignKey("institute.id"))
    cohort_id: Mapped[CohortId] = mapped_column(Integer)
    person_id: Mapped[PersonId] = mapped_column(Integer)
    version_id: Mapped[ProgrammeVersionId] = mapped_column(Integer)
    state: Mapped[EnrolmentState] = enum_column(EnrolmentState, name="state")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    last_segment_id: Mapped[SegmentId | None] = mapped_column(ForeignKey("segment.id", ondelete="SET NULL"))
    last_visit_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    left_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    cohort: Mapped[Cohort] = relationship(viewonly=True)
    person: Mapped[Person] = relationship(viewonly=True)


class RecipientType(StrEnum):
    """Whom coaching reaches."""

    LEAD_TEACHER = "lead_teacher"
    ASSISTANT = "assistant"
    HOME_BASED = "home_based"
    SITE_LEADER = "site_leader"
    OTHER = "other"


class Setting(StrEnum):
    """Where a recipient works."""

    CENTRE = "centre"
    FAMILY_HOME = "family_home"
    SCHOOL = "school"
    AGENCY = "agency"
    OTHER = "other"


class NeedLevel(StrEnum):
    """How much coaching a recipient needs; a programme may ask for other hours at each."""

    STANDARD = "standard"
    RAISED = "raised"
    INTENSIVE = "intensive"


class Recipient(Base):
    """What is known of an enrolled person as a recipient of coaching, from a day until the next row begins.

    ``language`` is the one that the coaching is held in, ``site_id`` where the person works. Superseded by a row with
    a later day: figures of a month are those of that month. Only a slip is put right in the row of its own day.
    """

    __tablename__ = "recipient"
    __table_args__ = (
        UniqueConstraint("enrolment_id", "since", name="since"),
        ForeignKeyConstraint(["institute_id", "enrolment_id"], ["enrolment.institute_id", "enrolment.id"]),
        ForeignKeyConstraint(["institute_id", "site_id"], ["organisation.institute_id", "organisation.id"]),
        ForeignKeyConstraint(["institute_id", "recorded_by"], ["person.institute_id", "person.id"]),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    institute_id: Mapped[InstituteId] = mapped_column(ForeignKey("institute.id"), index=True)
    enrolment_id: Mapped[EnrolmentId] = mapped_column(Integer)
    since: Mapped[date] = mapped_column(Date)
    type: Mapped[RecipientType] = enum_column(RecipientType, name="type")
    setting: Mapped[Setting] = enum_column(Setting, name="setting")
    need: Mapped[NeedLevel] = enum_column(NeedLevel, name="need")
    language: Mapped[str] = mapped_column(String(20), default="")
    site_id: Mapped[OrganisationId | None] = mapped_column(Integer)
    recorded_by: Mapped[PersonId | None] = mapped_column(Integer)
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)


class ConfidentialRecipient(Base):
    """That somebody's name leaves the house in no list, by a letter of their organisation; until it is ended."""

    __tablename__ = "confidential_recipient"
    __table_args__ = (
        UniqueConstraint("institute_id", "id", name="tenant"),
        ForeignKeyConstraint(["institute_id", "enrolment_id"], ["enrolment.institute_id", "enrolment.id"]),
        ForeignKeyConstraint(["institute_id", "recorded_by"], ["person.institute_id", "person.id"]),
        Index(
            "uq_confidential_recipient_open",
            "enrolment_id",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
        Index("ix_confidential_recipient_institute_id", "institute_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    institute_id: Mapped[InstituteId] = mapped_column(ForeignKey("institute.id"))
    enrolment_id: Mapped[EnrolmentId] = mapped_column(Integer)
    letter_id: Mapped[StoredFileId] = mapped_column(ForeignKey("stored_file.id"))
    recorded_by: Mapped[PersonId | None] = mapped_column(Integer)
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class CoachingTrack(Base):
    """How a programme is coached: for how many months, how many people a coach has, for whom where it is a track.

    A programme without a row is coached without an end, for everybody. ``caseload`` is shown and hinders nothing.
    """

    __tablename__ = "coaching_track"
    __table_args__ = (
        ForeignKeyConstraint(["institute_id", "programme_id"], ["programme.institute_id", "programme.id"]),
        CheckConstraint("span_months IS NULL OR span_months BETWEEN 1 AND 120", name="span_credible"),
        CheckConstraint("caseload IS NULL OR caseload BETWEEN 1 AND 999", name="caseload_credible"),
    )

    programme_id: Mapped[ProgrammeId] = mapped_column(Integer, primary_key=True)
    institute_id: Mapped[InstituteId] = mapped_column(ForeignKey("institute.id"))
    span_months: Mapped[int | None]
    caseload: Mapped[int | None]
    recipient_type: Mapped[RecipientType | None] = enum_column(
        RecipientType, name="recipient_type", nullable=True
    )


class CoachAssignment(Base):
    """Who coaches an enrolment, from a day to a day (inclusive; open where ``until`` is null).

    ``ends_on`` is the last day of the span that was agreed on: it warns and ends nothing by itself. ``end_reason``
    says why it was ended or passed on.
    """

    __tablename__ = "coach_assignment"
    __table_args__ = (
        ForeignKeyConstraint(["institute_id", "enrolment_id"], ["enrolment.institute_id", "enrolment.id"]),
        ForeignKeyConstraint(["institute_id", "coach_id"], ["person.institute_id", "person.id"]),
        ForeignKeyConstraint(["institute_id", "ended_by"], ["person.institute_id", "person.id"]),
        CheckConstraint("until IS NULL OR until >= since", name="in_order"),
        CheckConstraint("ends_on IS NULL OR ends_on >= since", name="span_in_order"),
        Index(
            "uq_coach_assignment_open",
            "enrolment_id",
            unique=True,
            sqlite_where=text("until IS NULL"),
            postgresql_where=text("until IS NULL"),
        ),
        Index("ix_coach_assignment_coach_id", "coach_id"),
    )

    id: Mapped[CoachAssignmentId] = mapped_column(Integer, primary_key=True)
    institute_id: Mapped[InstituteId] = mapped_column(ForeignKey("institute.id"))
    enrolment_id: Mapped[EnrolmentId] = mapped_column(Integer, index=True)
    coach_id: Mapped[PersonId] = mapped_column(Integer)
    since: Mapped[date] = mapped_column(Date)
    until: Mapped[date | None] = mapped_column(Date)
    ends_on: Mapped[date | None] = mapped_column(Date)
    end_reason: Mapped[str] = mapped_column(Text, default="")
    ended_by: Mapped[PersonId | None] = mapped_column(Integer)


class ActivityCompletion(Base):
    """A step that a participant ticked off; taking the tick back ends the row and keeps it.

    It belongs to the step, not to a version: whoever moves to another version has done what they did.
    """

    __tablename__ = "activity_completion"
    __table_args__ = (
        CheckConstraint("undone_at IS NULL OR undone_at >= done_at", name="in_order"),
        Index(
            "uq_activity_completion_standing",
            "enrolment_id",
            "step_id",
            unique=True,
            sqlite_where=text("undone_at IS NULL"),
            postgresql_where=text("undone_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    enrolment_id: Mapped[EnrolmentId] = mapped_column(ForeignKey("enrolment.id"))
    step_id: Mapped[StepId] = mapped_column(ForeignKey("step.id"), index=True)
    done_at: Mapped[datetime] = mapped_column(UtcDateTime)
    undone_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class CohortOpening(Base):
    """A cohort's own day for a segment, in the place of the days that its author set."""

    __tablename__ = "cohort_opening"

    cohort_id: Mapped[CohortId] = mapped_column(ForeignKey("cohort.id"), primary_key=True)
    part_id: Mapped[PartId] = mapped_column(ForeignKey("part.id"), primary_key=True)
    opens_on: Mapped[date] = mapped_column(Date)
