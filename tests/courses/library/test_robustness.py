"""Whatever bytes and texts come, they are taken or refused: nothing breaks."""

from __future__ import annotations

import contextlib
import io

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from courses.catalogue.markdown import read, render
from courses.library.captions import BrokenCaptionsError, clock_of, read_captions, transcript
from courses.library.errors import ResourceRefusedError
from courses.library.measuring import measure
from courses.library.models import FilePurpose, ResourceKind
from courses.library.taking import take_file
from institute.files.checking import FileRefusedError
from tests import papers
from tests.courses.library import media

WHOLE = [
    media.mp4(),
    media.m4a(),
    media.mp3(),
    media.webm(),
    media.png(),
    papers.jpeg(),
    papers.webp(),
    media.VTT,
]
STAINS = st.lists(st.tuples(st.integers(0, 400), st.binary(min_size=1, max_size=8)), max_size=4)
VTT_LINES = st.sampled_from(
    [
        "WEBVTT",
        "",
        "00:01.000 --> 00:02.000",
        "1:00:01.000 --> 01:00:02.000",
        "NOTE x",
        "STYLE",
        "-->",
        "<v A>b",
        "&lt;",
    ]
)
TIMES = st.integers(0, 10**10)


@given(st.sampled_from(WHOLE), STAINS, st.integers(0, 500), st.sampled_from(list(ResourceKind)))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150, deadline=None)
def test_damaged_files_are_taken_or_refused(
    app: Flask, whole: bytes, stains: list[tuple[int, bytes]], lost: int, kind: ResourceKind
) -> None:
    data = bytearray(whole)
    for place, stain in stains:
        data[place : place + len(stain)] = stain
    damaged = bytes(data[: max(len(data) - lost, 0)])
    for purpose in FilePurpose:
        with contextlib.suppress(FileRefusedError, ResourceRefusedError):
            held = take_file(damaged, name="a.bin.vtt", locale="en", kind=kind, purpose=purpose)
            assert held.size == len(damaged)


@given(
    st.binary(max_size=300),
    st.sampled_from(["image/png", "image/jpeg", "image/webp", "video/mp4", "video/webm"]),
)
def test_measuring_never_fails(data: bytes, media_type: str) -> None:
    for start in (b"", b"\xff\xd8\xff\xe1\x00\x40Exif\0\0II", b"\x16\x54\xae\x6b\x86V_"):
        size = measure(io.BytesIO(start + data), media_type)
        assert size is None or all(0 < side <= 65_535 for side in size)


@given(st.lists(VTT_LINES | st.text(max_size=20), max_size=30), st.sampled_from(["\n", "\r\n", "\r"]))
def test_captions_are_read_or_refused_with_a_line(lines: list[str], end: str) -> None:
    data = end.join(["WEBVTT", *lines]).encode("utf-8", "replace")
    with contextlib.suppress(BrokenCaptionsError):
        cues = read_captions(data)
        assert cues
        assert all(cue.start < cue.end for cue in cues)
        assert [cue.start for cue in cues] == sorted(cue.start for cue in cues)
        said = " ".join(paragraph.text for paragraph in transcript(cues)).split()
        assert said == " ".join(cue.text for cue in cues).split()


@given(TIMES)
def test_clock_counts_minutes_and_hours(milliseconds: int) -> None:
    parts = [int(part) for part in clock_of(milliseconds).split(":")]
    seconds = sum(part * 60**place for place, part in enumerate(reversed(parts)))
    assert seconds == milliseconds // 1000


@given(st.text(st.sampled_from("![]()abc:resource \n*`<>\"'0x-"), max_size=80))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_texts_with_halves_of_media_are_drawn(app: Flask, text: str) -> None:
    with_media = f"![a](resource:b)\n\n{text} ![c](resource:d) {text}"
    for drawn in (str(render(with_media)), str(read(with_media).first)):
        assert "<img" not in drawn
        assert "<script" not in drawn


@pytest.mark.parametrize("turned", range(1, 9))
def test_photograph_lying_on_its_side_is_measured_as_it_is_shown(turned: int) -> None:
    tag = b"\x01\x12\x00\x03\x00\x00\x00\x01" + turned.to_bytes(2) + b"\0\0"
    exif = b"Exif\0\0MM\0\x2a\0\0\0\x08\0\x01" + tag + b"\0\0\0\0"
    size = b"\xff\xc0\x00\x0b\x08" + (40).to_bytes(2) + (60).to_bytes(2) + bytes(4)
    photograph = b"\xff\xd8\xff\xe1" + (len(exif) + 2).to_bytes(2) + exif + size
    assert measure(io.BytesIO(photograph), "image/jpeg") == ((40, 60) if turned > 4 else (60, 40))
