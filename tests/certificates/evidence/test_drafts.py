"""A draft: what is typed and added is kept, whatever else goes wrong."""

from __future__ import annotations

import html
from collections.abc import Callable

import pytest

from certificates.evidence.models import LONGEST_TEXT
from certificates.evidence.states import SubmissionState
from courses.cohorts.enrolling import change_state
from courses.cohorts.models import EnrolmentState
from institute.actors import Actor
from tests import papers
from tests.certificates.evidence.conftest import PATH, Author, ask_for, requirement_draft

PLAN = {"plan.pdf": papers.pdf()}


def test_first_saving_begins_the_draft(author: Author) -> None:
    assert author.submissions() == []
    assert author.send("My two goals").status_code == 303
    (draft,) = author.submissions()
    assert (draft.text, draft.state, draft.attempt) == ("My two goals", SubmissionState.DRAFT, 1)
    page = author.open()
    assert "\nMy two goals</textarea>" in page
    assert "Saved at" in page


def test_page_that_was_only_looked_at_begins_nothing(author: Author) -> None:
    author.send("")
    assert author.submissions() == []


def test_text_keeps_its_lines_and_loses_only_what_cannot_be_stored(author: Author) -> None:
    author.send("\r\n  one\r\ntwo\x00\x07\tthree 🙂 \u202e أهلا\r")
    assert author.submissions()[0].text == "\n  one\ntwo\tthree 🙂 \u202e أهلا\n"
    assert author.send("\n  one\ntwo\tthree 🙂 \u202e أهلا\n").status_code == 303


def test_several_files_come_at_once_with_the_text(author: Author) -> None:
    author.send("Goals", {"plan.pdf": papers.pdf(), "تقرير.docx": papers.office(), "board.png": papers.png()})
    page = author.open()
    for name in ("plan.pdf", "تقرير.docx", "board.png"):
        assert f">{name}</bdi>" in page
    assert author.submissions()[0].text == "Goals"
    assert len(author.file_addresses()) == 3
    assert "room for" in page


def test_refused_file_costs_neither_the_text_nor_the_other_files(author: Author) -> None:
    response = author.send("Goals", {"empty.pdf": b"", "plan.pdf": papers.pdf(), "virus.exe": b"MZ" * 50})
    assert response.status_code == 422
    page = html.unescape(response.text)
    assert "2 things need a change" in page
    assert "“\u2068empty.pdf\u2069” is empty" in page
    assert "“\u2068virus.exe\u2069” is of a kind that is not taken" in page
    assert author.submissions()[0].text == "Goals"
    assert len(author.file_addresses()) == 1


def test_files_beyond_the_room_are_named_and_left_out(author: Author) -> None:
    many = {f"notes-{number}.txt": f"Note {number}".encode() for number in range(5)}
    page = html.unescape(author.send("", many).text)
    assert "“\u2068notes-3.txt\u2069” was not added: there is room for 3 files" in page
    assert len(author.file_addresses()) == 3


def test_same_file_sent_twice_is_there_once(author: Author) -> None:
    author.send("", PLAN)
    author.send("", PLAN)
    assert len(author.file_addresses()) == 1


def test_file_can_be_taken_out_and_the_text_is_saved_with_it(author: Author) -> None:
    author.send("One", {**PLAN, "notes.txt": b"Notes"})
    first = author.file_addresses()[0]
    assert author.send("Two", to=f"{first}/remove").status_code == 303
    assert author.submissions()[0].text == "Two"
    assert len(author.file_addresses()) == 1
    assert author.visitor.get(first).status_code == 404
    assert author.send("Two", to=f"{first}/remove").status_code == 404


