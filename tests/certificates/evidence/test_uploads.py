"""Files are stored behind the guard and before the transaction; whatever fails, nothing is lost or doubled."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from certificates.evidence.events import EvidenceSubmitted
from certificates.evidence.states import SubmissionState
from institute import events
from institute.actors import Role
from institute.files.models import StoredFile
from institute.files.storage import current_storage
from institute.people.models import Person
from institute.web import forms
from tests import papers
from tests.browsing import Visitor
from tests.certificates.evidence.conftest import PATH, Author


def upload(data: bytes = b"Notes", **more: str) -> dict[str, Any]:
    """Return the fields of a form with one file."""
    return {"text": "Goals", "files": [(io.BytesIO(data), "notes.txt")], **more}


def blobs() -> int:
    """Return how many files lie in the storage."""
    return sum(1 for _ in current_storage().names())


def test_who_may_not_send_it_stores_nothing(
    author: Author, make_person: Callable[..., Person], sign_in: Callable[..., Visitor]
) -> None:
    forged = {**upload(), forms.TOKEN_FIELD: "guessed"}
    assert author.visitor.post(PATH, forged).status_code == 403
    for roles, status in (([Role.COACH], 403), ([Role.PARTICIPANT], 404)):
        stranger = sign_in(make_person(), roles=roles)
        assert stranger.post(PATH, upload()).status_code == status
    assert author.visitor.post("/participant/evidence/unknown", upload()).status_code == 404
    assert blobs() == 0


def test_what_was_submitted_takes_no_more_bytes(author: Author) -> None:
    author.submit("Goals")
    assert author.send("More", {"notes.txt": b"Notes"}).status_code == 409
    assert blobs() == 0


def test_same_form_sent_again_is_answered_alike_and_stores_nothing_more(
    author: Author, session: Session
) -> None:
    mark = {"_base": author.base, "_once": "sent-by-an-impatient-finger"}
    first = author.visitor.post(PATH, upload(b"Notes", **mark))
    again = author.visitor.post(PATH, upload(b"", **mark))
    assert (first.status_code, again.status_code) == (303, 303)
    assert first.location == again.location
    assert session.scalar(select(func.count()).select_from(StoredFile)) == 1
    assert blobs() == 1


def test_failure_between_bytes_and_row_leaves_the_draft_as_it_was(
    app: Flask, author: Author, session: Session
) -> None:
    fails = [True]

    def fail(_event: EvidenceSubmitted) -> None:
        if fails:
            raise OSError("the power went")

    events.subscribe(app, EvidenceSubmitted, fail)
    author.send("Saved before", {"plan.pdf": papers.pdf()})
    assert author.submit("Never stored", {"notes.txt": b"Notes"}).status_code == 500
    (draft,) = author.submissions()
    assert (draft.state, draft.text) == (SubmissionState.DRAFT, "Saved before")
    assert len(author.file_addresses()) == 1
    assert blobs() == 2, "bytes without a row, which a sweep takes"
    fails.clear()
    assert author.submit("Stored now", {"notes.txt": b"Notes"}).status_code == 303
    (submission,) = author.submissions()
    assert (submission.state, submission.text) == (SubmissionState.SUBMITTED, "Stored now")
    assert len(author.file_addresses()) == 2
    assert session.scalar(select(func.count()).select_from(StoredFile)) == 2


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        ("multipart/form-data", b"no boundary"),
        ("multipart/form-data; boundary=x", b"--x--"),
        ("application/json", b"{}"),
        ("", b"\x00" * 100),
    ],
)  # fmt: skip
def test_broken_request_is_refused_as_a_page(author: Author, content_type: str, body: bytes) -> None:
    client, prefix = author.visitor.client, f"/s/{author.visitor.session_id}"
    answer = client.post(prefix + PATH, data=body, content_type=content_type)
    assert 400 <= answer.status_code < 500
    assert blobs() == 0


def test_one_file_of_the_largest_size_is_taken_and_a_larger_one_named(author: Author) -> None:
    largest = b"a" * (25 * 1024 * 1024)
    assert author.send("", {"largest.txt": largest}).status_code == 303
    response = author.send("", {"larger.txt": largest + b"a"})
    assert response.status_code == 422
    assert "larger.txt" in response.text
    assert "larger than 25 MB" in response.text
    assert len(author.file_addresses()) == 1


def test_command_sweeps_and_says_how_many(app: Flask, author: Author) -> None:
    author.send("", {"notes.txt": b"Notes"})
    result = app.test_cli_runner().invoke(args=["institute", "sweep-files"])
    assert (result.exit_code, result.output) == (0, "Files removed: 0.\n")
