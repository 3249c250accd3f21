"""Tables of the catalogue: a programme, its modules, their segments, and what a segment is made of."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Final, NewType

from sqlalchemy import CheckConstraint, ForeignKey, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from institute.actors import InstituteId
from institute.db import Base, UtcDateTime, enum_column
from institute.i18n import Localised, LocalisedType

ProgrammeId = NewType("ProgrammeId", int)
ModuleId = NewType("ModuleId", int)
SegmentId = NewType("SegmentId", int)
ActivityId = NewType("ActivityId", int)

SLUG_LENGTH: Final = 80  # room for what courses.catalogue.naming allows, and more


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
    """A course of study of one institute, with its modules in order."""

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

    modules: Mapped[list[Module]] = relationship(
        back_populates="programme", order_by="Module.number", cascade="all, delete-orphan"
    )


class Module(Base):
    """A part of a programme; minutes are whole and given as a range, "up to" meaning from 0."""

    __tablename__ = "module"
    __table_args__ = (
        UniqueConstraint("programme_id", "slug", name="slug"),
        UniqueConstraint("programme_id", "number", name="number"),
        CheckConstraint("number >= 1", name="number_positive"),
        *_range_checks("reading", "coaching"),
    )

    id: Mapped[ModuleId] = mapped_column(Integer, primary_key=True)
    programme_id: Mapped[ProgrammeId] = mapped_column(ForeignKey("programme.id", ondelete="CASCADE"))
    number: Mapped[int]
    slug: Mapped[str] = mapped_column(String(SLUG_LENGTH))
    title: Mapped[Localised] = mapped_column(LocalisedType)
    description: Mapped[Localised] = mapped_column(LocalisedType)
    reading_min: Mapped[int]
    reading_max: Mapped[int]
    coaching_min: Mapped[int]
    coaching_max: Mapped[int]

    programme: Mapped[Programme] = relationship(back_populates="modules")
    segments: Mapped[list[Segment]] = relationship(
        back_populates="module", order_by="Segment.number", cascade="all, delete-orphan"
    )
    objectives: Mapped[list[Objective]] = relationship(
        order_by="Objective.position", cascade="all, delete-orphan"
    )
    areas: Mapped[list[AreaOfFocus]] = relationship(
        order_by="AreaOfFocus.position", cascade="all, delete-orphan"
    )


class AreaOfFocus(Base):
    """One area of concentration of a module, with the toolkit that puts it into practice."""

    __tablename__ = "area_of_focus"
    __table_args__ = (
        UniqueConstraint("module_id", "key", name="key"),
        CheckConstraint("position >= 1", name="position_positive"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    module_id: Mapped[ModuleId] = mapped_column(ForeignKey("module.id", ondelete="CASCADE"))
    position: Mapped[int]
    key: Mapped[str] = mapped_column(String(SLUG_LENGTH))
    title: Mapped[Localised] = mapped_column(LocalisedType)
    toolkit: Mapped[Localised | None] = mapped_column(LocalisedType)


class Segment(Base):
    """A part of a module that leads from reading to a coaching session to the next step."""

    __tablename__ = "segment"
    __table_args__ = (
        UniqueConstraint("module_id", "slug", name="slug"),
        UniqueConstraint("module_id", "number", name="number"),
        CheckConstraint("number >= 1", name="number_positive"),
        *_range_checks("reading", "coaching"),
    )

    id: Mapped[SegmentId] = mapped_column(Integer, primary_key=True)
    module_id: Mapped[ModuleId] = mapped_column(ForeignKey("module.id", ondelete="CASCADE"))
    number: Mapped[int]
    slug: Mapped[str] = mapped_column(String(SLUG_LENGTH))
    title: Mapped[Localised] = mapped_column(LocalisedType)
    content: Mapped[Localised] = mapped_column(LocalisedType, deferred=True)
    reading_min: Mapped[int]
    reading_max: Mapped[int]
    coaching_min: Mapped[int]
    coaching_max: Mapped[int]

    module: Mapped[Module] = relationship(back_populates="segments")
    objectives: Mapped[list[Objective]] = relationship(
        order_by="Objective.position", cascade="all, delete-orphan"
    )
    session_plan: Mapped[SessionPlan | None] = relationship(
        back_populates="segment", cascade="all, delete-orphan"
    )
    activities: Mapped[list[Activity]] = relationship(
        order_by="Activity.position", cascade="all, delete-orphan"
    )
    materials: Mapped[list[Material]] = relationship(
        order_by="Material.position", cascade="all, delete-orphan"
    )


class Objective(Base):
    """What a participant will know, be able to do or value after a module or a segment."""

    __tablename__ = "objective"
    __table_args__ = (
        CheckConstraint("(module_id IS NULL) <> (segment_id IS NULL)", name="of_module_or_segment"),
        CheckConstraint("position >= 1", name="position_positive"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    module_id: Mapped[ModuleId | None] = mapped_column(
        ForeignKey("module.id", ondelete="CASCADE"), index=True
    )
    segment_id: Mapped[SegmentId | None] = mapped_column(
        ForeignKey("segment.id", ondelete="CASCADE"), index=True
    )
    position: Mapped[int]
    kind: Mapped[ObjectiveKind] = enum_column(ObjectiveKind, name="kind")
    text: Mapped[Localised] = mapped_column(LocalisedType)


class SessionPlan(Base):
    """How the coaching session of a segment goes: one plan for both, and the coach's script."""

    __tablename__ = "session_plan"
    __table_args__ = (
        UniqueConstraint("segment_id", name="segment"),
        CheckConstraint("number >= 1", name="number_positive"),
        *_range_checks("minutes"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    segment_id: Mapped[SegmentId] = mapped_column(ForeignKey("segment.id", ondelete="CASCADE"))
    number: Mapped[int]
    minutes_min: Mapped[int]
    minutes_max: Mapped[int]
    opening: Mapped[Localised | None] = mapped_column(LocalisedType)
    wrap_up: Mapped[Localised | None] = mapped_column(LocalisedType)
    equity_prompt: Mapped[Localised | None] = mapped_column(LocalisedType)

    segment: Mapped[Segment] = relationship(back_populates="session_plan")
    steps: Mapped[list[PlanStep]] = relationship(order_by="PlanStep.position", cascade="all, delete-orphan")
    questions: Mapped[list[ReflectiveQuestion]] = relationship(
        order_by="ReflectiveQuestion.position", cascade="all, delete-orphan"
    )


class PlanStep(Base):
    """One step of a session plan; a step for the coach is never shown to the participant."""

    __tablename__ = "plan_step"
    __table_args__ = (CheckConstraint("position >= 1", name="position_positive"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    session_plan_id: Mapped[int] = mapped_column(
        ForeignKey("session_plan.id", ondelete="CASCADE"), index=True
    )
    position: Mapped[int]
    text: Mapped[Localised] = mapped_column(LocalisedType)
    audience: Mapped[Audience] = enum_column(Audience, name="audience")


class ReflectiveQuestion(Base):
    """A question the coach asks in the session; part of the coach's script."""

    __tablename__ = "reflective_question"
    __table_args__ = (CheckConstraint("position >= 1", name="position_positive"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    session_plan_id: Mapped[int] = mapped_column(
        ForeignKey("session_plan.id", ondelete="CASCADE"), index=True
    )
    position: Mapped[int]
    text: Mapped[Localised] = mapped_column(LocalisedType)


class Activity(Base):
    """A step that a participant ticks off: an activity, or an item of the preparation.

    An activity that left the segment is retired, not deleted, so that what was done stays known.
    """

    __tablename__ = "activity"
    __table_args__ = (
        UniqueConstraint("segment_id", "key", name="key"),
        CheckConstraint("position >= 1", name="position_positive"),
        CheckConstraint("minutes >= 0", name="minutes_not_negative"),
        CheckConstraint("session_number >= 1", name="session_number_positive"),
    )

    id: Mapped[ActivityId] = mapped_column(Integer, primary_key=True)
    segment_id: Mapped[SegmentId] = mapped_column(ForeignKey("segment.id", ondelete="CASCADE"))
    position: Mapped[int]
    key: Mapped[str] = mapped_column(String(SLUG_LENGTH))
    timing: Mapped[Timing] = enum_column(Timing, name="timing")
    session_number: Mapped[int | None]
    kind: Mapped[ActivityKind] = enum_column(ActivityKind, name="kind")
    minutes: Mapped[int | None]
    title: Mapped[Localised] = mapped_column(LocalisedType)
    note: Mapped[Localised | None] = mapped_column(LocalisedType)
    retired_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Material(Base):
    """Something to read or use in a segment: a text of our own, or an address elsewhere."""

    __tablename__ = "material"
    __table_args__ = (
        UniqueConstraint("segment_id", "key", name="key"),
        CheckConstraint("position >= 1", name="position_positive"),
        CheckConstraint(
            "url IS NULL OR substr(url, 1, 8) = 'https://' OR substr(url, 1, 7) = 'http://'",
            name="url_is_web",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    segment_id: Mapped[SegmentId] = mapped_column(ForeignKey("segment.id", ondelete="CASCADE"))
    position: Mapped[int]
    key: Mapped[str] = mapped_column(String(SLUG_LENGTH))
    kind: Mapped[MaterialKind] = enum_column(MaterialKind, name="kind")
    title: Mapped[Localised] = mapped_column(LocalisedType)
    detail: Mapped[Localised | None] = mapped_column(LocalisedType)
    body: Mapped[Localised | None] = mapped_column(LocalisedType, deferred=True)
    url: Mapped[str | None] = mapped_column(String(2000))
