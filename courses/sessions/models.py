"""Tables of sessions: what was logged, and what the two sides said."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any, Final, NewType

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

from courses.catalogue.models import SegmentId
from courses.cohorts.models import CoachAssignmentId, CohortId, EnrolmentId
from courses.sessions.guards import guard, guard_groups
from institute.actors import InstituteId, PersonId
from institute.clock import now
from institute.db import Base, UtcDateTime, append_only, enum_column

SessionLogId = NewType("SessionLogId", int)
SessionGroupId = NewType("SessionGroupId", int)
SessionAmendmentId = NewType("SessionAmendmentId", int)
AgreedActionId = NewType("AgreedActionId", int)

NOTES_LENGTH: Final = 4000
STEPS_LENGTH: Final = 2000
REASON_LENGTH: Final = 1000
ACTION_LENGTH: Final = 500
GOALS_LENGTH: Final = 2000
TITLE_LENGTH: Final = 200


class Kind(StrEnum):
    """What a session was."""

    ONE_TO_ONE = "one_to_one"
    GROUP = "group"
    OBSERVATION = "observation"
    JOB_SHADOW = "job_shadow"
    MENTORING = "mentoring"
    SUPERVISION = "supervision"
    CONTACT = "contact"


class Mode(StrEnum):
    """How the two met."""

    IN_PERSON = "in_person"
    VIDEO = "video"
    PHONE = "phone"
    ASYNCHRONOUS = "asynchronous"


class SessionState(StrEnum):
    """Where a log stands; courses.sessions.states holds the lawful ways between them."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    DISPUTED = "disputed"
    CONFIRMED = "confirmed"
    LOCKED = "locked"
    VOIDED = "voided"


class Verdict(StrEnum):
    """What a participant answered."""

    CONFIRMED = "confirmed"
    DISPUTED = "disputed"


class Difference(StrEnum):
    """What a participant remembers otherwise."""

    TIME = "time"
    LENGTH = "length"
    MODE = "mode"
    AGREED = "agreed"
    NOT_HELD = "not_held"


class AmendmentState(StrEnum):
    """What became of a change that one side proposed to what both had agreed on."""

    PROPOSED = "proposed"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


class Side(StrEnum):
    """Whose something is to do: the participant's or the coach's."""

    PARTICIPANT = "participant"
    COACH = "coach"


