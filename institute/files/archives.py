"""Office documents are zip archives: whether one is whole, open to read, of a bearable size, and what it holds."""

from __future__ import annotations

import io
import lzma
import zipfile
import zlib
from enum import Enum
from typing import BinaryIO, Final

MOST_PARTS: Final = 5000
MOST_UNPACKED: Final = 300 * 1024 * 1024
MOST_NESTED: Final = 30 * 1024 * 1024
MOST_TIMES: Final = 200  # a document's XML shrinks to a tenth or a thirtieth, a bomb to a thousandth
SMALL: Final = 10 * 1024 * 1024  # what unpacks to this little is no bomb, however well it shrinks
MOST_SAID: Final = 1024 * 1024  # what says which document it is takes some kilobytes, and is read at one go
_SAYS: Final = frozenset({"[Content_Types].xml", "mimetype", "META-INF/manifest.xml"})
DEEPEST: Final = 3
"""How many archives may stand in one another: a presentation in a document, a table in that."""
_ENCRYPTED: Final = 0x1
_PIECE: Final = 1024 * 1024
DAMAGE: Final = (
    zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, ValueError, OSError, NotImplementedError, KeyError,
)  # fmt: skip
_OPEN_XML: Final = {
    "word/document.xml": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xl/workbook.xml": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "ppt/presentation.xml": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
}


class Finding(Enum):
    """What an archive is, where it is no document to be taken."""

    BROKEN = "broken"
    LOCKED = "locked"
    SWELLING = "swelling"
    OTHER = "other"


def inspect(data: BinaryIO) -> str | Finding:
    """Return the media type of the document that a zip archive holds, or what else is the matter with it.

    Every part is unpacked once, so that a damaged one is found; how much that may be is checked first. Archives among
    the parts are looked into like it.
    """
    try:
        with zipfile.ZipFile(data) as archive:
            return _inspect(archive, data, depth=1)
    except DAMAGE:
        return Finding.BROKEN


def is_archive(data: BinaryIO) -> bool:
    """Tell whether a program that looks for an archive finds one with something in it, wherever it stands."""
    try:
        with zipfile.ZipFile(data) as archive:
            return bool(archive.infolist())
    except DAMAGE:
        return False


def _inspect(archive: zipfile.ZipFile, data: BinaryIO, *, depth: int) -> str | Finding:
    parts = archive.infolist()
    if any(part.flag_bits & _ENCRYPTED for part in parts):
        return Finding.LOCKED
    size = data.seek(0, 2)
    unpacked = sum(part.file_size for part in parts)
    if len(parts) > MOST_PARTS or unpacked > MOST_UNPACKED:
        return Finding.SWELLING
    # Parts that share bytes, as in the bombs that need no nesting, claim more than the archive has.
    if unpacked > max(SMALL, MOST_TIMES * size) or sum(part.compress_size for part in parts) > size:
        return Finding.SWELLING
    if any(part.file_size > MOST_SAID for part in parts if part.filename in _SAYS):
        return Finding.SWELLING
    for part in parts:
        with archive.open(part) as opened:
            begins = opened.read(_PIECE)
            while opened.read(_PIECE):
                pass
        if begins.startswith(b"PK\3\4") and (found := _look_into(archive, part, depth)) is not None:
            return found
    return _document(archive, {part.filename for part in parts})


def _look_into(archive: zipfile.ZipFile, part: zipfile.ZipInfo, depth: int) -> Finding | None:
    """Return what is the matter with an archive that is a part of another; damage there does no harm."""
    if depth == DEEPEST or part.file_size > MOST_NESTED:
        return Finding.SWELLING
    inner = io.BytesIO(archive.read(part))
    try:
        with zipfile.ZipFile(inner) as opened:
            found = _inspect(opened, inner, depth=depth + 1)
    except DAMAGE:
        return None
    return Finding.SWELLING if found is Finding.SWELLING else None


def _document(archive: zipfile.ZipFile, names: set[str]) -> str | Finding:
    if "[Content_Types].xml" in names:
        kinds = archive.read("[Content_Types].xml")
        if b"macroEnabled" in kinds or any(name.endswith("vbaProject.bin") for name in names):
            return Finding.OTHER
        return next((kind for part, kind in _OPEN_XML.items() if part in names), Finding.OTHER)
    if "mimetype" in names and "content.xml" in names:
        if "META-INF/manifest.xml" in names and b"encryption-data" in archive.read("META-INF/manifest.xml"):
            return Finding.LOCKED
        return archive.read("mimetype")[:200].decode("ascii", "replace").strip()
    return Finding.OTHER
