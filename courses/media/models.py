"""Tables of the media: clips and their captions, who is shown and agrees, comments in time or on a page, pages."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Final, NewType

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
)
from sqlalchemy.orm import Mapped, mapped_column

from courses.cohorts.models import EnrolmentId
from institute.actors import InstituteId, PersonId
from institute.clock import now
from institute.db import Base, UtcDateTime, append_only, enum_column
from institute.files.models import StoredFileId

ClipId = NewType("ClipId", int)
CaptionId = NewType("CaptionId", int)
PersonShownId = NewType("PersonShownId", int)
ConsentId = NewType("ConsentId", int)
MediaCommentId = NewType("MediaCommentId", int)

TITLE_LENGTH: Final = 200
LABEL_LENGTH: Final = 120
NAME_LENGTH: Final = 200
EMAIL_LENGTH: Final = 254
TEXT_LENGTH: Final = 4000
LOCALE_LENGTH: Final = 12


class Medium(StrEnum):
    """What a clip is."""

    VIDEO = "video"
    AUDIO = "audio"
    DOCUMENT = "document"


class ShownKind(StrEnum):
    """Who decides for a person who is shown: they themselves, or their guardian."""

    ADULT = "adult"
    CHILD = "child"


class ConsentState(StrEnum):
    """What a person who is shown says."""

    ASKED = "asked"
    GIVEN = "given"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class ConsentWay(StrEnum):
    """How consent is had: by a link that is mailed, or by a signed document that the participant attests."""

    LINK = "link"
    PAPER = "paper"


class SaidBy(StrEnum):
    """By whom something about a consent was recorded: through the link, or by the participant who was told."""

    LINK = "link"
    PARTICIPANT = "participant"


class CommentKind(StrEnum):
    """What a comment is meant as."""

    STRENGTH = "strength"
    QUESTION = "question"
    SUGGESTION = "suggestion"


class Speaker(StrEnum):
    """As whom somebody comments."""

    PARTICIPANT = "participant"
    COACH = "coach"
    RATER = "rater"


class PagesState(StrEnum):
    """Whether the pages of a document are there as pictures."""

    WAITING = "waiting"
    MADE = "made"
    FAILED = "failed"


class Clip(Base):
    """A recording, or a document, that a participant shows of their work.

    ``sha256`` names its bytes: the consent of the people shown holds for them wherever they are handed in. A clip that
    was removed has no file any more, and stays as the memory of what the people shown said. ``declared_at`` is when the
    participant said that everybody shown is named. ``about`` is told to those who are asked. ``duration_ms`` is None
    where the recording does not say how long it is.
    """

    __tablename__ = "clip"
    __table_args__ = (
        UniqueConstraint("institute_id", "id", name="tenant"),
        UniqueConstraint("file_id", name="file"),
        UniqueConstraint("enrolment_id", "sha256", name="once"),
        ForeignKeyConstraint(["institute_id", "enrolment_id"], ["enrolment.institute_id", "enrolment.id"]),
        ForeignKeyConstraint(["institute_id", "person_id"], ["person.institute_id", "person.id"]),
        ForeignKeyConstraint(["institute_id", "file_id"], ["stored_file.institute_id", "stored_file.id"]),
        CheckConstraint("(file_id IS NULL) = (removed_at IS NOT NULL)", name="has_its_file"),
        CheckConstraint("shared_at IS NULL OR removed_at IS NULL", name="removed_is_not_shared"),
        CheckConstraint("duration_ms IS NULL OR duration_ms >= 0", name="duration_credible"),
        CheckConstraint("length(sha256) = 64", name="digest_whole"),
        Index("ix_clip_sha256", "institute_id", "sha256"),
        Index("ix_clip_person_id", "person_id"),
    )

    id: Mapped[ClipId] = mapped_column(Integer, primary_key=True)
    institute_id: Mapped[InstituteId] = mapped_column(ForeignKey("institute.id"))
    enrolment_id: Mapped[EnrolmentId] = mapped_column(Integer)
    person_id: Mapped[PersonId] = mapped_column(Integer)
    file_id: Mapped[StoredFileId | None] = mapped_column(Integer)
    sha256: Mapped[str] = mapped_column(String(64))
    medium: Mapped[Medium] = enum_column(Medium, name="medium")
    title: Mapped[str] = mapped_column(String(TITLE_LENGTH))
    about: Mapped[str] = mapped_column(Text, default="")
    duration_ms: Mapped[int | None]
    declared_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    shared_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    removed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)


class Caption(Base):
    """What is said in a clip, in one language: a WebVTT file that was read before it was taken."""

    __tablename__ = "clip_caption"
    __table_args__ = (
        UniqueConstraint("clip_id", "locale", name="language"),
        ForeignKeyConstraint(["institute_id", "clip_id"], ["clip.institute_id", "clip.id"]),
        ForeignKeyConstraint(["institute_id", "file_id"], ["stored_file.institute_id", "stored_file.id"]),
    )

    id: Mapped[CaptionId] = mapped_column(Integer, primary_key=True)
    institute_id: Mapped[InstituteId] = mapped_column(ForeignKey("institute.id"))
    clip_id: Mapped[ClipId] = mapped_column(Integer)
    locale: Mapped[str] = mapped_column(String(LOCALE_LENGTH))
    file_id: Mapped[StoredFileId] = mapped_column(Integer)


class PersonShown(Base):
    """Somebody who is seen or heard in a clip. ``label`` is how the participant tells them apart."""

    __tablename__ = "person_shown"
    __table_args__ = (
        UniqueConstraint("institute_id", "id", name="tenant"),
        UniqueConstraint("clip_id", "label", name="label"),
        ForeignKeyConstraint(["institute_id", "clip_id"], ["clip.institute_id", "clip.id"]),
        CheckConstraint("length(label) > 0", name="labelled"),
    )

    id: Mapped[PersonShownId] = mapped_column(Integer, primary_key=True)
    institute_id: Mapped[InstituteId] = mapped_column(ForeignKey("institute.id"))
    clip_id: Mapped[ClipId] = mapped_column(Integer)
    label: Mapped[str] = mapped_column(String(LABEL_LENGTH))
    kind: Mapped[ShownKind] = enum_column(ShownKind, name="kind")


class Consent(Base):
    """What one person who is shown says now; ``consent_word`` has what was said before.

    ``contact_*`` is who is asked: the person, or a child's guardian. ``signed_name`` is what they typed or signed.
    ``training`` says that raters may be trained with it. A document stands behind what the participant attests.
    """

    __tablename__ = "media_consent"
    __table_args__ = (
        UniqueConstraint("institute_id", "id", name="tenant"),
        UniqueConstraint("person_shown_id", name="person"),
        ForeignKeyConstraint(
            ["institute_id", "person_shown_id"], ["person_shown.institute_id", "person_shown.id"]
        ),
        ForeignKeyConstraint(["institute_id", "document_id"], ["stored_file.institute_id", "stored_file.id"]),
        CheckConstraint("way <> 'link' OR length(contact_email) > 0", name="asked_somewhere"),
        CheckConstraint(
            "way <> 'paper' OR (document_id IS NOT NULL AND signed_on IS NOT NULL)", name="paper_is_kept"
        ),
        CheckConstraint("way <> 'paper' OR state <> 'asked'", name="paper_asks_nothing"),
        CheckConstraint("(state = 'asked') = (answered_at IS NULL)", name="answered"),
        CheckConstraint("letters >= 0", name="letters_counted"),
    )

    id: Mapped[ConsentId] = mapped_column(Integer, primary_key=True)
    institute_id: Mapped[InstituteId] = mapped_column(ForeignKey("institute.id"))
    person_shown_id: Mapped[PersonShownId] = mapped_column(Integer)
    state: Mapped[ConsentState] = enum_column(ConsentState, name="state")
    way: Mapped[ConsentWay] = enum_column(ConsentWay, name="way")
    contact_name: Mapped[str] = mapped_column(String(NAME_LENGTH))
    contact_email: Mapped[str] = mapped_column(String(EMAIL_LENGTH), default="")
    locale: Mapped[str] = mapped_column(String(LOCALE_LENGTH))
    letters: Mapped[int] = mapped_column(default=0)
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    signed_name: Mapped[str] = mapped_column(String(NAME_LENGTH), default="")
    signed_on: Mapped[date | None] = mapped_column(Date)
    training: Mapped[bool] = mapped_column(default=False)
    document_id: Mapped[StoredFileId | None] = mapped_column(Integer)


class ConsentWord(Base):
    """One answer to a consent; rows are only ever added. That somebody was asked stands in the audit alone."""

    __tablename__ = "consent_word"
    __table_args__ = (
        ForeignKeyConstraint(
            ["institute_id", "consent_id"], ["media_consent.institute_id", "media_consent.id"]
        ),
        Index("ix_consent_word_consent_id", "consent_id"),
    )

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    institute_id: Mapped[InstituteId] = mapped_column(ForeignKey("institute.id"))
    consent_id: Mapped[ConsentId] = mapped_column(Integer)
    said: Mapped[ConsentState] = enum_column(ConsentState, name="said")
    by: Mapped[SaidBy] = enum_column(SaidBy, name="by")
    training: Mapped[bool]
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)


class ConsentLink(Base):
    """A link that was mailed to whoever decides. It works as long as the consent stands, however often it is used."""

    __tablename__ = "consent_link"
    __table_args__ = (
        ForeignKeyConstraint(
            ["institute_id", "consent_id"], ["media_consent.institute_id", "media_consent.id"]
        ),
        Index("ix_consent_link_consent_id", "consent_id"),
    )

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    institute_id: Mapped[InstituteId] = mapped_column(ForeignKey("institute.id"))
    consent_id: Mapped[ConsentId] = mapped_column(Integer)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)


class MediaComment(Base):
    """A comment at an instant of a recording or on a page of a document, or an answer below one.

    What a rater writes belongs to a ``task_id`` of the room that gave it. ``reader`` is the number by which its author
    is called once it is released to the participant; until then only the task's own people read it.
    """

    __tablename__ = "media_comment"
    __table_args__ = (
        UniqueConstraint("institute_id", "id", name="tenant"),
        ForeignKeyConstraint(["institute_id", "file_id"], ["stored_file.institute_id", "stored_file.id"]),
        ForeignKeyConstraint(["institute_id", "author_id"], ["person.institute_id", "person.id"]),
        ForeignKeyConstraint(
            ["institute_id", "parent_id"], ["media_comment.institute_id", "media_comment.id"]
        ),
        CheckConstraint(
            "(parent_id IS NULL AND kind IS NOT NULL AND (at_ms IS NULL) <> (page IS NULL))"
            " OR (parent_id IS NOT NULL AND kind IS NULL AND at_ms IS NULL AND page IS NULL)",
            name="stands_somewhere",
        ),
        CheckConstraint("(role = 'rater') = (task_id IS NOT NULL)", name="raters_have_a_task"),
        CheckConstraint("parent_id IS NULL OR task_id IS NULL", name="raters_answer_nobody"),
        CheckConstraint("reader IS NULL OR task_id IS NOT NULL", name="readers_are_raters"),
        CheckConstraint("at_ms IS NULL OR at_ms >= 0", name="time_counts_from_zero"),
        CheckConstraint("page IS NULL OR page >= 1", name="page_counts_from_one"),
        CheckConstraint(f"length(text) BETWEEN 1 AND {TEXT_LENGTH}", name="text_fits"),
        Index("ix_media_comment_file_id", "file_id"),
        Index("ix_media_comment_task_id", "task_id"),
    )

    id: Mapped[MediaCommentId] = mapped_column(Integer, primary_key=True)
    institute_id: Mapped[InstituteId] = mapped_column(ForeignKey("institute.id"))
    file_id: Mapped[StoredFileId] = mapped_column(Integer)
    at_ms: Mapped[int | None]
    page: Mapped[int | None]
    kind: Mapped[CommentKind | None] = enum_column(CommentKind, name="kind", nullable=True)
    parent_id: Mapped[MediaCommentId | None] = mapped_column(Integer)
    author_id: Mapped[PersonId] = mapped_column(Integer)
    role: Mapped[Speaker] = enum_column(Speaker, name="role")
    text: Mapped[str] = mapped_column(Text)
    task_id: Mapped[int | None]
    reader: Mapped[int | None]
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)


class DocumentPages(Base):
    """Whether the pages of a stored document are there as pictures, and how many it has."""

    __tablename__ = "document_pages"
    __table_args__ = (
        UniqueConstraint("institute_id", "file_id", name="tenant"),
        ForeignKeyConstraint(["institute_id", "file_id"], ["stored_file.institute_id", "stored_file.id"]),
        CheckConstraint("(state = 'made') = (count IS NOT NULL)", name="made_is_counted"),
        CheckConstraint("count IS NULL OR count >= 1", name="has_a_page"),
    )

    file_id: Mapped[StoredFileId] = mapped_column(Integer, primary_key=True, autoincrement=False)
    institute_id: Mapped[InstituteId] = mapped_column(ForeignKey("institute.id"))
    state: Mapped[PagesState] = enum_column(PagesState, name="state")
    count: Mapped[int | None]


class DocumentPage(Base):
    """One page of a document as a picture of so many pixels."""

    __tablename__ = "document_page"
    __table_args__ = (
        ForeignKeyConstraint(
            ["institute_id", "file_id"], ["document_pages.institute_id", "document_pages.file_id"]
        ),
        ForeignKeyConstraint(["institute_id", "picture_id"], ["stored_file.institute_id", "stored_file.id"]),
        CheckConstraint("number >= 1", name="number_counts_from_one"),
    )

    file_id: Mapped[StoredFileId] = mapped_column(Integer, primary_key=True, autoincrement=False)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    institute_id: Mapped[InstituteId] = mapped_column(ForeignKey("institute.id"))
    picture_id: Mapped[StoredFileId] = mapped_column(Integer)
    width: Mapped[int]
    height: Mapped[int]


append_only(ConsentWord.metadata.tables[ConsentWord.__tablename__])
