"""Which way of cleaning a kind of file takes."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from typing import BinaryIO, Final

from institute.files.cleaners.faults import UncleanError
from institute.files.cleaners.film import clean_film
from institute.files.cleaners.heic import clean_heic
from institute.files.cleaners.jpeg import clean_jpeg
from institute.files.cleaners.office import clean_office
from institute.files.cleaners.pdf import clean_pdf
from institute.files.cleaners.png import clean_png
from institute.files.cleaners.sound import clean_mp3
from institute.files.cleaners.webm import clean_webm
from institute.files.cleaners.webp import clean_webp
from institute.files.kinds import FileKind

Cleaner = Callable[[BinaryIO, BinaryIO], None]


def _as_it_is(source: BinaryIO, target: BinaryIO) -> None:
    """Copy what holds nothing but what it shows."""
    shutil.copyfileobj(source, target, 1024 * 1024)


_OFFICE: Final = (FileKind.DOCX, FileKind.XLSX, FileKind.PPTX, FileKind.ODT, FileKind.ODS, FileKind.ODP)
_BY_KIND: Final[dict[FileKind, Cleaner]] = {
    **dict.fromkeys((FileKind.TEXT, FileKind.MARKDOWN, FileKind.VTT), _as_it_is),
    **dict.fromkeys(_OFFICE, clean_office),
    **dict.fromkeys((FileKind.MP4, FileKind.M4A), clean_film),
    FileKind.PDF: clean_pdf,
    FileKind.JPEG: clean_jpeg,
    FileKind.PNG: clean_png,
    FileKind.WEBP: clean_webp,
    FileKind.HEIC: clean_heic,
    FileKind.WEBM: clean_webm,
    FileKind.MP3: clean_mp3,
}
_CLEANERS: Final = {kind.media_type: cleaner for kind, cleaner in _BY_KIND.items()}


def clean(source: BinaryIO, target: BinaryIO, media_type: str) -> None:
    """Write a clean copy of ``source`` to ``target``, which is empty and can be sought. Raises UncleanError."""
    cleaner = _CLEANERS.get(media_type)
    if cleaner is None:
        raise UncleanError("kind-unknown")
    cleaner(source, target)


def plain_name(media_type: str) -> str:
    """Return a name that says the kind alone."""
    kind = next((kind for kind in FileKind if kind.media_type == media_type), None)
    return "file" + (kind.suffixes[0] if kind else "")
