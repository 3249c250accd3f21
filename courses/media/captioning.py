"""Captions of clips: WebVTT, read before it is taken; for the blind without who speaks and without names."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from html import escape
from typing import BinaryIO, Final

from sqlalchemy import select

from courses.library.captions import MOST_BYTES, BrokenCaptionsError, Cue, read_captions
from courses.media import errors, sharing
from courses.media.clips import own_clip
from courses.media.models import Caption, CaptionId, ClipId
from institute import audit
from institute.actors import Actor, InstituteId
from institute.db import db, transaction
from institute.errors import DomainError, NotFoundError
from institute.files.checking import CheckedFile, FileEmptyError, FileTooLargeError
from institute.files.handing import KeptFile
from institute.files.kinds import FileKind
from institute.files.models import StoredFile, StoredFileId
from institute.files.naming import safe_name
from institute.files.reading import open_file
from institute.files.storing import forget, keep, record
from institute.i18n import LOCALES

HOUR: Final = 3_600_000


@dataclass(frozen=True, slots=True)
class TakenCaptions:
    """Captions that a form brought, read and kept, or why they are not taken."""

    kept: KeptFile | None = None
    refused: DomainError | None = None


def take_captions(files: Iterable[tuple[str, BinaryIO]]) -> TakenCaptions:
    """Read and keep the caption file of a form, outside any transaction."""
    for name, data in files:
        whole = data.read(MOST_BYTES + 1)
        shown = f"\u2068{safe_name(name)}\u2069"
        if not whole:
            return TakenCaptions(refused=FileEmptyError(file=shown))
        if len(whole) > MOST_BYTES:
            return TakenCaptions(refused=FileTooLargeError(file=shown, most=MOST_BYTES // (1024 * 1024)))
        try:
            read_captions(whole)
        except BrokenCaptionsError as broken:
            return TakenCaptions(refused=errors.CaptionsBrokenError(line=broken.line, reason=broken.reason))
        kind = FileKind.VTT
        return TakenCaptions(
            KeptFile(CheckedFile(safe_name(name, kind.suffixes), kind.media_type), keep(whole))
        )
    return TakenCaptions(refused=errors.CaptionsMissingError())


def check_captions(locale: str, taken: TakenCaptions) -> dict[str, DomainError]:
    """Return what new captions lack, by field."""
    problems: dict[str, DomainError] = {}
    if locale not in LOCALES:
        problems["locale"] = errors.LanguageError()
    if taken.refused is not None:
        problems["captions"] = taken.refused
    return problems


def put_captions(clip_id: ClipId, locale: str, taken: TakenCaptions, *, actor: Actor) -> CaptionId:
    """Give a clip captions in a language, in the place of those it had in it. Raises NotFoundError."""
    with transaction() as session:
        clip = own_clip(clip_id, actor=actor, session=session)
        assert taken.kept is not None  # noqa: S101  (check_captions refuses what has none)
        before = session.scalar(select(Caption).where(Caption.clip_id == clip.id, Caption.locale == locale))
        file_id = record(
            taken.kept.blob,
            institute_id=clip.institute_id,
            name=taken.kept.checked.name,
            media_type=taken.kept.checked.media_type,
            owner_id=clip.person_id,
        )
        if before is not None:
            old, before.file_id = before.file_id, file_id
            session.flush()
            forget(old, institute_id=clip.institute_id)
            row = before
        else:
            row = Caption(institute_id=clip.institute_id, clip_id=clip.id, locale=locale, file_id=file_id)
            session.add(row)
            session.flush()
        audit.record("clip.captioned", actor=actor, subject=("clip", clip.id), details={"locale": locale})
        return row.id


def remove_captions(clip_id: ClipId, caption_id: CaptionId, *, actor: Actor) -> None:
    """Take the captions of one language away. Raises NotFoundError."""
    with transaction() as session:
        clip = own_clip(clip_id, actor=actor, session=session)
        row = session.get(Caption, caption_id)
        if row is None or row.clip_id != clip.id:
            raise NotFoundError
        session.delete(row)
        session.flush()
        forget(row.file_id, institute_id=clip.institute_id)
        audit.record("clip.uncaptioned", actor=actor, subject=("clip", clip.id))


def captions_of(file_id: StoredFileId, *, institute_id: InstituteId) -> tuple[Caption, ...]:
    """Return the captions of the clip that a file is, or is a copy of."""
    clip = sharing.clip_of(file_id, institute_id=institute_id)
    if clip is None:
        return ()
    return tuple(
        db.session.scalars(select(Caption).where(Caption.clip_id == clip.id).order_by(Caption.locale))
    )


def caption_file(file_id: StoredFileId, caption_id: int, *, institute_id: InstituteId) -> StoredFile:
    """Return a caption file of the clip that a file is. Raises NotFoundError."""
    for caption in captions_of(file_id, institute_id=institute_id):
        if caption.id == caption_id:
            return db.session.get_one(StoredFile, caption.file_id)
    raise NotFoundError


def masked(file: StoredFile, mask: Callable[[str], str]) -> bytes:
    """Return captions without who speaks, each text as ``mask`` leaves it."""
    with open_file(file.id, institute_id=file.institute_id)[1] as data:
        cues = read_captions(data.read())
    return "\n\n".join(["WEBVTT", *(_written(cue, mask) for cue in cues), ""]).encode()


def _written(cue: Cue, mask: Callable[[str], str]) -> str:
    text = " ".join(escape(mask(cue.text), quote=False).split()) or "–"
    return f"{_stamp(cue.start)} --> {_stamp(cue.end)}\n{text}"


def _stamp(ms: int) -> str:
    return f"{ms // HOUR:02}:{ms // 60_000 % 60:02}:{ms // 1000 % 60:02}.{ms % 1000:03}"
