"""Whether a picture came whole. Each walk follows the format's own lengths to its end; nothing is decoded."""

from __future__ import annotations

import zlib
from typing import BinaryIO, Final

_PIECE: Final = 1024 * 1024
_LONE_MARKERS: Final = frozenset({0x01, *range(0xD0, 0xD8)})  # those without a length
_START_OF_SCAN: Final = 0xDA
_END_OF_PICTURE: Final = b"\xff\xd9"
_LARGE_BOX: Final = 16


def is_whole_png(data: BinaryIO) -> bool:
    """Tell whether every chunk up to IEND is there and undamaged."""
    data.seek(8)
    first = True
    while len(opening := data.read(8)) == 8:  # noqa: PLR2004  (a length and a name, four bytes each)
        name, left = opening[4:], int.from_bytes(opening[:4])
        if first and name != b"IHDR":
            return False
        first = False
        checksum = zlib.crc32(name)
        while left:
            piece = data.read(min(left, _PIECE))
            if not piece:
                return False
            checksum = zlib.crc32(piece, checksum)
            left -= len(piece)
        if data.read(4) != checksum.to_bytes(4):
            return False
        if name == b"IEND":
            return True
    return False


def is_whole_jpeg(data: BinaryIO) -> bool:
    """Tell whether the segments lead to a scan, and the scan to its end. Cameras may write more behind it."""
    data.seek(2)
    while True:
        mark = data.read(1)
        if mark != b"\xff":
            return False
        while mark == b"\xff":
            mark = data.read(1)
        if not mark or mark[0] in _LONE_MARKERS:
            if not mark:
                return False
            continue
        length = int.from_bytes(data.read(2))
        if length < 2 or len(data.read(length - 2)) < length - 2:  # noqa: PLR2004  (it counts itself)
            return False
        if mark[0] == _START_OF_SCAN:
            return _END_OF_PICTURE in data.read()


def is_whole_webp(data: BinaryIO) -> bool:
    """Tell whether as much is there as the RIFF header says, and the first chunk is a picture's."""
    opening = data.read(16)
    size = data.seek(0, 2)
    return opening[12:15] == b"VP8" and size >= int.from_bytes(opening[4:8], "little") + 8


def is_whole_heic(data: BinaryIO) -> bool:
    """Tell whether the boxes fill the file exactly and hold a description and data."""
    size = data.seek(0, 2)
    place, names = 0, set()
    while place < size:
        data.seek(place)
        opening = data.read(_LARGE_BOX)
        length = int.from_bytes(opening[:4])
        if length == 1:
            length = int.from_bytes(opening[8:16])
        elif length == 0:
            length = size - place  # to the end of the file
        if length < 8 or place + length > size:  # noqa: PLR2004  (a box holds its own length and name)
            return False
        names.add(opening[4:8])
        place += length
    return {b"meta", b"mdat"} <= names or b"moov" in names