def test_text_that_is_too_long_comes_back_whole(author: Author) -> None:
    author.send("Short")
    long = "word " * (LONGEST_TEXT // 5 + 1)
    response = author.send(long, PLAN)
    assert response.status_code == 422
    assert long in response.text
    assert "50005 characters" in response.text
    assert author.submissions()[0].text == "Short"
    assert len(author.file_addresses()) == 1


def test_request_larger_than_any_form_may_be_is_refused_as_a_page(author: Author) -> None:
    from_afar = {"CONTENT_LENGTH": str(500 * 1024 * 1024)}
    response = author.visitor.post(PATH, {"text": "x"}, environ_overrides=from_afar)
    assert response.status_code == 413
    assert "too large" in response.text


def test_other_forms_stay_as_small_as_they_were(author: Author) -> None:
    large = {"locale": "x" * 3_000_000}
    assert author.visitor.post("/account/locale", large).status_code in {404, 413}
    assert author.visitor.post(f"{PATH}/again", large).status_code == 413


def test_two_windows_lose_nothing(author: Author) -> None:
    author.send("First")
    stale = author.base
    author.send("Second, in one window")
    author.base = stale
    response = author.send("Third, in the other", PLAN)
    assert response.status_code == 422
    page = html.unescape(response.text)
    assert "saved in another window" in page
    assert "\nThird, in the other</textarea>" in page
    assert "\nSecond, in one window</textarea>" in page
    assert author.submissions()[0].text == "Second, in one window"
    assert len(author.file_addresses()) == 1, "the file is no part of the quarrel"
    author.remember(response)
    assert author.send("Second and third").status_code == 303
    assert author.submissions()[0].text == "Second and third"


def test_window_that_changed_nothing_overwrites_nothing(author: Author) -> None:
    author.send("First")
    stale = author.base
    author.send("Second")
    author.base = stale
    assert author.send("First", PLAN).status_code == 303
    assert author.submissions()[0].text == "Second"


@pytest.mark.parametrize("base", ["", "0" * 64, "x\x00y", "é" * 100])
def test_form_without_the_page_s_mark_overwrites_nothing(author: Author, base: str) -> None:
    author.send("Kept")
    author.base = base
    assert author.send("Another").status_code == 422
    assert author.submissions()[0].text == "Kept"


@pytest.mark.parametrize("state", [EnrolmentState.PAUSED, EnrolmentState.COMPLETED])
def test_without_an_active_enrolment_all_can_be_read_and_nothing_changed(
    author: Author, asked: Actor, state: EnrolmentState
) -> None:
    author.send("Written before", PLAN)
    change_state(author.enrolment_id, state, actor=asked)
    page = author.open()
    assert "Written before" in page
    assert "<textarea" not in page
    response = author.send("Written after")
    assert response.status_code == 409
    assert "Written after" in response.text, "it is given back"
    assert author.visitor.get(author.file_addresses()[0]).status_code == 200
    assert author.submit("x").status_code == 409


def test_who_left_the_cohort_is_told_so(author: Author, asked: Actor) -> None:
    change_state(author.enrolment_id, EnrolmentState.WITHDRAWN, actor=asked)
    assert author.visitor.get(PATH).status_code == 403
    assert author.send("x").status_code == 403


@pytest.mark.parametrize(
    "key", ["unknown", "UPPER", "a" * 500, "%00", "..", "leadership-plan%0a", "%F0%9F%99%82"]
)
def test_requirement_that_is_not_asked_for_is_not_there(author: Author, key: str) -> None:
    path = f"/participant/evidence/{key}"
    assert author.visitor.get(path).status_code in {404, 405, 308}
    assert author.visitor.post(path, {"text": "x"}).status_code in {404, 405, 308}


@pytest.mark.parametrize("number", ["0", "99999", "9" * 40])
def test_file_that_is_not_there_is_not_found(author: Author, number: str) -> None:
    author.send("Text", PLAN)
    assert author.visitor.get(f"{PATH}/files/{number}").status_code == 404
    assert author.send("Text", to=f"{PATH}/files/{number}/remove").status_code == 404


def test_requirement_of_files_alone_has_no_text(make_author: Callable[..., Author], asked: Actor) -> None:
    ask_for(requirement_draft(wants_text=False), actor=asked)
    author = make_author()
    assert 'name="text"' not in author.open()
    assert author.send("smuggled", PLAN).status_code == 303
    assert author.submissions()[0].text == ""
    assert author.submit("").status_code == 303


def test_requirement_of_text_alone_takes_no_file(make_author: Callable[..., Author], asked: Actor) -> None:
    ask_for(requirement_draft(most_files=0), actor=asked)
    author = make_author()
    assert 'type="file"' not in author.open()
    assert author.send("Text", PLAN).status_code == 422
    assert author.file_addresses() == []
    assert author.submit("Text").status_code == 303
