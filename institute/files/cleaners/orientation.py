"""Which way up a camera held a picture: the one thing of its notes (Exif) that the picture needs."""

from __future__ import annotations

import struct
from typing import Final

UPRIGHT: Final = 1
_TAG: Final = 0x0112
_SHORT: Final = 3
_ORDERS: Final = {b"II*\0": "<", b"MM\0*": ">"}
_MOST_ENTRIES: Final = 1000


def read_orientation(exif: bytes) -> int:
    """Return the orientation, 1 to 8, of Exif data as they begin with their byte order; 1 where they say none."""
    order = _ORDERS.get(exif[:4])
    if order is None:
        return UPRIGHT
    try:
        (place,) = struct.unpack_from(f"{order}I", exif, 4)
        (count,) = struct.unpack_from(f"{order}H", exif, place)
        for number in range(min(count, _MOST_ENTRIES)):
            tag, kind, _, value = struct.unpack_from(f"{order}HHIH", exif, place + 2 + 12 * number)
            if tag == _TAG and kind == _SHORT and 1 <= value <= 8:  # noqa: PLR2004  (the eight there are)
                return int(value)
    except struct.error:
        pass
    return UPRIGHT


def write_orientation(orientation: int) -> bytes:
    """Return Exif data that say the orientation and nothing else."""
    return struct.pack(">4sIHHHIHHI", b"MM\0*", 8, 1, _TAG, _SHORT, 1, orientation, 0, 0)
