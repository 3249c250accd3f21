"""How long a recording is, read from its container. Nothing is decoded."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import BinaryIO, Final

from courses.media.timing import LONGEST_MS
from institute.files.media import boxes, frame_length, frame_seconds, read_size

_SEGMENT: Final = 0x18538067
_INFO: Final = 0x1549A966
_SCALE: Final = 0x2AD7B1
_DURATION: Final = 0x4489
_CLUSTER: Final = 0x1F43B675
_CLUSTER_TIME: Final = 0xE7
_GROUP: Final = 0xA0
_BLOCKS: Final = frozenset({0xA3, 0xA1})
_ENTERED: Final = frozenset({_SEGMENT, _INFO, _CLUSTER, _GROUP})
_USUAL_SCALE: Final = 1_000_000  # nanoseconds of a tick, where the file does not say
_MOST_ELEMENTS: Final = 2_000_000
_DOUBLE: Final = 8


def duration_of(data: BinaryIO, media_type: str) -> int | None:
    """Return how many milliseconds a recording lasts, None where it does not say, or says more than a day.

    ``data`` can be sought.
    """
    found = _length(data, media_type)
    return found if found is not None and found <= LONGEST_MS else None


def _length(data: BinaryIO, media_type: str) -> int | None:
    if media_type.endswith("/mp4"):
        return _of_mp4(data)
    if media_type == "video/webm":
        return _of_webm(data)
    return _of_mp3(data) if media_type == "audio/mpeg" else None


def _of_mp4(data: BinaryIO) -> int | None:
    size = data.seek(0, 2)
    for name, start, end in boxes(data, 0, size):
        if name == b"moov":
            inner = boxes(data, start, end)
            head = next((place for kind, place, _ in inner if kind == b"mvhd"), None)
            return None if head is None else _movie_header(data, head)
    return None


def _movie_header(data: BinaryIO, place: int) -> int | None:
    data.seek(place)
    head = data.read(32)
    if len(head) < 32:  # noqa: PLR2004  (its longer form)
        return None
    if head[0] == 1:
        scale, length, unknown = int.from_bytes(head[20:24]), int.from_bytes(head[24:32]), 2**64 - 1
    else:
        scale, length, unknown = int.from_bytes(head[12:16]), int.from_bytes(head[16:20]), 2**32 - 1
    # What is written in fragments says 0, or that it is not known.
    return None if not scale or length in {0, unknown} else length * 1000 // scale


def _of_webm(data: BinaryIO) -> int | None:
    """Return what the header says, else where the last block begins: browsers that record write no length."""
    scale, told, cluster, last = _USUAL_SCALE, None, 0, None
    for name, place, length in _elements(data):
        data.seek(place)
        if name == _SCALE:
            scale = int.from_bytes(data.read(min(length, _DOUBLE))) or _USUAL_SCALE
        elif name == _DURATION:
            told = _number(data.read(min(length, _DOUBLE)))
        elif name == _CLUSTER_TIME:
            cluster = int.from_bytes(data.read(min(length, _DOUBLE)))
        elif name in _BLOCKS:
            read_size(data)  # its track
            last = max(last or 0, cluster + int.from_bytes(data.read(2), signed=True))
    ticks = told if told else last
    return None if ticks is None else max(0, int(ticks * scale // 1_000_000))


def _elements(data: BinaryIO) -> Iterator[tuple[int, int, int]]:
    """Yield (name, first byte of the content, length) of what is in a segment and its clusters, not of these."""
    size, place = data.seek(0, 2), 0
    for _ in range(_MOST_ELEMENTS):
        if place >= size:
            return
        data.seek(place)
        name, wide = _element(data)
        length, more = read_size(data)
        if not wide:
            return
        place += wide + more
        if name in _ENTERED:
            continue
        if length is None:
            return
        yield name, place, length
        place += length


def _element(data: BinaryIO) -> tuple[int, int]:
    """Return the name of an element of EBML and how many bytes it takes; 0 bytes where there is none."""
    first = data.read(1)
    if not first or not first[0]:
        return 0, 0
    wide = 9 - first[0].bit_length()
    return int.from_bytes(first + data.read(wide - 1)), wide


def _number(raw: bytes) -> float | None:
    shape = {4: ">f", 8: ">d"}.get(len(raw))
    if shape is None:
        return None
    value = float(struct.unpack(shape, raw)[0])
    return value if 0 < value < 1e12 else None  # noqa: PLR2004  (far past any recording; also not NaN)


def _of_mp3(data: BinaryIO) -> int | None:
    """Return the sum of all frames."""
    data.seek(0)
    whole = data.read()
    place, seconds = 0, 0.0
    if whole.startswith(b"ID3"):
        place = 10 + sum(
            (byte & 0x7F) << shift for byte, shift in zip(whole[6:10], (21, 14, 7, 0), strict=True)
        )
    while length := frame_length(whole[place : place + 4]):
        seconds += frame_seconds(whole[place : place + 4])
        place += length
    return int(seconds * 1000) or None
