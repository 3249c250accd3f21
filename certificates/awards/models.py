"""Tables of awards: who applied for a level, what was decided, what was awarded and what became of it."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final, NewType

from sqlalchemy import (
    JSON,
    CheckConstraint,
    Connection,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
    event,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from certificates.awards.freezing import FROZEN
from certificates.awards.states import OPEN, STANDING, ApplicationState, AwardStatus, ReasonClass
from certificates.levels.models import Level, LevelId, RuleSet, RuleSetId
from certificates.levels.rules import STANDARD
from certificates.scoring.outcomes.results import ReleaseId
from courses.cohorts.models import Enrolment, EnrolmentId
from courses.sessions.models import SessionAmendmentId
from institute.actors import InstituteId, PersonId
from institute.clock import now
from institute.db import Base, UtcDateTime, append_only, enum_column
from institute.files.models import StoredFileId
from institute.i18n import Localised, LocalisedType
from institute.keys.models import InstituteKeyId
from institute.people.models import Person

ApplicationId = NewType("ApplicationId", int)
AwardId = NewType("AwardId", int)
AwardFlagId = NewType("AwardFlagId", int)
LONGEST_NAME: Final = 300
LONGEST_NOTE: Final = 2000
STATUS_LIST_LENGTH: Final = 131_072
_OPEN: Final = f"state IN ({', '.join(repr(str(state)) for state in sorted(OPEN))})"
_STANDING: Final = f"status IN ({', '.join(repr(str(status)) for status in sorted(STANDING))})"


class Application(Base):
    """One person's wish to be awarded a level, held to the version of its rules at the time.

    ``name`` is the name as it will stand on the certificate, in ``locale`` and, if not null, ``second_locale``.
    ``enrolment_id`` is null where the level is reached by what somebody did in another role, such as a coach.
    ``pathway`` is the key of that among the level's pathways by which the rules are met; ``renews_id`` the award
    that this application is to renew. ``wished_name`` is the name that the person asks for and nobody answered yet,
    ``wish_note`` why; once it was left as it is, why not.
    """

    __tablename__ = "application"
    __table_args__ = (
        UniqueConstraint("institute_id", "id", name="tenant"),
        ForeignKeyConstraint(["institute_id", "enrolment_id"], ["enrolment.institute_id", "enrolment.id"]),
        ForeignKeyConstraint(["institute_id", "person_id"], ["person.institute_id", "person.id"]),
        ForeignKeyConstraint(["institute_id", "level_id"], ["level.institute_id", "level.id"]),
        ForeignKeyConstraint(["institute_id", "rule_set_id"], ["rule_set.institute_id", "rule_set.id"]),
        ForeignKeyConstraint(
            ["institute_id", "renews_id"], ["award.institute_id", "award.id"], use_alter=True
        ),
        CheckConstraint("second_locale IS NULL OR second_locale <> locale", name="two_languages"),
        Index(
            "uq_application_open",
            "person_id",
            "level_id",
            unique=True,
            sqlite_where=text(_OPEN),
            postgresql_where=text(_OPEN),
        ),
        Index("ix_application_state", "institute_id", "state"),
        Index("ix_application_enrolment_id", "enrolment_id"),
    )

    id: Mapped[ApplicationId] = mapped_column(Integer, primary_key=True)
    institute_id: Mapped[InstituteId] = mapped_column(ForeignKey("institute.id"))
    enrolment_id: Mapped[EnrolmentId | None] = mapped_column(Integer)
    person_id: Mapped[PersonId] = mapped_column(Integer)
    level_id: Mapped[LevelId] = mapped_column(Integer)
    rule_set_id: Mapped[RuleSetId] = mapped_column(Integer)
    state: Mapped[ApplicationState] = enum_column(ApplicationState, name="state")
    name: Mapped[str] = mapped_column(String(LONGEST_NAME))
    locale: Mapped[str] = mapped_column(String(10))
    second_locale: Mapped[str | None] = mapped_column(String(10))
    applied_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    pathway: Mapped[str] = mapped_column(String(60), default=STANDARD)
    renews_id: Mapped[AwardId | None] = mapped_column(Integer)
    wished_name: Mapped[str | None] = mapped_column(String(LONGEST_NAME))
    wish_note: Mapped[str] = mapped_column(Text, default="", server_default="")

    person: Mapped[Person] = relationship(viewonly=True)
    level: Mapped[Level] = relationship(viewonly=True)
    rule_set: Mapped[RuleSet] = relationship(viewonly=True)
    enrolment: Mapped[Enrolment] = relationship(viewonly=True)


class ApplicationStep(Base):
    """One thing that happened to an application: never changed. ``snapshot`` is what was true at that moment."""

    __tablename__ = "application_step"
    __table_args__ = (
        ForeignKeyConstraint(
            ["institute_id", "application_id"], ["application.institute_id", "application.id"]
        ),
        ForeignKeyConstraint(["institute_id", "person_id"], ["person.institute_id", "person.id"]),
        Index("ix_application_step_application_id", "application_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    institute_id: Mapped[InstituteId] = mapped_column(ForeignKey("institute.id"))
    application_id: Mapped[ApplicationId] = mapped_column(Integer)
    state: Mapped[ApplicationState] = enum_column(ApplicationState, name="state")
    person_id: Mapped[PersonId] = mapped_column(Integer)
    note: Mapped[str] = mapped_column(Text, default="")
    snapshot: Mapped[dict[str, Any]] = mapped_column(JSON)
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)


class Award(Base):
    """A level that a person holds. What the certificate says is frozen here at issue.

    Only the status changes, and, once, the document: the row is valid before its PDF is there. ``look`` is how its
    documents look (certificates.documents.looks). A corrected one is another row of the same application, with the
    next ``edition``; ``supersedes_id`` names the award that this one took the place of, corrected or renewed.
    """

    __tablename__ = "award"
    __table_args__ = (
        UniqueConstraint("institute_id", "id", name="tenant"),
        UniqueConstraint("application_id", "edition", name="edition"),
        UniqueConstraint("supersedes_id", name="supersedes"),
        UniqueConstraint("code", name="code"),
        UniqueConstraint("institute_id", "serial", name="serial"),
        UniqueConstraint("institute_id", "year", "number", name="number"),
        UniqueConstraint("institute_id", "status_index", name="status_index"),
        ForeignKeyConstraint(
            ["institute_id", "application_id"], ["application.institute_id", "application.id"]
        ),
        ForeignKeyConstraint(["institute_id", "enrolment_id"], ["enrolment.institute_id", "enrolment.id"]),
        ForeignKeyConstraint(["institute_id", "person_id"], ["person.institute_id", "person.id"]),
        ForeignKeyConstraint(["institute_id", "issued_by"], ["person.institute_id", "person.id"]),
        ForeignKeyConstraint(["institute_id", "level_id"], ["level.institute_id", "level.id"]),
        ForeignKeyConstraint(["institute_id", "rule_set_id"], ["rule_set.institute_id", "rule_set.id"]),
        ForeignKeyConstraint(
            ["institute_id", "document_file_id"], ["stored_file.institute_id", "stored_file.id"]
        ),
        ForeignKeyConstraint(["institute_id", "supersedes_id"], ["award.institute_id", "award.id"]),
        CheckConstraint("edition >= 1", name="edition_counts_from_one"),
        CheckConstraint("length(code) >= 26", name="code_unguessable"),
        CheckConstraint("number >= 1", name="number_counts_from_one"),
        CheckConstraint("minutes >= 0", name="minutes_counted"),
        CheckConstraint(
            f"status_index >= 0 AND status_index < {STATUS_LIST_LENGTH}", name="status_index_in_list"
        ),
        CheckConstraint("(document_file_id IS NULL) = (document_sha256 IS NULL)", name="document_whole"),
        CheckConstraint("issued_by <> person_id", name="not_issued_to_oneself"),
        CheckConstraint("valid_until IS NULL OR valid_until > issued_at", name="in_order"),
        Index(
            "uq_award_standing",
            "person_id",
            "level_id",
            unique=True,
            sqlite_where=text(_STANDING),
            postgresql_where=text(_STANDING),
        ),
        Index("ix_award_issued_at", "institute_id", "issued_at"),
    )

    id: Mapped[AwardId] = mapped_column(Integer, primary_key=True)
    institute_id: Mapped[InstituteId] = mapped_column(ForeignKey("institute.id"))
    application_id: Mapped[ApplicationId] = mapped_column(Integer)
    enrolment_id: Mapped[EnrolmentId | None] = mapped_column(Integer)
    person_id: Mapped[PersonId] = mapped_column(Integer)
    level_id: Mapped[LevelId] = mapped_column(Integer)
    rule_set_id: Mapped[RuleSetId] = mapped_column(Integer)
    code: Mapped[str] = mapped_column(String(40))
    serial: Mapped[str] = mapped_column(String(60))
    year: Mapped[int]
    number: Mapped[int]
    name_frozen: Mapped[str] = mapped_column(String(LONGEST_NAME))
    locale: Mapped[str] = mapped_column(String(10))
    second_locale: Mapped[str | None] = mapped_column(String(10))
    institute_name: Mapped[Localised] = mapped_column(LocalisedType)
    level_name: Mapped[Localised] = mapped_column(LocalisedType)
    title: Mapped[Localised] = mapped_column(LocalisedType)
    level_position: Mapped[int]
    signatory: Mapped[str] = mapped_column(String(LONGEST_NAME))
    minutes: Mapped[int]
    issued_at: Mapped[datetime] = mapped_column(UtcDateTime)
    issued_by: Mapped[PersonId] = mapped_column(Integer)
    valid_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    snapshot: Mapped[dict[str, Any]] = mapped_column(JSON)
    snapshot_sha256: Mapped[str] = mapped_column(String(64))
    pathway: Mapped[str] = mapped_column(String(60), default=STANDARD)
    edition: Mapped[int] = mapped_column(default=1)
    supersedes_id: Mapped[AwardId | None] = mapped_column(Integer)
    look: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    status: Mapped[AwardStatus] = enum_column(AwardStatus, name="status", default=AwardStatus.VALID)
    status_index: Mapped[int]
    document_key_id: Mapped[InstituteKeyId | None] = mapped_column(ForeignKey("institute_key.id"))
    badge_key_id: Mapped[InstituteKeyId | None] = mapped_column(ForeignKey("institute_key.id"))
    document_file_id: Mapped[StoredFileId | None] = mapped_column(Integer)
    document_sha256: Mapped[str | None] = mapped_column(String(64))


class AwardChange(Base):
    """A change of an award's status, never changed itself. The public reads when and the class of the reason.

    ``person_id`` is null where nobody did it: time did.
    """

    __tablename__ = "award_change"
    __table_args__ = (
        ForeignKeyConstraint(["institute_id", "award_id"], ["award.institute_id", "award.id"]),
        ForeignKeyConstraint(["institute_id", "person_id"], ["person.institute_id", "person.id"]),
        Index("ix_award_change_award_id", "award_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    institute_id: Mapped[InstituteId] = mapped_column(ForeignKey("institute.id"))
    award_id: Mapped[AwardId] = mapped_column(Integer)
    status: Mapped[AwardStatus] = enum_column(AwardStatus, name="status")
    reason: Mapped[ReasonClass | None] = enum_column(ReasonClass, name="reason", nullable=True)
    note: Mapped[str] = mapped_column(Text, default="")
    person_id: Mapped[PersonId | None] = mapped_column(Integer)
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)


class AwardFlag(Base):
    """A word to the administrator: a session or a score that this award stands on was changed after it was issued.

    It changes nothing about the award. Whoever looked at it says so, once, with a note.
    """

    __tablename__ = "award_flag"
    __table_args__ = (
        UniqueConstraint("institute_id", "id", name="tenant"),
        UniqueConstraint("award_id", "amendment_id", name="once"),
        UniqueConstraint("award_id", "release_id", name="once_a_release"),
        ForeignKeyConstraint(["institute_id", "award_id"], ["award.institute_id", "award.id"]),
        ForeignKeyConstraint(
            ["institute_id", "amendment_id"], ["session_amendment.institute_id", "session_amendment.id"]
        ),
        ForeignKeyConstraint(
            ["institute_id", "release_id"], ["score_release.institute_id", "score_release.id"]
        ),
        ForeignKeyConstraint(["institute_id", "settled_by"], ["person.institute_id", "person.id"]),
        CheckConstraint("(amendment_id IS NULL) <> (release_id IS NULL)", name="one_cause"),
        CheckConstraint("(settled_at IS NULL) = (settled_by IS NULL)", name="settled_by_somebody"),
        CheckConstraint("settled_at IS NULL OR length(note) > 0", name="settled_with_a_word"),
        Index("ix_award_flag_open", "institute_id", "settled_at"),
    )

    id: Mapped[AwardFlagId] = mapped_column(Integer, primary_key=True)
    institute_id: Mapped[InstituteId] = mapped_column(ForeignKey("institute.id"))
    award_id: Mapped[AwardId] = mapped_column(Integer)
    amendment_id: Mapped[SessionAmendmentId | None] = mapped_column(Integer)
    release_id: Mapped[ReleaseId | None] = mapped_column(Integer)
    """The scores that an appeal changed, where it was no session."""
    minutes_before: Mapped[int]
    minutes_after: Mapped[int]
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    settled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    settled_by: Mapped[PersonId | None] = mapped_column(Integer)
    note: Mapped[str] = mapped_column(Text, default="")


class StatusList(Base):
    """An institute's signed list of statuses as it is served: made by the worker whenever a bit changes."""

    __tablename__ = "status_list"

    institute_id: Mapped[InstituteId] = mapped_column(ForeignKey("institute.id"), primary_key=True)
    document: Mapped[str] = mapped_column(Text)
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)


