"""MP4 and M4A without titles, places, times and devices. Picture and sound stay where and as they are."""

from __future__ import annotations

import shutil
import struct
from collections.abc import Iterator
from typing import BinaryIO, Final

from institute.files.cleaners.boxes import Box, blank, boxes, child, content, free
from institute.files.cleaners.faults import UncleanError

_FREED: Final = frozenset({b"udta", b"meta", b"uuid", b"free", b"skip", b"ID32", b"cprt", b"mere"})
_ENTERED: Final = frozenset({b"moov", b"trak", b"mdia", b"minf", b"moof", b"traf"})
_TIMED: Final = frozenset({b"mvhd", b"tkhd", b"mdhd"})
_TABLES: Final = (b"mdia", b"minf", b"stbl")
_NOTES: Final = frozenset(
    {b"meta", b"mdta"}
)  # handlers of tracks that hold places and movements of the device


def clean_film(source: BinaryIO, target: BinaryIO) -> None:
    """Write a copy of the same length in which every note is free space. Raises UncleanError."""
    shutil.copyfileobj(source, target, 1024 * 1024)
    size = target.seek(0, 2)
    top = list(boxes(target, 0, size))
    for box in top:
        if box.name == b"moov":
            _drop_tracks(target, box, fragments=any(other.name == b"moof" for other in top))
    _clean(target, 0, size)


def _clean(file: BinaryIO, start: int, end: int) -> None:
    for box in list(boxes(file, start, end)):
        if box.name in _FREED:
            free(file, box)
        elif box.name in _ENTERED:
            _clean(file, box.start, box.end)
        elif box.name in _TIMED:
            file.seek(box.start)
            width = 8 if file.read(1) == b"\1" else 4
            blank(file, box.start + 4, min(box.start + 4 + 2 * width, box.end))
        elif box.name == b"hdlr":
            blank(file, min(box.start + 24, box.end), box.end)  # the name behind the handler's fixed fields


def _drop_tracks(file: BinaryIO, index: Box, *, fragments: bool) -> None:
    """Take away tracks that hold notes, with what they hold. Raises UncleanError where it cannot be told apart."""
    for track in list(boxes(file, index.start, index.end)):
        handler = child(file, track, b"mdia", b"hdlr") if track.name == b"trak" else None
        if handler is None or content(file, handler)[8:12] not in _NOTES:
            continue
        if fragments:
            raise UncleanError("notes-in-fragments")
        size = file.seek(0, 2)
        for start, length in list(_samples(file, track)):
            if start + length > size:
                raise UncleanError("sample-place")
            blank(file, start, start + length)
        free(file, track)


def _samples(file: BinaryIO, track: Box) -> Iterator[tuple[int, int]]:
    """Yield place and length of each run of samples of a track."""
    tables = child(file, track, *_TABLES)
    found = (
        {}
        if tables is None
        else {box.name: content(file, box) for box in boxes(file, tables.start, tables.end)}
    )
    try:
        sizes, places, per_place = _sizes(found[b"stsz"]), _places(found), _runs(found[b"stsc"])
    except (KeyError, struct.error) as error:
        raise UncleanError("sample-tables") from error
    next_sample, samples = 0, 0
    for number, place in enumerate(places, start=1):
        samples = per_place.get(number, samples)
        yield place, sum(sizes[next_sample : next_sample + samples])
        next_sample += samples


def _sizes(table: bytes) -> list[int]:
    same, count = struct.unpack_from(">II", table, 4)
    if same:
        return [same] * min(count, 10_000_000)
    return [size for (size,) in struct.iter_unpack(">I", table[12 : 12 + 4 * count])]


def _places(found: dict[bytes, bytes]) -> list[int]:
    name, form = (b"stco", ">I") if b"stco" in found else (b"co64", ">Q")
    return [place for (place,) in struct.iter_unpack(form, found[name][8:])]


def _runs(table: bytes) -> dict[int, int]:
    """Return from which chunk on each has so many samples."""
    return {first: samples for first, samples, _ in struct.iter_unpack(">III", table[8:])}
