"""WebP without notes. The picture's own chunks stay as they are."""

from __future__ import annotations

from typing import BinaryIO, Final

from institute.files.cleaners.faults import UncleanError
from institute.files.cleaners.orientation import UPRIGHT, read_orientation, write_orientation

_KEPT: Final = frozenset({b"VP8X", b"VP8 ", b"VP8L", b"ALPH", b"ANIM", b"ANMF", b"ICCP"})
_SAYS_EXIF: Final = 0x08
_SAYS_XMP: Final = 0x04


def clean_webp(source: BinaryIO, target: BinaryIO) -> None:
    """Write a picture without notes but for its orientation. Raises UncleanError."""
    data = source.read()
    chunks: list[tuple[bytes, bytes]] = []
    place, end, orientation = 12, 8 + int.from_bytes(data[4:8], "little"), UPRIGHT
    while place + 8 <= min(end, len(data)):
        name, length = data[place : place + 4], int.from_bytes(data[place + 4 : place + 8], "little")
        content = data[place + 8 : place + 8 + length]
        if len(content) < length or (name == b"VP8X" and not content):
            raise UncleanError("webp-chunk")
        if name == b"EXIF":
            orientation = read_orientation(content.removeprefix(b"Exif\0\0"))
        if name in _KEPT:
            chunks.append((name, content))
        place += 8 + length + length % 2
    turned = orientation != UPRIGHT
    if turned:
        chunks.append((b"EXIF", write_orientation(orientation)))
    body = b"".join(
        _chunk(name, _flagged(content, turned) if name == b"VP8X" else content) for name, content in chunks
    )
    target.write(b"RIFF" + (len(body) + 4).to_bytes(4, "little") + b"WEBP" + body)


def _flagged(content: bytes, turned: bool) -> bytes:
    """Return the chunk that says what others there are, true again."""
    flags = content[0] & ~(_SAYS_EXIF | _SAYS_XMP) | (_SAYS_EXIF if turned else 0)
    return bytes([flags]) + content[1:]


def _chunk(name: bytes, content: bytes) -> bytes:
    return name + len(content).to_bytes(4, "little") + content + b"\0" * (len(content) % 2)
