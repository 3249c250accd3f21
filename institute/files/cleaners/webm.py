"""WebM without tags, titles, times and attachments: they become void where they stand. Picture and sound stay."""

from __future__ import annotations

import shutil
from typing import BinaryIO, Final

from institute.files.cleaners.boxes import blank
from institute.files.cleaners.faults import UncleanError

_VOID: Final = 0xEC
_SEGMENT, _INFO, _TRACKS, _TRACK, _CLUSTER = 0x18538067, 0x1549A966, 0x1654AE6B, 0xAE, 0x1F43B675
_ENTERED: Final = frozenset({_SEGMENT, _INFO, _TRACKS, _TRACK})
_VOIDED: Final = frozenset(
    {
        *(_VOID, 0xBF),  # what was void before; a checksum over what changes
        *(0x1254C367, 0x1941A469, 0x1043A770),  # tags, attachments, chapters
        *(
            0x4461,
            0x7BA9,
            0x7384,
            0x3C83AB,
            0x3E83BB,
            0x73A4,
            0x4444,
            0x536E,
        ),  # date, title, file names, ids, track's name
    }
)
_SPACED: Final = frozenset({0x4D80, 0x5741})  # which program wrote it: must be there
_LONG: Final = 9  # bytes of a void element's head that says its length at the longest
_SHORT_MOST: Final = 126


def clean_webm(source: BinaryIO, target: BinaryIO) -> None:
    """Write a copy of the same length without notes. Raises UncleanError."""
    shutil.copyfileobj(source, target, 1024 * 1024)
    _clean(target, 0, target.seek(0, 2))


def _clean(file: BinaryIO, place: int, end: int) -> None:
    while place < end:
        name, start = _number(file, place, keep_mark=True)
        length, content = _number(file, start, keep_mark=False)
        if name is None or (length is None and name not in {_SEGMENT, _CLUSTER}):
            raise UncleanError("element")
        if length is None:  # a recording as it was made: what follows are its parts
            place = content
            continue
        after = content + length
        if after > end:
            raise UncleanError("element-length")
        if name in _ENTERED:
            _clean(file, content, after)
        elif name in _VOIDED:
            _void(file, place, after)
        elif name in _SPACED:
            file.seek(content)
            file.write(b" " * length)
        place = after


def _void(file: BinaryIO, start: int, end: int) -> None:
    """Make an element one that says nothing, of the same length."""
    length = end - start
    if length - 2 <= _SHORT_MOST:
        head = bytes([_VOID, 0x80 | (length - 2)])
    else:
        head = bytes([_VOID, 0x01]) + (length - _LONG).to_bytes(7)
    file.seek(start)
    file.write(head)
    blank(file, start + len(head), end)


def _number(file: BinaryIO, place: int, *, keep_mark: bool) -> tuple[int | None, int]:
    """Return a number of EBML, None where it says "unknown", and where what follows it begins. Raises UncleanError."""
    file.seek(place)
    data = file.read(8)
    if not data or not data[0]:
        raise UncleanError("number")
    more = 8 - data[0].bit_length()
    if len(data) <= more:
        raise UncleanError("number")
    first = data[0] if keep_mark else data[0] & ((1 << (7 - more)) - 1)
    value = int.from_bytes(bytes([first]) + data[1 : 1 + more])
    unknown = not keep_mark and value == (1 << (7 * (more + 1))) - 1
    return (None if unknown else value), place + 1 + more
