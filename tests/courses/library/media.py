"""Small recordings and pictures, made here: whole as far as their formats say of themselves."""

from __future__ import annotations

import struct
import zlib

VTT = b"""WEBVTT

NOTE Made for tests

1
00:00:01.000 --> 00:00:03.500
<v Amina>What made it possible?

00:00:04.000 --> 00:00:06.000
<v Luc\xc3\xada>We <b>asked</b> the families &amp; listened.
"""


def box(name: bytes, *parts: bytes) -> bytes:
    """Return a box of an ISO media file."""
    content = b"".join(parts)
    return struct.pack(">I", 8 + len(content)) + name + content


def mp4(width: int = 640, height: int = 360, *, handler: bytes = b"vide", brand: bytes = b"isom") -> bytes:
    """Return an MP4 with one track."""
    size = struct.pack(">HHHH", width, 0, height, 0)
    track = box(
        b"trak",
        box(b"tkhd", bytes(76), size),
        box(b"mdia", box(b"hdlr", bytes(8), handler, bytes(13))),
    )
    return (
        box(b"ftyp", brand, bytes(4), b"isom")
        + box(b"moov", box(b"mvhd", bytes(100)), track)
        + box(b"mdat", bytes(64))
    )


def m4a() -> bytes:
    """Return a recording of sound alone."""
    return mp4(0, 0, handler=b"soun", brand=b"M4A ")


def mp3(frames: int = 4) -> bytes:
    """Return MPEG audio with a tag before it."""
    frame = b"\xff\xfb\x90\x00" + bytes(413)
    return b"ID3\x04\x00\x00\x00\x00\x00\x0a" + bytes(10) + frame * frames


def webm(width: int = 320, height: int = 180) -> bytes:
    """Return a WebM whose segment has no stated length, as browsers record it."""
    header = b"\x42\x82\x84webm"
    video = b"\xb0\x82" + struct.pack(">H", width) + b"\xba\x82" + struct.pack(">H", height)
    entry = b"\x86\x85V_VP8" + b"\xe0" + bytes([0x80 | len(video)]) + video
    tracks = b"\x16\x54\xae\x6b" + bytes([0x80 | len(entry)]) + entry
    return (
        b"\x1a\x45\xdf\xa3"
        + bytes([0x80 | len(header)])
        + header
        + b"\x18\x53\x80\x67\x01"
        + b"\xff" * 7
        + tracks
    )


def png(width: int = 30, height: int = 20) -> bytes:
    """Return a white picture of that size."""

    def chunk(name: bytes, content: bytes) -> bytes:
        return (
            struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))
        )

    rows = b"".join(b"\0" + b"\xff" * width for _ in range(height))
    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(rows))
        + chunk(b"IEND", b"")
    )
