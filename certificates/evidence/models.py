"""Tables of the evidence: what a level asks for, and what was handed in for it by whoever owes it."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
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
from sqlalchemy.orm import Mapped, mapped_column

from certificates.evidence.freezing import FROZEN
from certificates.evidence.states import ENDED, SubmissionState
from certificates.levels.models import LevelId
from courses.cohorts.models import EnrolmentId
from courses.meetings.models import KEY_LENGTH, MeetingKind
from institute.actors import InstituteId, PersonId
from institute.clock import now
from institute.db import Base, UtcDateTime, enum_column
from institute.files.models import StoredFileId
from institute.i18n import Localised, LocalisedType

RequirementId = NewType("RequirementId", int)
SubmissionId = NewType("SubmissionId", int)
ItemId = NewType("ItemId", int)
MOST_FILES: Final = 10
MOST_LINKS: Final = 10
MOST_ITEMS: Final = 20
MOST_ATTEMPTS: Final = 20
LONGEST_TEXT: Final = 50_000
LONGEST_TITLE: Final = 300
LONGEST_ADDRESS: Final = 2_000
LONGEST_PLACE: Final = 300
LONGEST_PRESENTATION: Final = 480
MOST_MINUTES: Final = 60_000
_STANDING: Final = f"state NOT IN ({', '.join(repr(str(state)) for state in sorted(ENDED))})"


class Owner(StrEnum):
    """Whose it is to hand something in."""

    CANDIDATE = "candidate"
    COACH = "coach"
    OFFICE = "office"


class RequirementKind(StrEnum):
    """What is asked for: something that is handed in, or a presentation, which takes place and is then scored."""

    EVIDENCE = "evidence"
    PRESENTATION = "presentation"


class ItemKind(StrEnum):
    """What else than text and files belongs to a submission."""

    LINK = "link"
    PLAN = "plan"
    SESSION = "session"


class Requirement(Base):
    """What is handed in for a level, and by whom. ``retired_at`` is set once the institute asks for it no longer.

    Requirements of one level with the same ``choice`` are either/or: one of them is enough. ``takes_media``: its files
    may be film and sound; ``takes_items``: versions of plans and sessions may be handed in. Where ``attended_minutes``
    is above 0, so much of meetings of ``attended_kind``, or of the meeting of ``attended_key``, has to be attended
    besides what is handed in. ``most_attempts`` is None where the rubric's policy says it. ``by_hand``: it was written
    or changed in the browser, and the institute's folder changes it no more. ``revision`` grows with each change.
    """

    __tablename__ = "requirement"
    __table_args__ = (
        UniqueConstraint("institute_id", "id", name="tenant"),
        UniqueConstraint("institute_id", "key", name="key"),
        ForeignKeyConstraint(["institute_id", "level_id"], ["level.institute_id", "level.id"]),
        CheckConstraint("position >= 1", name="position_counts_from_one"),
        CheckConstraint(f"most_files BETWEEN 0 AND {MOST_FILES}", name="few_files"),
        CheckConstraint(f"most_links BETWEEN 0 AND {MOST_LINKS}", name="few_links"),
        CheckConstraint(
            "wants_text OR most_files > 0 OR most_links > 0 OR takes_items OR kind = 'presentation'"
            " OR attended_minutes > 0",
            name="asks_for_something",
        ),
        CheckConstraint("NOT scored OR rubric_key IS NOT NULL", name="scored_by_a_rubric"),
        CheckConstraint("NOT scored OR owner = 'candidate'", name="candidates_are_scored"),
        CheckConstraint("kind <> 'presentation' OR owner = 'candidate'", name="candidates_present"),
        CheckConstraint("attended_kind IS NULL OR attended_key IS NULL", name="one_attendance"),
        CheckConstraint(
            "attended_minutes >= 0"
            " AND (attended_minutes > 0) = (attended_kind IS NOT NULL OR attended_key IS NOT NULL)",
            name="attends_something",
        ),
        CheckConstraint("most_attempts IS NULL OR most_attempts >= 1", name="some_attempt"),
        CheckConstraint("revision >= 1", name="revision_counts_from_one"),
        Index("ix_requirement_level_id", "level_id"),
    )

    id: Mapped[RequirementId] = mapped_column(Integer, primary_key=True)
    institute_id: Mapped[InstituteId] = mapped_column(ForeignKey("institute.id"))
    level_id: Mapped[LevelId] = mapped_column(Integer)
    key: Mapped[str] = mapped_column(String(60))
    position: Mapped[int]
    title: Mapped[Localised] = mapped_column(LocalisedType)
    instructions: Mapped[Localised] = mapped_column(LocalisedType)
    owner: Mapped[Owner] = enum_column(Owner, name="owner", default=Owner.CANDIDATE)
    kind: Mapped[RequirementKind] = enum_column(
        RequirementKind, name="kind", default=RequirementKind.EVIDENCE
    )
    choice: Mapped[str | None] = mapped_column(String(60))
    most_files: Mapped[int]
    wants_text: Mapped[bool]
    takes_media: Mapped[bool] = mapped_column(default=False)
    most_links: Mapped[int] = mapped_column(default=0)
    takes_items: Mapped[bool] = mapped_column(default=False)
    attended_kind: Mapped[MeetingKind | None] = enum_column(MeetingKind, name="attended_kind", nullable=True)
    attended_key: Mapped[str | None] = mapped_column(String(KEY_LENGTH))
    attended_minutes: Mapped[int] = mapped_column(default=0)
    most_attempts: Mapped[int | None]
    scored: Mapped[bool]
    rubric_key: Mapped[str | None] = mapped_column(String(60))
    by_hand: Mapped[bool] = mapped_column(default=False)
    revision: Mapped[int] = mapped_column(default=1)
    retired_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    @property
    def asks(self) -> bool:
        """Whether something is handed in: attendance alone needs nothing, a presentation takes place."""
        given = self.wants_text or self.takes_items or bool(self.most_files) or bool(self.most_links)
        return given or self.kind is RequirementKind.PRESENTATION


class Submission(Base):
    """One attempt at a requirement. Of those that stand there is one; it can be changed only as a draft.

    ``person_id`` is whose evidence it is, ``author_id`` who hands it in: they, their coach or the office. ``language``
    is the author's. ``previous_id`` is the attempt that this one renews.
    """

    __tablename__ = "submission"
    __table_args__ = (
        UniqueConstraint("institute_id", "id", name="tenant"),
        UniqueConstraint("requirement_id", "enrolment_id", "attempt", name="attempt"),
        ForeignKeyConstraint(
            ["institute_id", "requirement_id"], ["requirement.institute_id", "requirement.id"]
        ),
        ForeignKeyConstraint(["institute_id", "enrolment_id"], ["enrolment.institute_id", "enrolment.id"]),
        ForeignKeyConstraint(["institute_id", "person_id"], ["person.institute_id", "person.id"]),
        ForeignKeyConstraint(["institute_id", "author_id"], ["person.institute_id", "person.id"]),
        ForeignKeyConstraint(["institute_id", "previous_id"], ["submission.institute_id", "submission.id"]),
        CheckConstraint("attempt >= 1", name="attempt_counts_from_one"),
        CheckConstraint("(state = 'draft') = (submitted_at IS NULL)", name="submitted_once"),
        CheckConstraint(f"length(text) <= {LONGEST_TEXT}", name="text_fits"),
        Index(
            "uq_submission_standing",
            "requirement_id",
            "enrolment_id",
            unique=True,
            sqlite_where=text(_STANDING),
            postgresql_where=text(_STANDING),
        ),
        Index("ix_submission_enrolment_id", "enrolment_id"),
        Index("ix_submission_state", "institute_id", "state"),
    )

    id: Mapped[SubmissionId] = mapped_column(Integer, primary_key=True)
    institute_id: Mapped[InstituteId] = mapped_column(ForeignKey("institute.id"))
    requirement_id: Mapped[RequirementId] = mapped_column(Integer)
    enrolment_id: Mapped[EnrolmentId] = mapped_column(Integer)
    person_id: Mapped[PersonId] = mapped_column(Integer)
    author_id: Mapped[PersonId] = mapped_column(Integer)
    attempt: Mapped[int]
    previous_id: Mapped[SubmissionId | None] = mapped_column(Integer)
    language: Mapped[str] = mapped_column(String(10))
    state: Mapped[SubmissionState] = enum_column(SubmissionState, name="state")
    text: Mapped[str] = mapped_column(Text, default="")
    saved_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    submitted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class SubmissionFile(Base):
    """A file of a submission, in the order in which they were added."""

    __tablename__ = "submission_file"
    __table_args__ = (
        UniqueConstraint("file_id", name="file"),
        ForeignKeyConstraint(["institute_id", "submission_id"], ["submission.institute_id", "submission.id"]),
        ForeignKeyConstraint(["institute_id", "file_id"], ["stored_file.institute_id", "stored_file.id"]),
        CheckConstraint("position >= 1", name="position_counts_from_one"),
    )

    submission_id: Mapped[SubmissionId] = mapped_column(Integer, primary_key=True)
    file_id: Mapped[StoredFileId] = mapped_column(Integer, primary_key=True)
    institute_id: Mapped[InstituteId] = mapped_column(ForeignKey("institute.id"))
    position: Mapped[int]


class SubmissionItem(Base):
    """Something else of a submission: a link, or a version of a plan or a session with what it said.

    ``snapshot`` holds what certificates.evidence.items wrote down of it: it stays whatever becomes of the thing.
    """

    __tablename__ = "submission_item"
    __table_args__ = (
        ForeignKeyConstraint(["institute_id", "submission_id"], ["submission.institute_id", "submission.id"]),
        UniqueConstraint("submission_id", "kind", "ref", name="once"),
        CheckConstraint("position >= 1", name="position_counts_from_one"),
        CheckConstraint("(kind = 'link') = (url IS NOT NULL)", name="link_has_an_address"),
        CheckConstraint("(kind = 'link') = (ref IS NULL)", name="others_name_a_thing"),
        Index("ix_submission_item_submission_id", "submission_id"),
    )

    id: Mapped[ItemId] = mapped_column(Integer, primary_key=True)
    institute_id: Mapped[InstituteId] = mapped_column(ForeignKey("institute.id"))
    submission_id: Mapped[SubmissionId] = mapped_column(Integer)
    position: Mapped[int]
    kind: Mapped[ItemKind] = enum_column(ItemKind, name="kind")
    title: Mapped[str] = mapped_column(String(LONGEST_TITLE), default="")
    url: Mapped[str | None] = mapped_column(String(LONGEST_ADDRESS))
    ref: Mapped[int | None]
    snapshot: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)


class Presentation(Base):
    """When and where a presentation takes place, and that it did: from then on its submission stands.

    Who ``scheduled_by`` and ``held_by`` name is the office.
    """

    __tablename__ = "presentation"
    __table_args__ = (
        ForeignKeyConstraint(["institute_id", "submission_id"], ["submission.institute_id", "submission.id"]),
        ForeignKeyConstraint(["institute_id", "scheduled_by"], ["person.institute_id", "person.id"]),
        ForeignKeyConstraint(["institute_id", "held_by"], ["person.institute_id", "person.id"]),
        CheckConstraint(f"minutes BETWEEN 1 AND {LONGEST_PRESENTATION}", name="credible"),
        CheckConstraint("(held_by IS NULL) = (held_at IS NULL)", name="held_by_somebody"),
        Index("ix_presentation_starts_at", "institute_id", "starts_at"),
    )

    submission_id: Mapped[SubmissionId] = mapped_column(Integer, primary_key=True, autoincrement=False)
    institute_id: Mapped[InstituteId] = mapped_column(ForeignKey("institute.id"))
    starts_at: Mapped[datetime] = mapped_column(UtcDateTime)
    minutes: Mapped[int]
    zone: Mapped[str] = mapped_column(String(60))
    place: Mapped[str] = mapped_column(String(LONGEST_PLACE), default="")
    link: Mapped[str] = mapped_column(String(LONGEST_ADDRESS), default="")
    scheduled_by: Mapped[PersonId] = mapped_column(Integer)
    scheduled_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    held_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    held_by: Mapped[PersonId | None] = mapped_column(Integer)


def _freeze(table: Table, connection: Connection, **_more: Any) -> None:
    for statement in FROZEN[table.name][connection.dialect.name]:
        connection.exec_driver_sql(statement)


for _name in FROZEN:
    event.listen(Base.metadata.tables[_name], "after_create", _freeze)
