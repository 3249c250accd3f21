"""Comments in time and on pages: where they may stand, who reads them, who answers."""

from __future__ import annotations

import io
from collections.abc import Callable

import pikepdf
import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from courses.media import comments, places
from courses.media import showing as shown
from courses.media.models import CommentKind, DocumentPages, PagesState, Speaker
from courses.media.places import Sight
from courses.media.timing import read_clock
from institute.actors import Actor, PersonId, Role
from institute.db import db
from institute.files.models import StoredFile
from institute.jobs import worker
from institute.people.models import Person
from tests.browsing import Visitor
from tests.courses.media.conftest import Showing, film


def pages(count: int = 3) -> bytes:
    """Return a PDF of so many pages."""
    file = pikepdf.new()
    for number in range(count):
        file.add_blank_page(page_size=(595 + number, 842))
    kept = io.BytesIO()
    file.save(kept)
    return kept.getvalue()


def test_a_coach_comments_at_the_second_and_the_participant_answers(showing: Showing) -> None:
    clip_id = showing.alone()
    answer = showing.say(showing.coach, clip_id, at="0:12", kind="question", text="What did you hear?")
    assert answer.status_code == 303
    (said,) = showing.comments()
    assert (said.at_ms, said.kind, said.role) == (12_000, CommentKind.QUESTION, Speaker.COACH)
    below = showing.files(clip_id, f"comments/{said.id}/answers")
    assert showing.person.post(f"/participant{below}", {"text": "That she was tired."}).status_code == 303
    for visitor, area in ((showing.person, "participant"), (showing.coach, "coach")):
        page = visitor.get(f"/{area}/media/clips/{clip_id}").text
        assert "What did you hear?" in page
        assert "That she was tired." in page
        assert 'data-at="12"' in page


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({"at": "1:01"}, "The recording ends at 1:00."),
        ({"at": "99999999999999999999"}, "Write the time"),
        ({"at": "5:61"}, "Write the time"),
        ({"at": "-1"}, "Write the time"),
        ({"at": ""}, "Write the time"),
        ({"at": "١:٠٢"}, "Write the time"),
        ({"text": " \u2028 "}, "Write what you want to say."),
        ({"text": "x" * 4001}, "4001 characters"),
        ({"kind": "praise"}, "Say what it is"),
        ({"page": "1"}, "not ready yet"),
    ],
)
def test_a_comment_that_stands_nowhere_or_says_nothing_is_given_back(
    showing: Showing, form: dict[str, str], said: str
) -> None:
    clip_id = showing.alone()
    answer = showing.say(showing.coach, clip_id, **form)
    assert answer.status_code == (409 if "page" in form else 422)
    assert said in answer.text
    if "text" not in form:
        assert "You wait." in answer.text
    assert showing.comments() == []


def test_the_last_instant_is_within_the_recording(showing: Showing) -> None:
    clip_id = showing.alone()
    assert showing.say(showing.coach, clip_id, at="60.0").status_code == 303


def test_the_script_gets_the_players_part_alone(showing: Showing) -> None:
    clip_id = showing.alone()
    answer = showing.say(showing.coach, clip_id, part="1")
    assert (answer.status_code, "<html" in answer.text) == (200, False)
    assert "You wait." in answer.text
    wrong = showing.say(showing.coach, clip_id, part="1", at="1:01")
    assert (wrong.status_code, "The recording ends at" in wrong.text) == (422, True)


def test_a_comment_is_taken_back_by_its_author_until_it_is_answered(showing: Showing) -> None:
    clip_id = showing.alone()
    for text in ("One.", "Two."):
        showing.say(showing.coach, clip_id, text=text)
    first, second = showing.comments()
    path = showing.files(clip_id, "comments")
    assert showing.person.post(f"/participant{path}/{first.id}/remove").status_code == 404
    showing.person.post(f"/participant{path}/{first.id}/answers", {"text": "Yes."})
    assert showing.coach.post(f"/coach{path}/{first.id}/remove").status_code == 409
    assert showing.coach.post(f"/coach{path}/{second.id}/remove").status_code == 303
    assert [one.text for one in showing.comments()] == ["One.", "Yes."]


