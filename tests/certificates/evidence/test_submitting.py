"""Submitting: once, whole, told to other rooms, and frozen by the database as well as by the pages."""

from __future__ import annotations

import hashlib
import html
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from certificates.evidence.errors import SubmissionStateError
from certificates.evidence.events import EvidenceSubmitted
from certificates.evidence.models import SubmissionId
from certificates.evidence.moving import move
from certificates.evidence.queries import requirement_states
from certificates.evidence.reading import packet, packet_file
from certificates.evidence.states import LAWFUL, SubmissionState, is_lawful
from institute import clock, events
from institute.actors import Actor
from institute.audit.models import AuditEvent
from institute.db import transaction
from institute.errors import NotFoundError
from institute.files.models import StoredFileId
from institute.people.models import Institute
from tests import papers
from tests.certificates.evidence.conftest import KEY, PATH, Author, ask_for, requirement_draft

FILES = {"lucia-plan.pdf": papers.pdf(), "Übersicht.PNG": papers.png()}
DOMAIN = """
draft submitted; submitted screening; screening returned_unscorable; screening in_scoring;
in_scoring returned_unscorable; in_scoring scored; scored adjudicating; adjudicating adjudicated;
scored released; adjudicated released; released accepted; released revise; released appealed;
appealed upheld; appealed changed; adjudicating returned_unscorable; upheld revise; changed accepted; changed revise
"""


@pytest.fixture
def heard(app: Flask) -> list[EvidenceSubmitted]:
    """What the room tells others in this test."""
    told: list[EvidenceSubmitted] = []
    events.subscribe(app, EvidenceSubmitted, told.append)
    return told


def test_submission_stands_is_shown_and_told(author: Author, heard: list[EvidenceSubmitted]) -> None:
    with clock.frozen(datetime(2026, 10, 3, 4, 5, tzinfo=UTC)):
        assert author.submit("My two goals", FILES).status_code == 303
    (submission,) = author.submissions()
    assert submission.state is SubmissionState.SUBMITTED
    assert submission.submitted_at == datetime(2026, 10, 3, 4, 5, tzinfo=UTC)
    page = author.open()
    assert "Submitted on October 2, 2026 at 9:05" in page, "it was the day before in the cohort's zone"
    assert "My two goals" in page
    assert "<textarea" not in page
    assert "lucia-plan.pdf" in page
    assert len(author.file_addresses()) == 2
    assert [(one.submission_id, one.enrolment_id, one.person_id) for one in heard] == [
        (submission.id, author.enrolment_id, author.person.id)
    ]


def test_audit_holds_the_digests_of_what_was_submitted_and_no_name(author: Author, session: Session) -> None:
    author.submit("My two goals", FILES)
    decided = session.scalars(select(AuditEvent).where(AuditEvent.action == "submission.submitted")).one()
    assert decided.person_id == author.person.id
    assert decided.details == {
        "from": "draft",
        "text": hashlib.sha256(b"My two goals").hexdigest(),
        "files": [hashlib.sha256(data).hexdigest() for data in FILES.values()],
    }


def test_nothing_is_not_submitted(author: Author, heard: list[EvidenceSubmitted]) -> None:
    for typed in ("", "  \n\t "):
        response = author.submit(typed)
        assert response.status_code == 422
        assert "Write your text or add a file" in response.text
    assert heard == []
    assert {one.state for one in author.submissions()} <= {SubmissionState.DRAFT}


def test_refused_file_keeps_the_whole_from_being_submitted(author: Author) -> None:
    response = author.submit("Goals", {"half.pdf": papers.pdf()[:-30], "notes.txt": b"Notes"})
    assert response.status_code == 422
    (draft,) = author.submissions()
    assert (draft.state, draft.text) == (SubmissionState.DRAFT, "Goals")
    assert len(author.file_addresses()) == 1


def test_text_of_another_window_is_not_submitted_unseen(author: Author) -> None:
    author.send("First")
    stale = author.base
    author.send("Second, elsewhere")
    author.base = stale
    response = author.submit("First")
    assert response.status_code == 422
    assert "Second, elsewhere" in response.text
    assert author.submissions()[0].state is SubmissionState.DRAFT


def test_same_form_sent_twice_submits_once(author: Author, heard: list[EvidenceSubmitted]) -> None:
    form = {"text": "Goals", "_base": author.base, "_once": "the-same-form-again"}
    first, second = (author.visitor.post(f"{PATH}/submit", form) for _ in range(2))
    assert (first.status_code, second.status_code) == (303, 303)
    assert first.location == second.location
    assert len(heard) == 1


def test_what_was_submitted_cannot_be_changed_through_any_form(author: Author) -> None:
    author.submit("Goals", FILES)
    for path in (PATH, f"{PATH}/submit", f"{author.file_addresses()[0]}/remove"):
        response = author.send("Changed", {"more.txt": b"more"}, to=path)
        assert response.status_code == 409
        assert "Changed" in response.text, "it is given back"
    assert author.visitor.post(f"{PATH}/again").status_code == 409
    (submission,) = author.submissions()
    assert submission.text == "Goals"
    assert len(author.file_addresses()) == 2


@pytest.mark.every_value
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE submission SET text = 'changed'",
        "UPDATE submission SET state = 'draft', submitted_at = NULL",
        "UPDATE submission SET submitted_at = '2026-01-01 00:00:00+00:00'",
        "UPDATE submission SET attempt = 9",
        "DELETE FROM submission_file",
        "UPDATE submission_file SET position = position + 10",
        "DELETE FROM submission",
        "DELETE FROM stored_file",
        "UPDATE stored_file SET name = 'x'",
    ],
)
def test_what_was_submitted_cannot_be_changed_in_the_database(author: Author, statement: str) -> None:
    author.submit("Goals", FILES)
    with pytest.raises(DBAPIError), transaction() as session:
        session.execute(text(statement))
    (submission,) = author.submissions()
    assert (submission.text, submission.attempt) == ("Goals", 1)
    assert len(author.file_addresses()) == 2


