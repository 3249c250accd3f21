"""Files that are handed in: judged by what is in them, and refused with a sentence that names them."""

from __future__ import annotations

import contextlib
import io
import zipfile

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from institute.files.checking import (
    LARGEST_FILE,
    CheckedFile,
    FileEmptyError,
    FileIncompleteError,
    FileLockedError,
    FileRefusedError,
    FileSwellingError,
    FileTooLargeError,
    FileTypeError,
    check,
)
from institute.files.kinds import MEDIA
from tests import papers
from tests.institute import signed

KINDS = {
    "pdf": "application/pdf",
    "txt": "text/plain",
    "md": "text/markdown",
    "png": "image/png",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "webp": "image/webp",
    "heic": "image/heic",
}
MACROS = {"[Content_Types].xml": b"<Types macroEnabled/>", "word/document.xml": b"<d/>"}
COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)
ENCRYPTED_OFFICE = COMPOUND + "EncryptedPackage".encode("utf-16-le") + bytes(600)
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'

REFUSED: list[tuple[str, bytes, type[FileRefusedError]]] = [
    ("empty.pdf", b"", FileEmptyError),
    ("large.txt", b"a" * (LARGEST_FILE + 1), FileTooLargeError),
    ("half.pdf", papers.pdf()[:-30], FileIncompleteError),
    ("half.docx", papers.office()[:-60], FileIncompleteError),
    ("damaged.docx", papers.damaged(papers.office(), 0.35), FileIncompleteError),
    ("half.odt", papers.office("odt")[:200], FileIncompleteError),
    ("half.png", papers.png()[:-6], FileIncompleteError),
    ("damaged.png", papers.damaged(papers.png(), 0.6), FileIncompleteError),
    ("half.jpg", papers.jpeg()[:-2], FileIncompleteError),
    ("only-thumbnail.jpg", papers.jpeg(thumbnail=True)[:100], FileIncompleteError),
    ("half.webp", papers.webp()[:-3], FileIncompleteError),
    ("half.heic", papers.heic()[:-30], FileIncompleteError),
    ("secret.pdf", papers.pdf(password="open sesame"), FileLockedError),
    ("secret.docx", ENCRYPTED_OFFICE, FileLockedError),
    ("secret.odt", papers.locked_archive(), FileLockedError),
    ("bomb.docx", papers.swelling(), FileSwellingError),
    ("old.doc", COMPOUND, FileTypeError),
    ("macros.docx", papers.archive(MACROS), FileTypeError),
    ("archive.zip", papers.archive({"a.txt": b"a"}), FileTypeError),
    ("program.exe", b"MZ\x90\x00" + bytes(200), FileTypeError),
    ("program.pdf", b"MZ\x90\x00" + bytes(200), FileTypeError),
    ("page.html", b"<!DOCTYPE html><script>alert(1)</script>", FileTypeError),
    ("page.txt", b"\n <html><script>alert(1)</script>", FileTypeError),
    ("drawing.svg", SVG, FileTypeError),
    ("drawing.txt", SVG, FileTypeError),
    ("script.txt", b"#!/bin/sh\n", FileTypeError),
    ("table.csv", b"=1+1;2\n", FileTypeError),
    ("animation.gif", b"GIF89a" + bytes(50), FileTypeError),
    ("film.mp4", b"\0\0\0\x18ftypisom" + bytes(50), FileTypeError),
    ("utf16.txt", "Notizen".encode("utf-16"), FileTypeError),
    ("latin.txt", "Größe".encode("latin-1"), FileTypeError),
    ("zeros.txt", b"abc\0def", FileTypeError),
    ("noname", b"Just text", FileTypeError),
]


@pytest.mark.parametrize("name", papers.WHOLE)
def test_documents_and_pictures_are_taken(app: Flask, name: str) -> None:
    data = io.BytesIO(papers.WHOLE[name])
    checked = check(data, name=name)
    suffix = name.rpartition(".")[2].lower()
    assert checked.name == name
    assert checked.media_type == KINDS.get(suffix, checked.media_type)
    assert data.tell() == 0


@pytest.mark.parametrize(("name", "data", "refusal"), REFUSED, ids=[one[0] for one in REFUSED])
def test_what_is_not_taken_is_refused_by_a_sentence_that_names_it(
    app: Flask, name: str, data: bytes, refusal: type[FileRefusedError]
) -> None:
    with app.test_request_context(), pytest.raises(FileRefusedError) as caught:
        check(io.BytesIO(data), name=name)
    assert type(caught.value) is refusal
    with app.test_request_context():
        assert f"\u2068{name}\u2069" in caught.value.text
        assert caught.value.text.count(".") > 1, "it says what to do as well"


def test_name_gets_the_ending_of_what_is_in_the_file(app: Flask) -> None:
    assert check(io.BytesIO(papers.pdf()), name="plan.exe") == CheckedFile("plan.exe.pdf", "application/pdf")
    assert check(io.BytesIO(papers.png()), name="drawing.svg").name == "drawing.svg.png"
    assert check(io.BytesIO(papers.jpeg()), name="IMG_0001").name == "IMG_0001.jpg"


@pytest.mark.parametrize(
    "name", ["plan.docx", "board.png", "board.jpg", "board.webp", "board.heic", "plan.pdf"]
)
def test_no_shortened_file_is_taken_for_a_whole_one(app: Flask, name: str) -> None:
    whole = papers.WHOLE[name]
    for end in range(1, len(whole), 7):
        with app.test_request_context(), pytest.raises(FileRefusedError):
            check(io.BytesIO(whole[:end]), name=name)


@given(data=st.binary(min_size=1, max_size=600), mark=st.sampled_from([b"", b"PK\x03\x04", b"\xff\xd8\xff", b"%PDF-",
       b"\x89PNG\r\n\x1a\n", b"RIFF....WEBP", b"\0\0\0\x18ftypheic"]))  # fmt: skip
def test_whatever_bytes_come_they_are_taken_or_refused(data: bytes, mark: bytes) -> None:
    with contextlib.suppress(FileRefusedError):
        assert check(io.BytesIO(mark + data), name="file.txt").media_type


def test_an_archive_whose_packing_is_damaged_is_refused_like_any_other(app: Flask) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_LZMA) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>" * 50)
    damaged = bytearray(packed.getvalue())
    place = damaged.index(b"[Content_Types].xml") + len(b"[Content_Types].xml")
    damaged[place + 10 : place + 30] = b"\xff" * 20
    with app.test_request_context(), pytest.raises(FileIncompleteError):
        check(io.BytesIO(damaged), name="plan.docx")


def test_an_archive_that_says_at_endless_length_what_it_is_is_not_read(app: Flask) -> None:
    parts = {"[Content_Types].xml": b"<Types/>" + b" " * 9_000_000, "word/document.xml": b"<w/>"}
    with app.test_request_context(), pytest.raises(FileSwellingError):
        check(io.BytesIO(papers.archive(parts)), name="plan.docx")


def test_what_a_phone_records_is_taken_under_its_own_name() -> None:
    checked = check(io.BytesIO(signed.film(b"qt  ")), name="IMG_0042.MOV", kinds=MEDIA)
    assert (checked.name, checked.media_type) == ("IMG_0042.MOV", "video/mp4")
