"""Tables of the meetings: what is held for whom, who has a place, who was there, and what was made up for."""

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

from courses.catalogue.models import ProgrammeId
from courses.cohorts.models import CohortId
from institute.actors import InstituteId, PersonId
from institute.clock import now
from institute.db import Base, UtcDateTime, enum_column
from institute.files.models import StoredFileId

MeetingSeriesId = NewType("MeetingSeriesId", int)
MeetingId = NewType("MeetingId", int)
RegistrationId = NewType("RegistrationId", int)
AttendanceId = NewType("AttendanceId", int)
MakeUpId = NewType("MakeUpId", int)

TITLE_LENGTH: Final = 200
PLACE_LENGTH: Final = 300
LINK_LENGTH: Final = 1000
TEXT_LENGTH: Final = 4000
KEY_LENGTH: Final = 120
NAME_LENGTH: Final = 200
EMAIL_LENGTH: Final = 254
LONGEST_MINUTES: Final = 720
LARGEST_CAPACITY: Final = 5000


class MeetingKind(StrEnum):
    """What is held."""

    COACH = "coach"
    COHORT = "cohort"
    TRAINING = "training"
    PROFESSIONAL_LEARNING = "professional_learning"
    COMMUNITY = "community"
    CHECK_IN = "check_in"
    CALIBRATION = "calibration"
    ORIENTATION = "orientation"
    INTERAGENCY = "interagency"
    END_OF_YEAR = "end_of_year"


class Audience(StrEnum):
    """Whom it is for, among the people of its cohort, its programme or the institute."""

    COACHES = "coaches"
    PARTICIPANTS = "participants"
    EVERYBODY = "everybody"


class RegistrationState(StrEnum):
    """Whether somebody has a place."""

    REGISTERED = "registered"
    WAITING = "waiting"
    WITHDRAWN = "withdrawn"


class Presence(StrEnum):
    """What the attendance list says of somebody."""

    PRESENT = "present"
    ABSENT = "absent"
    EXCUSED = "excused"


class Way(StrEnum):
    """How it was recorded that somebody was there."""

    CODE = "code"
    LIST = "list"
    IMPORTED = "imported"


class MakeUpState(StrEnum):
    """Whether an employer says that a meeting was made up for."""

    ASKED = "asked"
    VERIFIED = "verified"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


