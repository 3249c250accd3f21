"""Line items: created, found, changed and deleted by the standard's media types and scopes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from lti.sandbox.vocabulary import (
    LINE_ITEM,
    LINE_ITEMS,
    SCOPE_LINE_ITEM,
    SCOPE_LINE_ITEM_READ,
    SCOPE_MEMBERSHIP,
    SCOPE_SCORE,
)
from tests.lti.sandbox.conftest import COURSE, Tool

ITEMS = f"/courses/{COURSE}/lineitems"


def test_a_line_item_lives_from_post_to_delete(tool: Tool) -> None:
    body = {
        "label": "Módulo 1",
        "scoreMaximum": 12.5,
        "resourceId": "module-1",
        "tag": "progress",
        "resourceLinkId": "link-module-1",
        "endDateTime": "2026-12-01T12:00:00Z",
    }
    made = tool.call("POST", ITEMS, body, kind=LINE_ITEM)
    assert (made.status_code, made.headers["Content-Type"]) == (201, LINE_ITEM)
    address = made.json()["id"]
    assert made.headers["Location"] == address
    assert made.json() == {**body, "id": address, "endDateTime": "2026-12-01T12:00:00+00:00"}
    assert tool.call("GET", address).json() == made.json()
    changed = tool.call("PUT", address, {"label": "Module 1", "scoreMaximum": 20}, kind=LINE_ITEM)
    assert changed.json() == {
        "id": address,
        "label": "Module 1",
        "scoreMaximum": 20,
        "resourceLinkId": "link-module-1",
    }
    assert tool.call("DELETE", address).status_code == 204
    assert tool.call("GET", address).status_code == 404
    assert tool.send_score(address).status_code == 404


def test_line_items_are_found_by_link_resource_and_tag(tool: Tool) -> None:
    first = tool.add_line_item(resourceLinkId="link-home", resourceId="a", tag="x")
    second = tool.add_line_item(resourceLinkId="link-home", resourceId="b", tag="x")

    def find(**wanted: str) -> list[str]:
        answer = tool.call("GET", ITEMS, params=wanted)
        assert answer.headers["Content-Type"] == LINE_ITEMS
        return [item["id"] for item in answer.json()]

    assert find() == [first, second]
    assert find(resource_link_id="link-home", resource_id="b") == [second]
    assert find(tag="x", resource_id="a") == [first]
    assert find(tag="y") == []


def test_line_items_come_in_pages(tool: Tool) -> None:
    made = [tool.add_line_item(tag="x") for _ in range(3)]
    found, following = [], tool.address(f"{ITEMS}?limit=2&tag=x")
    while following:
        page = tool.call("GET", following)
        found.append([item["id"] for item in page.json()])
        following = page.links.get("next", {}).get("url", "")
    assert found == [made[:2], made[2:]]


@pytest.mark.parametrize(
    "query", ["limit=0", "limit=-1", "limit=x", "from=1.5", "limit=99999999999999999999"]
)
def test_a_page_that_is_none_is_refused(tool: Tool, query: str) -> None:
    assert tool.call("GET", f"{ITEMS}?{query}").status_code == 400


@pytest.mark.parametrize(
    ("changed", "status"),
    [
        ({"label": None}, 400),
        ({"label": " "}, 400),
        ({"label": 7}, 400),
        ({"label": "x" * 256}, 400),
        ({"label": "\ud800"}, 400),
        ({"scoreMaximum": None}, 400),
        ({"scoreMaximum": 0}, 400),
        ({"scoreMaximum": -1}, 400),
        ({"scoreMaximum": "10"}, 400),
        ({"scoreMaximum": True}, 400),
        ({"scoreMaximum": 10**400}, 400),
        ({"tag": 1}, 400),
        ({"endDateTime": "2026-12-01"}, 400),
        ({"endDateTime": "2026-12-01T10:00:00"}, 400),
        ({"resourceLinkId": "link-mentoring"}, 404),
        ({"resourceLinkId": "nowhere"}, 404),
    ],
)
def test_a_wrong_line_item_is_refused(tool: Tool, changed: dict[str, Any], status: int) -> None:
    body = {"label": "Progress", "scoreMaximum": 10, **changed}
    assert tool.call("POST", ITEMS, body, kind=LINE_ITEM).status_code == status
    assert tool.call("GET", ITEMS).json() == []


@pytest.mark.parametrize("body", ["", "[]", "null", "{", '{"scoreMaximum": NaN}', "[" * 100_000, b"\xff"])
def test_a_body_that_is_no_object_is_refused(tool: Tool, body: str | bytes) -> None:
    assert tool.call("POST", ITEMS, body, kind=LINE_ITEM).status_code == 400


@pytest.mark.parametrize("kind", ["application/json", "text/plain", LINE_ITEMS, ""])
def test_a_line_item_needs_its_media_type(tool: Tool, kind: str) -> None:
    address = tool.add_line_item()
    body = '{"label": "Progress", "scoreMaximum": 10}'
    assert tool.call("POST", ITEMS, body, kind=kind).status_code == 415
    assert tool.call("PUT", address, body, kind=kind).status_code == 415


def test_an_answer_must_be_acceptable(tool: Tool) -> None:
    header = tool.bear()
    for accepted, status in ((LINE_ITEMS, 200), ("*/*", 200), ("application/json", 406)):
        answer = tool.call("GET", ITEMS, headers={**header, "Accept": accepted})
        assert answer.status_code == status


def test_a_line_item_keeps_its_id_and_link(tool: Tool) -> None:
    address = tool.add_line_item(resourceLinkId="link-home")
    for changed in ({"id": "https://elsewhere.example"}, {"resourceLinkId": "link-module-1"}):
        body = {"label": "Progress", "scoreMaximum": 10, **changed}
        assert tool.call("PUT", address, body, kind=LINE_ITEM).status_code == 400


def test_scopes_say_who_reads_and_who_writes(tool: Tool) -> None:
    address = tool.add_line_item()
    body = {"label": "Progress", "scoreMaximum": 10}

    def ask(method: str, path: str, scope: str, given: Any = None) -> int:
        return tool.call(method, path, given, kind=LINE_ITEM, headers=tool.bear(scope)).status_code

    for scope in (SCOPE_LINE_ITEM_READ, SCOPE_SCORE, SCOPE_MEMBERSHIP):
        assert ask("POST", ITEMS, scope, body) == 403
        assert ask("PUT", address, scope, body) == 403
        assert ask("DELETE", address, scope) == 403
    assert ask("GET", ITEMS, SCOPE_LINE_ITEM_READ) == 200
    assert ask("GET", ITEMS, SCOPE_LINE_ITEM) == 200
    assert ask("GET", ITEMS, SCOPE_SCORE) == 403
    assert ask("GET", address, SCOPE_SCORE) == 403


def test_line_items_of_another_course_are_not_there(tool: Tool) -> None:
    elsewhere = tool.add_line_item().replace(COURSE, "mentoring-2026")
    assert tool.call("GET", elsewhere).status_code == 404
    assert tool.call("GET", tool.address("/courses/nowhere/lineitems")).status_code == 404
    assert tool.call("GET", tool.address(f"{ITEMS}/{10**30}/lineitem")).status_code == 404


def test_moodles_line_items_carry_a_query_and_curly_links(start: Callable[..., Tool]) -> None:
    tool = start(profile_name="moodle")
    first = tool.add_line_item()
    assert first.endswith("/lineitem?type_id=1")
    assert tool.add_line_item() != first
    link = tool.list_columns(query="?type_id=1&limit=1").headers["Link"].encode("latin-1").decode()
    assert link == f"<{tool.address(ITEMS)}?type_id=1&amp;limit=1&amp;from=1>; rel=“next”"
    assert tool.send_score(first).status_code == 200
    assert [result["resultScore"] for result in tool.read_results(first)] == [50]
    assert tool.call("GET", ITEMS, headers=tool.bear(SCOPE_LINE_ITEM)).status_code == 401
