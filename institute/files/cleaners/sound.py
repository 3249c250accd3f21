"""MP3 without tags, which stand before and behind the sound. The sound stays as it is."""

from __future__ import annotations

from typing import BinaryIO, Final

from institute.files.cleaners.faults import UncleanError

_ID3V1: Final = 128
_HEAD: Final = 10
_FOOTER: Final = 32
_LYRICS: Final = b"LYRICS200"


def clean_mp3(source: BinaryIO, target: BinaryIO) -> None:
    """Write the frames between the tags. Raises UncleanError where nothing is left."""
    data = memoryview(source.read())
    start, end = 0, len(data)
    while length := _tag_before(data, start):
        start += length
    while length := _tag_behind(data, end):
        end -= length
    if start >= end:
        raise UncleanError("no-sound")
    target.write(data[start:end])


def _tag_before(data: memoryview, start: int) -> int:
    head = bytes(data[start : start + 32])
    if head[:3] == b"ID3" and len(head) >= _HEAD:
        footer = 10 if head[5] & 0x10 else 0
        return (
            10
            + footer
            + sum((byte & 0x7F) << shift for byte, shift in zip(head[6:10], (21, 14, 7, 0), strict=True))
        )
    if head[:8] == b"APETAGEX":
        return 32 + int.from_bytes(head[12:16], "little")
    return 0


def _tag_behind(data: memoryview, end: int) -> int:
    """Return how many bytes the tag that ends at a place has, 0 where there is none."""
    if bytes(data[max(0, end - _ID3V1) : end][:3]) == b"TAG" and end >= _ID3V1:
        return _ID3V1
    tail = bytes(data[max(0, end - 32) : end])
    if tail[:8] == b"APETAGEX" and len(tail) == _FOOTER:
        has_head = tail[23] & 0x80
        return int.from_bytes(tail[12:16], "little") + (32 if has_head else 0)
    if tail[:3] == b"3DI" or tail[-10:-7] == b"3DI":
        return 20 + sum((byte & 0x7F) << shift for byte, shift in zip(tail[-4:], (21, 14, 7, 0), strict=True))
    if tail.endswith(_LYRICS) and tail[-15:-9].isdigit():
        return int(tail[-15:-9]) + 15
    return 0
