"""Files of resources: judged by what they hold, refused with what to do, sent so that nothing of them acts."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from courses.library.drafts import ResourceDraft
from courses.library.models import ResourceKind
from institute.files.checking import LARGEST_FILE
from tests import papers
from tests.browsing import Visitor
from tests.courses.library import media
from tests.courses.library.conftest import MakeResource, sources, text_of, upload

SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
BROKEN_VTT = {
    b"Just words": "Line 1 of “\u2068a.vtt\u2069” is not as WebVTT wants it: the first line must be WEBVTT.",
    b"WEBVTT\n\n": "there is no caption in it.",
    b"WEBVTT\n\n00:01 --> 00:02\nHello": "Line 3 of",
    b"WEBVTT\n\n00:00:05.000 --> 00:00:04.000\nHello": "the caption ends before it begins.",
    b"WEBVTT\n\nHello": "no time stands above this text.",
    b"WEBVTT\n\n00:02.000 --> 00:03.000\na\n\n00:01.000 --> 00:04.000\nb": "Line 6 of",
    b"WEBVTT\n\n00:02.000 --> 00:03.000\na\n00:04.000 --> 00:05.000\nb": "an empty line is missing",
    b"WEBVTT\n\n00:02.000 --> 00:03.000\n\xe9t\xe9": "does not hold captions",
    b"1\n00:00:01,000 --> 00:00:02,000\nSubRip": "the first line must be WEBVTT.",
}


@dataclass(frozen=True)
class Sent:
    """A file for a resource of a kind, and what the page says of it then."""

    kind: ResourceKind
    data: bytes
    name: str
    said: str


@pytest.mark.parametrize(
    "sent",
    [
        Sent(ResourceKind.VIDEO, media.mp4(640, 360), "a.mp4", 'width="640" height="360"'),
        Sent(ResourceKind.VIDEO, media.webm(320, 180), "a.webm", 'width="320" height="180"'),
        Sent(ResourceKind.VIDEO, media.mp4(), "film.of.the.day", 'type="video/mp4"'),
        Sent(ResourceKind.AUDIO, media.mp3(), "a.mp3", "<audio controls"),
        Sent(ResourceKind.AUDIO, media.m4a(), "a.m4a", 'type="audio/mp4"'),
        Sent(ResourceKind.IMAGE, media.png(31, 17), "a.png", 'width="31" height="17"'),
        Sent(ResourceKind.IMAGE, papers.jpeg(), "a.jpg", "<img"),
        Sent(ResourceKind.IMAGE, papers.webp(), "a.webp", "<img"),
        Sent(ResourceKind.DOCUMENT, papers.pdf(), "a.pdf", "Download ("),
        Sent(ResourceKind.RUBRIC, papers.office(), "a.docx", "Download ("),
    ],
)
def test_file_of_the_kind_is_taken_and_shown(
    author: Visitor, reader: Visitor, make_resource: MakeResource, sent: Sent
) -> None:
    make_resource("thing", kind=sent.kind)
    assert upload(author, "thing", sent.data, sent.name).status_code == 303
    page = reader.get("/participant/library/thing")
    assert sent.said in page.get_data(as_text=True)
    assert "autoplay" not in page.get_data(as_text=True)
    address = (sources(page) or sources(page, "href"))[0]
    assert reader.get(address).data == sent.data


@pytest.mark.parametrize(
    "sent",
    [
        Sent(ResourceKind.IMAGE, SVG, "a.svg", "Save it as PNG, JPEG or WebP."),
        Sent(ResourceKind.IMAGE, SVG, "a.png", "Save it as PNG, JPEG or WebP."),
        Sent(ResourceKind.IMAGE, papers.heic(), "a.heic", "Save it as PNG, JPEG or WebP."),
        Sent(ResourceKind.IMAGE, media.png()[:-6], "a.png", "is damaged or its end is missing"),
        Sent(ResourceKind.VIDEO, b"MZ\x90" + bytes(500), "a.mp4", "Save it as MP4 or WebM."),
        Sent(ResourceKind.VIDEO, papers.pdf(), "a.mp4", "Save it as MP4 or WebM."),
        Sent(ResourceKind.VIDEO, media.mp4()[:-20], "a.mp4", "is damaged or its end is missing"),
        Sent(ResourceKind.VIDEO, media.m4a(), "a.mp4", "Save it as MP4 or WebM."),
        Sent(
            ResourceKind.VIDEO, b"\x1a\x45\xdf\xa3" + bytes(90), "a.webm", "is damaged or its end is missing"
        ),
        Sent(ResourceKind.AUDIO, media.mp4(), "a.mp3", "Save it as MP3 or M4A."),
        Sent(ResourceKind.AUDIO, b"ID3" + bytes(900), "a.mp3", "is damaged or its end is missing"),
        Sent(
            ResourceKind.DOCUMENT,
            b"<!DOCTYPE html><script>alert(1)</script>",
            "a.html",
            "of a kind that is not taken",
        ),
        Sent(ResourceKind.DOCUMENT, b"<html>", "a.txt", "of a kind that is not taken"),
        Sent(ResourceKind.DOCUMENT, media.mp4(), "a.pdf", "of a kind that is not taken"),
        Sent(ResourceKind.DOCUMENT, b"", "a.pdf", "is empty"),
        Sent(ResourceKind.DOCUMENT, b"a" * (LARGEST_FILE + 1), "a.txt", "larger than 25 MB"),
        Sent(ResourceKind.IMAGE, media.png() + b"a" * (11 * 1024 * 1024), "a.png", "larger than 10 MB"),
        Sent(ResourceKind.VIDEO, b"a" * (LARGEST_FILE + 1), "a.mp4", "Save it as MP4 or WebM."),
    ],
)
def test_file_whose_name_lies_about_its_content_is_refused_beside_its_field(
    author: Visitor, make_resource: MakeResource, sent: Sent
) -> None:
    make_resource("thing", kind=sent.kind)
    answer = upload(author, "thing", sent.data, sent.name)
    assert answer.status_code == 422
    assert text_of(answer).count(sent.said) == 2  # in the summary and beside the field
    assert 'aria-invalid="true"' in answer.get_data(as_text=True)


def test_limit_is_said_before_anything_is_sent(author: Visitor, make_resource: MakeResource) -> None:
    make_resource("film", kind=ResourceKind.VIDEO)
    page = author.get("/author/library/film/edit")
    assert "MP4 (H.264) or WebM, up to 200 MB." in text_of(page)
    assert f'data-largest="{200 * 1024 * 1024}"' in page.get_data(as_text=True)
    assert 'accept=".mp4,.m4v,.mov,.webm"' in page.get_data(as_text=True)


@pytest.mark.parametrize("data", BROKEN_VTT)
def test_broken_captions_are_refused_with_the_line(author: Visitor, film: ResourceDraft, data: bytes) -> None:
    answer = upload(author, "first-session", data, "a.vtt", purpose="captions")
    assert answer.status_code == 422
    assert BROKEN_VTT[data] in text_of(answer)


@pytest.mark.parametrize("locale", ["", "xx", "\0", "en es"])
def test_language_that_the_institute_has_not_is_refused(
    author: Visitor, film: ResourceDraft, locale: str
) -> None:
    answer = upload(author, "first-session", media.VTT, "a.vtt", purpose="captions", locale=locale)
    assert answer.status_code == 422
    assert "Choose the language of the file." in text_of(answer)


def test_form_without_a_file_says_so(author: Visitor, film: ResourceDraft) -> None:
    answer = author.post("/author/library/first-session/files", {"locale": "en"})
    assert answer.status_code == 422
    assert "Choose a file first." in text_of(answer)


def test_recording_is_sent_in_parts_and_sandboxed(reader: Visitor, film: ResourceDraft) -> None:
    address = sources(reader.get("/participant/library/first-session"))[0]
    whole = reader.get(address)
    assert whole.data == media.mp4()
    assert whole.headers["Content-Type"] == "video/mp4"
    assert whole.headers["Accept-Ranges"] == "bytes"
    assert whole.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in whole.headers["Content-Security-Policy"]
    part = reader.get(address, headers={"Range": "bytes=4-7"})
    assert (part.status_code, part.data) == (206, b"ftyp")
    assert reader.get(address, headers={"Range": "bytes=99999999-"}).status_code == 416
    assert reader.get(address, headers={"If-None-Match": whole.headers["ETag"]}).status_code == 304
    saved = reader.get(f"{address}?download=1")
    assert saved.headers["Content-Disposition"].startswith("attachment")


def test_captions_stand_with_the_recording_in_the_reader_s_language_first(
    reader: Visitor, film: ResourceDraft
) -> None:
    page = reader.get("/participant/library/first-session")
    html = page.get_data(as_text=True)
    assert html.index('srclang="en" label="English" default') < html.index('srclang="es" label="Español">')
    assert "Transcript (English) · Transcript (Spanish)" in text_of(page)
    spanish = reader.get("/participant/library/first-session?lang=es").get_data(as_text=True)
    assert "srclang" in spanish
    captions = [reader.get(address) for address in sources(page)[1:]]
    assert [one.headers["Content-Type"] for one in captions] == ["text/vtt; charset=utf-8"] * 2


def test_transcript_says_who_speaks_and_when(reader: Visitor, film: ResourceDraft) -> None:
    html = reader.get("/participant/library/first-session").get_data(as_text=True)
    address = html.split("<figcaption>")[1].split('href="')[1].split('"')[0]
    page = text_of(reader.get(address))
    assert "0:01 Amina: What made it possible?" in page
    assert "0:04 Lucía: We asked the families & listened." in page
    assert reader.get(address.replace("transcript", "files")).status_code == 200
    film_address = sources(reader.get("/participant/library/first-session"))[0]
    assert reader.get(film_address.replace("files", "transcript")).status_code == 404


def test_file_of_one_resource_is_not_there_under_another(
    reader: Visitor, make_resource: MakeResource, film: ResourceDraft
) -> None:
    make_resource("other")
    address = sources(reader.get("/participant/library/first-session"))[0]
    assert reader.get(address.replace("first-session", "other")).status_code == 404
    assert reader.get(address.replace("first-session", "nothing")).status_code == 404
