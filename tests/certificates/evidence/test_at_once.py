"""Two savings at the same moment, from two windows of one person: one is stored, the other is told, nothing is lost."""

from __future__ import annotations

import html
import io
import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from certificates.evidence.models import Submission, SubmissionFile
from certificates.evidence.states import SubmissionState
from institute.actors import Role
from tests.browsing import Visitor
from tests.certificates.evidence.conftest import PATH, Author
from tests.courses.conftest import Studied

WINDOWS = 4


def _windows(author: Author, studied: Studied, sign_in: Callable[..., Visitor]) -> list[Author]:
    """Open the page in several windows, each with a session of its own."""
    opened = []
    for _ in range(WINDOWS):
        visitor = sign_in(author.person, roles=[Role.PARTICIPANT], place=studied.cohort_id)
        window = Author(author.person, author.enrolment_id, visitor)
        window.open()
        opened.append(window)
    return opened


def test_first_saving_at_once_begins_one_draft_and_loses_no_text(
    author: Author, studied: Studied, sign_in: Callable[..., Visitor], session: Session
) -> None:
    windows = _windows(author, studied, sign_in)

    def save(number: int) -> tuple[int, str]:
        files = [(io.BytesIO(f"Note {number}".encode()), f"note-{number}.txt")] if number < 3 else []
        fields = {"text": f"Text of window {number}", "_base": windows[number].base, "files": files}
        answer = windows[number].visitor.post(PATH, fields, content_type="multipart/form-data")
        return answer.status_code, html.unescape(answer.text)

    with ThreadPoolExecutor(WINDOWS) as threads:
        answers = list(threads.map(save, range(WINDOWS)))
    assert sorted(status for status, _ in answers) == [303, 422, 422, 422]
    (draft,) = author.submissions()
    assert re.fullmatch(r"Text of window \d", draft.text)
    for number, (status, page) in enumerate(answers):
        if status == 422:
            assert f"Text of window {number}" in page
            assert draft.text in page
    assert session.scalar(select(func.count()).select_from(SubmissionFile)) == 3
    assert len(set(session.scalars(select(SubmissionFile.position)))) == 3


def test_submitting_and_saving_at_once_submits_what_was_seen(
    author: Author, studied: Studied, sign_in: Callable[..., Visitor], session: Session
) -> None:
    author.send("Agreed")
    windows = _windows(author, studied, sign_in)

    def press(number: int) -> int:
        path = f"{PATH}/submit" if number % 2 else PATH
        text = "Agreed" if number % 2 else f"Changed by {number}"
        fields = {"text": text, "_base": windows[number].base}
        return windows[number].visitor.post(path, fields).status_code

    with ThreadPoolExecutor(WINDOWS) as threads:
        statuses = list(threads.map(press, range(WINDOWS)))
    assert set(statuses) <= {303, 409, 422}
    (submission,) = author.submissions()
    if submission.state is SubmissionState.SUBMITTED:
        assert submission.text == "Agreed"
        assert [statuses[one] for one in (0, 2)] == [409, 409]
    else:
        assert submission.text.startswith("Changed by")
    assert session.scalar(select(func.count()).select_from(Submission)) == 1
