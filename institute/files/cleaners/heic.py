"""HEIC without the camera's notes, which are items of their own. The picture stays where and as it is."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO, Final

from institute.files.cleaners.boxes import Box, blank, boxes, child, content, free
from institute.files.cleaners.faults import UncleanError

_FREED: Final = frozenset({b"udta", b"uuid", b"free", b"skip", b"moov"})
_ENTRY: Final = 12  # bytes of the shortest entry of an item
_NOTES: Final = frozenset({b"Exif", b"mime", b"uri "})
# Exif data that say nothing: the offset to them, byte order, and no entries. Which way up is a property of the picture.
_NOTHING: Final = bytes(4) + b"MM\0*\0\0\0\x08" + bytes(6)


def clean_heic(source: BinaryIO, target: BinaryIO) -> None:
    """Write a copy of the same length in which every note is blank. Raises UncleanError."""
    shutil.copyfileobj(source, target, 1024 * 1024)
    for box in list(boxes(target, 0, target.seek(0, 2))):
        if box.name in _FREED:
            free(target, box)
        elif box.name == b"meta":
            _clean_items(target, Box(box.name, box.at, box.start + 4, box.end))


def _clean_items(file: BinaryIO, meta: Box) -> None:
    size = file.seek(0, 2)
    notes = dict(_notes(file, meta))
    kept = child(file, meta, b"idat")
    for item, within, start, length in _places(file, meta):
        if item not in notes:
            continue
        at = start + (kept.start if within and kept else 0)
        if at + length > size or (within and kept is None):
            raise UncleanError("item-place")
        blank(file, at, at + length)
        if notes[item] == b"Exif" and length >= len(_NOTHING):
            file.seek(at)
            file.write(_NOTHING)
        elif notes[item] != b"Exif":
            file.seek(at)
            file.write(b" " * length)  # an empty text


def _notes(file: BinaryIO, meta: Box) -> Iterator[tuple[int, bytes]]:
    """Yield id and type of the items that are notes."""
    listed = child(file, meta, b"iinf")
    if listed is None:
        return
    file.seek(listed.start)
    header = 6 if file.read(1) == b"\0" else 8
    for entry in boxes(file, listed.start + header, listed.end):
        said = content(file, entry)
        if len(said) < _ENTRY:
            raise UncleanError("item-entry")
        wide = 4 if said[0] >= 3 else 2  # noqa: PLR2004  (version 3 has longer ids)
        item, kind = int.from_bytes(said[4 : 4 + wide]), said[6 + wide : 10 + wide]
        if kind in _NOTES:
            yield item, kind


@dataclass
class _Reader:
    data: bytes
    place: int = 0

    def number(self, size: int) -> int:
        found = self.data[self.place : self.place + size]
        if len(found) < size:
            raise UncleanError("item-table")
        self.place += size
        return int.from_bytes(found)


def _places(file: BinaryIO, meta: Box) -> Iterator[tuple[int, bool, int, int]]:
    """Yield item, whether it lies within the description, start and length of each run (ISO 14496-12, iloc)."""
    table = child(file, meta, b"iloc")
    if table is None:
        return
    read = _Reader(content(file, table))
    version = read.number(4) >> 24
    sizes = read.number(2)
    offset, length, base, index = (sizes >> shift & 15 for shift in (12, 8, 4, 0))
    for _ in range(read.number(4 if version == 2 else 2)):  # noqa: PLR2004  (version 2 has longer ids)
        item = read.number(4 if version == 2 else 2)  # noqa: PLR2004
        method = read.number(2) & 15 if version else 0
        read.number(2)
        begin = read.number(base)
        for _ in range(read.number(2)):
            if version and index:
                read.number(index)
            start = begin + read.number(offset)
            yield item, method == 1, start, read.number(length)
