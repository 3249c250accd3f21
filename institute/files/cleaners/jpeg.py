"""JPEG without what cameras and programs note in it. The picture's own segments and scans stay as they are."""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO, Final

from institute.files.cleaners.faults import UncleanError
from institute.files.cleaners.orientation import UPRIGHT, read_orientation, write_orientation

_FRAME: Final = 0xE0
_CAMERA: Final = 0xE1
_SCAN: Final = 0xDA
_END: Final = 0xD9
_ALONE: Final = frozenset({0x01, *range(0xD0, 0xD8)})
_NOTES: Final = frozenset({*range(0xE0, 0xF0), 0xFE})
# What readers need of the notes: pixel shape, colour profile, kind of colours.
_KEPT: Final = {_FRAME: b"JFIF\0", 0xE2: b"ICC_PROFILE\0", 0xEE: b"Adobe"}
_NEVER: Final = b"\xff\0"
_EXIF: Final = b"Exif\0\0"


def clean_jpeg(source: BinaryIO, target: BinaryIO) -> None:
    """Write the first picture of a file without notes; what stands behind it goes. Raises UncleanError."""
    target.write(cleaned(source.read()))


def cleaned(data: bytes) -> bytes:
    """Return the bytes of a JPEG without notes but for its orientation. Raises UncleanError."""
    head: list[bytes] = []
    rest: list[bytes] = []
    orientation = UPRIGHT
    for marker, segment in _segments(data):
        said = segment[4:]
        if marker == _CAMERA and said.startswith(_EXIF):
            orientation = read_orientation(said[len(_EXIF) :])
        if marker == _FRAME and said.startswith(_KEPT[_FRAME]) and not rest:
            head.append(segment)
        elif marker not in _NOTES or said.startswith(_KEPT.get(marker, _NEVER)):
            rest.append(segment)
    if orientation != UPRIGHT:
        note = _EXIF + write_orientation(orientation)
        head.append(b"\xff\xe1" + (len(note) + 2).to_bytes(2) + note)
    return b"".join([b"\xff\xd8", *head, *rest, b"\xff\xd9"])


def _segments(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield marker and bytes of each segment of the first picture, scans with their data."""
    place, scanned = 2, False
    while not (scanned and place >= len(data)):  # some in documents lack their end
        marker, start = _marker(data, place)
        if marker == _END:
            return
        end = start
        if marker not in _ALONE:
            end += int.from_bytes(data[start : start + 2])
            if end < start + 2 or end > len(data):
                raise UncleanError("jpeg-segment")
        if marker == _SCAN:
            end, scanned = _end_of_scan(data, end), True
        yield marker, b"\xff" + bytes([marker]) + data[start:end]
        place = end


def _marker(data: bytes, place: int) -> tuple[int, int]:
    """Return the marker at a place and where what follows it begins."""
    start = place
    while data[start : start + 1] == b"\xff":
        start += 1
    if start == place or start >= len(data):
        raise UncleanError("jpeg-marker")
    return data[start], start + 1


def _end_of_scan(data: bytes, place: int) -> int:
    """Return where the next marker behind a scan's data stands."""
    while (place := data.find(b"\xff", place)) >= 0 and place + 1 < len(data):
        if data[place + 1] and data[place + 1] not in _ALONE and data[place + 1] != 0xFF:  # noqa: PLR2004  (a fill byte)
            return place
        place += 1 if data[place + 1] == 0xFF else 2  # noqa: PLR2004
    return len(data)
