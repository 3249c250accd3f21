"""How large a picture or a film is shown, in pixels, read from what its format says of itself."""

from __future__ import annotations

from typing import BinaryIO, Final, Literal

from institute.files.media import boxes

LARGEST: Final = 65_535
_HEAD: Final = 512 * 1024  # the descriptions of a photograph stand before its size
_SIZE_MARKERS: Final = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_LYING: Final = range(5, 9)  # orientations that turn a photograph on its side
_TAG_ORIENTATION: Final = 0x0112
_PIXEL_WIDTH: Final = b"\xb0"
_PIXEL_HEIGHT: Final = b"\xba"

Pixels = tuple[int, int]


def measure(data: BinaryIO, media_type: str) -> Pixels | None:
    """Return width and height, or None where the format does not say or there is nothing to see."""
    data.seek(0)
    reader = {
        "image/png": _of_png,
        "image/jpeg": _of_jpeg,
        "image/webp": _of_webp,
        "video/mp4": _of_mp4,
        "video/webm": _of_webm,
    }.get(media_type)
    try:
        found = reader(data) if reader else None
    except (IndexError, ValueError):
        found = None
    data.seek(0)
    if found is None or not all(0 < side <= LARGEST for side in found):
        return None
    return found


def _of_png(data: BinaryIO) -> Pixels:
    head = data.read(24)
    return int.from_bytes(head[16:20]), int.from_bytes(head[20:24])


def _of_jpeg(data: BinaryIO) -> Pixels | None:
    head = data.read(_HEAD)
    place, lies = 2, False
    while place + 9 < len(head) and head[place] == 0xFF:  # noqa: PLR2004  (what begins a marker)
        marker, length = head[place + 1], int.from_bytes(head[place + 2 : place + 4])
        if marker in _SIZE_MARKERS:
            sides = int.from_bytes(head[place + 7 : place + 9]), int.from_bytes(head[place + 5 : place + 7])
            return (sides[1], sides[0]) if lies else sides
        if marker == 0xE1 and head[place + 4 : place + 10] == b"Exif\0\0":  # noqa: PLR2004  (APP1)
            lies = _orientation(head[place + 10 : place + 2 + length]) in _LYING
        if marker == 0xFF:  # noqa: PLR2004  (padding)
            place += 1
        else:
            place += 2 + length
    return None


def _orientation(exif: bytes) -> int:
    """Return how a photograph is to be turned, 1 where nothing is said."""
    order: Literal["little", "big"] = "little" if exif[:2] == b"II" else "big"

    def number(place: int, size: int) -> int:
        return int.from_bytes(exif[place : place + size], order)

    table = number(4, 4)
    for entry in range(min(number(table, 2), 200)):
        place = table + 2 + 12 * entry
        if number(place, 2) == _TAG_ORIENTATION:
            return number(place + 8, 2)
    return 1


def _of_webp(data: BinaryIO) -> Pixels | None:
    head = data.read(30)
    match head[12:16]:
        case b"VP8X":
            return int.from_bytes(head[24:27], "little") + 1, int.from_bytes(head[27:30], "little") + 1
        case b"VP8L":
            bits = int.from_bytes(head[21:25], "little")
            return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
        case b"VP8 ":
            return int.from_bytes(head[26:28], "little") & 0x3FFF, int.from_bytes(
                head[28:30], "little"
            ) & 0x3FFF
        case _:
            return None


def _of_mp4(data: BinaryIO) -> Pixels | None:
    """Return the size of the first track that is to be seen."""
    for name, start, end in boxes(data, 0, data.seek(0, 2)):
        if name != b"moov":
            continue
        for track in (box for box in boxes(data, start, end) if box[0] == b"trak"):
            for part, first, last in boxes(data, track[1], track[2]):
                if part != b"tkhd" or last - first < 8:  # noqa: PLR2004  (two numbers of 16.16 bits end it)
                    continue
                data.seek(last - 8)
                sides = data.read(8)
                found = int.from_bytes(sides[:2]), int.from_bytes(sides[4:6])
                if all(found):
                    return found
    return None


def _of_webm(data: BinaryIO) -> Pixels | None:
    """Return the size that stands with the tracks, near the beginning."""
    head = data.read(_HEAD)
    tracks = head.find(b"\x16\x54\xae\x6b")
    if tracks < 0:
        return None
    codec = head.find(b"\x86", head.find(b"V_", tracks) - 3)
    wide, high = (_element(head, mark, max(codec, tracks)) for mark in (_PIXEL_WIDTH, _PIXEL_HEIGHT))
    return (wide, high) if wide and high else None


def _element(head: bytes, mark: bytes, start: int) -> int | None:
    """Return the number of a short element of EBML behind ``start``."""
    place = start
    while (place := head.find(mark, place + 1)) >= 0:
        if place + 1 < len(head) and head[place + 1] in {0x81, 0x82}:
            return int.from_bytes(head[place + 2 : place + 2 + (head[place + 1] & 0x7F)])
    return None
