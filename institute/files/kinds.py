"""Which files are taken: told by what they hold, never by what they are called."""

from __future__ import annotations

import codecs
import importlib
import io
import re
from enum import Enum, StrEnum
from pathlib import PurePath
from typing import BinaryIO, Final

from institute.files import archives, media, pictures
from institute.files.media import Medium

HEAD: Final = 4096
TAIL: Final = 2048
_END_OF_PDF: Final = re.compile(rb"startxref\s+\d+\s+%%EOF")
# What a browser or a shell would run, whatever else it may be read as.
_ACTIVE: Final = re.compile(
    rb"\s*(<(!doctype|html|head|body|script|svg|\?xml|!--)|#!|\{\\rtf)", re.IGNORECASE
)
_MARKUP: Final = re.compile(rb"<(!doctype html|html|script|svg|\?php)\b", re.IGNORECASE)
_PDF_BEGINS: Final = re.compile(rb"(\xef\xbb\xbf)?\s*%PDF-")
_COMPOUND: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # the container of old and of encrypted office files


class Fault(StrEnum):
    """Why a file is not taken."""

    FORBIDDEN = "forbidden"
    INCOMPLETE = "incomplete"
    LOCKED = "locked"
    SWELLING = "swelling"


class FileKind(Enum):
    """A kind of file that is taken: its media type, and the endings its name may have (the first is the usual one)."""

    PDF = ("application/pdf", (".pdf",))
    DOCX = ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", (".docx",))
    XLSX = ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", (".xlsx",))
    PPTX = ("application/vnd.openxmlformats-officedocument.presentationml.presentation", (".pptx",))
    ODT = ("application/vnd.oasis.opendocument.text", (".odt",))
    ODS = ("application/vnd.oasis.opendocument.spreadsheet", (".ods",))
    ODP = ("application/vnd.oasis.opendocument.presentation", (".odp",))
    TEXT = ("text/plain", (".txt", ".text"))
    MARKDOWN = ("text/markdown", (".md", ".markdown"))
    PNG = ("image/png", (".png",))
    JPEG = ("image/jpeg", (".jpg", ".jpeg"))
    WEBP = ("image/webp", (".webp",))
    HEIC = ("image/heic", (".heic", ".heif"))
    MP4 = ("video/mp4", (".mp4", ".m4v", ".mov"))
    WEBM = ("video/webm", (".webm",))
    MP3 = ("audio/mpeg", (".mp3",))
    M4A = ("audio/mp4", (".m4a", ".mp4"))
    VTT = ("text/vtt", (".vtt",))

    def __init__(self, media_type: str, suffixes: tuple[str, ...]) -> None:
        self.media_type = media_type
        self.suffixes = suffixes


# What people hand in; sound, film and captions are taken where a room asks for them.
MEDIA: Final = frozenset({FileKind.MP4, FileKind.WEBM, FileKind.MP3, FileKind.M4A, FileKind.VTT})
DOCUMENTS: Final = frozenset(FileKind) - MEDIA

_OF_MEDIUM: Final = {
    Medium.MP4: FileKind.MP4,
    Medium.WEBM: FileKind.WEBM,
    Medium.MP3: FileKind.MP3,
    Medium.M4A: FileKind.M4A,
}
_PICTURES: Final = (
    (FileKind.PNG, re.compile(rb"\x89PNG\r\n\x1a\n"), pictures.is_whole_png),
    (FileKind.JPEG, re.compile(rb"\xff\xd8\xff"), pictures.is_whole_jpeg),
    (FileKind.WEBP, re.compile(rb"RIFF....WEBP", re.DOTALL), pictures.is_whole_webp),
    (
        FileKind.HEIC,
        re.compile(rb"....ftyp(hei[cxms]|hev[cxms]|mif1|msf1)", re.DOTALL),
        pictures.is_whole_heic,
    ),
)


