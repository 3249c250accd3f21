"""Tables of frameworks and vocabularies, and of every text that was ever saved for them."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any, Final, NewType

from sqlalchemy import (
    JSON,
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    String,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from institute.actors import InstituteId, PersonId
from institute.clock import now
from institute.db import Base, UtcDateTime, append_only, enum_column
from institute.i18n import Localised, LocalisedType

FrameworkId = NewType("FrameworkId", int)
ColumnId = NewType("ColumnId", int)
ElementId = NewType("ElementId", int)
VocabularyId = NewType("VocabularyId", int)
TermId = NewType("TermId", int)

KEY_LENGTH: Final = 80  # room for what courses.frameworks.naming allows, and more
LABEL_LENGTH: Final = 40  # a version's label
CODE_LENGTH: Final = 20


class Audience(StrEnum):
    """Whose competencies a framework describes."""

    COACH = "coach"
    EDUCATOR = "educator"
    LEADER = "leader"


class Kind(StrEnum):
    """What a saved text is about."""

    FRAMEWORK = "framework"
    COLUMN = "column"
    ELEMENT = "element"
    VOCABULARY = "vocabulary"
    TERM = "term"


class Outcome(StrEnum):
    """What became of a saved text: one that clashed came from a page that did not know the newest."""

    KEPT = "kept"
    CLASHED = "clashed"


class Framework(Base):
    """A framework of competencies of one institute. Retired, it is offered to nobody and keeps its name."""

    __tablename__ = "framework"
    __table_args__ = (
        UniqueConstraint("institute_id", "key", name="key"),
        CheckConstraint("for_coaches OR for_educators OR for_leaders", name="for_somebody"),
        CheckConstraint("revision >= 1", name="revision_positive"),
    )

    id: Mapped[FrameworkId] = mapped_column(Integer, primary_key=True)
    institute_id: Mapped[InstituteId] = mapped_column(ForeignKey("institute.id"))
    key: Mapped[str] = mapped_column(String(KEY_LENGTH))
    version: Mapped[str] = mapped_column(String(LABEL_LENGTH), default="")
    title: Mapped[Localised] = mapped_column(LocalisedType)
    description: Mapped[Localised | None] = mapped_column(LocalisedType)
    for_coaches: Mapped[bool]
    for_educators: Mapped[bool]
    for_leaders: Mapped[bool]
    revision: Mapped[int] = mapped_column(default=1)
    retired_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    @property
    def audiences(self) -> tuple[Audience, ...]:
        """Whose competencies it describes, in the order of the kinds."""
        held = (self.for_coaches, self.for_educators, self.for_leaders)
        return tuple(audience for audience, here in zip(Audience, held, strict=True) if here)


class Column(Base):
    """A column of a framework's practice scale; position 1 is the lowest."""

    __tablename__ = "framework_column"
    __table_args__ = (
        UniqueConstraint("framework_id", "key", name="key"),
        UniqueConstraint("framework_id", "id", name="framework"),
        CheckConstraint("position >= 1", name="position_positive"),
        CheckConstraint("revision >= 1", name="revision_positive"),
    )

    id: Mapped[ColumnId] = mapped_column(Integer, primary_key=True)
    framework_id: Mapped[FrameworkId] = mapped_column(ForeignKey("framework.id", ondelete="CASCADE"))
    key: Mapped[str] = mapped_column(String(KEY_LENGTH))
    position: Mapped[int]
    title: Mapped[Localised] = mapped_column(LocalisedType)
    description: Mapped[Localised | None] = mapped_column(LocalisedType)
    revision: Mapped[int] = mapped_column(default=1)
    retired_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Element(Base):
    """A standard, an element or an indicator of a framework; positions count among those below the same parent."""

    __tablename__ = "framework_element"
    __table_args__ = (
        UniqueConstraint("framework_id", "key", name="key"),
        UniqueConstraint("framework_id", "id", name="framework"),
        ForeignKeyConstraint(
            ["framework_id", "parent_id"],
            ["framework_element.framework_id", "framework_element.id"],
            ondelete="CASCADE",
        ),
        CheckConstraint("parent_id <> id", name="not_own_parent"),
        CheckConstraint("position >= 1", name="position_positive"),
        CheckConstraint("revision >= 1", name="revision_positive"),
    )

    id: Mapped[ElementId] = mapped_column(Integer, primary_key=True)
    framework_id: Mapped[FrameworkId] = mapped_column(ForeignKey("framework.id", ondelete="CASCADE"))
    parent_id: Mapped[ElementId | None] = mapped_column(Integer)
    key: Mapped[str] = mapped_column(String(KEY_LENGTH))
    code: Mapped[str] = mapped_column(String(CODE_LENGTH), default="")
    position: Mapped[int]
    title: Mapped[Localised] = mapped_column(LocalisedType)
    description: Mapped[Localised | None] = mapped_column(LocalisedType)
    revision: Mapped[int] = mapped_column(default=1)
    retired_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Practice(Base):
    """How an element looks in practice at one column of its framework's scale."""

    __tablename__ = "framework_practice"
    __table_args__ = (
        ForeignKeyConstraint(
            ["framework_id", "element_id"],
            ["framework_element.framework_id", "framework_element.id"],
            ondelete="CASCADE",
        ),
        ForeignKeyConstraint(
            ["framework_id", "column_id"],
            ["framework_column.framework_id", "framework_column.id"],
            ondelete="CASCADE",
        ),
        Index("ix_framework_practice_framework_id", "framework_id"),
    )

    element_id: Mapped[ElementId] = mapped_column(Integer, primary_key=True)
    column_id: Mapped[ColumnId] = mapped_column(Integer, primary_key=True)
    framework_id: Mapped[FrameworkId] = mapped_column(Integer)
    text: Mapped[Localised] = mapped_column(LocalisedType)


