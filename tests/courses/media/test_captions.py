"""Captions: WebVTT that is read before it is taken, told by its line where it is wrong."""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select

from courses.media.captioning import masked, take_captions
from courses.media.models import Caption
from institute.db import db
from institute.files.models import StoredFile
from tests.courses.media.conftest import Showing, film

CAPTIONS = b"""WEBVTT

00:00:00.000 --> 00:00:00.500
<v Luc\xc3\xada Ortega>Good morning, I am Luc\xc3\xada.

00:00:00.600 --> 00:00:01.000
Who begins?
"""


def _put(showing: Showing, clip_id: int, data: bytes, **form: str) -> tuple[int, str]:
    fields = {"locale": "en", "captions": (io.BytesIO(data), "talk.vtt"), **form}
    with showing.act(clip_id, "captions", **fields) as answer:
        return answer.status_code, answer.get_data(as_text=True)


def test_captions_come_with_the_recording(showing: Showing) -> None:
    clip_id = showing.alone()
    assert _put(showing, clip_id, CAPTIONS)[0] == 303
    caption_id = db.session.scalars(select(Caption.id)).one()
    page = showing.coach.get(f"/coach/media/clips/{clip_id}").text
    assert 'kind="captions"' in page
    answer = showing.coach.get(f"/coach{showing.files(clip_id, f'captions/{caption_id}')}")
    assert (answer.status_code, answer.mimetype, answer.data) == (200, "text/vtt", CAPTIONS)


def test_newer_captions_of_a_language_take_the_place_of_the_old_and_can_be_removed(showing: Showing) -> None:
    clip_id = showing.add()
    for data in (CAPTIONS, CAPTIONS.replace(b"begins", b"starts")):
        _put(showing, clip_id, data)
    (caption_id,) = db.session.scalars(select(Caption.id)).all()
    assert showing.act(clip_id, f"captions/{caption_id}/remove").status_code == 303
    assert showing.act(clip_id, f"captions/{caption_id}/remove").status_code == 404
    assert db.session.scalars(select(Caption.id)).all() == []


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"00:01.000 --> 00:02.000\nHi\n", "Line 1: the first line must be WEBVTT."),
        (b"WEBVTT\n\n00:02.000 --> 00:01.000\nHi\n", "Line 3: the caption ends before it begins."),
        (b"WEBVTT\n\nHi\n", "Line 3"),
        (b"WEBVTT\n\n00:01.000 --> 00:02.000\n\xff\n", "Line 4: it is not UTF-8."),
        (b"WEBVTT\n", "there is no caption in it."),
        (b"", "is empty"),
    ],
)
def test_broken_captions_are_refused_with_the_line_that_is_wrong(
    showing: Showing, data: bytes, said: str
) -> None:
    clip_id = showing.add()
    status, page = _put(showing, clip_id, data)
    assert status == 422
    assert said in page
    assert db.session.scalars(select(Caption.id)).all() == []


def test_captions_of_more_than_two_megabytes_are_not_read(app: Flask) -> None:
    refused = take_captions([("talk.vtt", io.BytesIO(b"WEBVTT\n\n" + b"x" * 3_000_000))]).refused
    assert refused is not None
    assert "is larger than 2 MB" in refused.text


def test_captions_need_a_file_and_a_language(showing: Showing) -> None:
    clip_id = showing.add()
    assert showing.act(clip_id, "captions", locale="en").status_code == 422
    assert _put(showing, clip_id, CAPTIONS, locale="tlh")[0] == 422


def test_the_blind_read_captions_without_names_or_who_speaks(showing: Showing) -> None:
    clip_id = showing.add()
    _put(showing, clip_id, CAPTIONS)
    file = db.session.scalars(select(StoredFile).join(Caption, Caption.file_id == StoredFile.id)).one()
    said = masked(file, lambda text: text.replace("Lucía", "▮")).decode()
    assert "Luc" not in said
    assert "00:00:00.600 --> 00:00:01.000\nWho begins?" in said


def test_nobody_captions_another_participants_clip(
    showing: Showing, make_showing: Callable[..., Showing]
) -> None:
    clip_id = showing.add()
    other = make_showing("Amina Haddad")
    other.add(film(mark=b"hers"))
    assert _put(other, clip_id, CAPTIONS)[0] == 404