def test_only_todays_coach_sees_what_is_shown_to_them(
    showing: Showing, make_showing: Callable[..., Showing]
) -> None:
    clip_id, hers = showing.alone(), make_showing("Amina Haddad")
    hers.alone(film(mark=b"hers"))
    for area, visitor in (("coach", hers.coach), ("participant", hers.person)):
        assert visitor.get(f"/{area}/media/clips/{clip_id}").status_code == 404
        assert visitor.get(f"/{area}{showing.files(clip_id)}").status_code == 404
        assert hers.say(visitor, clip_id).status_code == 404
    assert hers.coach.get(f"/coach/media/{showing.enrolment_id}").status_code == 404
    showing.act(clip_id, "share", shared="0")
    assert showing.coach.get(f"/coach/media/clips/{clip_id}").status_code == 404
    assert showing.coach.get(f"/coach{showing.files(clip_id)}").status_code == 404


def test_a_file_is_not_reached_by_the_number_of_another_clip(showing: Showing) -> None:
    one, other = showing.alone(), showing.alone(film(mark=b"two"))
    wrong = f"/coach/media/files/clip/{one}/{showing.clip(other).file_id}/stream"
    assert showing.coach.get(wrong).status_code == 404
    assert showing.coach.get(wrong.replace("clip/", "nowhere/")).status_code == 404


def test_a_recording_is_sent_in_parts(showing: Showing) -> None:
    clip_id = showing.alone()
    answer = showing.coach.get(f"/coach{showing.files(clip_id)}", headers={"Range": "bytes=4-7"})
    assert (answer.status_code, answer.data, answer.mimetype) == (206, b"ftyp", "video/mp4")
    assert answer.headers["Content-Disposition"].startswith("inline")


def test_pages_of_a_document_are_drawn_by_the_worker_and_take_comments(showing: Showing) -> None:
    clip_id = showing.add(pages(), name="agenda.pdf")
    assert showing.act(clip_id, "share", shared="1").status_code == 303
    assert "being prepared" in showing.person.get(f"/participant/media/clips/{clip_id}").text
    worker.run_once(showing.app)
    for number, status in ((1, 200), (3, 200), (4, 404), (0, 404), (10**30, 404)):
        assert showing.coach.get(f"/coach{showing.files(clip_id, f'pages/{number}')}").status_code == status
    assert showing.say(showing.coach, clip_id, page="2", text="Who decides?").status_code == 303
    for beyond in ("4", "0", "x", "9" * 30):
        answer = showing.say(showing.coach, clip_id, page=beyond)
        assert (answer.status_code, "The document has 3 pages" in answer.text) == (422, True)
    page = showing.person.get(f"/participant/media/clips/{clip_id}").text
    assert page.index('id="page-2"') < page.index("Who decides?") < page.index('id="page-3"')


def test_a_document_that_cannot_be_drawn_says_so(showing: Showing) -> None:
    broken = b"%PDF-1.7\n1 0 obj <</Type /Nothing>> endobj\nstartxref\n9\n%%EOF\n"
    clip_id = showing.add(broken, name="broken.pdf")
    worker.run_once(showing.app)
    assert "cannot be drawn" in showing.person.get(f"/participant/media/clips/{clip_id}").text
    row = db.session.get_one(DocumentPages, showing.clip(clip_id).file_id)
    assert (row.state, row.count) == (PagesState.FAILED, None)


@pytest.fixture
def rated(
    app: Flask, showing: Showing, make_person: Callable[..., Person], sign_in: Callable[..., Visitor]
) -> tuple[Showing, int, dict[int, Person]]:
    """A clip that two people score, each by a task of their own, with a comment each."""
    clip_id = showing.alone()
    file = db.session.get_one(StoredFile, showing.clip(clip_id).file_id)
    raters = {7: make_person(name="Grace Kim"), 8: make_person(name="Tomás Rivera")}
    for task_id, person in raters.items():
        actor = Actor(institute_id=person.institute_id, person_id=PersonId(person.id))
        sight = Sight(file, "video-1.mp4", "/trainer/", speaker=Speaker.RATER, task_id=task_id)
        comments.comment(
            sight, f"Seen by task {task_id}.", kind="strength", actor=actor, at_ms=task_id * 1000
        )
    return showing, clip_id, raters


