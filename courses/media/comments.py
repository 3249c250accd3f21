"""Comments on recordings and documents: at an instant, on a page, or below another comment."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select, update

from courses.library.captions import clock_of
from courses.media import sharing
from courses.media.errors import (
    AnsweredError,
    BeyondEndError,
    CommentKindError,
    MediaHiddenError,
    PageBeyondError,
    PagesNotMadeError,
    TextLengthError,
    TextMissingError,
    TimeTypedError,
)
from courses.media.models import (
    TEXT_LENGTH,
    CommentKind,
    DocumentPages,
    MediaComment,
    MediaCommentId,
    Speaker,
)
from courses.media.places import Sight
from courses.media.timing import LONGEST_MS
from institute import audit
from institute.actors import Actor, InstituteId
from institute.db import db, transaction
from institute.errors import DeniedError, NotFoundError
from institute.files.models import StoredFileId


def comment(
    sight: Sight,
    text: str,
    *,
    kind: str,
    actor: Actor,
    at_ms: int | None = None,
    page: int | None = None,
) -> MediaCommentId:
    """Say something about what the actor sees: at an instant of a recording, or on a page of a document.

    Raises DeniedError for whoever only reads, MediaHiddenError where not everybody shown agrees, CommentKindError,
    TextMissingError, TextLengthError, TimeTypedError without a place, BeyondEndError, PageBeyondError,
    PagesNotMadeError.
    """
    with transaction() as session:
        speaker = _check(sight, text)
        if kind not in list(CommentKind):
            raise CommentKindError
        _check_place(sight.file.id, at_ms, page, institute_id=actor.institute_id)
        assert actor.person_id is not None  # noqa: S101  (only people have sights)
        row = MediaComment(
            institute_id=actor.institute_id,
            file_id=sight.file.id,
            at_ms=at_ms,
            page=page,
            kind=CommentKind(kind),
            parent_id=None,
            author_id=actor.person_id,
            role=speaker,
            text=text,
            task_id=sight.task_id if speaker is Speaker.RATER else None,
        )
        session.add(row)
        session.flush()
        audit.record("media.commented", actor=actor, subject=("media_comment", row.id))
        return row.id


def answer(sight: Sight, comment_id: MediaCommentId, text: str, *, actor: Actor) -> MediaCommentId:
    """Answer a comment of coach or participant. Raises as ``comment``, NotFoundError where there is none."""
    with transaction() as session:
        speaker = _check(sight, text)
        found = session.get(MediaComment, comment_id)
        answerable = (
            found is not None
            and found.file_id == sight.file.id
            and found.institute_id == actor.institute_id
            and found.task_id is None
            and found.parent_id is None
            and sight.coaching
            and speaker is not Speaker.RATER
        )
        if not answerable:
            raise NotFoundError
        assert actor.person_id is not None  # noqa: S101  (only people have sights)
        row = MediaComment(
            institute_id=actor.institute_id,
            file_id=sight.file.id,
            kind=None,
            parent_id=comment_id,
            author_id=actor.person_id,
            role=speaker,
            text=text,
        )
        session.add(row)
        session.flush()
        audit.record("media.answered", actor=actor, subject=("media_comment", row.id))
        return row.id


def remove(sight: Sight, comment_id: MediaCommentId, *, actor: Actor) -> None:
    """Take back what the actor said, as long as nobody answered and the place still takes comments.

    Raises NotFoundError, AnsweredError, DeniedError for whoever only reads.
    """
    with transaction() as session:
        if sight.speaker is None:
            raise DeniedError
        found = session.get(MediaComment, comment_id, with_for_update=True)
        if (
            found is None
            or found.file_id != sight.file.id
            or found.author_id != actor.person_id
            or found.task_id != (sight.task_id if sight.speaker is Speaker.RATER else None)
        ):
            raise NotFoundError
        if session.scalar(select(MediaComment.id).where(MediaComment.parent_id == comment_id).limit(1)):
            raise AnsweredError
        session.delete(found)
        audit.record("media.comment-removed", actor=actor, subject=("media_comment", comment_id))


def release(tasks: Sequence[int], *, institute_id: InstituteId) -> None:
    """Let the participant read what the raters of these tasks said, as readers 1, 2, …, in this order.

    In the transaction that releases the scores. What is released already keeps its number.
    """
    with transaction() as session:
        for number, task_id in enumerate(tasks, start=1):
            session.execute(
                update(MediaComment)
                .where(
                    MediaComment.institute_id == institute_id,
                    MediaComment.task_id == task_id,
                    MediaComment.reader.is_(None),
                )
                .values(reader=number)
            )


def _check(sight: Sight, text: str) -> Speaker:
    if sight.speaker is None:
        raise DeniedError
    seen(sight)
    if not text.strip():
        raise TextMissingError
    if len(text) > TEXT_LENGTH:
        raise TextLengthError(length=len(text), most=TEXT_LENGTH)
    return sight.speaker


def may_be_seen(sight: Sight) -> bool:
    """Tell whether the people shown let a file be seen at this place now."""
    file = sight.file
    if sight.owner:
        return not sharing.hidden(file.id, institute_id=file.institute_id)
    return sharing.shareable(file.id, institute_id=file.institute_id, training=sight.training)


def seen(sight: Sight) -> Sight:
    """Return what may be seen at this place now. Raises MediaHiddenError."""
    if not may_be_seen(sight):
        raise MediaHiddenError
    return sight


def _check_place(
    file_id: StoredFileId, at_ms: int | None, page: int | None, *, institute_id: InstituteId
) -> None:
    if page is not None:
        pages = db.session.get(DocumentPages, file_id)
        if pages is None or pages.count is None:
            raise PagesNotMadeError
        if not 1 <= page <= pages.count or at_ms is not None:
            raise PageBeyondError(count=pages.count)
        return
    if at_ms is None or not 0 <= at_ms <= LONGEST_MS:
        raise TimeTypedError
    clip = sharing.clip_of(file_id, institute_id=institute_id)
    if clip is not None and clip.duration_ms is not None and at_ms > clip.duration_ms:
        raise BeyondEndError(end=clock_of(clip.duration_ms))
