"""Tables of the coaches: what is asked of them, what was verified, and what they bring along."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Final, NewType

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
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from institute.actors import InstituteId, PersonId
from institute.clock import now
from institute.db import Base, UtcDateTime, enum_column
from institute.files.models import StoredFileId
from institute.i18n import Localised, LocalisedType
from institute.people.models import OrganisationId

RequirementId = NewType("RequirementId", int)
CoachRecordId = NewType("CoachRecordId", int)

KEY_LENGTH: Final = 60
WORDS_LENGTH: Final = 2000
MOST_MONTHS: Final = 600


class RequirementKind(StrEnum):
    """What is asked of a coach."""

    DEGREE = "degree"
    EXPERIENCE = "experience"
    KNOWLEDGE = "knowledge"
    RECOMMENDATION = "recommendation"
    COMMITMENT = "commitment"
    TRAINING = "training"
    OTHER = "other"


class RecordKind(StrEnum):
    """By what a requirement is met."""

    EVIDENCE = "evidence"
    TRAINING = "training"
    WAIVER = "waiver"


class CoachRequirement(Base):
    """Something that an institute asks of its coaches.

    It is needed before the first assignment where ``within_months`` is 0, else so many months after the first day as
    a coach. What is verified holds for ``renews_months``, for good where that is null. Of a training, ``minutes`` have
    to be attended. Retired, never deleted.
    """

    __tablename__ = "coach_requirement"
    __table_args__ = (
        UniqueConstraint("institute_id", "id", name="tenant"),
        UniqueConstraint("institute_id", "key", name="key"),
        CheckConstraint(f"within_months BETWEEN 0 AND {MOST_MONTHS}", name="within_credible"),
        CheckConstraint(
            f"renews_months IS NULL OR renews_months BETWEEN 1 AND {MOST_MONTHS}", name="renewal_credible"
        ),
        CheckConstraint(
            "minutes IS NULL OR (kind = 'training' AND minutes BETWEEN 1 AND 60000)",
            name="minutes_of_training",
        ),
    )

    id: Mapped[RequirementId] = mapped_column(Integer, primary_key=True)
    institute_id: Mapped[InstituteId] = mapped_column(ForeignKey("institute.id"))
    key: Mapped[str] = mapped_column(String(KEY_LENGTH))
    kind: Mapped[RequirementKind] = enum_column(RequirementKind, name="kind")
    title: Mapped[Localised] = mapped_column(LocalisedType)
    note: Mapped[Localised | None] = mapped_column(LocalisedType)
    position: Mapped[int] = mapped_column(default=1)
    within_months: Mapped[int] = mapped_column(default=0)
    renews_months: Mapped[int | None]
    minutes: Mapped[int | None]
    retired_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class CoachProfile(Base):
    """What a coach brings along. ``organisation_id`` is where they are employed; ``coaches_since`` their first day.

    ``languages`` are tags such as "es", ``specialties`` terms of the institute's vocabulary (``specialties/term``).
    Who does not take new people says so by ``accepting``: it is shown, never a hindrance.
    """

    __tablename__ = "coach_profile"
    __table_args__ = (
        UniqueConstraint("institute_id", "person_id", name="person"),
        ForeignKeyConstraint(["institute_id", "person_id"], ["person.institute_id", "person.id"]),
        ForeignKeyConstraint(
            ["institute_id", "organisation_id"], ["organisation.institute_id", "organisation.id"]
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    institute_id: Mapped[InstituteId] = mapped_column(ForeignKey("institute.id"))
    person_id: Mapped[PersonId] = mapped_column(Integer)
    organisation_id: Mapped[OrganisationId | None] = mapped_column(Integer)
    languages: Mapped[list[str]] = mapped_column(JSON, default=list)
    specialties: Mapped[list[str]] = mapped_column(JSON, default=list)
    note: Mapped[str] = mapped_column(Text, default="")
    accepting: Mapped[bool] = mapped_column(default=True)
    coaches_since: Mapped[date | None] = mapped_column(Date)


class CoachRecord(Base):
    """What was verified of one requirement, by whom and on which day; it holds until ``expires``, that day included.

    A waiver says why and what leads there instead (``pathway``), and always ends. ``event_ref`` names the meeting at
    which a training was attended. A record is ended with a word, never deleted.
    """

    __tablename__ = "coach_record"
    __table_args__ = (
        UniqueConstraint("institute_id", "id", name="tenant"),
        ForeignKeyConstraint(["institute_id", "person_id"], ["person.institute_id", "person.id"]),
        ForeignKeyConstraint(
            ["institute_id", "requirement_id"], ["coach_requirement.institute_id", "coach_requirement.id"]
        ),
        ForeignKeyConstraint(["institute_id", "verified_by"], ["person.institute_id", "person.id"]),
        ForeignKeyConstraint(["institute_id", "ended_by"], ["person.institute_id", "person.id"]),
        CheckConstraint("verified_by IS NULL OR verified_by <> person_id", name="verified_by_another"),
        CheckConstraint("expires IS NULL OR expires >= on_day", name="in_order"),
        CheckConstraint(
            "kind <> 'waiver' OR (expires IS NOT NULL AND length(reason) > 0 AND length(pathway) > 0)",
            name="waiver_whole",
        ),
        CheckConstraint("minutes IS NULL OR minutes BETWEEN 1 AND 60000", name="minutes_credible"),
        CheckConstraint("(ended_at IS NULL) = (length(end_reason) = 0)", name="ended_with_reason"),
        Index("ix_coach_record_person", "person_id", "requirement_id"),
        Index(
            "uq_coach_record_event",
            "person_id",
            "requirement_id",
            "event_ref",
            unique=True,
            sqlite_where=text("event_ref <> ''"),
            postgresql_where=text("event_ref <> ''"),
        ),
    )

    id: Mapped[CoachRecordId] = mapped_column(Integer, primary_key=True)
    institute_id: Mapped[InstituteId] = mapped_column(ForeignKey("institute.id"))
    person_id: Mapped[PersonId] = mapped_column(Integer)
    requirement_id: Mapped[RequirementId] = mapped_column(Integer)
    kind: Mapped[RecordKind] = enum_column(RecordKind, name="kind")
    on_day: Mapped[date] = mapped_column(Date)
    expires: Mapped[date | None] = mapped_column(Date)
    minutes: Mapped[int | None]
    words: Mapped[str] = mapped_column(Text, default="")
    reason: Mapped[str] = mapped_column(Text, default="")
    pathway: Mapped[str] = mapped_column(Text, default="")
    file_id: Mapped[StoredFileId | None] = mapped_column(ForeignKey("stored_file.id"))
    event_ref: Mapped[str] = mapped_column(String(80), default="")
    verified_by: Mapped[PersonId | None] = mapped_column(Integer)
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_by: Mapped[PersonId | None] = mapped_column(Integer)
    end_reason: Mapped[str] = mapped_column(Text, default="")


class CoachQualification(Base):
    """Something that a person may do since a day, such as leading others (``facilitator``): given, never asked for.

    ``source`` names what it came from, such as the programme that was completed.
    """

    __tablename__ = "coach_qualification"
    __table_args__ = (
        UniqueConstraint("institute_id", "person_id", "key", "source", name="once"),
        ForeignKeyConstraint(["institute_id", "person_id"], ["person.institute_id", "person.id"]),
        ForeignKeyConstraint(["institute_id", "granted_by"], ["person.institute_id", "person.id"]),
        Index("ix_coach_qualification_person_id", "person_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    institute_id: Mapped[InstituteId] = mapped_column(ForeignKey("institute.id"))
    person_id: Mapped[PersonId] = mapped_column(Integer)
    key: Mapped[str] = mapped_column(String(KEY_LENGTH))
    granted_on: Mapped[date] = mapped_column(Date)
    source: Mapped[str] = mapped_column(String(120), default="")
    granted_by: Mapped[PersonId | None] = mapped_column(Integer)
    granted_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