def test_file_cannot_be_added_to_a_submission_in_the_database(author: Author) -> None:
    author.submit("Goals", FILES)
    add = (
        "INSERT INTO submission_file (submission_id, file_id, institute_id, position)"
        " SELECT submission_id, 999, institute_id, 9 FROM submission_file LIMIT 1"
    )
    with pytest.raises(DBAPIError, match="frozen"), transaction() as session:
        session.execute(text(add))


def test_only_one_attempt_stands(author: Author) -> None:
    author.send("Goals")
    again = (
        "INSERT INTO submission (institute_id, requirement_id, enrolment_id, person_id, attempt, state, text, saved_at)"
        " SELECT institute_id, requirement_id, enrolment_id, person_id, 2, 'draft', '', saved_at FROM submission"
    )
    with pytest.raises(DBAPIError), transaction() as session:
        session.execute(text(again))


def test_new_version_begins_with_what_came_back(author: Author, send_back: Callable[[Author], None]) -> None:
    author.submit("First version", FILES)
    first_files = author.file_addresses()
    send_back(author)
    assert "Begin the new version" in author.open()
    assert author.send("Straight away").status_code == 409, "the old form is no way into a new version"
    for _ in range(2):
        assert author.visitor.post(f"{PATH}/again").status_code == 303
    page = author.open()
    assert "\nFirst version</textarea>" in page
    assert "Version 2" in page
    removable = [one for one in author.file_addresses() if one not in first_files]
    assert len(removable) == 2
    author.send("Second version", to=f"{removable[0]}/remove")
    assert author.submit("Second version").status_code == 303
    first, second = author.submissions()
    assert (first.text, first.state, first.attempt) == ("First version", SubmissionState.REVISE, 1)
    assert (second.text, second.state, second.attempt) == ("Second version", SubmissionState.SUBMITTED, 2)
    assert "First version" in author.open(), "it stays to be read"
    for address in first_files:
        assert author.visitor.get(address).status_code == 200


def test_ways_between_states_are_those_of_the_domain() -> None:
    listed = {tuple(way.split()) for way in DOMAIN.replace("\n", " ").split(";")}
    lawful = {
        (str(one), str(other))
        for one in SubmissionState
        for other in SubmissionState
        if is_lawful(one, other)
    }
    assert lawful == listed
    assert set(LAWFUL) == set(SubmissionState)


def test_unlawful_way_is_refused(author: Author, asked: Actor) -> None:
    author.send("Goals")
    with pytest.raises(NotFoundError):
        move(author.submissions()[0].id, SubmissionState.SUBMITTED, actor=asked)
    author.submit("Goals")
    submission_id = author.submissions()[0].id
    for state in set(SubmissionState) - {SubmissionState.SCREENING}:
        with pytest.raises(SubmissionStateError):
            move(submission_id, state, actor=asked)
    move(submission_id, SubmissionState.SCREENING, actor=asked)
    stranger = Actor(institute_id=type(asked.institute_id)(asked.institute_id + 1), person_id=None)
    with pytest.raises(NotFoundError):
        move(submission_id, SubmissionState.IN_SCORING, actor=stranger)


def test_packet_says_nothing_of_its_author(
    author: Author, asked: Actor, make_institute: Callable[..., Institute]
) -> None:
    author.send("Goals", FILES)
    draft_id, here = author.submissions()[0].id, asked.institute_id
    for submission_id in (draft_id, SubmissionId(999)):
        with pytest.raises(NotFoundError):
            packet(submission_id, institute_id=here)
    author.submit("Goals")
    found = packet(draft_id, institute_id=here)
    assert (found.text, found.attempt, found.requirement_key, found.rubric_key) == ("Goals", 1, KEY, KEY)
    assert [file.name for file in found.files] == ["file-1.pdf", "file-2.png"]
    assert "Lucía" not in repr(found)
    assert "lucia" not in repr(found)
    assert packet_file(draft_id, found.files[1].id, institute_id=here) == found.files[1]
    with pytest.raises(NotFoundError):
        packet_file(draft_id, StoredFileId(999), institute_id=here)
    with pytest.raises(NotFoundError):
        packet(draft_id, institute_id=make_institute().id)


def test_states_of_an_enrolment_are_told_by_requirement(
    author: Author, asked: Actor, send_back: Callable[[Author], None]
) -> None:
    ask_for(requirement_draft(), requirement_draft("note", rubric_key=None), actor=asked)
    states = requirement_states(author.enrolment_id)
    assert list(states) == [KEY, "note"]
    assert (states[KEY].state, states[KEY].attempt, states[KEY].submission_id) == (None, 0, None)
    author.submit("Goals")
    send_back(author)
    author.visitor.post(f"{PATH}/again")
    status = requirement_states(author.enrolment_id)[KEY]
    assert (status.state, status.attempt) == (SubmissionState.DRAFT, 2)
    assert status.submission_id == author.submissions()[1].id
    assert requirement_states(type(author.enrolment_id)(999)) == {}


def test_page_says_what_submitting_does(author: Author) -> None:
    page = html.unescape(author.open())
    assert "After that nothing can be changed" in page
    assert "A trainer who does not see your name" in page
