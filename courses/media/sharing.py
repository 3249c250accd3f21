"""Whether a file may be shown: everybody who is seen or heard in it agrees. Asked anew each time, so it holds at once.

Consent belongs to bytes: a copy that is handed in elsewhere is shown or hidden with the clip it was made from.
"""

from __future__ import annotations

from typing import Final

from sqlalchemy import ColumnElement, exists, select
from sqlalchemy.orm import aliased

from courses.media.models import Clip, ClipId, Consent, ConsentState, PersonShown
from institute.actors import InstituteId
from institute.db import db
from institute.files.models import StoredFile, StoredFileId

ENDED: Final = (ConsentState.REFUSED, ConsentState.WITHDRAWN)


def is_recording(media_type: str) -> bool:
    """Tell whether a file of this media type shows or lets hear people, so that they have to agree."""
    return media_type.startswith(("video/", "audio/"))


def shareable(file_id: StoredFileId, *, institute_id: InstituteId, training: bool = False) -> bool:
    """Tell whether a file may be shown to others than its owner now.

    A recording may where its owner named everybody shown and each of them agrees; with ``training`` each agrees as
    well that raters learn with it. Another kind of file may unless somebody named for it does not agree. False for a
    file that the institute does not have.
    """
    file = _file(file_id, institute_id)
    if file is None or _anybody(_same_bytes(file), Consent.state.in_(ENDED)):
        return False
    clip = db.session.scalar(
        select(Clip)
        .where(_same_bytes(file), Clip.person_id == file.owner_id)
        .order_by(Clip.id.desc())
        .limit(1)
    )
    if clip is None or clip.declared_at is None:
        return not is_recording(file.media_type)
    agrees = Consent.state == ConsentState.GIVEN
    return not _without(clip.id, agrees & Consent.training if training else agrees)


def hidden(file_id: StoredFileId, *, institute_id: InstituteId) -> bool:
    """Tell whether somebody shown in a file does not agree (any more): then nobody sees it, nor its comments."""
    file = _file(file_id, institute_id)
    return file is None or _anybody(_same_bytes(file), Consent.state.in_(ENDED))


def clip_of(file_id: StoredFileId, *, institute_id: InstituteId) -> Clip | None:
    """Return the clip that a file is, or is a copy of, by the same owner."""
    file = _file(file_id, institute_id)
    if file is None:
        return None
    own = select(Clip).where(_same_bytes(file), Clip.person_id == file.owner_id)
    return db.session.scalar(own.order_by(Clip.id.desc()).limit(1))


def everybody_agrees(clip: Clip) -> bool:
    """Tell whether a clip may be shown: everybody is named and agrees, wherever the same bytes are shown."""
    same = (Clip.institute_id == clip.institute_id) & (Clip.sha256 == clip.sha256)
    if clip.declared_at is None or _anybody(same, Consent.state.in_(ENDED)):
        return False
    return not _without(clip.id, Consent.state == ConsentState.GIVEN)


def somebody_disagrees(clip: Clip) -> bool:
    """Tell whether anybody shown in these bytes said no or does not agree any more."""
    same = (Clip.institute_id == clip.institute_id) & (Clip.sha256 == clip.sha256)
    return _anybody(same, Consent.state.in_(ENDED))


def _file(file_id: StoredFileId, institute_id: InstituteId) -> StoredFile | None:
    row = db.session.get(StoredFile, file_id)
    return row if row is not None and row.institute_id == institute_id else None


def _same_bytes(file: StoredFile) -> ColumnElement[bool]:
    return (Clip.institute_id == file.institute_id) & (Clip.sha256 == file.sha256)


def _anybody(which: ColumnElement[bool], says: ColumnElement[bool]) -> bool:
    found = (
        select(Consent.id)
        .join(PersonShown, PersonShown.id == Consent.person_shown_id)
        .join(Clip, Clip.id == PersonShown.clip_id)
        .where(which, says)
    )
    return db.session.scalar(select(found.exists())) or False


def _without(clip_id: ClipId, agrees: ColumnElement[bool]) -> bool:
    """Tell whether somebody shown in a clip does not say this."""
    person = aliased(PersonShown)
    said = exists().where(Consent.person_shown_id == person.id, agrees)
    return (
        db.session.scalar(select(select(person.id).where(person.clip_id == clip_id, ~said).exists())) or False
    )
