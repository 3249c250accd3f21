"""What a player shows: one file as somebody may see it, with captions, pages, and what was said about it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from flask import url_for
from sqlalchemy import ColumnElement, false, or_, select
from sqlalchemy.orm import aliased

from courses.library.captions import clock_of
from courses.media import captioning, picturing, sharing
from courses.media.clips import medium_of
from courses.media.comments import may_be_seen
from courses.media.models import (
    CommentKind,
    DocumentPage,
    MediaComment,
    MediaCommentId,
    Medium,
    PagesState,
    Speaker,
)
from courses.media.places import Sight, find_sight
from institute.actors import Actor, Role
from institute.db import db
from institute.errors import NotFoundError
from institute.files.models import StoredFile
from institute.files.reading import find_file
from institute.people.models import Person
from institute.people.naming import name_or_number


@dataclass(frozen=True, slots=True)
class CommentLine:
    """A comment as it is read. ``who`` is a name where the reader may know it; ``reader`` numbers raters instead."""

    id: MediaCommentId
    at_ms: int | None
    page: int | None
    kind: CommentKind | None
    text: str
    role: Speaker
    who: str
    reader: int | None
    own: bool
    at: datetime
    answers: tuple[CommentLine, ...] = ()

    @property
    def clock(self) -> str:
        """Its time as it is written, empty for one on a page."""
        return "" if self.at_ms is None else clock_of(self.at_ms)

    @property
    def seconds(self) -> str:
        """Its time for the address of a recording (#t=)."""
        return f"{(self.at_ms or 0) / 1000:g}"


@dataclass(frozen=True, slots=True)
class TrackLine:
    """Captions in one language, with where they are."""

    id: int
    locale: str
    url: str


@dataclass(frozen=True, slots=True)
class PageLine:
    """One page of a document as a picture, with what was said about it."""

    number: int
    url: str
    width: int
    height: int
    comments: tuple[CommentLine, ...]


@dataclass(frozen=True, slots=True)
class Mark:
    """A comment on the time line: where in percent of the whole, from the start of the line."""

    comment_id: MediaCommentId
    percent: str
    clock: str
    seconds: str


@dataclass(frozen=True, slots=True)
class Typed:
    """What somebody typed that was not taken: in which form, and why."""

    form: str = "comment"
    at: str = ""
    page: str = ""
    kind: str = ""
    text: str = ""
    problems: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class MediaView:
    """All that the player of one file needs. ``hidden`` where not everybody shown agrees: then nothing else is there.

    ``key`` tells it apart from other players of the page. ``others`` says that comments may be answered.
    """

    key: str
    role: Role
    place: str
    place_key: int
    sight: Sight
    medium: Medium
    hidden: bool
    url: str = ""
    download: bool = False
    duration_ms: int | None = None
    tracks: tuple[TrackLine, ...] = ()
    comments: tuple[CommentLine, ...] = ()
    pages: tuple[PageLine, ...] = ()
    pages_state: PagesState | None = None
    consented: bool = False
    typed: Typed = field(default_factory=Typed)

    @property
    def can_comment(self) -> bool:
        """Whether the reader may say something here."""
        return self.sight.speaker is not None and not self.hidden

    @property
    def can_answer(self) -> bool:
        """Whether the reader may answer coach and participant."""
        return self.can_comment and self.sight.coaching and self.sight.speaker is not Speaker.RATER

    @property
    def clock(self) -> str:
        """How long it is, as it is written; empty where nobody knows."""
        return "" if self.duration_ms is None else clock_of(self.duration_ms)

    @property
    def marks(self) -> tuple[Mark, ...]:
        """The comments on the time line, where its length is known."""
        if not self.duration_ms:
            return ()
        return tuple(
            Mark(one.id, f"{100 * one.at_ms / self.duration_ms:.3f}", one.clock, one.seconds)
            for one in self.comments
            if one.at_ms is not None
        )

    def address(self, endpoint: str, **values: Any) -> str:
        """Return where something of this file is, for this reader."""
        return url_for(
            f"{self.role}_media.{endpoint}",
            media_place=self.place,
            media_key=self.place_key,
            media_file_id=self.sight.file.id,
            **values,
        )


def view_of(
    role: Role, place: str, key: int, file_id: int, *, actor: Actor, typed: Typed | None = None
) -> MediaView:
    """Return what the player of a file shows at a place. Raises NotFoundError for what the actor may not see."""
    sight = find_sight(role, place, key, file_id, actor=actor)
    return view_at(role, place, key, sight, actor=actor, typed=typed)


def view_at(
    role: Role, place: str, key: int, sight: Sight, *, actor: Actor, typed: Typed | None = None
) -> MediaView:
    """Return what the player shows of a file that was found."""
    medium = medium_of(sight.file.media_type)
    here = MediaView(
        key=f"{place}-{key}-{sight.file.id}",
        role=role,
        place=place,
        place_key=key,
        sight=sight,
        medium=medium,
        hidden=not may_be_seen(sight),
        typed=typed or Typed(),
    )
    if here.hidden:
        return here
    file = sight.file
    lines = comments_at(sight, actor=actor)
    clip = sharing.clip_of(file.id, institute_id=file.institute_id)
    state, pages = picturing.pages_of(file.id)
    tracks = captioning.captions_of(file.id, institute_id=file.institute_id)
    return MediaView(
        **{name: getattr(here, name) for name in _SAME},
        url=here.address("stream"),
        duration_ms=clip.duration_ms if clip else None,
        tracks=tuple(
            TrackLine(one.id, one.locale, here.address("captions", media_caption_id=one.id)) for one in tracks
        ),
        comments=lines,
        pages=_pages(here, pages, lines),
        pages_state=state.state if state else None,
        consented=sharing.is_recording(file.media_type)
        and sharing.shareable(file.id, institute_id=file.institute_id),
    )


_SAME = ("key", "role", "place", "place_key", "sight", "medium", "hidden", "typed")


def comments_at(sight: Sight, *, actor: Actor) -> tuple[CommentLine, ...]:
    """Return the comments that the actor reads at a place: by time or page, each with its answers below it."""
    author = aliased(Person)
    rows = db.session.execute(
        select(MediaComment, author)
        .join(author, author.id == MediaComment.author_id)
        .where(
            MediaComment.file_id == sight.file.id,
            MediaComment.institute_id == sight.file.institute_id,
            _readable(sight),
        )
        .order_by(MediaComment.at_ms, MediaComment.page, MediaComment.id)
    ).all()
    return _threads([(comment, person) for comment, person in rows], actor)


def _readable(sight: Sight) -> ColumnElement[bool]:
    seen: list[ColumnElement[bool]] = [false()]
    if sight.coaching:
        seen.append(MediaComment.task_id.is_(None))
    tasks = sight.reads | ({sight.task_id} if sight.task_id is not None else set())
    if tasks:
        seen.append(MediaComment.task_id.in_(tasks))
    if sight.released:
        seen.append(MediaComment.reader.is_not(None))
    return or_(*seen)


def _threads(rows: Sequence[tuple[MediaComment, Person]], actor: Actor) -> tuple[CommentLine, ...]:
    answers: dict[MediaCommentId, list[CommentLine]] = {}
    for comment, person in rows:
        if comment.parent_id is not None:
            answers.setdefault(comment.parent_id, []).append(_line(comment, person, actor, ()))
    return tuple(
        _line(comment, person, actor, tuple(answers.get(comment.id, ())))
        for comment, person in rows
        if comment.parent_id is None
    )


def _line(
    comment: MediaComment, person: Person, actor: Actor, answers: tuple[CommentLine, ...]
) -> CommentLine:
    rates = comment.role is Speaker.RATER
    return CommentLine(
        id=comment.id,
        at_ms=comment.at_ms,
        page=comment.page,
        kind=comment.kind,
        text=comment.text,
        role=comment.role,
        who=""
        if rates
        else name_or_number(person.name, person.id),  # raters have no name here, whoever reads
        reader=comment.reader,
        own=comment.author_id == actor.person_id,
        at=comment.created_at,
        answers=answers,
    )


def _pages(
    here: MediaView, pages: Sequence[DocumentPage], comments: Sequence[CommentLine]
) -> tuple[PageLine, ...]:
    return tuple(
        PageLine(
            page.number,
            here.address("page", media_page=page.number),
            page.width,
            page.height,
            tuple(one for one in comments if one.page == page.number),
        )
        for page in pages
    )


def picture_of(sight: Sight, number: int) -> StoredFile:
    """Return the picture of a page of a document. Raises NotFoundError beyond its end."""
    found = db.session.get(DocumentPage, (sight.file.id, number)) if number <= picturing.MOST_PAGES else None
    if found is None:
        raise NotFoundError
    return find_file(found.picture_id, institute_id=sight.file.institute_id)