class SessionGroup(Base):
    """A session with several participants at once: the coach's time is in it once, each member has a log of their own.

    The logs of its members carry the minutes that each attended, and each member confirms their own. ``voided_at`` is
    when the last of these logs was taken back. Two that stand of one coach share no moment.
    """

    __tablename__ = "session_group"
    __table_args__ = (
        UniqueConstraint("institute_id", "id", name="tenant"),
        ForeignKeyConstraint(["institute_id", "coach_id"], ["person.institute_id", "person.id"]),
        ForeignKeyConstraint(["institute_id", "cohort_id"], ["cohort.institute_id", "cohort.id"]),
        CheckConstraint("end_utc > start_utc", name="in_order"),
        CheckConstraint("minutes BETWEEN 1 AND 1440", name="minutes_credible"),
        Index("ix_session_group_coach", "coach_id", "start_utc"),
    )

    id: Mapped[SessionGroupId] = mapped_column(Integer, primary_key=True)
    institute_id: Mapped[InstituteId] = mapped_column(ForeignKey("institute.id"))
    cohort_id: Mapped[CohortId] = mapped_column(Integer)
    coach_id: Mapped[PersonId] = mapped_column(Integer)
    title: Mapped[str] = mapped_column(String(TITLE_LENGTH), default="")
    start_utc: Mapped[datetime] = mapped_column(UtcDateTime)
    end_utc: Mapped[datetime] = mapped_column(UtcDateTime)
    zone: Mapped[str] = mapped_column(String(60))
    minutes: Mapped[int]
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    voided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class SessionLog(Base):
    """A session as its coach logged it.

    ``minutes`` is its length without the break; ``month`` is the first day of the month in which it began, on the
    clock of the cohort. Of a group session ``minutes`` are those that this participant attended. ``practices`` and
    ``funding`` are terms of the institute's vocabularies (``vocabulary/term``), ``goals`` one in each line.
    ``next_steps`` is what the participant will do, ``own_steps`` what the coach will, as typed; ``due`` by when.
    ``external_id`` and ``imported_by`` are set for logs that came from a file. ``amendment_id`` is the change that both
    sides last agreed on.

    Two sessions of a participant never share a moment, nor do two of a coach that are not
    group sessions: triggers on SQLite and exclusion constraints on PostgreSQL see to it (courses.sessions.guards).
    """

    __tablename__ = "session_log"
    __table_args__ = (
        UniqueConstraint("institute_id", "id", name="tenant"),
        ForeignKeyConstraint(["institute_id", "enrolment_id"], ["enrolment.institute_id", "enrolment.id"]),
        ForeignKeyConstraint(["institute_id", "coach_id"], ["person.institute_id", "person.id"]),
        ForeignKeyConstraint(["institute_id", "participant_id"], ["person.institute_id", "person.id"]),
        ForeignKeyConstraint(["institute_id", "author_id"], ["person.institute_id", "person.id"]),
        CheckConstraint("coach_id <> participant_id", name="two_people"),
        CheckConstraint("end_utc > start_utc", name="in_order"),
        CheckConstraint("minutes BETWEEN 1 AND 1440", name="minutes_credible"),
        CheckConstraint("break_minutes BETWEEN 0 AND 1439", name="break_credible"),
        CheckConstraint("author_id IN (coach_id, participant_id)", name="author_was_there"),
        CheckConstraint(
            "confirmed_by IS NULL OR (confirmed_by <> author_id AND confirmed_by IN (coach_id, participant_id))",
            name="confirmer_is_the_other",
        ),
        CheckConstraint(
            "(state IN ('confirmed', 'locked')) = (confirmed_by IS NOT NULL)", name="confirmed_by_somebody"
        ),
        CheckConstraint("(confirmed_by IS NULL) = (confirmed_at IS NULL)", name="confirmed_at_some_time"),
        CheckConstraint("version >= 1", name="version_positive"),
        ForeignKeyConstraint(
            ["institute_id", "group_id"], ["session_group.institute_id", "session_group.id"]
        ),
        ForeignKeyConstraint(["institute_id", "imported_by"], ["person.institute_id", "person.id"]),
        UniqueConstraint("institute_id", "external_id", name="external_id"),
        CheckConstraint("group_id IS NULL OR kind = 'group'", name="grouped_is_group"),
        CheckConstraint("external_id IS NULL OR imported_by IS NOT NULL", name="imported_by_somebody"),
        Index("ix_session_log_group_id", "group_id"),
        Index("ix_session_log_hours", "enrolment_id", "month", "state", "kind", "mode", "minutes"),
        Index("ix_session_log_coach", "coach_id", "start_utc"),
        Index("ix_session_log_participant", "participant_id", "start_utc"),
        Index("ix_session_log_tenant", "institute_id", "enrolment_id", "state", "kind", "mode", "minutes"),
    )

    id: Mapped[SessionLogId] = mapped_column(Integer, primary_key=True)
    institute_id: Mapped[InstituteId] = mapped_column(ForeignKey("institute.id"))
    assignment_id: Mapped[CoachAssignmentId] = mapped_column(ForeignKey("coach_assignment.id"))
    enrolment_id: Mapped[EnrolmentId] = mapped_column(Integer)
    coach_id: Mapped[PersonId] = mapped_column(Integer)
    participant_id: Mapped[PersonId] = mapped_column(Integer)
    author_id: Mapped[PersonId] = mapped_column(Integer)
    start_utc: Mapped[datetime] = mapped_column(UtcDateTime)
    end_utc: Mapped[datetime] = mapped_column(UtcDateTime)
    zone: Mapped[str] = mapped_column(String(60))
    local_day: Mapped[date] = mapped_column(Date)
    month: Mapped[date] = mapped_column(Date)
    break_minutes: Mapped[int] = mapped_column(default=0)
    minutes: Mapped[int]
    mode: Mapped[Mode] = enum_column(Mode, name="mode")
    kind: Mapped[Kind] = enum_column(Kind, name="kind")
    segment_id: Mapped[SegmentId | None] = mapped_column(ForeignKey("segment.id", ondelete="SET NULL"))
    notes: Mapped[str] = mapped_column(Text, default="")
    next_steps: Mapped[str] = mapped_column(Text, default="")
    long_reason: Mapped[str] = mapped_column(Text, default="")
    state: Mapped[SessionState] = enum_column(SessionState, name="state")
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    submitted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    confirmed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    confirmed_by: Mapped[PersonId | None] = mapped_column(Integer)
    goals: Mapped[str] = mapped_column(Text, default="")
    practices: Mapped[list[str]] = mapped_column(JSON, default=list)
    funding: Mapped[str] = mapped_column(String(160), default="")
    own_steps: Mapped[str] = mapped_column(Text, default="")
    due: Mapped[date | None] = mapped_column(Date)
    group_id: Mapped[SessionGroupId | None] = mapped_column(Integer)
    amendment_id: Mapped[SessionAmendmentId | None] = mapped_column(Integer)
    external_id: Mapped[str | None] = mapped_column(String(120))
    imported_by: Mapped[PersonId | None] = mapped_column(Integer)


