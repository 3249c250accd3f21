"""The controls: a suite orders failures and tokens, and reads what the services were asked."""

from __future__ import annotations

import base64
import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import requests
from joserfc.errors import JoseError

from lti.sandbox.app import create_sandbox
from lti.sandbox.settings import SandboxSettings
from lti.sandbox.vocabulary import LTI
from tests.lti.sandbox.conftest import COURSE, TIMEOUT, FormReader, Tool

ITEMS = f"/courses/{COURSE}/lineitems"


def mint(tool: Tool, **order: Any) -> str:
    """Return an id_token made to order."""
    return str(tool.control("mint", sub="participant-1", link="link-home", nonce="n", **order)["id_token"])


def header_of(token: str) -> dict[str, Any]:
    """Return a token's header."""
    part = token.split(".", maxsplit=1)[0]
    return dict(json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))))


def test_without_controls_there_are_none(tmp_path: Path) -> None:
    client = create_sandbox(SandboxSettings(tmp_path)).test_client()
    assert client.post("/controls/faults", json={"service": "all"}).status_code == 404
    assert client.get("/controls/log").status_code == 404


def test_a_service_fails_as_often_as_ordered(tool: Tool) -> None:
    header = tool.bear()
    tool.control("faults", service="lineitems", status=429, left=2, retry_after=7)
    answers = [tool.call("GET", ITEMS, headers=header) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [429, 429, 200]
    assert answers[0].headers["Retry-After"] == "7"


def test_a_service_fails_until_the_order_is_cleared(tool: Tool) -> None:
    tool.control("faults", service="token")
    assert [tool.ask_token().status_code for _ in range(3)] == [503, 503, 503]
    requests.delete(tool.address("/controls/faults"), timeout=TIMEOUT)
    assert tool.ask_token().status_code == 200


def test_an_answer_can_be_lost_after_the_work_is_done(tool: Tool) -> None:
    address = tool.add_line_item()
    tool.control("faults", service="scores", left=1, after_work=True)
    assert tool.send_score(address).status_code == 503
    assert tool.send_score(address).status_code == 409
    assert [(call["status"], call["answered"]) for call in tool.read_log("scores")] == [
        (200, False),
        (409, True),
    ]


def test_a_service_can_answer_late_or_with_a_page(tool: Tool) -> None:
    tool.control("faults", service="jwks", status=None, sleep=0.2, left=1)
    begun = time.monotonic()
    assert requests.get(tool.address("/jwks"), timeout=TIMEOUT).json()["keys"]
    assert time.monotonic() - begun >= 0.2
    tool.control(
        "faults", service="jwks", status=200, body="<html>", content_type="text/html", left=1, skip=1
    )
    answers = [requests.get(tool.address("/jwks"), timeout=TIMEOUT).text for _ in range(3)]
    assert [answer == "<html>" for answer in answers] == [False, True, False]


def test_a_rotated_key_signs_and_the_old_one_stays_or_goes(tool: Tool) -> None:
    old = mint(tool)
    kid = tool.control("keys", keep_old=True)["kid"]
    assert header_of(mint(tool))["kid"] == kid
    assert tool.read_token(old)["sub"] == "participant-1"
    tool.control("keys", keep_old=False)
    with pytest.raises((JoseError, ValueError)):
        tool.read_token(old)
    assert tool.read_token(mint(tool))["sub"] == "participant-1"


def test_a_token_is_spoilt_as_ordered(tool: Tool) -> None:
    order = {"patch": {"sub": None, f"{LTI}context": {"id": "c", "title": None}}, "set": {"exp": None}}
    claims = tool.read_token(mint(tool, **order, remove=["email"]))
    assert {"sub", "email"} & claims.keys() == set()
    assert claims["exp"] is None
    assert claims[f"{LTI}context"]["id"] == "c"
    assert "title" not in claims[f"{LTI}context"]
    assert "kid" not in header_of(mint(tool, header={"kid": None}))
    assert header_of(mint(tool, header={"alg": "HS256"}))["alg"] == "HS256"
    assert mint(tool, header={"alg": "none"}).endswith(".")
    assert mint(tool, parts=2).count(".") == 1
    with pytest.raises(JoseError):
        tool.read_token(mint(tool, key="wrong"))


def test_the_next_launch_can_be_spoilt_and_the_one_after_is_right(tool: Tool) -> None:
    tool.control("next-token", patch={f"{LTI}version": "1.1"})
    tokens = [FormReader(tool.ask_login().text).fields["id_token"] for _ in range(2)]
    assert [tool.read_token(token)[f"{LTI}version"] for token in tokens] == ["1.1", "1.3.0"]


@pytest.mark.parametrize(
    ("what", "body"),
    [
        ("mint", {"sub": "nobody", "link": "link-home"}),
        ("mint", {"sub": "participant-1", "link": "link-home", "key": "golden"}),
        ("mint", {"sub": "participant-1", "link": "link-home", "header": {"alg": "ES512"}}),
        ("mint", {"sub": "participant-1", "link": "link-home", "spoil": True}),
        ("next-token", {"patch": []}),
        ("next-token", {"times": "x"}),
        ("faults", {"service": "token", "how": "badly"}),
        ("people", {"count": 0}),
        ("people", {"people": [7]}),
        ("enrolments", {}),
        ("enrolments", {"sub": "nobody"}),
        ("links", {"id": "link-home"}),
    ],
)
def test_a_wrong_order_is_refused(tool: Tool, what: str, body: dict[str, Any]) -> None:
    answer = requests.post(tool.address(f"/controls/{what}"), json=body, timeout=TIMEOUT)
    assert 400 <= answer.status_code < 500


def test_an_order_is_json_so_that_no_web_page_can_send_it(tool: Tool) -> None:
    answer = requests.post(tool.address("/controls/faults"), data='{"service": "all"}', timeout=TIMEOUT)
    assert answer.status_code == 415


def test_revoked_tokens_open_nothing(tool: Tool) -> None:
    header = tool.bear()
    tool.control("revoke")
    assert tool.call("GET", ITEMS, headers=header).status_code == 401


def test_the_log_keeps_scores_and_no_assertion(tool: Tool) -> None:
    tool.send_score(tool.add_line_item())
    [call] = tool.read_log("scores")
    assert json.loads(call["body"])["userId"] == "participant-1"
    assert call["at"].endswith("+00:00")
    assert all("client_assertion=" not in call["body"] for call in tool.read_log("token"))


def test_courses_links_and_the_gradebook_are_at_hand(tool: Tool) -> None:
    tool.control("courses", id="third", title="Third")
    tool.control("links", id="link-third", course="third", custom={"target": "module:x/y"})
    tool.control("people", course="third", count=2)
    assert tool.control("mint", sub="learner-2", link="link-third", nonce="n")["claims"][f"{LTI}custom"]
    book = requests.get(tool.address("/controls/gradebook/third"), timeout=TIMEOUT).json()
    assert [row["sub"] for row in book["rows"]] == ["learner-1", "learner-2"]


def test_two_sandboxes_know_nothing_of_each_other(start: Callable[..., Tool]) -> None:
    first, second = start(), start()
    first.add_line_item()
    assert second.call("GET", ITEMS).json() == []
    assert second.call("GET", ITEMS, headers=first.bear()).status_code == 401
