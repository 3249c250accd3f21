"""Taking a file in: checked by what it holds and what it is for, measured, and kept, before any transaction."""

from __future__ import annotations

import io
from typing import BinaryIO, Final

from courses.library.captions import MOST_BYTES, BrokenCaptionsError, read_captions
from courses.library.drafts import HeldFile
from courses.library.errors import (
    CaptionsBrokenError,
    NotAudioError,
    NotCaptionsError,
    NotImageError,
    NotVideoError,
    WrongFileKindError,
)
from courses.library.measuring import measure
from courses.library.models import FilePurpose, ResourceKind
from institute.files.checking import LARGEST_FILE, FileTypeError, check
from institute.files.kinds import DOCUMENTS, FileKind
from institute.files.naming import safe_name
from institute.files.storing import keep

MEGABYTE: Final = 1024 * 1024
LARGEST_RECORDING: Final = 200 * MEGABYTE
LARGEST_IMAGE: Final = 10 * MEGABYTE
# What one form may bring: a file and what a form wraps around it.
LARGEST_UPLOAD: Final = LARGEST_RECORDING + MEGABYTE

_VIDEO: Final = frozenset({FileKind.MP4, FileKind.WEBM})
_AUDIO: Final = frozenset({FileKind.MP3, FileKind.M4A})
_IMAGE: Final = frozenset({FileKind.PNG, FileKind.JPEG, FileKind.WEBP})
_CAPTIONS: Final = frozenset({FileKind.VTT})
_REFUSALS: Final[dict[frozenset[FileKind], type[WrongFileKindError]]] = {
    _VIDEO: NotVideoError,
    _AUDIO: NotAudioError,
    _IMAGE: NotImageError,
    _CAPTIONS: NotCaptionsError,
}


def largest_for(kind: ResourceKind, purpose: FilePurpose = FilePurpose.CONTENT) -> int:
    """Return how many bytes a file of a resource of that kind may have."""
    if purpose is FilePurpose.CAPTIONS:
        return MOST_BYTES
    if kind in {ResourceKind.VIDEO, ResourceKind.AUDIO}:
        return LARGEST_RECORDING
    return LARGEST_IMAGE if kind is ResourceKind.IMAGE else LARGEST_FILE


def suffixes_for(kind: ResourceKind, purpose: FilePurpose = FilePurpose.CONTENT) -> tuple[str, ...]:
    """Return the endings of the files that a resource of that kind takes, in the order of their kinds."""
    taken = _kinds_for(kind, purpose)
    return tuple(suffix for one in FileKind if one in taken for suffix in one.suffixes)


def take_file(
    data: BinaryIO | bytes, *, name: str, locale: str, kind: ResourceKind, purpose: FilePurpose
) -> HeldFile:
    """Check a file for a resource of that kind, and keep its bytes; nothing refers to them yet.

    Call it outside any transaction. Raises FileRefusedError, WrongFileKindError or CaptionsBrokenError, each with a
    sentence that names the file.
    """
    stream = io.BytesIO(data) if isinstance(data, bytes) else data
    taken = _kinds_for(kind, purpose)
    shown = f"\u2068{safe_name(name)}\u2069"
    try:
        checked = check(stream, name=name, kinds=taken, largest=largest_for(kind, purpose))
    except FileTypeError as error:
        refusal = _REFUSALS.get(taken)
        if refusal is None:
            raise
        raise refusal(file=shown) from error
    if purpose is FilePurpose.CAPTIONS:
        try:
            read_captions(stream.read())
        except BrokenCaptionsError as error:
            raise CaptionsBrokenError(file=shown, line=error.line, reason=error.reason) from error
        stream.seek(0)
    size = measure(stream, checked.media_type)
    blob = keep(stream)
    return HeldFile(
        locale, checked.name, checked.media_type, blob.sha256, blob.size, *(size if size else (None, None))
    )


def _kinds_for(kind: ResourceKind, purpose: FilePurpose) -> frozenset[FileKind]:
    if purpose is FilePurpose.CAPTIONS:
        return _CAPTIONS
    match kind:
        case ResourceKind.VIDEO:
            return _VIDEO
        case ResourceKind.AUDIO:
            return _AUDIO
        case ResourceKind.IMAGE:
            return _IMAGE
        case _:
            return DOCUMENTS
