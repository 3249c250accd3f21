"""Recordings of any size, made here: whole as far as their formats say of themselves, with notes where asked."""

from __future__ import annotations

import struct
from pathlib import Path

PIECE = 1024 * 1024


def box(name: bytes, *parts: bytes) -> bytes:
    """Return a box of an ISO media file."""
    content = b"".join(parts)
    return struct.pack(">I", 8 + len(content)) + name + content


def track(handler: bytes, *more: bytes, tables: bytes = b"", name: bytes = b"") -> bytes:
    """Return a track with a handler, and ``tables`` that say where its samples are."""
    media = box(
        b"mdia",
        box(b"mdhd", bytes(4), b"\xe1\x02\x03\x04" * 2, bytes(12)),
        box(b"hdlr", bytes(8), handler, bytes(12), name + b"\0"),
        box(b"minf", box(b"stbl", tables)),
    )
    return box(b"trak", box(b"tkhd", bytes(4), b"\xe1\x02\x03\x04" * 2, bytes(68)), media, *more)


def index(*tracks: bytes) -> bytes:
    """Return the description of a film."""
    return box(b"moov", box(b"mvhd", bytes(4), b"\xe1\x02\x03\x04" * 2, bytes(88)), *tracks)


def film(size: int = 0, *, seed: int = 1) -> bytes:
    """Return an MP4 of ``size`` bytes, or a small one."""
    head = box(b"ftyp", b"isom", bytes(4), b"isom") + index(track(b"vide"))
    return head + box(b"mdat", _noise(max(64, size - len(head) - 8), seed))


def write_film(path: Path, size: int) -> None:
    """Write an MP4 of ``size`` bytes, none of whose pieces is like another."""
    head = box(b"ftyp", b"isom", bytes(4), b"isom") + index(track(b"vide"))
    left = size - len(head) - 8
    with path.open("wb") as file:
        file.write(head + struct.pack(">I", left + 8) + b"mdat")
        noise, number = _noise(PIECE, 7), 0
        while left:
            number += 1
            piece = (struct.pack(">Q", number) + noise[8:])[: min(left, PIECE)]
            file.write(piece)
            left -= len(piece)


def _noise(size: int, seed: int) -> bytes:
    """Return bytes that repeat nothing for a while and are the same each time."""
    made, state = bytearray(), seed * 2654435761 & 0xFFFFFFFF
    while len(made) < min(size, 65536):
        state = (state * 1664525 + 1013904223) & 0xFFFFFFFF
        made += struct.pack(">I", state)
    return (bytes(made) * (size // len(made) + 1))[:size]
