"""PNG without texts, times, notes and unknown chunks. The picture's own chunks stay as they are."""

from __future__ import annotations

import zlib
from typing import BinaryIO, Final

from institute.files.cleaners.faults import UncleanError
from institute.files.cleaners.orientation import UPRIGHT, read_orientation, write_orientation

_KEPT: Final = frozenset(
    {
        *(b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"iCCP", b"sBIT", b"cICP"),
        *(b"bKGD", b"pHYs", b"acTL", b"fcTL", b"fdAT"),
    }
)


def clean_png(source: BinaryIO, target: BinaryIO) -> None:
    """Write a picture without notes but for its orientation. Raises UncleanError."""
    target.write(source.read(8))
    while True:
        opening = source.read(8)
        name, length = opening[4:], int.from_bytes(opening[:4])
        content = source.read(length)
        checksum = source.read(4)
        if len(opening) < 8 or len(content) < length or len(checksum) < 4:  # noqa: PLR2004  (a chunk's frame)
            raise UncleanError("png-chunk")
        if name in _KEPT:
            target.write(opening + content + checksum)
        elif name == b"eXIf" and (orientation := read_orientation(content)) != UPRIGHT:
            _write(target, b"eXIf", write_orientation(orientation))
        if name == b"IEND":
            return


def _write(target: BinaryIO, name: bytes, content: bytes) -> None:
    target.write(len(content).to_bytes(4) + name + content + zlib.crc32(name + content).to_bytes(4))
