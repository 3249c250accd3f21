"""Clips: added once, described, removed with what belongs to them alone."""

from __future__ import annotations

import io
from functools import partial

import pytest
from sqlalchemy import func, select

from courses.media.clips import receive
from courses.media.models import Caption, DocumentPage, MediaComment, Medium
from institute.actors import Actor
from institute.db import db, transaction
from institute.files.models import StoredFile
from institute.files.storing import store
from institute.jobs import worker
from tests.courses.library.media import VTT, webm
from tests.courses.media.conftest import Showing, film
from tests.courses.media.test_comments import pages


def test_the_same_recording_is_one_clip(showing: Showing) -> None:
    assert showing.add(title="One") == showing.add(title="Two")
    assert showing.clip(1).title == "Two"


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("film.mp4", film()[:-2000], "damaged"),
        ("film.mp4", b"", "is empty"),
        ("film.mp4", b"<script>alert(1)</script>", "is of a kind that is not taken"),
        ("notes.txt", b"Notes", "is of a kind that is not taken"),
        ("film.mp4", None, "Choose a video"),
    ],
)
def test_a_file_that_is_not_taken_is_named_and_what_was_typed_stays(
    showing: Showing, name: str, data: bytes | None, said: str
) -> None:
    form: dict[str, object] = {"title": "Our meeting", "about": "Families."}
    if data is not None:
        form["file"] = (io.BytesIO(data), name)
    answer = showing.person.post("/participant/media/new", form)
    assert answer.status_code == 422
    assert said in answer.text
    assert "Our meeting" in answer.text


@pytest.mark.parametrize("form", [{"title": ""}, {"title": "x" * 201}, {"title": "A", "about": "x" * 4001}])
def test_a_clip_is_described_within_bounds(showing: Showing, form: dict[str, str]) -> None:
    clip_id = showing.add()
    assert showing.act(clip_id, "words", **form).status_code == 422
    assert showing.act(clip_id, "words", title="B", about="A talk\0").status_code == 303
    assert (showing.clip(clip_id).title, showing.clip(clip_id).about) == ("B", "A talk")


def test_a_removed_clip_leaves_nothing_but_what_the_people_in_it_said(showing: Showing) -> None:
    clip_id, _ = showing.shared()
    showing.caption(clip_id, VTT)
    showing.say(showing.coach, clip_id)
    (said,) = showing.comments()
    showing.person.post(
        f"/participant{showing.files(clip_id, f'comments/{said.id}/answers')}", {"text": "Yes."}
    )
    assert showing.act(clip_id, "remove").status_code == 303
    assert showing.clip(clip_id).file_id is None
    for table in (Caption, MediaComment, StoredFile):
        assert db.session.scalar(select(func.count()).select_from(table)) == 0
    assert showing.states(clip_id) == ["given"]
    assert showing.person.get(f"/participant/media/clips/{clip_id}").status_code == 404
    assert showing.coach.get(f"/coach/media/clips/{clip_id}").status_code == 404


def test_a_removed_document_takes_its_pages_along(showing: Showing) -> None:
    clip_id = showing.add(pages(), name="agenda.pdf")
    worker.run_once(showing.app)
    assert showing.act(clip_id, "remove").status_code == 303
    assert db.session.scalar(select(func.count()).select_from(DocumentPage)) == 0


def test_a_recording_of_a_draft_becomes_a_clip_with_a_row_of_its_own(showing: Showing) -> None:
    clip = showing.clip(showing.add())
    actor = Actor(institute_id=clip.institute_id, person_id=showing.person_id)
    keep = partial(store, institute_id=clip.institute_id, owner_id=showing.person_id)
    same = keep(film(), name="again.mp4", media_type="video/mp4")
    other = keep(webm() + b"\0", name="other.webm", media_type="video/webm")
    with transaction() as session:
        found = [
            receive(session.get_one(StoredFile, file_id), showing.enrolment_id, actor=actor)
            for file_id in (same, other, other)
        ]
    assert found == [clip.id, clip.id + 1, clip.id + 1]
    made = showing.clip(found[1])
    assert (made.medium, made.file_id != other) == (Medium.VIDEO, True)