class AwardCredential(Base):
    """The Open Badge of an award as it was signed, once: these bytes are in its certificate and at its address.

    ``document`` is the JSON with its embedded proof, ``jwt`` the same badge as a JWT; each with the key that signed it.
    """

    __tablename__ = "award_credential"
    __table_args__ = (
        ForeignKeyConstraint(["institute_id", "award_id"], ["award.institute_id", "award.id"]),
        ForeignKeyConstraint(
            ["institute_id", "badge_key_id"], ["institute_key.institute_id", "institute_key.id"]
        ),
        ForeignKeyConstraint(
            ["institute_id", "jwt_key_id"], ["institute_key.institute_id", "institute_key.id"]
        ),
    )

    award_id: Mapped[AwardId] = mapped_column(Integer, primary_key=True)
    institute_id: Mapped[InstituteId] = mapped_column(Integer)
    document: Mapped[str] = mapped_column(Text)
    jwt: Mapped[str] = mapped_column(Text)
    badge_key_id: Mapped[InstituteKeyId] = mapped_column(Integer)
    jwt_key_id: Mapped[InstituteKeyId] = mapped_column(Integer)
    made_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)


for _model in (ApplicationStep, AwardChange, AwardCredential):
    append_only(_model.metadata.tables[_model.__tablename__])


def _freeze(_table: Table, connection: Connection, **_more: Any) -> None:
    for statement in FROZEN[connection.dialect.name]:
        connection.exec_driver_sql(statement)


event.listen(Award.metadata.tables[Award.__tablename__], "after_create", _freeze)
