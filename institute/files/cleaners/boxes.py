"""Boxes of ISO base media files (MP4, M4A, HEIC), changed where they stand so that no place in the file moves."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO, Final

from institute.files.cleaners.faults import UncleanError

_PIECE: Final = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Box:
    """A box: its name, where its header begins, where its content begins and ends."""

    name: bytes
    at: int
    start: int
    end: int


def boxes(file: BinaryIO, start: int, end: int) -> Iterator[Box]:
    """Yield the boxes between two places. Raises UncleanError where they do not fit."""
    place = start
    while place + 8 <= end:
        file.seek(place)
        opening = file.read(16)
        length, header = int.from_bytes(opening[:4]), 8
        if length == 1:
            length, header = int.from_bytes(opening[8:16]), 16
        elif length == 0:
            length = end - place
        if length < header or place + length > end:
            raise UncleanError("box-length")
        yield Box(opening[4:8], place, place + header, place + length)
        place += length


def child(file: BinaryIO, box: Box, *names: bytes) -> Box | None:
    """Return the box that a path of names leads to from another one."""
    found: Box | None = box
    for name in names:
        if found is None:
            return None
        found = next((one for one in boxes(file, found.start, found.end) if one.name == name), None)
    return found


def content(file: BinaryIO, box: Box) -> bytes:
    """Return what is in a box."""
    file.seek(box.start)
    return file.read(box.end - box.start)


def blank(file: BinaryIO, start: int, end: int) -> None:
    """Write zeros between two places of the file."""
    file.seek(start)
    while start < end:
        length = min(_PIECE, end - start)
        file.write(bytes(length))
        start += length


def free(file: BinaryIO, box: Box) -> None:
    """Make a box one of free space, with nothing in it."""
    file.seek(box.at + 4)
    file.write(b"free")
    blank(file, box.start, box.end)
