"""Checking a file that somebody hands in, before anything is stored."""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import BinaryIO, Final

from institute.errors import InvalidError
from institute.files.kinds import DOCUMENTS, HEAD, MEDIA, Fault, FileKind, recognise
from institute.files.media import begins_like_media
from institute.files.naming import safe_name
from institute.i18n import lazy_gettext

LARGEST_FILE: Final = 25 * 1024 * 1024
# What one form may bring: five of the largest files, the text, and what a form wraps around them.
LARGEST_UPLOAD: Final = 5 * LARGEST_FILE + 3 * 1024 * 1024


class FileRefusedError(InvalidError):
    """A file is not taken. Each sentence names the file and says what to do."""

    code = "FILE"
    sentence = lazy_gettext("The file “%(file)s” cannot be taken.")


class FileEmptyError(FileRefusedError):
    """Nothing is in it."""

    code = "FILE-EMPTY"
    sentence = lazy_gettext("“%(file)s” is empty. Save it on your device once more, then choose it again.")


class FileTooLargeError(FileRefusedError):
    """It is larger than files may be."""

    code = "FILE-LARGE"
    sentence = lazy_gettext(
        "“%(file)s” is larger than %(most)s MB. Make it smaller, for example with smaller pictures, or split it."
    )


class FileTypeError(FileRefusedError):
    """What it holds is no document and no picture of the kinds taken."""

    code = "FILE-TYPE"
    sentence = lazy_gettext(
        "“%(file)s” is of a kind that is not taken. Save it as PDF, Word (DOCX), PowerPoint (PPTX), Excel (XLSX), "
        "OpenDocument, plain text (UTF-8), JPEG, PNG, WebP or HEIC, without macros."
    )


class FileIncompleteError(FileRefusedError):
    """Its end is missing, or a part of it is damaged."""

    code = "FILE-INCOMPLETE"
    sentence = lazy_gettext(
        "“%(file)s” is damaged or its end is missing. Open it on your device, save it again and choose the new copy."
    )


class FileLockedError(FileRefusedError):
    """It opens only with a password."""

    code = "FILE-LOCKED"
    sentence = lazy_gettext(
        "“%(file)s” is locked with a password, so nobody here could read it. Save a copy without the password."
    )


class FileSwellingError(FileRefusedError):
    """It unpacks to far more than it seems."""

    code = "FILE-SWELLING"
    sentence = lazy_gettext(
        "“%(file)s” unpacks to far more than its size. Save it as PDF, or with fewer and smaller pictures."
    )


_REFUSALS: Final[dict[Fault, type[FileRefusedError]]] = {
    Fault.FORBIDDEN: FileTypeError,
    Fault.INCOMPLETE: FileIncompleteError,
    Fault.LOCKED: FileLockedError,
    Fault.SWELLING: FileSwellingError,
}


@dataclass(frozen=True, slots=True)
class CheckedFile:
    """A file that is taken: under which name and media type."""

    name: str
    media_type: str


def check(
    data: BinaryIO, *, name: str, kinds: AbstractSet[FileKind] = DOCUMENTS, largest: int = LARGEST_FILE
) -> CheckedFile:
    """Check a file that can be sought, and return how it is stored; ``data`` stands at its beginning afterwards.

    ``kinds`` are those taken here, ``largest`` is in bytes. Only sound and film may be larger than LARGEST_FILE:
    anything else is read at one go. Raises the FileRefusedError that says what is wrong with it.
    """
    shown = f"\u2068{safe_name(name)}\u2069"  # its direction must not turn the sentence's
    size = data.seek(0, 2)
    if not size:
        raise FileEmptyError(file=shown)
    if size > largest:
        raise FileTooLargeError(file=shown, most=largest // (1024 * 1024))
    data.seek(0)
    plays = begins_like_media(data.read(HEAD))
    if (size > LARGEST_FILE and not plays) or (plays and not kinds & MEDIA):
        raise FileTypeError(file=shown)
    found = recognise(data, name=safe_name(name))
    data.seek(0)
    if isinstance(found, FileKind):
        if found not in kinds:
            raise FileTypeError(file=shown)
        return CheckedFile(safe_name(name, found.suffixes), found.media_type)
    raise _REFUSALS[found](file=shown)
