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


class FileMediumError(FileTypeError):
    """A recording was asked for, and it is none of the kinds taken."""

    code = "FILE-MEDIUM"
    sentence = lazy_gettext(
        "“%(file)s” is no recording of a kind that is taken. Save it as MP4, WebM, MP3 or M4A."
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


def refusal_of(code: str, *, name: str, most: int = LARGEST_FILE) -> FileRefusedError:
    """Return the refusal that was written down by its code: it is said again, in the language of who reads."""
    known: tuple[type[FileRefusedError], ...] = (
        FileEmptyError,
        FileTooLargeError,
        FileMediumError,
        *_REFUSALS.values(),
    )
    kinds = {kind.code: kind for kind in known}
    return kinds.get(code, FileRefusedError)(file=f"\u2068{name}\u2069", most=most // (1024 * 1024))


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
    wrong = FileTypeError if kinds & DOCUMENTS else FileMediumError
    if size > LARGEST_FILE and not plays:
        if not kinds & DOCUMENTS:
            raise wrong(file=shown)
        raise FileTooLargeError(file=shown, most=LARGEST_FILE // (1024 * 1024))
    if plays and not kinds & MEDIA:
        raise wrong(file=shown)
    found = recognise(data, name=safe_name(name))
    data.seek(0)
    if isinstance(found, FileKind):
        if found not in kinds:
            raise wrong(file=shown)
        return CheckedFile(safe_name(name, found.suffixes), found.media_type)
    raise (wrong if found is Fault.FORBIDDEN else _REFUSALS[found])(file=shown)
