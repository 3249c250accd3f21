"""Tables of the library: resources with their files, the words they are found by, and collections."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Final, NewType

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from institute.actors import InstituteId, PersonId
from institute.clock import now
from institute.db import Base, UtcDateTime, enum_column
from institute.files.models import StoredFile, StoredFileId
from institute.i18n import Localised, LocalisedType

ResourceId = NewType("ResourceId", int)
ResourceFileId = NewType("ResourceFileId", int)
CollectionId = NewType("CollectionId", int)

KEY_LENGTH: Final = 80  # room for what may name something, and more
LONGEST_ADDRESS: Final = 2000
LONGEST_LINE: Final = 300
LONGEST_LOCALE: Final = 20


def _web_check(column: str) -> CheckConstraint:
    """Return the constraint that holds an address to the web."""
    return CheckConstraint(
        f"{column} IS NULL OR substr({column}, 1, 8) = 'https://' OR substr({column}, 1, 7) = 'http://'",
        name=f"{column}_is_web",
    )


class ResourceKind(StrEnum):
    """What a resource is, so that a reader knows before opening it."""

    PROTOCOL = "protocol"
    FRAMEWORK = "framework"
    RUBRIC = "rubric"
    VIDEO = "video"
    AUDIO = "audio"
    IMAGE = "image"
    DOCUMENT = "document"
    LINK = "link"
    OTHER = "other"


class FilePurpose(StrEnum):
    """What a file of a resource is for."""

    CONTENT = "content"
    CAPTIONS = "captions"


class Resource(Base):
    """Something an institute keeps for everybody who learns or coaches there, known by its key.

    Content names it by the key, which never changes; texts and files may. ``ready``: it has what its kind needs, so
    that readers find it. An archived one is found by nobody and stays for the versions that name it.
    """

    __tablename__ = "resource"
    __table_args__ = (
        UniqueConstraint("institute_id", "key", name="key"),
        UniqueConstraint("institute_id", "id", name="tenant"),
        ForeignKeyConstraint(["institute_id", "updated_by"], ["person.institute_id", "person.id"]),
        CheckConstraint("revision >= 1", name="revision_positive"),
        _web_check("url"),
        _web_check("licence_url"),
    )

    id: Mapped[ResourceId] = mapped_column(Integer, primary_key=True)
    institute_id: Mapped[InstituteId] = mapped_column(ForeignKey("institute.id"))
    key: Mapped[str] = mapped_column(String(KEY_LENGTH))
    kind: Mapped[ResourceKind] = enum_column(ResourceKind, name="kind")
    title: Mapped[Localised] = mapped_column(LocalisedType)
    summary: Mapped[Localised | None] = mapped_column(LocalisedType)
    body: Mapped[Localised | None] = mapped_column(LocalisedType, deferred=True)
    alt: Mapped[Localised | None] = mapped_column(LocalisedType)
    url: Mapped[str | None] = mapped_column(String(LONGEST_ADDRESS))
    licence: Mapped[str] = mapped_column(String(LONGEST_LINE), default="")
    licence_url: Mapped[str | None] = mapped_column(String(LONGEST_ADDRESS))
    version: Mapped[str] = mapped_column(String(LONGEST_LINE), default="")
    source: Mapped[str] = mapped_column(String(LONGEST_LINE), default="")
    ready: Mapped[bool]
    revision: Mapped[int] = mapped_column(default=1)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    updated_by: Mapped[PersonId | None] = mapped_column(Integer)
    archived_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    files: Mapped[list[ResourceFile]] = relationship(
        order_by="ResourceFile.locale", cascade="all, delete-orphan"
    )
    languages: Mapped[list[ResourceLanguage]] = relationship(
        order_by="ResourceLanguage.locale", cascade="all, delete-orphan"
    )
    labels: Mapped[list[ResourceLabel]] = relationship(
        order_by="ResourceLabel.position", cascade="all, delete-orphan"
    )
    words: Mapped[list[ResourceWords]] = relationship(cascade="all, delete-orphan")


class ResourceFile(Base):
    """A file of a resource in one language. Its row stays when another file takes its place.

    ``width`` and ``height`` are pixels as they are shown, None where there is nothing to see.
    """

    __tablename__ = "resource_file"
    __table_args__ = (
        UniqueConstraint("resource_id", "purpose", "locale", name="language"),
        ForeignKeyConstraint(["institute_id", "resource_id"], ["resource.institute_id", "resource.id"]),
        ForeignKeyConstraint(["institute_id", "file_id"], ["stored_file.institute_id", "stored_file.id"]),
        CheckConstraint("(width IS NULL) = (height IS NULL)", name="size_whole"),
        CheckConstraint("width > 0 AND height > 0", name="size_positive"),
        Index("ix_resource_file_file_id", "file_id"),
    )

    id: Mapped[ResourceFileId] = mapped_column(Integer, primary_key=True)
    institute_id: Mapped[InstituteId] = mapped_column(Integer)
    resource_id: Mapped[ResourceId] = mapped_column(Integer)
    purpose: Mapped[FilePurpose] = enum_column(FilePurpose, name="purpose")
    locale: Mapped[str] = mapped_column(String(LONGEST_LOCALE))
    file_id: Mapped[StoredFileId] = mapped_column(Integer)
    width: Mapped[int | None]
    height: Mapped[int | None]

    stored: Mapped[StoredFile] = relationship(viewonly=True)


class ResourceLanguage(Base):
    """A language that a resource can be read, seen or heard in."""

    __tablename__ = "resource_language"

    resource_id: Mapped[ResourceId] = mapped_column(
        ForeignKey("resource.id", ondelete="CASCADE"), primary_key=True
    )
    locale: Mapped[str] = mapped_column(String(LONGEST_LOCALE), primary_key=True)
    given: Mapped[bool]  # named by an author, not told by a file or a text


class LabelKind(StrEnum):
    """What a label of a resource refers to."""

    TAG = "tag"
    ELEMENT = "element"


class ResourceLabel(Base):
    """A tag (``vocabulary/term``) or a competency (``framework/element``) of a resource."""

    __tablename__ = "resource_label"
    __table_args__ = (Index("ix_resource_label_label", "kind", "label"),)

    resource_id: Mapped[ResourceId] = mapped_column(
        ForeignKey("resource.id", ondelete="CASCADE"), primary_key=True
    )
    kind: Mapped[LabelKind] = enum_column(LabelKind, name="kind", primary_key=True)
    label: Mapped[str] = mapped_column(String(2 * KEY_LENGTH), primary_key=True)
    position: Mapped[int]


class ResourceWords(Base):
    """What a resource is found and ordered by in one language, folded as institute.folding does.

    ``is_source`` marks the language it was written in, which every reader's search looks through too.
    """

    __tablename__ = "resource_words"

    resource_id: Mapped[ResourceId] = mapped_column(
        ForeignKey("resource.id", ondelete="CASCADE"), primary_key=True
    )
    locale: Mapped[str] = mapped_column(String(LONGEST_LOCALE), primary_key=True)
    is_source: Mapped[bool]
    title: Mapped[str] = mapped_column(Text)
    words: Mapped[str] = mapped_column(Text)


class Collection(Base):
    """Resources that belong together, in an order, under a title."""

    __tablename__ = "resource_collection"
    __table_args__ = (
        UniqueConstraint("institute_id", "key", name="key"),
        UniqueConstraint("institute_id", "id", name="tenant"),
        CheckConstraint("revision >= 1", name="revision_positive"),
    )

    id: Mapped[CollectionId] = mapped_column(Integer, primary_key=True)
    institute_id: Mapped[InstituteId] = mapped_column(ForeignKey("institute.id"))
    key: Mapped[str] = mapped_column(String(KEY_LENGTH))
    title: Mapped[Localised] = mapped_column(LocalisedType)
    summary: Mapped[Localised | None] = mapped_column(LocalisedType)
    revision: Mapped[int] = mapped_column(default=1)
    removed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    items: Mapped[list[CollectionItem]] = relationship(
        order_by="CollectionItem.position", cascade="all, delete-orphan"
    )


class CollectionItem(Base):
    """The place of a resource in a collection."""

    __tablename__ = "resource_collection_item"
    __table_args__ = (
        ForeignKeyConstraint(
            ["institute_id", "collection_id"], ["resource_collection.institute_id", "resource_collection.id"]
        ),
        ForeignKeyConstraint(["institute_id", "resource_id"], ["resource.institute_id", "resource.id"]),
        CheckConstraint("position >= 1", name="position_positive"),
        Index("ix_resource_collection_item_resource_id", "resource_id"),
    )

    collection_id: Mapped[CollectionId] = mapped_column(Integer, primary_key=True)
    resource_id: Mapped[ResourceId] = mapped_column(Integer, primary_key=True)
    institute_id: Mapped[InstituteId] = mapped_column(Integer)
    position: Mapped[int]

    resource: Mapped[Resource] = relationship(viewonly=True)
