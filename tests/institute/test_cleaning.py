"""Clean copies: nothing in them tells who made the file, and what they show is what the file showed."""

from __future__ import annotations

import contextlib
import io
import zipfile
from collections.abc import Callable

import pikepdf
import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from institute.db import transaction
from institute.files import cleaning
from institute.files.checking import check
from institute.files.cleaners import choosing
from institute.files.cleaners.faults import UncleanError
from institute.files.kinds import FileKind
from institute.files.models import CleanState, StoredFile, StoredFileId
from institute.files.reading import open_file
from institute.files.storing import forget, store
from institute.jobs import worker
from institute.people.models import Institute
from tests import papers
from tests.institute import signed

DOCX = signed.office(
    signed.OPEN_XML, table_xlsx=signed.office(signed.OPEN_XML), object_bin=b"\xd0\xcf\x11\xe0" + signed.WHO
)
SIGNED: dict[str, tuple[FileKind, bytes]] = {
    "pdf": (FileKind.PDF, signed.pdf()),
    "docx": (FileKind.DOCX, DOCX),
    "odt": (FileKind.ODT, signed.office(signed.OPEN_DOCUMENT)),
    "jpg": (FileKind.JPEG, signed.jpeg()),
    "png": (FileKind.PNG, signed.png()),
    "webp": (FileKind.WEBP, signed.webp()),
    "heic": (FileKind.HEIC, signed.heic()),
    "mp4": (FileKind.MP4, signed.film()),
    "mov": (FileKind.MP4, signed.film(b"qt  ")),
    "webm": (FileKind.WEBM, signed.webm()),
    "webm as recorded": (FileKind.WEBM, signed.webm(endless=True)),
    "mp3": (FileKind.MP3, signed.mp3()),
}


def clean(data: bytes, kind: FileKind) -> bytes:
    """Return the clean bytes of a file."""
    target = io.BytesIO()
    choosing.clean(io.BytesIO(data), target, kind.media_type)
    return target.getvalue()


def spoken(data: bytes) -> bytes:
    """Return everything that a file says, what is packed in it too."""
    if data.startswith(b"%PDF"):
        plain = io.BytesIO()
        with pikepdf.open(io.BytesIO(data)) as file:
            texts = b"".join(
                str(thing).encode() for thing in file.objects if not isinstance(thing, pikepdf.Stream)
            )
            file.save(
                plain, stream_decode_level=pikepdf.StreamDecodeLevel.generalized, compress_streams=False
            )
        return plain.getvalue() + texts
    if data.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(data)) as file:
            return data + b"".join(name.encode() + spoken(file.read(name)) for name in file.namelist())
    return data


@pytest.mark.parametrize("case", SIGNED)
def test_clean_copy_names_nobody(case: str) -> None:
    kind, data = SIGNED[case]
    assert signed.WHO in spoken(data), "the file is signed to begin with"
    copy = spoken(clean(data, kind))
    for told in (signed.WHO, b"Ortega", b"Amina", signed.PLACE, signed.PLACE[:8]):
        assert told not in copy
    assert signed.NAME.encode("utf-16-be") not in copy


@pytest.mark.parametrize("case", SIGNED)
def test_clean_copy_is_a_whole_file_of_its_kind(app: Flask, case: str) -> None:
    kind, data = SIGNED[case]
    copy = clean(data, kind)
    with app.test_request_context():
        assert check(io.BytesIO(copy), name="x", kinds=frozenset(FileKind)).media_type == kind.media_type
    assert clean(copy, kind) == copy or kind is FileKind.PDF, "cleaned once is clean"


@pytest.mark.parametrize("name", papers.WHOLE)
def test_whatever_is_taken_can_be_cleaned(app: Flask, name: str) -> None:
    with app.test_request_context():
        taken = check(io.BytesIO(papers.WHOLE[name]), name=name)
        kind = next(kind for kind in FileKind if kind.media_type == taken.media_type)
        assert check(io.BytesIO(clean(papers.WHOLE[name], kind)), name=taken.name) == taken


def test_pictures_stay_as_they_were_and_the_right_way_up() -> None:
    jpeg = clean(signed.jpeg(), FileKind.JPEG)
    assert signed.jpeg_picture() in jpeg
    assert b"ICC_PROFILE" in jpeg
    assert b"\x01\x12\0\x03\0\0\0\x01\0\x06" in jpeg
    assert b"Exif" not in clean(signed.jpeg(orientation=1), FileKind.JPEG)
    assert b"\x01\x12\0\x03\0\0\0\x01\0\x08" in clean(signed.png(), FileKind.PNG)
    assert b"\x01\x12\0\x03\0\0\0\x01\0\x03" in clean(signed.webp(), FileKind.WEBP)
    assert b"\xaa" * 100 in clean(signed.heic(), FileKind.HEIC)


