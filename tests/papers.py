"""Small files of every kind that people hand in, whole ones and spoilt ones."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Mapping

import pikepdf

OPEN_XML = {"docx": "word/document.xml", "xlsx": "xl/workbook.xml", "pptx": "ppt/presentation.xml"}
ODF = {"odt": "text", "ods": "spreadsheet", "odp": "presentation"}


def pdf(*, password: str | None = None, owner: str = "") -> bytes:
    """Return a PDF of one page; with ``password`` it opens only by it, with ``owner`` alone it opens by itself."""
    file = pikepdf.new()
    file.add_blank_page(page_size=(200, 200))
    kept = io.BytesIO()
    locked = (
        pikepdf.Encryption(user=password or "", owner=owner or password or "") if password or owner else False
    )
    file.save(kept, encryption=locked)
    return kept.getvalue()


def archive(parts: Mapping[str, bytes], *, compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    """Return a zip archive."""
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w", compression) as file:
        for name, data in parts.items():
            file.writestr(name, data)
    return kept.getvalue()


def office(kind: str = "docx", **more: bytes) -> bytes:
    """Return an office document; ``more`` are further parts, with "__" for a slash and "_" for a dot in their names."""
    extra = {name.replace("__", "/").replace("_", "."): data for name, data in more.items()}
    if kind in OPEN_XML:
        return archive({"[Content_Types].xml": b"<Types/>", OPEN_XML[kind]: b"<document/>" * 20, **extra})
    media = f"application/vnd.oasis.opendocument.{ODF[kind]}".encode()
    return archive({"mimetype": media, "content.xml": b"<office/>" * 20, **extra})


def png() -> bytes:
    """Return a picture of one dot."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    header = struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0)
    dots = zlib.compress(b"\0\xff\0\0")
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", dots) + chunk(b"IEND", b"")


def jpeg(*, thumbnail: bool = False) -> bytes:
    """Return the frame of a JPEG; with a thumbnail, whose own end must not pass for the picture's."""

    def segment(mark: int, data: bytes) -> bytes:
        return bytes((0xFF, mark)) + struct.pack(">H", len(data) + 2) + data

    inner = b"Exif\0\0" + (b"\xff\xd8\xff\xd9" if thumbnail else b"")
    scan = segment(0xDA, b"\x01\x01\0\0\x3f\0") + b"\x12\xff\x00\x34" * 30
    return b"\xff\xd8" + segment(0xE1, inner) + segment(0xDB, bytes(65)) + scan + b"\xff\xd9"


def webp() -> bytes:
    """Return the frame of a WebP picture."""
    inner = b"WEBPVP8L" + struct.pack("<I", 20) + bytes(20)
    return b"RIFF" + struct.pack("<I", len(inner)) + inner


def heic() -> bytes:
    """Return the frame of an HEIC picture."""

    def box(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data) + 8) + name + data

    return box(b"ftyp", b"heic\0\0\0\0mif1heic") + box(b"meta", bytes(40)) + box(b"mdat", bytes(100))


def swelling() -> bytes:
    """Return a small document that unpacks to 60 MB."""
    return office(word__large_xml=bytes(60 * 1024 * 1024))


def locked_archive() -> bytes:
    """Return a document whose parts say that they are encrypted."""
    made = bytearray(office())
    for mark, flag in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        place = made.find(mark)
        while place >= 0:
            made[place + flag] |= 1
            place = made.find(mark, place + 4)
    return bytes(made)


def damaged(data: bytes, at: float = 0.5) -> bytes:
    """Return ``data`` with some bytes in its midst turned over."""
    place = int(len(data) * at)
    return data[:place] + bytes(255 - one for one in data[place : place + 8]) + data[place + 8 :]


WHOLE: dict[str, bytes] = {
    "plan.pdf": pdf(),
    "protected-from-change.pdf": pdf(owner="owner"),
    "plan.docx": office("docx"),
    "table.xlsx": office("xlsx"),
    "talk.pptx": office("pptx"),
    "plan.odt": office("odt"),
    "table.ods": office("ods"),
    "talk.odp": office("odp"),
    "notes.txt": "Was ich gelernt habe: أنا هنا\n".encode(),
    "notes-with-mark.txt": b"\xef\xbb\xbfNotes",
    "notes.md": b"# What I learnt\n",
    "board.png": png(),
    "board.jpg": jpeg(),
    "camera.JPEG": jpeg(thumbnail=True) + b"SEFT" * 10,
    "board.webp": webp(),
    "board.heic": heic(),
}