class Vocabulary(Base):
    """A list of tags of one institute. Retired, it is offered to nobody and keeps its name."""

    __tablename__ = "vocabulary"
    __table_args__ = (
        UniqueConstraint("institute_id", "key", name="key"),
        CheckConstraint("revision >= 1", name="revision_positive"),
    )

    id: Mapped[VocabularyId] = mapped_column(Integer, primary_key=True)
    institute_id: Mapped[InstituteId] = mapped_column(ForeignKey("institute.id"))
    key: Mapped[str] = mapped_column(String(KEY_LENGTH))
    title: Mapped[Localised] = mapped_column(LocalisedType)
    description: Mapped[Localised | None] = mapped_column(LocalisedType)
    revision: Mapped[int] = mapped_column(default=1)
    retired_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Term(Base):
    """A tag of a vocabulary."""

    __tablename__ = "vocabulary_term"
    __table_args__ = (
        UniqueConstraint("vocabulary_id", "key", name="key"),
        CheckConstraint("position >= 1", name="position_positive"),
        CheckConstraint("revision >= 1", name="revision_positive"),
    )

    id: Mapped[TermId] = mapped_column(Integer, primary_key=True)
    vocabulary_id: Mapped[VocabularyId] = mapped_column(ForeignKey("vocabulary.id", ondelete="CASCADE"))
    key: Mapped[str] = mapped_column(String(KEY_LENGTH))
    position: Mapped[int]
    title: Mapped[Localised] = mapped_column(LocalisedType)
    description: Mapped[Localised | None] = mapped_column(LocalisedType)
    revision: Mapped[int] = mapped_column(default=1)
    retired_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Save(Base):
    """One saved text of a framework, a vocabulary or a part of one: what stood in the form, who saved it, and when.

    ``subject`` is the address: ``leadership``, ``leadership/1a``. ``revision`` is the one it made, or, where it
    clashed, the one it was written on. ``author_id`` is null where no person saved it.
    """

    __tablename__ = "framework_save"
    __table_args__ = (
        ForeignKeyConstraint(["institute_id", "author_id"], ["person.institute_id", "person.id"]),
        CheckConstraint("revision >= 1", name="revision_positive"),
        Index("ix_framework_save_subject", "institute_id", "kind", "subject"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    institute_id: Mapped[InstituteId] = mapped_column(ForeignKey("institute.id"))
    kind: Mapped[Kind] = enum_column(Kind, name="kind")
    subject: Mapped[str] = mapped_column(String(2 * KEY_LENGTH + 1))
    revision: Mapped[int]
    outcome: Mapped[Outcome] = enum_column(Outcome, name="outcome")
    document: Mapped[dict[str, Any]] = mapped_column(JSON)
    author_id: Mapped[PersonId | None] = mapped_column(Integer)
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)


append_only(Base.metadata.tables["framework_save"])
