"""The items: what their links open and send, and what of it a platform may drop."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

import pytest

from lti.deep_linking.choosing import code_of
from tests.lti.acting import TARGET_LINK_URI, Course
from tests.lti.deep_linking.conftest import EVIDENCE, HOURS, MODULE, SEGMENT, Picking, read_back

Ask = Callable[..., Picking]


def test_item_says_what_it_opens_and_sends_in_its_address_and_beside_it(course: Course, ask: Ask) -> None:
    item = read_back(course, ask().send(SEGMENT, _g=f"{code_of(SEGMENT)}.progress")).items[0]
    assert item["custom"] == {"target": SEGMENT, "grade": "progress"}
    parts = urlsplit(item["url"])
    assert f"{parts.scheme}://{parts.netloc}{parts.path}" == TARGET_LINK_URI
    assert parse_qs(parts.query) == {"target": [SEGMENT], "grade": ["progress"]}
    assert item["text"] == "Reading and activities: up to 1 h · Coaching: up to 1 h"
    assert set(item) == {"type", "title", "url", "custom", "text", "lineItem"}
    assert item["lineItem"] == {
        "scoreMaximum": 100,
        "label": "1.1 Ears",
        "resourceId": SEGMENT,
        "tag": "progress",
    }


def test_home_names_no_target(course: Course, ask: Ask) -> None:
    item = read_back(course, ask().send("")).items[0]
    assert item["custom"] == {"grade": "none"}
    assert "target" not in item["url"]


def test_item_without_a_column_has_no_line_item(course: Course, ask: Ask) -> None:
    item = read_back(course, ask().send(MODULE)).items[0]
    assert "lineItem" not in item
    assert item["custom"]["grade"] == "none"


def test_task_that_is_scored_has_a_column_unless_somebody_takes_it_away(
    course: Course, ask: Ask, scored_task: str
) -> None:
    picking = ask()
    assert "Gradebook: 5 points" in picking.page.text
    item = read_back(course, picking.send(EVIDENCE)).items[0]
    assert item["lineItem"] == {
        "scoreMaximum": 5,
        "label": "Task: Leadership plan",
        "resourceId": EVIDENCE,
        "tag": "evidence",
    }
    none = read_back(course, ask().send(EVIDENCE, _g=f"{code_of(EVIDENCE)}.none")).items[0]
    assert "lineItem" not in none
    assert none["custom"]["grade"] == "none"


def test_hours_can_be_sent(course: Course, ask: Ask) -> None:
    item = read_back(course, ask().send(HOURS, _g=f"{code_of(HOURS)}.hours")).items[0]
    assert (item["lineItem"]["tag"], item["lineItem"]["scoreMaximum"]) == ("hours", 100)


@pytest.mark.parametrize("decided", ["evidence", "hours", "level", "x", "", "."])
def test_column_that_a_link_cannot_fill_is_not_made(course: Course, ask: Ask, decided: str) -> None:
    item = read_back(course, ask().send(MODULE, _g=f"{code_of(MODULE)}.{decided}")).items[0]
    assert "lineItem" not in item


def test_course_that_takes_no_line_items_gets_none(course: Course, ask: Ask, scored_task: str) -> None:
    picking = ask(accept_lineitem=False)
    assert "<select" not in picking.page.text
    assert "Gradebook: " not in picking.page.text
    items = read_back(course, picking.send(EVIDENCE, MODULE, _g=f"{code_of(MODULE)}.progress")).items
    assert [set(item) & {"lineItem"} for item in items] == [set(), set()]


def test_course_that_does_not_say_gets_line_items(course: Course, ask: Ask, scored_task: str) -> None:
    assert "lineItem" in read_back(course, ask(accept_lineitem=...).send(EVIDENCE)).items[0]


@pytest.mark.parametrize(
    ("accepted", "where", "containers"),
    [
        (["iframe", "window"], "window", {"window": {"targetName": "_blank"}}),
        (["iframe", "window"], "iframe", {"iframe": {"width": 1000, "height": 800}}),
        (["iframe", "window"], "", {}),
        (["iframe"], "window", {}),
        (["embed"], "iframe", {}),
        (["window"], "../x", {}),
    ],
)
def test_links_open_where_the_course_lets_them(
    course: Course, ask: Ask, accepted: list[str], where: str, containers: dict[str, object]
) -> None:
    picking = ask(accept_presentation_document_targets=accepted)
    item = read_back(course, picking.send(MODULE, _where=where)).items[0]
    assert {name: item[name] for name in ("window", "iframe") if name in item} == containers


def test_days_are_those_of_the_cohort_and_due_only_what_is_work(course: Course, ask: Ask) -> None:
    back = read_back(course, ask().send("", SEGMENT, opens="2026-12-01", due="2027-07-01"))
    home, segment = back.items
    assert home["available"] == segment["available"] == {"startDateTime": "2026-12-01T08:00:00Z"}
    assert segment["submission"] == {"endDateTime": "2027-07-02T06:59:59Z"}
    assert "submission" not in home


@pytest.mark.parametrize("typed", ["tomorrow", "2026-13-01", "0000-01-01", "9999-12-31", "1" * 500, "\0"])
def test_day_that_is_none_is_said_beside_its_field(course: Course, ask: Ask, typed: str) -> None:
    answer = ask().send(MODULE, due=typed)
    assert answer.status_code == 422
    assert 'id="due-error"' in answer.text


def test_work_is_not_due_before_it_can_be_opened(course: Course, ask: Ask) -> None:
    answer = ask().send(MODULE, opens="2026-12-02", due="2026-12-01")
    assert (answer.status_code, 'value="2026-12-02"' in answer.text) == (422, True)
