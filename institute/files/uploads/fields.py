"""What the field of a form says about the files it takes; macros/upload.html writes it."""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Final

from institute.files.checking import LARGEST_FILE
from institute.files.kinds import DOCUMENTS, MEDIA, FileKind
from institute.files.uploads.offers import LARGEST_MEDIUM
from institute.i18n import gettext

PIECE: Final = 5 * 1024 * 1024
"""Bytes that a browser sends at a time: a proxy that keeps a request until it is whole then loses no more."""
_NAMED: Final[dict[str, AbstractSet[FileKind]]] = {
    "documents": DOCUMENTS,
    "media": MEDIA - {FileKind.VTT},
    "all": DOCUMENTS | MEDIA - {FileKind.VTT},
}


@dataclass(frozen=True, slots=True)
class Takes:
    """What a field takes. ``largest_form`` is for a file that comes with the form itself; all are bytes."""

    kinds: frozenset[FileKind]
    accept: str
    hint: str
    piece: int = PIECE
    largest_document: int = LARGEST_FILE
    largest_medium: int = LARGEST_MEDIUM
    largest_form: int = LARGEST_FILE


def upload_takes(kinds: str | AbstractSet[FileKind]) -> Takes:
    """Return what a field takes for a name such as "documents", or for a set of kinds."""
    chosen = frozenset(_NAMED[kinds] if isinstance(kinds, str) else kinds)
    accept = sorted(
        {suffix for kind in chosen for suffix in kind.suffixes} | {kind.media_type for kind in chosen}
    )
    return Takes(chosen, ",".join(accept), _hint(chosen))


def _hint(kinds: frozenset[FileKind]) -> str:
    """Return the sentence about kinds and sizes."""
    most = {"document": LARGEST_FILE // (1024 * 1024), "medium": LARGEST_MEDIUM // (1024 * 1024)}
    media, documents = kinds & (MEDIA - {FileKind.VTT}), kinds - MEDIA
    if not documents:
        return gettext("Video (MP4, WebM) or sound (MP3, M4A), up to %(medium)s MB each.", **most)
    if not media:
        return gettext(
            "PDF, Word, PowerPoint, Excel, OpenDocument, plain text, JPEG, PNG, WebP or HEIC, "
            "up to %(document)s MB each.",
            **most,
        )
    return gettext(
        "PDF, Word, PowerPoint, Excel, OpenDocument, plain text or pictures up to %(document)s MB each; "
        "video (MP4, WebM) or sound (MP3, M4A) up to %(medium)s MB.",
        **most,
    )