@pytest.mark.parametrize("case", ["mp4", "webm", "webm as recorded", "heic"])
def test_recordings_stay_where_they_were(case: str) -> None:
    kind, data = SIGNED[case]
    copy = clean(data, kind)
    assert len(copy) == len(data)
    shown = b"\xaa" * 100 if case == "heic" else signed.picture()
    assert copy.index(shown) == data.index(shown)


def test_sound_between_the_tags_is_all_that_is_left() -> None:
    assert clean(signed.mp3(), FileKind.MP3) == signed.mp3_frames()


def test_what_was_written_and_remarked_stays_and_each_author_is_told_from_the_other() -> None:
    with zipfile.ZipFile(io.BytesIO(clean(DOCX, FileKind.DOCX))) as file:
        comments, text = file.read("word/comments.xml").decode(), file.read("word/document.xml").decode()
        assert file.namelist()[:2] == ["[Content_Types].xml", "_rels/.rels"]
        assert "thumbnail" not in file.read("_rels/.rels").decode()
        assert signed.jpeg_picture() in file.read("word/media/image1.jpeg")
        assert not file.comment
    assert 'w:author="Author 1"' in comments
    assert '>Why author="x"?<' in comments, "text that looks like an attribute is text"
    assert comments.count("Author") == 2
    assert "What I learnt" in text


def test_pages_and_remarks_of_a_pdf_stay() -> None:
    with pikepdf.open(io.BytesIO(clean(signed.pdf(), FileKind.PDF))) as file:
        assert b"What I learnt" in file.pages[0].Contents.read_bytes()
        notes = list(file.pages[0].Annots)
        assert str(notes[0].Contents) == "A remark"
        assert "/T" not in notes[0]
        assert not file.attachments
        assert signed.jpeg_picture() in file.pages[0].Resources.XObject.Im0.read_raw_bytes()
        assert "/Metadata" not in file.Root
        assert "/Info" not in file.trailer


@given(
    kind=st.sampled_from([kind for kind, _ in SIGNED.values()]),
    place=st.floats(0, 1),
    spoilt=st.binary(min_size=1, max_size=40),
)
def test_damaged_files_are_cleaned_or_refused(kind: FileKind, place: float, spoilt: bytes) -> None:
    data = next(data for one, data in SIGNED.values() if one is kind)
    at = int(place * len(data))
    with contextlib.suppress(UncleanError):
        clean(data[:at] + spoilt + data[at + len(spoilt) :], kind)


def stored(institute: Institute, data: bytes, kind: FileKind) -> StoredFileId:
    """Store a file as a room does."""
    return store(
        data,
        institute_id=institute.id,
        name=f"{signed.NAME}{kind.suffixes[0]}",
        media_type=kind.media_type,
        owner_id=None,
    )


def test_worker_makes_the_copy_that_was_wished_for(
    app: Flask, institute: Institute, session: Session
) -> None:
    file_id = stored(institute, signed.pdf(), FileKind.PDF)
    assert cleaning.state_of(file_id) is None
    for _ in range(2):
        with transaction():
            cleaning.wish(file_id)
    assert (cleaning.clean_of(file_id), cleaning.state_of(file_id)) == (None, CleanState.WISHED)
    session.rollback()
    worker.run_once(app)
    clean_id = cleaning.clean_of(file_id)
    assert clean_id is not None
    row, data = open_file(clean_id, institute_id=institute.id)
    with data:
        assert signed.WHO not in spoken(data.read())
    assert (row.name, row.media_type, row.owner_id) == ("file.pdf", "application/pdf", None)
    assert cleaning.clean_copy(file_id) == clean_id, "once is enough"


def test_what_cannot_be_cleaned_has_no_copy(app: Flask, institute: Institute, session: Session) -> None:
    file_id = stored(institute, b"no picture at all", FileKind.JPEG)
    with transaction():
        cleaning.wish(file_id)
    worker.run_once(app)
    assert (cleaning.clean_of(file_id), cleaning.state_of(file_id)) == (None, CleanState.FAILED)


def test_copy_goes_with_its_file(
    app: Flask, institute: Institute, session: Session, make_institute: Callable[..., Institute]
) -> None:
    file_id, other = (
        stored(institute, signed.jpeg(), FileKind.JPEG),
        stored(institute, signed.png(), FileKind.PNG),
    )
    with transaction():
        cleaning.wish(file_id)
        cleaning.wish(other)
    worker.run_once(app)
    with transaction():
        forget(file_id, institute_id=institute.id)
    assert cleaning.state_of(file_id) is None
    assert {row.media_type for row in session.query(StoredFile)} == {"image/png"}
    assert session.query(StoredFile).count() == 2
