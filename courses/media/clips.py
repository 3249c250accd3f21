"""Clips: what a participant shows of their work, taken in, shown to the coach, removed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import BinaryIO, Final

from flask import Flask
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from courses.cohorts.models import Enrolment, EnrolmentId
from courses.cohorts.pages import own_enrolment
from courses.media import errors, letters, picturing, sharing
from courses.media.durations import duration_of
from courses.media.models import (
    TEXT_LENGTH,
    TITLE_LENGTH,
    Caption,
    Clip,
    ClipId,
    DocumentPage,
    DocumentPages,
    MediaComment,
    Medium,
)
from institute import audit
from institute.actors import Actor
from institute.clock import now
from institute.db import db, transaction
from institute.errors import DomainError, InvalidError, NotFoundError
from institute.files.checking import CheckedFile, FileRefusedError, check
from institute.files.handing import KeptFile
from institute.files.kinds import FileKind
from institute.files.models import StoredFile
from institute.files.reading import FileMissingError, open_file
from institute.files.storage import Blob
from institute.files.storing import expect_sweep, forget, keep, record
from institute.files.uploads.claiming import claim
from institute.jobs import outbox, worker
from institute.jobs.outbox import LeasedJob
from institute.jobs.outcomes import Done, Outcome, Retry

KINDS: Final = frozenset({FileKind.MP4, FileKind.WEBM, FileKind.MP3, FileKind.M4A, FileKind.PDF})
MEASURE: Final = "media.measure"
LARGEST: Final = 200 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class TakenIn:
    """A file that a form brought, checked and kept, or why it is not taken. ``duration_ms`` as for a clip.

    ``upload`` names one that arrived in pieces before the form did.
    """

    kept: KeptFile | None = None
    duration_ms: int | None = None
    refused: DomainError | None = None
    upload: str = ""


@dataclass(frozen=True, slots=True)
class Added:
    """What became of a form: the clip, or what is wrong with its file."""

    clip_id: ClipId | None
    problems: dict[str, DomainError]


def init_app(app: Flask) -> None:
    """Let the worker measure recordings."""
    worker.handle(app, MEASURE, measure)


def take_in(files: Iterable[tuple[str, BinaryIO]], uploads: Iterable[str] = ()) -> TakenIn:
    """Check and keep the file of a form, outside any transaction; ``uploads`` name what arrived in pieces."""
    for upload in uploads:
        return TakenIn(upload=upload)
    for name, data in files:
        try:
            checked = check(data, name=name, kinds=KINDS, largest=LARGEST)
        except FileRefusedError as error:
            return TakenIn(refused=error)
        length = duration_of(data, checked.media_type)
        data.seek(0)
        return TakenIn(KeptFile(checked, keep(data)), length)
    return TakenIn(refused=errors.ClipMissingError())


def check_clip(title: str, about: str, taken: TakenIn) -> dict[str, DomainError]:
    """Return what a new clip lacks, by field."""
    problems: dict[str, DomainError] = {}
    if taken.refused is not None:
        problems["file"] = taken.refused
    return problems | check_words(title, about)


def check_words(title: str, about: str) -> dict[str, DomainError]:
    """Return what the words of a clip lack, by field."""
    problems: dict[str, DomainError] = {}
    if not 1 <= len(title.strip()) <= TITLE_LENGTH:
        problems["title"] = errors.TitleMissingError(most=TITLE_LENGTH)
    if len(about) > TEXT_LENGTH:
        problems["about"] = errors.TextLengthError(length=len(about), most=TEXT_LENGTH)
    return problems


def add(title: str, about: str, taken: TakenIn, *, actor: Actor) -> Added:
    """Add a clip to the actor's own; the same bytes again are the same clip.

    Raises NotFoundError for somebody who is not enrolled, ClipRefusedError where somebody shown in it does not agree.
    """
    with transaction() as session:
        enrolment = session.get_one(Enrolment, own_enrolment(actor).id, with_for_update=True)
        kept = taken.kept
        if taken.upload:
            try:
                kept = _arrived(taken.upload, session=session, actor=actor)
            except InvalidError as error:
                return Added(None, {"file": error})
        assert kept is not None  # noqa: S101  (check_clip refuses what has none)
        clip = _put(enrolment, kept, taken.duration_ms, session=session, actor=actor)
        clip.title, clip.about = title.strip(), about.strip()
        _measure_later(clip)
        return Added(clip.id, {})


def _arrived(upload: str, *, session: Session, actor: Actor) -> KeptFile:
    """Take what arrived in pieces; the clip makes a row of its own for the same bytes."""
    file_id = claim(upload, actor=actor, kinds=KINDS)
    file = session.get_one(StoredFile, file_id)
    kept = KeptFile(CheckedFile(file.name, file.media_type), Blob(file.sha256, file.size))
    forget(file_id, institute_id=actor.institute_id)
    return kept


def _measure_later(clip: Clip) -> None:
    if clip.duration_ms is None and clip.medium is not Medium.DOCUMENT:
        outbox.put(kind=MEASURE, key=str(clip.id), payload={"clip": clip.id})


def receive(file: StoredFile, enrolment_id: EnrolmentId, *, actor: Actor) -> ClipId:
    """Make a clip of a file that another room took in, in its transaction; nothing changes where there is one.

    The clip has a row of its own for the same bytes. Raises ClipRefusedError as ``add``.
    """
    with transaction() as session:
        enrolment = session.get(Enrolment, enrolment_id)
        if enrolment is None or enrolment.institute_id != file.institute_id:
            raise NotFoundError
        checked = KeptFile(CheckedFile(file.name, file.media_type), Blob(file.sha256, file.size))
        clip = _put(enrolment, checked, None, session=session, actor=actor)
        _measure_later(clip)
        return clip.id


def measure(job: LeasedJob) -> Outcome:
    """Read how long a recording is that another room took in."""
    clip = db.session.get(Clip, ClipId(int(job.payload["clip"])))
    if clip is None or clip.file_id is None or clip.duration_ms is not None:
        return Done()
    try:
        file, data = open_file(clip.file_id, institute_id=clip.institute_id)
    except FileMissingError as error:
        return Retry(error.code)
    clip_id, media_type = clip.id, file.media_type
    db.session.close()  # nothing stays open while a file is read
    with data:
        length = duration_of(data, media_type)
    with transaction() as session:
        session.execute(update(Clip).where(Clip.id == clip_id).values(duration_ms=length))
    return Done()


def change_words(clip_id: ClipId, title: str, about: str, *, actor: Actor) -> None:
    """Give a clip another title, or say something else about it. Raises NotFoundError."""
    with transaction() as session:
        clip = own_clip(clip_id, actor=actor, session=session)
        clip.title, clip.about = title.strip(), about.strip()


def share(clip_id: ClipId, *, shared: bool, actor: Actor) -> None:
    """Show a clip to today's coach, or no longer. Saying the same again changes nothing.

    Raises NotFoundError, NotSharedError as long as somebody who is shown has not agreed.
    """
    with transaction() as session:
        clip = own_clip(clip_id, actor=actor, session=session)
        if shared == (clip.shared_at is not None):
            return
        if shared and clip.medium is not Medium.DOCUMENT and not sharing.everybody_agrees(clip):
            raise errors.NotSharedError
        clip.shared_at = now() if shared else None
        audit.record("clip.shared" if shared else "clip.unshared", actor=actor, subject=("clip", clip.id))
        if shared:
            letters.tell_shared(clip)


def remove(clip_id: ClipId, *, actor: Actor) -> None:
    """Remove a clip with its captions and comments; what the people shown said stays known. Raises NotFoundError."""
    with transaction() as session:
        clip = own_clip(clip_id, actor=actor, session=session)
        file_id = clip.file_id
        assert file_id is not None  # noqa: S101  (own_clip finds no removed ones)
        captions = session.scalars(select(Caption).where(Caption.clip_id == clip.id)).all()
        pictures = session.scalars(
            select(DocumentPage.picture_id).where(DocumentPage.file_id == file_id)
        ).all()
        gone = [*(caption.file_id for caption in captions), *pictures]
        for caption in captions:
            session.delete(caption)
        answers = MediaComment.parent_id.is_not(None)
        for part in (answers, ~answers):
            session.execute(delete(MediaComment).where(MediaComment.file_id == file_id, part))
        session.execute(delete(DocumentPage).where(DocumentPage.file_id == file_id))
        session.execute(delete(DocumentPages).where(DocumentPages.file_id == file_id))
        clip.file_id, clip.shared_at, clip.removed_at = None, None, now()
        session.flush()
        for one in [*gone, file_id]:
            forget(one, institute_id=clip.institute_id)
        audit.record("clip.removed", actor=actor, subject=("clip", clip.id))


def own_clip(clip_id: ClipId, *, actor: Actor, session: Session | None = None) -> Clip:
    """Return a clip of the actor's enrolment, locked within a transaction. Raises NotFoundError."""
    enrolment = own_enrolment(actor)
    found = select(Clip).where(
        Clip.id == clip_id,
        Clip.enrolment_id == enrolment.id,
        Clip.person_id == enrolment.person_id,
        Clip.removed_at.is_(None),
    )
    clip = (session or db.session).scalar(found.with_for_update() if session else found)
    if clip is None:
        raise NotFoundError
    return clip


