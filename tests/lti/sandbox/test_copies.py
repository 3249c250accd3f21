"""Course copies and notices: what stays, what is new, and who is told."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
import requests

from lti.sandbox.vocabulary import (
    COPY_NOTICE,
    HELLO_NOTICE,
    LTI,
    NOTICE_SERVICE_CLAIM,
    SCOPE_NOTICE,
    SCOPE_SCORE,
    SCOPES,
)
from tests.lti.sandbox.conftest import COURSE, TIMEOUT, Tool
from tests.lti.sandbox.handling import NoticeTaker, take_notices

ITEMS = f"/courses/{COURSE}/lineitems"
HANDLERS = "/notices/1/handlers"


@pytest.fixture
def taker() -> Iterator[NoticeTaker]:
    """A server that takes notices."""
    with take_notices() as served:
        yield served


def handle(tool: Tool, taker: NoticeTaker, kind: str = COPY_NOTICE, **changed: Any) -> requests.Response:
    """Register a handler."""
    body = {"notice_type": kind, "handler": f"{taker.url}/notices", **changed}
    return tool.call("PUT", HANDLERS, body, headers=tool.bear(*SCOPES, SCOPE_NOTICE))


def test_a_copy_has_new_ids_and_keeps_what_links_say(tool: Tool) -> None:
    tool.add_line_item(resourceLinkId="link-module-1", resourceId="m1", tag="progress")
    tool.add_line_item(label="Loose")
    copied = tool.control("copies", course=COURSE)
    again = tool.control("copies", course=copied["course"])
    link = again["links"][copied["links"]["link-module-1"]]
    claims = tool.control("mint", sub="teacher-1", link=link, nonce="n")["claims"]
    assert claims[f"{LTI}context"]["id"] == again["course"] != copied["course"]
    assert claims[f"{LTI}resource_link"]["id"] == link != "link-module-1"
    custom = claims[f"{LTI}custom"]
    assert custom["target"] == "module:leadership/module-1"
    assert custom["context_history"] == f"{copied['course']},{COURSE}"
    assert custom["resource_link_history"] == f"{copied['links']['link-module-1']},link-module-1"
    columns = tool.call("GET", f"/courses/{copied['course']}/lineitems").json()
    assert [
        (column.get("resourceId"), column.get("tag"), column.get("resourceLinkId")) for column in columns
    ] == [
        ("m1", "progress", copied["links"]["link-module-1"]),
        (None, None, None),
    ]
    members = tool.call("GET", f"/courses/{copied['course']}/memberships").json()["members"]
    assert [member["user_id"] for member in members] == ["teacher-1"]


def test_a_teacher_copies_on_the_course_page(tool: Tool) -> None:
    path = f"/courses/{COURSE}/copy"
    page = requests.post(tool.address(f"{path}?as=teacher-1"), timeout=TIMEOUT)
    assert page.status_code == 200
    assert "Leadership coaching, a copy" in page.text
    assert page.text.count('class="card"') == 6
    assert requests.post(tool.address(f"{path}?as=participant-1"), timeout=TIMEOUT).status_code == 403


def test_canvas_copies_no_loose_columns_and_cuts_histories(start: Callable[..., Tool]) -> None:
    tool = start(profile_name="canvas")
    tool.add_line_item(label="Loose")
    copied = tool.control("copies", course=COURSE)
    assert tool.call("GET", f"/courses/{copied['course']}/lineitems").json() == []
    tool.control("courses", id="late", history=[f"c{number}" for number in range(30)])
    tool.control("links", id="late-link", course="late")
    custom = tool.control("mint", sub="teacher-1", link="late-link", nonce="n")["claims"][f"{LTI}custom"]
    assert custom["context_history"].endswith("c9,truncated")


def test_a_registered_handler_is_said_hello_to_and_told_of_copies(
    start: Callable[..., Tool], taker: NoticeTaker
) -> None:
    tool = start(tool_url=taker.url)
    service = tool.control("mint", sub="teacher-1", link="link-home", nonce="n")["claims"][
        NOTICE_SERVICE_CLAIM
    ]
    assert service["platform_notification_service_url"] == tool.address(HANDLERS)
    assert handle(tool, taker, HELLO_NOTICE).json() == {
        "notice_type": HELLO_NOTICE,
        "handler": f"{taker.url}/notices",
    }
    [[hello]] = taker.wait(1)
    assert tool.read_token(hello)[f"{LTI}notice"]["type"] == HELLO_NOTICE
    handle(tool, taker)
    copied = tool.control("copies", course=COURSE)
    [_, [told]] = taker.wait(2)
    claims = tool.read_token(told)
    assert (claims["iss"], claims["aud"], claims[f"{LTI}deployment_id"]) == (
        tool.running.url,
        "sandbox-client",
        "1",
    )
    assert claims[f"{LTI}context"]["id"] == copied["course"]
    assert claims[f"{LTI}origin_contexts"] == [COURSE]
    listed = tool.call("GET", HANDLERS, headers=tool.bear(SCOPE_NOTICE)).json()
    assert listed["notice_handlers"][1]["handler"] == f"{taker.url}/notices"


def test_a_suite_sends_notices_to_order(start: Callable[..., Tool], taker: NoticeTaker) -> None:
    tool = start(tool_url=taker.url)
    handle(tool, taker)
    taker.status = 503
    sent = tool.control(
        "notices", course="mentoring-2026", origins=["a", "b"], id="same", times=2, patch={"aud": "somebody"}
    )
    assert sent["statuses"] == [503]
    [tokens] = taker.wait(1)
    claims = [tool.read_token(token) for token in tokens]
    assert [claim[f"{LTI}notice"]["id"] for claim in claims] == ["same", "same"]
    assert claims[0]["aud"] == "somebody"
    assert claims[0][f"{LTI}origin_contexts"] == ["a", "b"]
    kept = requests.get(tool.address("/controls/notices"), timeout=TIMEOUT).json()
    assert [notice["status"] for notice in kept["notices"]] == [503, 503]


@pytest.mark.parametrize(
    "changed",
    [
        {"notice_type": "LtiElseNotice"},
        {"notice_type": 7},
        {"handler": "https://elsewhere.test/notices"},
        {"handler": "notices"},
        {"handler": 7},
        {"handler": None},
    ],
)
def test_a_wrong_handler_is_refused(
    start: Callable[..., Tool], taker: NoticeTaker, changed: dict[str, Any]
) -> None:
    tool = start(tool_url=taker.url)
    answer = handle(tool, taker, **changed)
    assert answer.status_code == 400


def test_handlers_need_their_scope_and_their_deployment(tool: Tool, taker: NoticeTaker) -> None:
    assert tool.call("GET", HANDLERS, headers=tool.bear(SCOPE_SCORE)).status_code == 403
    header = tool.bear(SCOPE_NOTICE)
    assert tool.call("GET", "/notices/2/handlers", headers=header).status_code == 404
    assert taker.tokens == []


def test_moodle_has_no_notices(start: Callable[..., Tool]) -> None:
    tool = start(profile_name="moodle")
    assert tool.ask_token(scope=SCOPE_NOTICE).status_code == 400
    assert (
        NOTICE_SERVICE_CLAIM
        not in tool.control("mint", sub="teacher-1", link="link-home", nonce="n")["claims"]
    )
