"""The profiles Moodle and Canvas: what these platforms say and refuse otherwise than the strict one."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
from werkzeug.serving import make_server
from werkzeug.wrappers import Request, Response

from lti.sandbox.vocabulary import (
    AGS_CLAIM,
    INSTRUCTOR,
    LEARNER,
    LINE_ITEM,
    LINE_ITEMS,
    LTI,
    NRPS_CLAIM,
    SETTINGS_CLAIM,
)
from tests.lti.sandbox.conftest import COURSE, TIMEOUT, FormReader, Tool
from tests.lti.sandbox.test_deep_linking import ITEM, answer, send

ITEMS = f"/courses/{COURSE}/lineitems"
RECORDED = Path(__file__).resolve().parents[2] / "recordings" / "moodle-4.5"


@pytest.fixture
def moodle(start: Callable[..., Tool]) -> Tool:
    """A tool beside a sandbox that behaves as Moodle."""
    return start(profile_name="moodle")


@pytest.fixture
def canvas(start: Callable[..., Tool]) -> Tool:
    """A tool beside a sandbox that behaves as Canvas."""
    return start(profile_name="canvas")


def claims_of(tool: Tool, sub: str, link: str = "link-home") -> dict[str, Any]:
    """Return the claims of a launch."""
    return dict(tool.control("mint", sub=sub, link=link, nonce="n")["claims"])


def test_a_launch_of_moodle_has_the_claims_of_a_recorded_one(moodle: Tool) -> None:
    recording = (RECORDED / "launch-student.json").read_text(encoding="utf-8")
    recorded = json.loads(recording)["id_token_decoded"]["claims"]
    claims = claims_of(moodle, "participant-1")
    assert recorded.keys() - claims.keys() == set()
    assert claims.keys() - recorded.keys() == set()
    for name in ("context", "launch_presentation", "resource_link", "lis", "ext"):
        assert claims[f"{LTI}{name}"].keys() == recorded[f"{LTI}{name}"].keys(), name
    assert claims[f"{LTI}context"]["type"] == recorded[f"{LTI}context"]["type"]
    assert claims[NRPS_CLAIM].keys() == recorded[NRPS_CLAIM].keys()


def test_moodle_spells_languages_and_roles_its_own_way(moodle: Tool) -> None:
    claims = claims_of(moodle, "participant-2")
    assert claims[f"{LTI}launch_presentation"]["locale"] == "zh_tw"
    assert "locale" not in claims
    assert claims[f"{LTI}custom"]["person_timezone"] == "Asia/Taipei"
    assert claims_of(moodle, "quiet-1")[f"{LTI}custom"]["person_timezone"] == "99"
    assert claims_of(moodle, "mentor-1")[f"{LTI}roles"] == [LEARNER]
    assert INSTRUCTOR in claims_of(moodle, "admin-1")[f"{LTI}roles"]


def test_never_share_still_sends_the_persons_number(moodle: Tool) -> None:
    claims = claims_of(moodle, "quiet-1")
    assert claims[f"{LTI}lis"]["person_sourcedid"] == "quiet-1"
    assert not {"name", "email"} & claims.keys()
    assert claims[f"{LTI}ext"] == {"lms": "moodle-2"}


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"prompt": "login"}, True),
        ({"response_mode": "fragment"}, True),
        ({"login_hint": "teacher-1"}, True),
        ({"nonce": None}, False),
        ({"scope": "openid email"}, False),
        ({"response_type": "code"}, False),
        ({"lti_message_hint": "made up"}, False),
    ],
)
def test_moodle_keeps_most_errors_of_a_login_to_itself(
    moodle: Tool, changed: dict[str, Any], told: bool
) -> None:
    page = moodle.ask_login(**changed)
    assert page.status_code == (200 if told else 404)
    assert ("error" in FormReader(page.text).fields) is told


def test_a_reload_of_moodles_login_is_a_page_of_moodle(moodle: Tool) -> None:
    opened = requests.get(moodle.address("/open/link-home?as=participant-1"), timeout=TIMEOUT).text
    assert "id_token" in FormReader(moodle.log_in(opened).text).fields
    assert moodle.log_in(opened).status_code == 404


def test_moodles_services_answer_as_recorded(moodle: Tool) -> None:
    token = moodle.ask_token()
    assert token.headers["Content-Type"] == "text/html; charset=utf-8"
    header = moodle.bear()

    def ask(accept: str) -> int:
        return moodle.call("GET", ITEMS, headers={**header, "Accept": accept}).status_code

    assert (ask(LINE_ITEMS), ask("*/*"), ask("application/json")) == (200, 400, 400)
    item = moodle.add_line_item()
    path, _, query = item.partition("?")
    assert moodle.call("GET", f"{path}/results?{query}").status_code == 200
    assert moodle.call("GET", f"{path}/results?{query}&limit=2").status_code == 404
    nameless = moodle.call("GET", ITEMS, headers={**header, "Accept": LINE_ITEMS, "User-Agent": ""})
    assert nameless.status_code == 403


def test_a_new_maximum_fills_moodles_empty_grades(moodle: Tool) -> None:
    item = moodle.add_line_item()
    moodle.send_score(item, gradingProgress="Pending")
    assert moodle.read_results(item) == []
    moodle.call("PUT", item, {"label": "Progress", "scoreMaximum": 100}, kind=LINE_ITEM)
    assert moodle.read_results(item) == []
    moodle.call("PUT", item, {"label": "Progress", "scoreMaximum": 60}, kind=LINE_ITEM)
    assert moodle.read_results(item)[0]["resultScore"] == 0


def test_canvas_names_everybodys_place_and_sends_nulls(canvas: Tool) -> None:
    claims = claims_of(canvas, "participant-1")
    assert [role.rpartition("/")[2] for role in claims[f"{LTI}roles"]] == [
        "person#Student",
        "membership#Learner",
        "person#User",
    ]
    assert claims[AGS_CLAIM]["validation_context"] is None
    assert claims[f"{LTI}context"]["errors"] == {"errors": {}}
    opened = canvas.control("opening", sub="participant-1", link="link-home")["fields"]
    assert opened["deployment_id"] == opened["lti_deployment_id"] == "1"
    assert canvas.send_score(canvas.add_line_item(), userId="test-1").status_code == 422


@pytest.fixture
def probed() -> Iterator[tuple[str, list[str]]]:
    """A server, and the addresses at which it was looked at, each with the looker's name."""
    seen: list[str] = []

    @Request.application
    def look(request: Request) -> Response:
        seen.append(f"{request.full_path} {request.headers['User-Agent']}")
        return Response(status=404)

    server = make_server("127.0.0.1", 0, look, threaded=True)
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    yield f"http://127.0.0.1:{server.port}", seen
    server.shutdown()
    server.server_close()


def test_moodle_looks_at_new_links_by_itself(
    start: Callable[..., Tool], probed: tuple[str, list[str]]
) -> None:
    address, seen = probed
    tool = start(profile_name="moodle", tool_url=address)
    opened = requests.get(tool.address(f"/courses/{COURSE}/add/open?as=teacher-1"), timeout=TIMEOUT).text
    asked = tool.read_token(
        FormReader(tool.log_in(opened, redirect_uri=f"{address}/lti/launch").text).fields["id_token"]
    )
    assert asked[SETTINGS_CLAIM]["accept_types"] == ["ltiResourceLink"]
    assert (
        send(asked, answer(tool, asked, {**ITEM, "url": f"{address}/lti/launch?target=x"})).status_code == 200
    )
    deadline = time.monotonic() + 30
    while not seen:
        assert time.monotonic() < deadline
        time.sleep(0.02)
    assert seen == ["/lti/launch?target=x MoodleBot/1.0"]