def _reads(showing: Showing, clip_id: int, **sight: object) -> list[tuple[str, int | None, str]]:
    file = db.session.get_one(StoredFile, showing.clip(clip_id).file_id)
    actor = Actor(institute_id=file.institute_id, person_id=showing.person_id)
    place = Sight(file, "video-1.mp4", "/", **sight)  # type: ignore[arg-type]
    return [(one.text, one.reader, one.who) for one in shown.comments_at(place, actor=actor)]


def test_what_raters_say_is_read_by_nobody_else_until_it_is_released(
    rated: tuple[Showing, int, dict[int, Person]],
) -> None:
    showing, clip_id, _ = rated
    showing.say(showing.coach, clip_id, text="From the coach.")
    assert [one[0] for one in _reads(showing, clip_id, coaching=True)] == ["From the coach."]
    assert _reads(showing, clip_id, released=True) == []
    assert _reads(showing, clip_id, task_id=7) == [("Seen by task 7.", None, "")]
    both = _reads(showing, clip_id, task_id=9, reads=frozenset({7, 8}))
    assert [one[0] for one in both] == ["Seen by task 7.", "Seen by task 8."]
    for visitor, area in ((showing.person, "participant"), (showing.coach, "coach")):
        assert "Seen by task" not in visitor.get(f"/{area}/media/clips/{clip_id}").text


def test_released_comments_come_from_numbered_readers_without_names(
    rated: tuple[Showing, int, dict[int, Person]],
) -> None:
    showing, clip_id, _ = rated
    institute_id = showing.clip(clip_id).institute_id
    for _ in range(2):  # what is released keeps its number
        comments.release([8, 7], institute_id=institute_id)
    assert _reads(showing, clip_id, released=True) == [("Seen by task 7.", 2, ""), ("Seen by task 8.", 1, "")]


def test_a_place_that_a_room_provides_shows_its_files_to_raters(
    rated: tuple[Showing, int, dict[int, Person]], sign_in: Callable[..., Visitor]
) -> None:
    showing, clip_id, raters = rated
    file_id = showing.clip(clip_id).file_id
    allowed = {task_id: int(person.id) for task_id, person in raters.items()}

    def find(actor: Actor, key: int, wanted: int) -> Sight | None:
        if allowed.get(key) != actor.person_id or wanted != file_id:
            return None
        file = db.session.get_one(StoredFile, file_id)
        return Sight(file, "video-1.mp4", "/trainer/scoring/7", speaker=Speaker.RATER, task_id=key)

    places.provide(showing.app, Role.TRAINER, "task", find)
    grace = sign_in(raters[7], roles=[Role.TRAINER])
    db.session.rollback()
    path = f"/trainer/media/files/task/7/{file_id}"
    sent = grace.get(f"{path}/stream")
    assert (sent.status_code, "video-1.mp4" in sent.headers["Content-Disposition"]) == (200, True)
    said = grace.post(f"{path}/comments", {"at": "0:30", "kind": "question", "text": "Why?"})
    assert (said.status_code, said.location.startswith("/trainer/scoring/7#comment-")) == (303, True)
    assert grace.get(f"/trainer/media/files/task/8/{file_id}/stream").status_code == 404
    first = showing.comments()[0].id
    assert grace.post(f"{path}/comments/{first}/answers", {"text": "I agree."}).status_code == 404


@given(st.integers(min_value=0, max_value=86_399))
def test_every_time_that_is_shown_can_be_typed(seconds: int) -> None:
    hours, minutes, rest = seconds // 3600, seconds // 60 % 60, seconds % 60
    typed = f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
    assert read_clock(typed) == seconds * 1000


@given(st.text(max_size=30))
def test_no_typed_time_is_more_than_a_day_or_an_error(typed: str) -> None:
    found = read_clock(typed)
    assert found is None or 0 <= found <= 86_400_000
