"""What a form of the player brings: a comment or an answer, taken or given back with what is wrong with it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from courses.media import comments, errors, letters, sharing
from courses.media.models import MediaCommentId, Speaker
from courses.media.places import Sight
from courses.media.showing import Typed
from courses.media.timing import read_clock
from institute.actors import Actor
from institute.errors import DomainError, InvalidError

PAGE_DIGITS: Final = 5
_FIELDS: Final[dict[type[DomainError], str]] = {
    errors.TimeTypedError: "at",
    errors.BeyondEndError: "at",
    errors.PageBeyondError: "page",
    errors.CommentKindError: "kind",
}


@dataclass(frozen=True, slots=True)
class Said:
    """What became of a form: the comment it made, or the form with its problems."""

    comment_id: MediaCommentId | None
    typed: Typed


def speak(sight: Sight, typed: Typed, *, actor: Actor, below: MediaCommentId | None = None) -> Said:
    """Take what somebody typed, and tell the other side. Raises what ``comments.comment`` raises beside wrong input."""
    try:
        if below is not None:
            comment_id = comments.answer(sight, below, typed.text, actor=actor)
        else:
            page = _number(typed.page) if typed.page else None
            at_ms = None if typed.page else read_clock(typed.at)
            comment_id = comments.comment(
                sight, typed.text, kind=typed.kind, actor=actor, at_ms=at_ms, page=page
            )
    except InvalidError as error:
        return Said(None, replace(typed, problems={_FIELDS.get(type(error), "text"): error.text}))
    if sight.speaker is not Speaker.RATER and actor.person_id is not None:
        clip = sharing.clip_of(sight.file.id, institute_id=actor.institute_id)
        if clip is not None and clip.shared_at is not None:
            letters.tell_comment(clip, actor.person_id)
    return Said(comment_id, typed)


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= PAGE_DIGITS else 0
