"""Scores: judged strictly, kept by time, and shown as results."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import requests

from lti.sandbox.vocabulary import RESULTS, SCOPE_LINE_ITEM, SCOPE_SCORE, SCORE
from tests.lti.sandbox.conftest import COURSE, TIMEOUT, Tool

AT = "2026-11-22T10:00:00+00:00"


def test_a_score_becomes_a_result_on_the_line_items_scale(tool: Tool) -> None:
    address = tool.add_line_item(scoreMaximum=50)
    assert tool.send_score(address, comment="Muy bien").status_code == 200
    answer = tool.call("GET", f"{address}/results")
    assert answer.headers["Content-Type"] == RESULTS
    assert answer.json() == [
        {
            "id": f"{address}/results?user_id=participant-1",
            "scoreOf": address,
            "userId": "participant-1",
            "resultScore": 25,
            "resultMaximum": 50,
            "comment": "Muy bien",
            "timestamp": AT,
        }
    ]


@pytest.mark.parametrize(
    "stale", ["2026-11-22T09:59:59Z", AT, "2026-11-22T10:00:00.999Z", "2026-11-22T11:30:00+01:30"]
)
def test_a_score_at_or_before_the_stored_second_is_refused(tool: Tool, stale: str) -> None:
    address = tool.add_line_item()
    assert tool.send_score(address, scoreGiven=7).status_code == 200
    assert tool.send_score(address, scoreGiven=1, timestamp=stale).status_code == 409
    assert tool.read_results(address)[0]["resultScore"] == 70
    assert tool.send_score(address, scoreGiven=1, timestamp="2026-11-22T10:00:01Z").status_code == 200
    assert tool.read_results(address)[0]["resultScore"] == 10


def test_each_person_has_a_time_line_of_their_own(tool: Tool) -> None:
    address = tool.add_line_item()
    assert tool.send_score(address).status_code == 200
    assert (
        tool.send_score(address, userId="participant-2", timestamp="2020-01-01T00:00:00Z").status_code == 200
    )


@pytest.mark.parametrize("progress", ["Pending", "PendingManual", "Failed", "NotReady"])
def test_whatever_is_not_fully_graded_wipes_the_grade(tool: Tool, progress: str) -> None:
    address = tool.add_line_item()
    tool.send_score(address)
    later = tool.send_score(address, gradingProgress=progress, timestamp="2026-11-22T10:00:01Z")
    assert later.status_code == 200
    assert tool.read_results(address) == []


def test_a_comment_that_is_left_out_is_cleared(tool: Tool) -> None:
    address = tool.add_line_item()
    tool.send_score(address, comment="once")
    tool.send_score(address, timestamp="2026-11-22T10:00:01Z")
    assert "comment" not in tool.read_results(address)[0]


def test_progress_without_a_score_is_legal(tool: Tool) -> None:
    address = tool.add_line_item()
    assert tool.send_score(address, scoreGiven=None, scoreMaximum=None).status_code == 200
    assert tool.read_results(address) == []


@pytest.mark.parametrize(
    "changed",
    [
        {"userId": None},
        {"userId": ""},
        {"userId": 5},
        {"scoreGiven": "5"},
        {"scoreGiven": True},
        {"scoreGiven": -1},
        {"scoreGiven": [5]},
        {"scoreMaximum": None},
        {"scoreMaximum": 0},
        {"scoreMaximum": 5e-324},
        {"activityProgress": None},
        {"activityProgress": "Busy"},
        {"activityProgress": ["Completed"]},
        {"gradingProgress": None},
        {"gradingProgress": "fullygraded"},
        {"timestamp": None},
        {"timestamp": "yesterday"},
        {"timestamp": "2026-11-22"},
        {"timestamp": "2026-11-22T10:00:00"},
        {"timestamp": 1795312800},
        {"comment": 7},
        {"comment": "\udfff"},
    ],
)
def test_a_malformed_score_is_refused(tool: Tool, changed: dict[str, Any]) -> None:
    address = tool.add_line_item()
    assert tool.send_score(address, **changed).status_code == 400


@pytest.mark.parametrize("at", ["0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59-23:59"])
def test_any_instant_of_the_calendar_is_legal(tool: Tool, at: str) -> None:
    assert tool.send_score(tool.add_line_item(), timestamp=at).status_code == 200


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1e400"])
def test_a_score_is_a_finite_number(tool: Tool, number: str) -> None:
    address = tool.add_line_item()
    body = (
        f'{{"userId": "participant-1", "scoreGiven": {number}, "scoreMaximum": 10, "timestamp": "{AT}", '
        '"activityProgress": "Completed", "gradingProgress": "FullyGraded"}'
    )
    assert tool.call("POST", f"{address}/scores", body, kind=SCORE).status_code == 400


@pytest.mark.parametrize(
    ("sub", "status"), [("nobody", 404), ("admin-1", 400), ("teacher-1", 422), ("coach-1", 200)]
)
def test_only_students_of_the_course_have_grades(tool: Tool, sub: str, status: int) -> None:
    assert tool.send_score(tool.add_line_item(), userId=sub).status_code == status


@pytest.mark.parametrize("status", ["Inactive", "Deleted"])
def test_who_left_the_course_is_not_graded(tool: Tool, status: str) -> None:
    tool.control("enrolments", sub="participant-2", status=status)
    assert tool.send_score(tool.add_line_item(), userId="participant-2").status_code == 400


@pytest.mark.parametrize("kind", ["application/json", "application/vnd.ims.lis.v2.lineitem+json"])
def test_a_score_needs_its_media_type(tool: Tool, kind: str) -> None:
    assert tool.send_score(tool.add_line_item(), kind=kind).status_code == 415
    assert tool.send_score(tool.add_line_item(), kind=f"{SCORE}; charset=utf-8").status_code == 200


def test_scores_and_results_need_scopes_of_their_own(tool: Tool) -> None:
    address = tool.add_line_item()
    sent = tool.call("POST", f"{address}/scores", {}, kind=SCORE, headers=tool.bear(SCOPE_LINE_ITEM))
    read = tool.call("GET", f"{address}/results", headers=tool.bear(SCOPE_SCORE))
    assert (sent.status_code, read.status_code) == (403, 403)


def test_a_score_for_another_course_finds_no_line_item(tool: Tool) -> None:
    address = tool.add_line_item().replace(COURSE, "mentoring-2026")
    assert tool.send_score(address).status_code == 404


def test_results_come_in_pages_and_for_one_person(tool: Tool) -> None:
    address = tool.add_line_item()
    for sub in ("participant-1", "participant-2", "coach-1"):
        tool.send_score(address, userId=sub)
    page = tool.call("GET", f"{address}/results?limit=2")
    assert [result["userId"] for result in page.json()] == ["participant-1", "participant-2"]
    rest = tool.call("GET", page.links["next"]["url"])
    assert ([result["userId"] for result in rest.json()], "next" in rest.links) == (["coach-1"], False)
    one = tool.call("GET", f"{address}/results?user_id=coach-1").json()
    assert [result["userId"] for result in one] == ["coach-1"]


@pytest.mark.parametrize(
    ("profile", "stale", "equal"),
    [("strict", 409, 409), ("moodle", 409, 409), ("canvas", 400, 200), ("openedx", 400, 400)],
)
def test_platform_families_answer_stale_scores_in_their_own_way(
    start: Callable[..., Tool], profile: str, stale: int, equal: int
) -> None:
    tool = start(profile_name=profile)
    address = tool.add_line_item()
    assert tool.send_score(address).status_code == 200
    assert tool.send_score(address, timestamp="2026-11-22T09:00:00Z").status_code == stale
    assert tool.send_score(address).status_code == equal


def test_the_gradebook_page_shows_what_was_received(tool: Tool) -> None:
    address = tool.add_line_item(label="Progress <b>1</b>", resourceLinkId="link-module-1")
    tool.send_score(address, scoreGiven=3, comment="<script>alert(1)</script>")
    page = requests.get(tool.address(f"/courses/{COURSE}/gradebook"), timeout=TIMEOUT).text
    assert "Lucía Ortega" in page
    assert '<span class="grade">30 of 100</span>' in page
    assert "InProgress, FullyGraded" in page
    assert "<script>alert" not in page
    assert "Progress <b>" not in page
