"""Tables of the catalogue: programmes, their published versions, and what stays the same through all versions.

A version is never changed: its rows are only ever added. What a row says in full is its ``document``
(``courses.catalogue.codec``); the columns beside it are what is asked for across many rows.
A ``Part`` (module, segment, instrument) and a ``Step`` (something to tick off) are identities, the same in each
version. Parts that nobody published yet belong to drafts.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any, Final, NewType

from sqlalchemy import (
    JSON,
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Integer,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from institute.actors import InstituteId, PersonId
from institute.clock import now
from institute.db import Base, UtcDateTime, append_only, enum_column
from institute.i18n import Localised, LocalisedType

ProgrammeId = NewType("ProgrammeId", int)
ProgrammeVersionId = NewType("ProgrammeVersionId", int)
PartId = NewType("PartId", int)
StepId = NewType("StepId", int)
ModuleId = NewType("ModuleId", int)
SegmentId = NewType("SegmentId", int)

SLUG_LENGTH: Final = 80  # room for what courses.catalogue.naming allows, and more
DIGEST_LENGTH: Final = 64


class PartKind(StrEnum):
    """What a part of a programme is."""

    MODULE = "module"
    SEGMENT = "segment"
    INSTRUMENT = "instrument"


class Purpose(StrEnum):
    """What an instrument is for. A self-assessment is a step of a segment; the others are answered in rounds."""

    SELF_ASSESSMENT = "self_assessment"
    REFLECTION = "reflection"
    """Looking back at oneself at the beginning, midway and at the end, so that growth shows."""
    RELATIONSHIP_COACH = "relationship_coach"
    """A coach about the work with one person whom they coach."""
    RELATIONSHIP_PARTICIPANT = "relationship_participant"
    """A participant about the work with their coach."""
    EVALUATION = "evaluation"
    """Everybody about the programme, without a name."""


class ObjectiveKind(StrEnum):
    """What a learning objective is about."""

    KNOWLEDGE = "knowledge"
    SKILL = "skill"
    ATTITUDE = "attitude"


class Timing(StrEnum):
    """When a step of a segment is done, seen from coaching session n; BETWEEN is between n and n + 1."""

    BEFORE = "before"
    BETWEEN = "between"
    DURING = "during"
    AFTER = "after"
    PREPARATION = "preparation"


class ActivityKind(StrEnum):
    """What a participant does in an activity."""

    ACKNOWLEDGEMENT = "acknowledgement"
    READING = "reading"
    WATCHING = "watching"
    REFLECTION = "reflection"
    ASSESSMENT = "assessment"
    DOCUMENT = "document"
    UPLOAD = "upload"
    PRACTICE = "practice"
    ATTEND = "attend"
    PREPARATION = "preparation"


class MaterialKind(StrEnum):
    """What a material is, so that a reader knows before opening it."""

    DOCUMENT = "document"
    INSTRUMENT = "instrument"
    TEMPLATE = "template"
    LINK = "link"
    VIDEO = "video"


class Audience(StrEnum):
    """Who reads a step of a session plan."""

    BOTH = "both"
    COACH = "coach"


def _range_checks(*names: str) -> list[CheckConstraint]:
    """Return the constraints that hold each named range of minutes between 0 and its upper end."""
    return [
        CheckConstraint(f"{name}_min BETWEEN 0 AND {name}_max", name=f"{name}_range_ordered")
        for name in names
    ]


class Programme(Base):
    """A course of study of one institute. Title and summary are those of its newest version, or of its first draft.

    ``current_version_id`` is the newest version, None before the first.
    """

    __tablename__ = "programme"
    __table_args__ = (
        UniqueConstraint("institute_id", "slug", name="slug"),
        UniqueConstraint("institute_id", "id", name="tenant"),
    )

    id: Mapped[ProgrammeId] = mapped_column(Integer, primary_key=True)
    institute_id: Mapped[InstituteId] = mapped_column(ForeignKey("institute.id"), index=True)
    slug: Mapped[str] = mapped_column(String(SLUG_LENGTH))
    title: Mapped[Localised] = mapped_column(LocalisedType)
    summary: Mapped[Localised | None] = mapped_column(LocalisedType)
    current_version_id: Mapped[ProgrammeVersionId | None] = mapped_column(
        ForeignKey("programme_version.id", name="fk_programme_current_version_id", use_alter=True)
    )


class Part(Base):
    """A module, segment or instrument through all versions of its programme, and in its draft."""

    __tablename__ = "part"
    __table_args__ = (UniqueConstraint("programme_id", "id", name="programme"),)

    id: Mapped[PartId] = mapped_column(Integer, primary_key=True)
    programme_id: Mapped[ProgrammeId] = mapped_column(ForeignKey("programme.id"))
    kind: Mapped[PartKind] = enum_column(PartKind, name="kind")


class Step(Base):
    """Something to do in a segment through all versions: what is ticked off, and what work belongs to."""

    __tablename__ = "step"
    __table_args__ = (
        UniqueConstraint("part_id", "key", name="key"),
        ForeignKeyConstraint(["programme_id", "part_id"], ["part.programme_id", "part.id"]),
    )

    id: Mapped[StepId] = mapped_column(Integer, primary_key=True)
    programme_id: Mapped[ProgrammeId] = mapped_column(ForeignKey("programme.id"), index=True)
    part_id: Mapped[PartId] = mapped_column(Integer)
    key: Mapped[str] = mapped_column(String(SLUG_LENGTH))


class ProgrammeVersion(Base):
    """What a programme was when it was published, with everything that hangs on it.

    ``note`` says what changed, in its author's words; ``step_count`` is how many steps there are to tick off;
    ``digest`` is the SHA-256 of the whole content, by which two versions are known to be equal.
    """

    __tablename__ = "programme_version"
    __table_args__ = (
        UniqueConstraint("programme_id", "number", name="number"),
        UniqueConstraint("programme_id", "id", name="programme"),
        UniqueConstraint("institute_id", "id", name="tenant"),
        ForeignKeyConstraint(["institute_id", "programme_id"], ["programme.institute_id", "programme.id"]),
        CheckConstraint("number >= 1", name="number_positive"),
        CheckConstraint("step_count >= 0", name="steps_counted"),
    )

    id: Mapped[ProgrammeVersionId] = mapped_column(Integer, primary_key=True)
    institute_id: Mapped[InstituteId] = mapped_column(ForeignKey("institute.id"))
    programme_id: Mapped[ProgrammeId] = mapped_column(Integer)
    number: Mapped[int]
    title: Mapped[Localised] = mapped_column(LocalisedType)
    summary: Mapped[Localised | None] = mapped_column(LocalisedType)
    tags: Mapped[list[str]] = mapped_column(JSON, default=list)
    origin: Mapped[str] = mapped_column(Text, default="")
    note: Mapped[str] = mapped_column(Text, default="")
    step_count: Mapped[int]
    digest: Mapped[str] = mapped_column(String(DIGEST_LENGTH))
    published_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    published_by: Mapped[PersonId | None] = mapped_column(ForeignKey("person.id"))


class Module(Base):
    """A part of a version; minutes are whole and given as a range, "up to" meaning from 0."""

    __tablename__ = "module"
    __table_args__ = (
        UniqueConstraint("version_id", "slug", name="slug"),
        UniqueConstraint("version_id", "number", name="number"),
        UniqueConstraint("version_id", "part_id", name="part"),
        CheckConstraint("number >= 1", name="number_positive"),
        *_range_checks("reading", "coaching"),
    )

    id: Mapped[ModuleId] = mapped_column(Integer, primary_key=True)
    version_id: Mapped[ProgrammeVersionId] = mapped_column(ForeignKey("programme_version.id"))
    part_id: Mapped[PartId] = mapped_column(ForeignKey("part.id"), index=True)
    number: Mapped[int]
    slug: Mapped[str] = mapped_column(String(SLUG_LENGTH))
    title: Mapped[Localised] = mapped_column(LocalisedType)
    reading_min: Mapped[int]
    reading_max: Mapped[int]
    coaching_min: Mapped[int]
    coaching_max: Mapped[int]
    document: Mapped[dict[str, Any]] = mapped_column(JSON, deferred=True)


class Segment(Base):
    """A part of a module that leads from reading to a coaching session to the next step.

    ``opens`` is what must be before it opens (``OpeningDraft`` as a document), empty where nothing must.
    """

    __tablename__ = "segment"
    __table_args__ = (
        UniqueConstraint("module_id", "slug", name="slug"),
        UniqueConstraint("module_id", "number", name="number"),
        UniqueConstraint("module_id", "part_id", name="part"),
        CheckConstraint("number >= 1", name="number_positive"),
        *_range_checks("reading", "coaching"),
    )

    id: Mapped[SegmentId] = mapped_column(Integer, primary_key=True)
    module_id: Mapped[ModuleId] = mapped_column(ForeignKey("module.id", ondelete="CASCADE"))
    part_id: Mapped[PartId] = mapped_column(ForeignKey("part.id"), index=True)
    number: Mapped[int]
    slug: Mapped[str] = mapped_column(String(SLUG_LENGTH))
    title: Mapped[Localised] = mapped_column(LocalisedType)
    reading_min: Mapped[int]
    reading_max: Mapped[int]
    coaching_min: Mapped[int]
    coaching_max: Mapped[int]
    opens: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    document: Mapped[dict[str, Any]] = mapped_column(JSON, deferred=True)


class Activity(Base):
    """A step as one version has it: an activity, or an item of the preparation."""

    __tablename__ = "activity"
    __table_args__ = (
        UniqueConstraint("version_id", "step_id", name="step"),
        UniqueConstraint("segment_id", "key", name="key"),
        CheckConstraint("position >= 1", name="position_positive"),
        CheckConstraint("minutes >= 0", name="minutes_not_negative"),
        CheckConstraint("session_number >= 1", name="session_number_positive"),
    )

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    version_id: Mapped[ProgrammeVersionId] = mapped_column(ForeignKey("programme_version.id"))
    segment_id: Mapped[SegmentId] = mapped_column(ForeignKey("segment.id", ondelete="CASCADE"))
    step_id: Mapped[StepId] = mapped_column(ForeignKey("step.id"), index=True)
    position: Mapped[int]
    key: Mapped[str] = mapped_column(String(SLUG_LENGTH))
    timing: Mapped[Timing] = enum_column(Timing, name="timing")
    session_number: Mapped[int | None]
    kind: Mapped[ActivityKind] = enum_column(ActivityKind, name="kind")
    minutes: Mapped[int | None]
    title: Mapped[Localised] = mapped_column(LocalisedType)


class Instrument(Base):
    """An instrument as one version has it, such as a self-assessment."""

    __tablename__ = "instrument"
    __table_args__ = (
        UniqueConstraint("version_id", "key", name="key"),
        UniqueConstraint("version_id", "part_id", name="part"),
        CheckConstraint("position >= 1", name="position_positive"),
    )

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    version_id: Mapped[ProgrammeVersionId] = mapped_column(ForeignKey("programme_version.id"))
    part_id: Mapped[PartId] = mapped_column(ForeignKey("part.id"), index=True)
    position: Mapped[int]
    key: Mapped[str] = mapped_column(String(SLUG_LENGTH))
    document: Mapped[dict[str, Any]] = mapped_column(JSON)


PUBLISHED: Final = (ProgrammeVersion, Module, Segment, Activity, Instrument)

for _model in PUBLISHED:
    append_only(Base.metadata.tables[_model.__tablename__])
