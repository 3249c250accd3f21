"""Sound and film: which of the formats that browsers play a file is, and whether it came whole. Nothing is decoded."""

from __future__ import annotations

import re
from enum import StrEnum
from typing import BinaryIO, Final

# Phones write "qt  ": the same boxes, which browsers play as MP4.
_ISO: Final = re.compile(rb"....ftyp(iso[m2-9]|mp4[12]|avc1|M4V |M4A |M4B |dash|MSNV|mmp4|qt  )", re.DOTALL)
_EBML: Final = b"\x1a\x45\xdf\xa3"
_SEGMENT: Final = b"\x18\x53\x80\x67"
_WEBM: Final = b"\x42\x82\x84webm"
_FRAMES: Final = 3  # so many in a row are no accident
_LARGE_BOX: Final = 16
_LARGEST_INDEX: Final = 64 * 1024 * 1024
_BITRATES: Final = {
    3: (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),  # MPEG 1
    2: (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
    0: (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),  # MPEG 2.5
}
_RATES: Final = {3: (44100, 48000, 32000), 2: (22050, 24000, 16000), 0: (11025, 12000, 8000)}
_LAYER_3: Final = 1


class Medium(StrEnum):
    """A format by its usual ending."""

    MP4 = "mp4"
    WEBM = "webm"
    MP3 = "mp3"
    M4A = "m4a"


def begins_like_media(head: bytes) -> bool:
    """Tell whether a file's first bytes are those of sound or film."""
    return bool(_ISO.match(head)) or head.startswith((_EBML, b"ID3")) or _is_frame(head)


def recognise_medium(data: BinaryIO, head: bytes) -> Medium | None:
    """Return what a file that begins like media is; None where it is not whole, or not of a format that is taken."""
    if _ISO.match(head):
        return _read_iso(data)
    if head.startswith(_EBML):
        return Medium.WEBM if _WEBM in head[:80] and _is_whole_webm(data) else None
    return Medium.MP3 if _is_mp3(data, head) else None


def boxes(data: BinaryIO, start: int, end: int) -> list[tuple[bytes, int, int]]:
    """Return (name, first byte of the content, end) of the boxes between two places; empty where they do not fit."""
    found, place = [], start
    while place < end:
        data.seek(place)
        opening = data.read(_LARGE_BOX)
        length, header = int.from_bytes(opening[:4]), 8
        if length == 1:
            length, header = int.from_bytes(opening[8:16]), 16
        elif length == 0:
            length = end - place
        if length < header or place + length > end:
            return []
        found.append((opening[4:8], place + header, place + length))
        place += length
    return found


def _read_iso(data: BinaryIO) -> Medium | None:
    found = boxes(data, 0, data.seek(0, 2))
    names = {name for name, _, _ in found}
    index = next(((start, end) for name, start, end in found if name == b"moov"), None)
    if index is None or not names & {b"mdat", b"moof"} or index[1] - index[0] > _LARGEST_INDEX:
        return None
    data.seek(index[0])
    described = data.read(index[1] - index[0])
    handlers = {described[at.end() + 8 : at.end() + 12] for at in re.finditer(b"hdlr", described)}
    if b"vide" in handlers:
        return Medium.MP4
    return Medium.M4A if b"soun" in handlers else None


def _is_whole_webm(data: BinaryIO) -> bool:
    """Tell whether the segment that follows the header is as long as it says, where it says."""
    size = data.seek(0, 2)
    data.seek(4)
    length, header = read_size(data)
    if length is None:
        return False
    place = 4 + header + length
    data.seek(place)
    if data.read(4) != _SEGMENT:
        return False
    length, header = read_size(data)
    return length is None or place + 4 + header + length <= size


def read_size(data: BinaryIO) -> tuple[int | None, int]:
    """Return a length of EBML and how many bytes say it; None is a length that is not known."""
    first = data.read(1)
    if not first or not first[0]:
        return 0, 1
    more = 8 - first[0].bit_length()
    value = int.from_bytes(bytes([first[0] & ((1 << (7 - more)) - 1)]) + data.read(more))
    return (None if value == (1 << (7 * (more + 1))) - 1 else value), more + 1


def _is_mp3(data: BinaryIO, head: bytes) -> bool:
    place = 0
    if head.startswith(b"ID3"):
        place = 10 + sum(
            (byte & 0x7F) << shift for byte, shift in zip(head[6:10], (21, 14, 7, 0), strict=False)
        )
    for _ in range(_FRAMES):
        data.seek(place)
        length = frame_length(data.read(4))
        if not length:
            return False
        place += length
    return True


def _is_frame(head: bytes) -> bool:
    return frame_length(head[:4]) > 0


def frame_seconds(header: bytes) -> float:
    """Return how long a frame sounds whose length is known."""
    version, rate = header[1] >> 3 & 3, header[2] >> 2 & 3
    return (1152 if version == 3 else 576) / _RATES[version][rate]  # noqa: PLR2004  (MPEG 1)


def frame_length(header: bytes) -> int:
    """Return how long a frame of MPEG audio, layer 3, is with its header; 0 where there is none."""
    if len(header) < 4 or header[0] != 0xFF or header[1] & 0xE0 != 0xE0:  # noqa: PLR2004  (the eleven bits that begin one)
        return 0
    version, layer = header[1] >> 3 & 3, header[1] >> 1 & 3
    bitrate, rate = header[2] >> 4, header[2] >> 2 & 3
    if version not in _RATES or layer != _LAYER_3 or bitrate in {0, 15} or rate == 3:  # noqa: PLR2004  (reserved)
        return 0
    per_frame = 144_000 if version == 3 else 72_000  # noqa: PLR2004  (MPEG 1)
    return per_frame * _BITRATES[version][bitrate] // _RATES[version][rate] + (header[2] >> 1 & 1)