def _put(
    enrolment: Enrolment, kept: KeptFile, duration_ms: int | None, *, session: Session, actor: Actor
) -> Clip:
    clip = session.scalar(
        select(Clip).where(Clip.enrolment_id == enrolment.id, Clip.sha256 == kept.blob.sha256)
    )
    if clip is not None and clip.removed_at is None:
        return clip
    same = Clip(institute_id=enrolment.institute_id, sha256=kept.blob.sha256)
    if sharing.somebody_disagrees(clip or same):
        expect_sweep()
        raise errors.ClipRefusedError
    file_id = record(
        kept.blob,
        institute_id=enrolment.institute_id,
        name=kept.checked.name,
        media_type=kept.checked.media_type,
        owner_id=enrolment.person_id,
    )
    if clip is not None:
        clip.file_id, clip.removed_at = file_id, None
    else:
        clip = Clip(
            institute_id=enrolment.institute_id,
            enrolment_id=enrolment.id,
            person_id=enrolment.person_id,
            file_id=file_id,
            sha256=kept.blob.sha256,
            medium=medium_of(kept.checked.media_type),
            title=kept.checked.name[:TITLE_LENGTH],
            duration_ms=duration_ms,
        )
        session.add(clip)
    session.flush()
    if clip.medium is Medium.DOCUMENT:
        picturing.wish(file_id, institute_id=clip.institute_id)
    audit.record("clip.added", actor=actor, subject=("clip", clip.id), details={"sha256": clip.sha256})
    return clip


def medium_of(media_type: str) -> Medium:
    """Return what a file of a media type is for people who look at it."""
    if media_type.startswith("video/"):
        return Medium.VIDEO
    return Medium.AUDIO if media_type.startswith("audio/") else Medium.DOCUMENT
