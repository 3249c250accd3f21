"""How long recordings are, by what their containers say."""

from __future__ import annotations

import io
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from courses.media.durations import duration_of
from tests.courses.library.media import box, mp3, mp4, webm
from tests.courses.media.conftest import film

SEGMENT = b"\x18\x53\x80\x67\x01" + b"\xff" * 7  # of no stated length
MOST = 86_400_000


def element(name: bytes, content: bytes) -> bytes:
    """Return an element of EBML."""
    return name + bytes([0x80 | len(content)]) + content


def matroska(*clusters: tuple[int, int], length: float | None = None) -> bytes:
    """Return a WebM of clusters (their time, their block's) in milliseconds, with or without a length in its header."""
    info = element(b"\x44\x89", struct.pack(">d", length)) if length else b""
    blocks = b"".join(
        b"\x1f\x43\xb6\x75\x01" + b"\xff" * 7 + element(b"\xe7", struct.pack(">I", at))
        + element(b"\xa3", b"\x81" + struct.pack(">h", more) + b"\x80frame")
        for at, more in clusters
    )  # fmt: skip
    return (
        element(b"\x1a\x45\xdf\xa3", b"\x42\x82\x84webm")
        + SEGMENT
        + element(b"\x15\x49\xa9\x66", info)
        + blocks
    )


@pytest.mark.parametrize(
    ("data", "media_type", "expected"),
    [
        (film(61), "video/mp4", 61_000),
        (film(86_400), "video/mp4", 86_400_000),
        (film(86_401), "video/mp4", None),
        (mp4(), "video/mp4", None),
        (box(b"ftyp", b"isom") + box(b"moov", box(b"mvhd", bytes(8))), "video/mp4", None),
        (matroska((0, 40), (1000, 480), length=2500.0), "video/webm", 2500),
        (matroska((0, 40), (1000, 480)), "video/webm", 1480),
        (webm(), "video/webm", None),
        (mp3(1000), "audio/mpeg", 26_122),
        (b"", "video/mp4", None),
        (b"", "video/webm", None),
        (b"", "audio/mpeg", None),
        (b"text", "application/pdf", None),
    ],
)
def test_a_recording_lasts_as_long_as_its_container_says(
    data: bytes, media_type: str, expected: int | None
) -> None:
    assert duration_of(io.BytesIO(data), media_type) == expected


@given(st.binary(max_size=300), st.sampled_from(["video/mp4", "video/webm", "audio/mpeg"]))
def test_no_bytes_are_an_error(data: bytes, media_type: str) -> None:
    for whole in (data, film()[:100] + data, matroska((0, 1)) + data):
        found = duration_of(io.BytesIO(whole), media_type)
        assert found is None or 0 <= found <= MOST
