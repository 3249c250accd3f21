"""Submission review: from a cell of the gradebook to what somebody handed in."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import requests

from lti.sandbox.vocabulary import AGS_CLAIM, LEARNER, LTI
from tests.lti.sandbox.conftest import COURSE, TIMEOUT, TOOL, Tool

BOOK = f"/courses/{COURSE}/gradebook"


def graded(tool: Tool) -> str:
    """Make a line item of a link, with a score of the first participant, and return its address."""
    item = tool.add_line_item(resourceLinkId="link-evidence")
    tool.send_score(item, submission={"submittedAt": "2026-11-21T10:00:00Z"})
    return item


def test_a_teacher_opens_a_cell(tool: Tool) -> None:
    item = graded(tool)
    page = requests.get(tool.address(f"{BOOK}?as=teacher-1"), timeout=TIMEOUT).text
    assert 'id="review-1-participant-1"' in page
    assert 'id="review-1-participant-2"' not in page
    frame = requests.get(
        tool.address(f"/courses/{COURSE}/review/1/participant-1?as=teacher-1"), timeout=TIMEOUT
    )
    assert f'src="/courses/{COURSE}/review/1/participant-1/open?as=teacher-1"' in frame.text
    claims = tool.launch(f"/courses/{COURSE}/review/1/participant-1/open?as=teacher-1")
    assert claims[f"{LTI}message_type"] == "LtiSubmissionReviewRequest"
    assert claims[f"{LTI}target_link_uri"] == f"{TOOL}/lti/launch"
    assert claims["sub"] == "teacher-1"
    assert claims[f"{LTI}for_user"] == {
        "user_id": "participant-1",
        "name": "Lucía Ortega",
        "given_name": "Lucía",
        "family_name": "Ortega",
        "email": "lucia@example.test",
        "roles": [LEARNER],
    }
    assert claims[f"{LTI}resource_link"]["id"] == "link-evidence"
    assert claims[AGS_CLAIM]["lineitem"] == item


def test_a_student_opens_what_is_their_own(tool: Tool) -> None:
    graded(tool)
    path = f"/courses/{COURSE}/review/1"
    assert tool.launch(f"{path}/participant-1/open?as=participant-1")["sub"] == "participant-1"
    other = requests.get(tool.address(f"{path}/participant-2/open?as=participant-1"), timeout=TIMEOUT)
    assert other.status_code == 403


@pytest.mark.parametrize("path", ["2/participant-1", "1/nobody", "1/admin-1", f"{10**30}/participant-1"])
def test_what_is_not_in_the_course_is_not_reviewed(tool: Tool, path: str) -> None:
    graded(tool)
    answer = requests.get(tool.address(f"/courses/{COURSE}/review/{path}/open?as=teacher-1"), timeout=TIMEOUT)
    assert answer.status_code == 404


def test_moodle_names_the_person_by_id_alone(start: Callable[..., Tool]) -> None:
    tool = start(profile_name="moodle")
    graded(tool)
    claims = tool.launch(f"/courses/{COURSE}/review/1/participant-1/open?as=teacher-1")
    assert claims[f"{LTI}for_user"] == {"user_id": "participant-1"}


@pytest.mark.parametrize(
    "submission",
    [
        7,
        {"submittedAt": "yesterday"},
        {"submittedAt": "2026-11-20T10:00:00Z", "startedAt": "2026-11-21T10:00:00Z"},
    ],
)
def test_a_score_with_wrong_times_is_refused(tool: Tool, submission: object) -> None:
    assert tool.send_score(tool.add_line_item(), submission=submission).status_code == 400


def test_the_gradebook_keeps_when_work_was_handed_in(tool: Tool) -> None:
    graded(tool)
    book = requests.get(tool.address(f"/controls/gradebook/{COURSE}"), timeout=TIMEOUT).json()
    assert book["rows"][0]["cells"][0]["submitted_at"] == "2026-11-21T10:00:00+00:00"