class SessionRevision(Base):
    """What a log said in one of its versions, and who wrote that."""

    __tablename__ = "session_revision"
    __table_args__ = (
        UniqueConstraint("log_id", "version", name="version"),
        ForeignKeyConstraint(["institute_id", "log_id"], ["session_log.institute_id", "session_log.id"]),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    institute_id: Mapped[InstituteId] = mapped_column(Integer)
    log_id: Mapped[SessionLogId] = mapped_column(Integer)
    version: Mapped[int]
    state: Mapped[SessionState] = enum_column(SessionState, name="state")
    author_id: Mapped[PersonId] = mapped_column(Integer)
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    facts: Mapped[dict[str, Any]] = mapped_column(JSON)


class SessionAnswer(Base):
    """What the other side said to one version of a log.

    ``begins`` and ``ends`` are the times that they remember, as a clock on the wall shows them ("15:30"); empty where
    they named none.
    """

    __tablename__ = "session_answer"
    __table_args__ = (
        UniqueConstraint("log_id", "version", name="version"),
        ForeignKeyConstraint(["institute_id", "log_id"], ["session_log.institute_id", "session_log.id"]),
        CheckConstraint("(verdict = 'disputed') = (difference IS NOT NULL)", name="dispute_says_what"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    institute_id: Mapped[InstituteId] = mapped_column(Integer)
    log_id: Mapped[SessionLogId] = mapped_column(Integer)
    version: Mapped[int]
    verdict: Mapped[Verdict] = enum_column(Verdict, name="verdict")
    difference: Mapped[Difference | None] = enum_column(Difference, name="difference", nullable=True)
    reason: Mapped[str] = mapped_column(Text, default="")
    begins: Mapped[str] = mapped_column(String(5), default="", server_default="")
    ends: Mapped[str] = mapped_column(String(5), default="", server_default="")
    person_id: Mapped[PersonId] = mapped_column(Integer)
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)


class SessionAmendment(Base):
    """A change to what both sides had agreed on, proposed by one of them; it holds once the other consents.

    ``facts`` is what the log would say, as a revision keeps it, ``version`` the one that it was proposed for. Where
    the other side does not answer, a coordinator may in their place.
    """

    __tablename__ = "session_amendment"
    __table_args__ = (
        UniqueConstraint("institute_id", "id", name="tenant"),
        ForeignKeyConstraint(["institute_id", "log_id"], ["session_log.institute_id", "session_log.id"]),
        ForeignKeyConstraint(["institute_id", "proposed_by"], ["person.institute_id", "person.id"]),
        ForeignKeyConstraint(["institute_id", "answered_by"], ["person.institute_id", "person.id"]),
        CheckConstraint("length(reason) > 0", name="says_why"),
        CheckConstraint("(state = 'proposed') = (answered_at IS NULL)", name="answered_at_some_time"),
        CheckConstraint(
            "state NOT IN ('accepted', 'declined') OR answered_by <> proposed_by", name="answered_by_another"
        ),
        Index(
            "uq_session_amendment_open",
            "log_id",
            unique=True,
            sqlite_where=text("state = 'proposed'"),
            postgresql_where=text("state = 'proposed'"),
        ),
        Index("ix_session_amendment_log_id", "log_id"),
    )

    id: Mapped[SessionAmendmentId] = mapped_column(Integer, primary_key=True)
    institute_id: Mapped[InstituteId] = mapped_column(Integer)
    log_id: Mapped[SessionLogId] = mapped_column(Integer)
    version: Mapped[int]
    state: Mapped[AmendmentState] = enum_column(AmendmentState, name="state")
    proposed_by: Mapped[PersonId] = mapped_column(Integer)
    proposed_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    reason: Mapped[str] = mapped_column(Text)
    facts: Mapped[dict[str, Any]] = mapped_column(JSON)
    answered_by: Mapped[PersonId | None] = mapped_column(Integer)
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    answer: Mapped[str] = mapped_column(Text, default="")


class AgreedAction(Base):
    """Something that a session agreed on, for one side to do: it comes back in each next log until it is done.

    ``log_id`` is the session that agreed on it. It is done, or dropped with a word (``why``), never deleted.
    ``ended_in`` is the log in which it was ticked, None where somebody ticked it between sessions.
    """

    __tablename__ = "agreed_action"
    __table_args__ = (
        UniqueConstraint("institute_id", "id", name="tenant"),
        ForeignKeyConstraint(["institute_id", "enrolment_id"], ["enrolment.institute_id", "enrolment.id"]),
        ForeignKeyConstraint(["institute_id", "log_id"], ["session_log.institute_id", "session_log.id"]),
        ForeignKeyConstraint(["institute_id", "ended_in"], ["session_log.institute_id", "session_log.id"]),
        ForeignKeyConstraint(["institute_id", "done_by"], ["person.institute_id", "person.id"]),
        CheckConstraint("length(text) > 0", name="says_something"),
        CheckConstraint(f"length(text) <= {ACTION_LENGTH}", name="text_fits"),
        CheckConstraint("done_at IS NULL OR dropped_at IS NULL", name="one_end"),
        CheckConstraint(
            "(done_at IS NULL AND dropped_at IS NULL) = (done_by IS NULL)", name="ended_by_somebody"
        ),
        Index("ix_agreed_action_enrolment_id", "enrolment_id"),
        Index("ix_agreed_action_log_id", "log_id"),
    )

    id: Mapped[AgreedActionId] = mapped_column(Integer, primary_key=True)
    institute_id: Mapped[InstituteId] = mapped_column(Integer)
    enrolment_id: Mapped[EnrolmentId] = mapped_column(Integer)
    log_id: Mapped[SessionLogId] = mapped_column(Integer)
    position: Mapped[int] = mapped_column(default=1)
    side: Mapped[Side] = enum_column(Side, name="side")
    text: Mapped[str] = mapped_column(String(ACTION_LENGTH))
    due: Mapped[date | None] = mapped_column(Date)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    done_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    dropped_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    done_by: Mapped[PersonId | None] = mapped_column(Integer)
    ended_in: Mapped[SessionLogId | None] = mapped_column(Integer)
    why: Mapped[str] = mapped_column(String(ACTION_LENGTH), default="")


guard(Base.metadata.tables["session_log"])
guard_groups(Base.metadata.tables["session_group"])
append_only(Base.metadata.tables["session_revision"])
append_only(Base.metadata.tables["session_answer"])