class MeetingSeries(Base):
    """Meetings that were made together, such as the four of a year."""

    __tablename__ = "meeting_series"
    __table_args__ = (UniqueConstraint("institute_id", "id", name="tenant"),)

    id: Mapped[MeetingSeriesId] = mapped_column(Integer, primary_key=True)
    institute_id: Mapped[InstituteId] = mapped_column(ForeignKey("institute.id"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)


class Meeting(Base):
    """A meeting from an instant to an instant, on the clock of a zone.

    It is for a cohort, a programme, or, with neither, the institute. ``taken`` counts the places that are given away:
    the database refuses one more than ``capacity``. ``topics`` and ``competencies`` are addresses of frameworks and
    vocabularies. ``requirement`` names what a coach has to bring that attending it meets; a file names the meeting by
    its ``key``. ``sequence`` grows with each change that calendars have to learn of, ``version`` with every one.
    """

    __tablename__ = "meeting"
    __table_args__ = (
        UniqueConstraint("institute_id", "id", name="tenant"),
        UniqueConstraint("institute_id", "key", name="key"),
        ForeignKeyConstraint(
            ["institute_id", "series_id"], ["meeting_series.institute_id", "meeting_series.id"]
        ),
        ForeignKeyConstraint(["institute_id", "programme_id"], ["programme.institute_id", "programme.id"]),
        ForeignKeyConstraint(["institute_id", "cohort_id"], ["cohort.institute_id", "cohort.id"]),
        ForeignKeyConstraint(["institute_id", "created_by"], ["person.institute_id", "person.id"]),
        CheckConstraint("programme_id IS NULL OR cohort_id IS NULL", name="one_scope"),
        CheckConstraint("ends > starts", name="in_order"),
        CheckConstraint("capacity IS NULL OR capacity >= 1", name="some_place"),
        CheckConstraint("taken >= 0 AND (capacity IS NULL OR taken <= capacity)", name="never_overfull"),
        Index("ix_meeting_starts", "institute_id", "starts"),
    )

    id: Mapped[MeetingId] = mapped_column(Integer, primary_key=True)
    institute_id: Mapped[InstituteId] = mapped_column(ForeignKey("institute.id"))
    series_id: Mapped[MeetingSeriesId | None] = mapped_column(Integer)
    programme_id: Mapped[ProgrammeId | None] = mapped_column(Integer)
    cohort_id: Mapped[CohortId | None] = mapped_column(Integer)
    key: Mapped[str] = mapped_column(String(KEY_LENGTH))
    kind: Mapped[MeetingKind] = enum_column(MeetingKind, name="kind")
    audience: Mapped[Audience] = enum_column(Audience, name="audience")
    title: Mapped[str] = mapped_column(String(TITLE_LENGTH), default="")
    description: Mapped[str] = mapped_column(Text, default="")
    starts: Mapped[datetime] = mapped_column(UtcDateTime)
    ends: Mapped[datetime] = mapped_column(UtcDateTime)
    zone: Mapped[str] = mapped_column(String(60))
    place: Mapped[str] = mapped_column(String(PLACE_LENGTH), default="")
    link: Mapped[str] = mapped_column(String(LINK_LENGTH), default="")
    capacity: Mapped[int | None]
    taken: Mapped[int] = mapped_column(default=0)
    topics: Mapped[list[str]] = mapped_column(JSON, default=list)
    competencies: Mapped[list[str]] = mapped_column(JSON, default=list)
    requirement: Mapped[str] = mapped_column(String(KEY_LENGTH), default="")
    version: Mapped[int] = mapped_column(default=1)
    sequence: Mapped[int] = mapped_column(default=0)
    created_by: Mapped[PersonId | None] = mapped_column(Integer)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    cancelled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    cancel_reason: Mapped[str] = mapped_column(Text, default="")

    @property
    def minutes(self) -> int:
        """The whole minutes it lasts, as a stopwatch counts them."""
        return int((self.ends - self.starts).total_seconds() // 60)


class MeetingRegistration(Base):
    """Somebody's place in a meeting, or in its waiting list; who waits longest moves up first.

    ``since`` is when they began to wait or got the place by their own act; ``moved_up_at`` when a place came to them.
    """

    __tablename__ = "meeting_registration"
    __table_args__ = (
        UniqueConstraint("meeting_id", "person_id", name="person"),
        ForeignKeyConstraint(["institute_id", "meeting_id"], ["meeting.institute_id", "meeting.id"]),
        ForeignKeyConstraint(["institute_id", "person_id"], ["person.institute_id", "person.id"]),
        Index("ix_meeting_registration_person_id", "person_id"),
    )

    id: Mapped[RegistrationId] = mapped_column(Integer, primary_key=True)
    institute_id: Mapped[InstituteId] = mapped_column(Integer)
    meeting_id: Mapped[MeetingId] = mapped_column(Integer)
    person_id: Mapped[PersonId] = mapped_column(Integer)
    state: Mapped[RegistrationState] = enum_column(RegistrationState, name="state")
    since: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    moved_up_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class MeetingAttendance(Base):
    """Whether and how long somebody was at a meeting: ``late`` and ``early`` minutes are missing from it.

    ``minutes`` were attended. ``external_id`` names the row in the system that it was imported from.
    """

    __tablename__ = "meeting_attendance"
    __table_args__ = (
        UniqueConstraint("meeting_id", "person_id", name="person"),
        UniqueConstraint("institute_id", "external_id", name="external"),
        ForeignKeyConstraint(["institute_id", "meeting_id"], ["meeting.institute_id", "meeting.id"]),
        ForeignKeyConstraint(["institute_id", "person_id"], ["person.institute_id", "person.id"]),
        ForeignKeyConstraint(["institute_id", "recorded_by"], ["person.institute_id", "person.id"]),
        ForeignKeyConstraint(["institute_id", "imported_by"], ["person.institute_id", "person.id"]),
        CheckConstraint("late >= 0 AND early >= 0 AND minutes >= 0", name="not_negative"),
        CheckConstraint("presence = 'present' OR minutes = 0", name="absent_attends_nothing"),
        Index("ix_meeting_attendance_person_id", "person_id"),
    )

    id: Mapped[AttendanceId] = mapped_column(Integer, primary_key=True)
    institute_id: Mapped[InstituteId] = mapped_column(Integer)
    meeting_id: Mapped[MeetingId] = mapped_column(Integer)
    person_id: Mapped[PersonId] = mapped_column(Integer)
    presence: Mapped[Presence] = enum_column(Presence, name="presence")
    late: Mapped[int] = mapped_column(default=0)
    early: Mapped[int] = mapped_column(default=0)
    minutes: Mapped[int]
    way: Mapped[Way] = enum_column(Way, name="way")
    signed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    recorded_by: Mapped[PersonId | None] = mapped_column(Integer)
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    external_id: Mapped[str | None] = mapped_column(String(KEY_LENGTH))
    imported_by: Mapped[PersonId | None] = mapped_column(Integer)


class MeetingMakeUp(Base):
    """What somebody says to have made up for at their employer's, and what the employer's contact says of it.

    The contact is no person of the institute: a name and an address that the question was sent to. The sign-in sheet
    comes with the report or from the contact.
    """

    __tablename__ = "meeting_make_up"
    __table_args__ = (
        UniqueConstraint("institute_id", "id", name="tenant"),
        ForeignKeyConstraint(["institute_id", "meeting_id"], ["meeting.institute_id", "meeting.id"]),
        ForeignKeyConstraint(["institute_id", "person_id"], ["person.institute_id", "person.id"]),
        ForeignKeyConstraint(["institute_id", "reported_by"], ["person.institute_id", "person.id"]),
        ForeignKeyConstraint(["institute_id", "sheet_id"], ["stored_file.institute_id", "stored_file.id"]),
        CheckConstraint("minutes >= 1", name="some_minutes"),
        CheckConstraint("(state IN ('verified', 'declined')) = (answered_at IS NOT NULL)", name="answered"),
        CheckConstraint("state <> 'verified' OR sheet_id IS NOT NULL", name="verified_by_a_sheet"),
        # One make-up stands for a meeting: another is reported only once this one is declined or taken back.
        Index(
            "uq_meeting_make_up_standing",
            "meeting_id",
            "person_id",
            unique=True,
            sqlite_where=text("state IN ('asked', 'verified')"),
            postgresql_where=text("state IN ('asked', 'verified')"),
        ),
        Index("ix_meeting_make_up_person_id", "person_id"),
    )

    id: Mapped[MakeUpId] = mapped_column(Integer, primary_key=True)
    institute_id: Mapped[InstituteId] = mapped_column(Integer)
    meeting_id: Mapped[MeetingId] = mapped_column(Integer)
    person_id: Mapped[PersonId] = mapped_column(Integer)
    held_on: Mapped[date] = mapped_column(Date)
    minutes: Mapped[int]
    employer: Mapped[str] = mapped_column(String(NAME_LENGTH))
    contact_name: Mapped[str] = mapped_column(String(NAME_LENGTH))
    contact_email: Mapped[str] = mapped_column(String(EMAIL_LENGTH))
    locale: Mapped[str] = mapped_column(String(10))
    sheet_id: Mapped[StoredFileId | None] = mapped_column(Integer)
    state: Mapped[MakeUpState] = enum_column(MakeUpState, name="state")
    reported_by: Mapped[PersonId] = mapped_column(Integer)
    reported_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    answer: Mapped[str] = mapped_column(Text, default="")


class MakeUpLink(Base):
    """A link by which an employer's contact answers, once: the SHA-256 of its token."""

    __tablename__ = "make_up_link"
    __table_args__ = (
        ForeignKeyConstraint(
            ["institute_id", "make_up_id"], ["meeting_make_up.institute_id", "meeting_make_up.id"]
        ),
        Index("ix_make_up_link_make_up_id", "make_up_id"),
    )

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    institute_id: Mapped[InstituteId] = mapped_column(Integer)
    make_up_id: Mapped[MakeUpId] = mapped_column(Integer)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class TrainingOfTrainers(Base):
    """A programme whose completion makes somebody a facilitator."""

    __tablename__ = "training_of_trainers"
    __table_args__ = (
        ForeignKeyConstraint(["institute_id", "programme_id"], ["programme.institute_id", "programme.id"]),
        ForeignKeyConstraint(["institute_id", "marked_by"], ["person.institute_id", "person.id"]),
    )

    programme_id: Mapped[ProgrammeId] = mapped_column(Integer, primary_key=True)
    institute_id: Mapped[InstituteId] = mapped_column(ForeignKey("institute.id"), index=True)
    marked_by: Mapped[PersonId | None] = mapped_column(Integer)
    marked_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