def recognise(data: BinaryIO, *, name: str) -> FileKind | Fault:
    """Return the kind of a file that holds something, or why it is not taken.

    ``data`` can be sought. ``name`` decides between kinds of text alone, and only where the bytes are text.
    """
    data.seek(0)
    head = data.read(HEAD)
    if head.startswith(b"PK"):
        return _read_archive(data)
    found = _read_single(data, head, PurePath(name).suffix.lower())
    # What other programs would unpack is no picture, recording or document of one kind alone.
    return Fault.FORBIDDEN if isinstance(found, FileKind) and archives.is_archive(data) else found


def _read_single(data: BinaryIO, head: bytes, suffix: str) -> FileKind | Fault:
    """Return the kind of a file that is no archive, or why it is not taken."""
    for kind, mark, is_whole in _PICTURES:
        if mark.match(head):
            data.seek(0)
            return _judge_picture(data, kind, whole=is_whole(data))
    if media.begins_like_media(head):
        medium = media.recognise_medium(data, head)
        return Fault.INCOMPLETE if medium is None else _OF_MEDIUM[medium]
    if b"%PDF-" in head[:1024]:
        return _read_pdf(data)
    if head.startswith(_COMPOUND):
        data.seek(0)
        return Fault.LOCKED if "EncryptedPackage".encode("utf-16-le") in data.read() else Fault.FORBIDDEN
    return _read_text(data, head, suffix)


def _judge_picture(data: BinaryIO, kind: FileKind, *, whole: bool) -> FileKind | Fault:
    """Return what a picture is taken for: not one behind which stands what a browser would run."""
    if not whole:
        return Fault.INCOMPLETE
    size = data.seek(0, 2)
    data.seek(max(0, size - TAIL))
    return Fault.FORBIDDEN if _MARKUP.search(data.read()) else kind


def _read_pdf(data: BinaryIO) -> FileKind | Fault:
    data.seek(0)
    whole = data.read()
    if not _PDF_BEGINS.match(whole) or _MARKUP.search(whole[:1024]):
        return Fault.FORBIDDEN
    ends = list(_END_OF_PDF.finditer(whole, max(0, len(whole) - TAIL)))
    if not ends:
        return Fault.INCOMPLETE
    if _MARKUP.search(whole, ends[-1].end()):
        return Fault.FORBIDDEN
    if b"/Encrypt" in whole and _asks_for_password(whole):
        return Fault.LOCKED
    return FileKind.PDF


def _asks_for_password(whole: bytes) -> bool:
    """Tell whether a PDF opens only with a password; many are encrypted without one."""
    # Loaded where it is needed: few files come here, and every start would wait for it.
    pikepdf = importlib.import_module("pikepdf")
    try:
        pikepdf.open(io.BytesIO(whole)).close()
    except pikepdf.PasswordError:
        return True
    except pikepdf.PdfError:
        return False  # "/Encrypt" was in its text, or a reader has to repair it
    return False


def _read_archive(data: BinaryIO) -> FileKind | Fault:
    found = archives.inspect(data)
    match found:
        case archives.Finding.BROKEN:
            return Fault.INCOMPLETE
        case archives.Finding.LOCKED:
            return Fault.LOCKED
        case archives.Finding.SWELLING:
            return Fault.SWELLING
        case archives.Finding.OTHER:
            return Fault.FORBIDDEN
        case str():
            return next((kind for kind in FileKind if kind.media_type == found), Fault.FORBIDDEN)


def _read_text(data: BinaryIO, head: bytes, suffix: str) -> FileKind | Fault:
    kind = next(
        (one for one in (FileKind.TEXT, FileKind.MARKDOWN, FileKind.VTT) if suffix in one.suffixes), None
    )
    if kind is None or _ACTIVE.match(head.removeprefix(codecs.BOM_UTF8)):
        return Fault.FORBIDDEN
    data.seek(0)
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        while piece := data.read(1024 * 1024):
            if "\0" in decoder.decode(piece):
                return Fault.FORBIDDEN
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return Fault.FORBIDDEN
    return kind
