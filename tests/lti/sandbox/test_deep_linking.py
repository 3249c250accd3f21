"""Deep linking: a teacher adds content from the tool, and the answer is judged before anything is made of it."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

import pytest
import requests
from joserfc.jwk import RSAKey

from lti.sandbox.vocabulary import AGS_CLAIM, DL, LTI, NRPS_CLAIM, SETTINGS_CLAIM
from tests.lti.sandbox.conftest import COURSE, TIMEOUT, TOOL, FormReader, Tool

ADD = f"/courses/{COURSE}/add/open"
ITEM = {
    "type": "ltiResourceLink",
    "title": "Module <1>",
    "text": "The first module",
    "url": f"{TOOL}/lti/launch?target=module%3Aone",
    "custom": {"target": "module:one", "Grade": "progress", "unknown": "$Un.known"},
    "lineItem": {"scoreMaximum": 50, "label": "Progress of module 1", "resourceId": "m1", "tag": "progress"},
    "window": {"targetName": "_blank"},
    "available": {"startDateTime": "2026-01-01T00:00:00Z"},
}


def ask(tool: Tool, **wishes: str) -> dict[str, Any]:
    """Open the picker as a teacher and return the id_token's claims."""
    return tool.launch(f"{ADD}?{urlencode({'as': 'teacher-1', **wishes})}")


def answer(tool: Tool, asked: dict[str, Any], *items: Any, key: Any = None, **changed: Any) -> str:
    """Return a signed answer; a claim given as None is left out."""
    at = int(time.time())
    claims = {
        "iss": asked["aud"],
        "aud": asked["iss"],
        "iat": at,
        "exp": at + 300,
        "nonce": uuid.uuid4().hex,
        "jti": None,
        "sub": None,
        f"{LTI}message_type": "LtiDeepLinkingResponse",
        f"{LTI}version": "1.3.0",
        f"{LTI}deployment_id": asked[f"{LTI}deployment_id"],
        f"{DL}content_items": list(items),
        f"{DL}data": asked[SETTINGS_CLAIM].get("data"),
        **changed,
    }
    return tool.sign(key=key, **claims)


def send(asked: dict[str, Any], token: str, **more: str) -> requests.Response:
    """Post an answer as the tool's page does."""
    address = asked[SETTINGS_CLAIM]["deep_link_return_url"]
    return requests.post(address, data={"JWT": token, **more}, timeout=TIMEOUT)


def refused(response: requests.Response) -> str:
    """Return the sentence of a refusal."""
    assert response.status_code == 400, response.text
    return response.text.partition('class="lead">')[2].partition("</p>")[0]


def test_the_picker_opens_in_a_frame_with_a_deep_linking_request(tool: Tool) -> None:
    page = requests.get(tool.address(f"/courses/{COURSE}/add?as=teacher-1"), timeout=TIMEOUT).text
    assert f'src="{ADD}?as=teacher-1"' in page
    claims = ask(tool)
    assert claims[f"{LTI}message_type"] == "LtiDeepLinkingRequest"
    assert claims[f"{LTI}target_link_uri"] == f"{TOOL}/lti/deep-link"
    assert f"{LTI}resource_link" not in claims
    assert "lineitem" not in claims[AGS_CLAIM]
    settings = claims[SETTINGS_CLAIM]
    assert settings["accept_types"] == ["ltiResourceLink"]
    assert settings["accept_multiple"] is True
    assert settings["accept_lineitem"] is True
    assert settings["data"]


def test_an_answer_makes_links_and_line_items(tool: Tool) -> None:
    asked = ask(tool)
    told = answer(tool, asked, ITEM, {"type": "ltiResourceLink"}, **{f"{DL}msg": "Two <things>"})
    page = send(asked, told)
    assert page.status_code == 200
    assert "<li><bdi>Module &lt;1&gt;</bdi></li>" in page.text
    assert "Two &lt;things&gt;" in page.text
    course = requests.get(tool.address(f"/courses/{COURSE}?as=participant-1"), timeout=TIMEOUT).text
    assert course.count('class="card"') == 8
    link = course.split('id="title-link-')[-2].partition('"')[0]
    claims = tool.launch(f"/open/link-{link}?as=participant-1")
    assert claims[f"{LTI}target_link_uri"] == ITEM["url"]
    assert claims[f"{LTI}resource_link"]["title"] == "Module <1>"
    assert claims[f"{LTI}custom"]["target"] == "module:one"
    assert claims[f"{LTI}custom"]["unknown"] == "$Un.known"
    assert claims[f"{LTI}custom"]["available_start"] == "2026-01-01T00:00:00Z"
    column = tool.call("GET", claims[AGS_CLAIM]["lineitem"]).json()
    assert (column["label"], column["scoreMaximum"]) == ("Progress of module 1", 50)
    assert (column["resourceId"], column["tag"], column["resourceLinkId"]) == (
        "m1",
        "progress",
        f"link-{link}",
    )


def test_an_answer_counts_once(tool: Tool) -> None:
    asked, other = ask(tool), ask(tool)
    assert send(asked, answer(tool, asked, ITEM, nonce="same")).status_code == 200
    assert "answered before" in refused(send(asked, answer(tool, asked, ITEM)))
    assert "nonce" in refused(send(other, answer(tool, other, ITEM, nonce="same")))
    assert send(other, answer(tool, other, ITEM)).status_code == 200


def test_a_cancelled_choice_shows_what_the_tool_says(tool: Tool) -> None:
    asked = ask(tool)
    page = send(asked, answer(tool, asked, **{f"{DL}errormsg": "It was <b>cancelled</b>"})).text
    assert "Nothing was added" in page
    assert "cancelled&lt;/b&gt;" in page


@pytest.mark.parametrize(
    ("changed", "word"),
    [
        ({"iss": "somebody"}, "iss"),
        ({"iss": None}, "iss"),
        ({"aud": "http://elsewhere.test"}, "aud"),
        ({"aud": None}, "aud"),
        ({"aud": [TOOL, "http://elsewhere.test"]}, "aud"),
        ({"exp": 1}, "expired"),
        ({"exp": None}, "exp"),
        ({"iat": int(time.time()) + 3000, "exp": int(time.time()) + 3300}, "future"),
        ({"exp": int(time.time()) + 90000}, "one hour"),
        ({"nonce": None}, "nonce"),
        ({"nonce": "n" * 300}, "nonce"),
        ({f"{LTI}message_type": "LtiDeepLinkingRequest"}, "message_type"),
        ({f"{LTI}version": "1.1"}, "version"),
        ({f"{LTI}deployment_id": "2"}, "deployment_id"),
        ({f"{DL}data": None}, "data"),
        ({f"{DL}data": "made up"}, "data"),
        ({f"{DL}content_items": {}}, "content_items"),
        ({f"{DL}msg": 7}, "msg"),
    ],
)
def test_an_answer_with_a_wrong_claim_is_refused(tool: Tool, changed: dict[str, Any], word: str) -> None:
    asked = ask(tool)
    assert word in refused(send(asked, answer(tool, asked, ITEM, **changed)))
    assert send(asked, answer(tool, asked, ITEM)).status_code == 200


def test_an_answer_that_the_tool_did_not_sign_is_refused(tool: Tool) -> None:
    asked = ask(tool)
    stranger = RSAKey.generate_key(2048, parameters={"kid": "tool-key"})
    assert "verified" in refused(send(asked, answer(tool, asked, ITEM, key=stranger)))
    assert "token" in refused(send(asked, "no.token"))
    assert "JWT" in refused(send(asked, answer(tool, asked, ITEM), JWT2="more"))


@pytest.mark.parametrize(
    "changed",
    [
        {"type": "link", "url": "https://elsewhere.test/"},
        {"type": None},
        {"url": "https://elsewhere.test/lti/launch"},
        {"url": "javascript:alert(1)"},
        {"url": None},
        {"title": 7},
        {"title": "t" * 300},
        {"custom": {"number": 7}},
        {"custom": []},
        {"lineItem": {"label": "no maximum"}},
        {"lineItem": {"scoreMaximum": 0}},
        {"lineItem": {"scoreMaximum": True}},
        {"lineItem": {"scoreMaximum": 10, "tag": None}},
        {"lineItem": {"scoreMaximum": 10, "submissionReview": {"reviewableStatus": ["Whenever"]}}},
        {"available": {"startDateTime": "tomorrow"}},
        {"submission": {"endDateTime": "2026-01-01T00:00:00"}},
        {"icon": {"width": 10}},
        {"embed": {}, "iframe": {"width": "wide"}},
    ],
)
def test_wrong_content_is_refused_whole(tool: Tool, changed: dict[str, Any]) -> None:
    asked = ask(tool)
    assert (
        "Item 2" in refused(send(asked, answer(tool, asked, ITEM, {**ITEM, **changed}))) or "url" in changed
    )
    page = requests.get(tool.address(f"/courses/{COURSE}?as=participant-1"), timeout=TIMEOUT).text
    assert page.count('class="card"') == 6


def test_what_was_not_asked_for_is_refused(tool: Tool) -> None:
    one = ask(tool, multiple="no")
    assert one[SETTINGS_CLAIM]["accept_multiple"] is False
    assert "Only one" in refused(send(one, answer(tool, one, ITEM, ITEM)))
    assert send(one, answer(tool, one, ITEM)).status_code == 200
    ungraded = ask(tool, lineitem="no")
    assert "lineItem" in refused(send(ungraded, answer(tool, ungraded, ITEM)))
    silent = ask(tool, data="no")
    assert "data" not in silent[SETTINGS_CLAIM]
    assert "data" in refused(send(silent, answer(tool, silent, ITEM, **{f"{DL}data": "x"})))
    assert send(silent, answer(tool, silent, ITEM)).status_code == 200


@pytest.mark.parametrize("person", ["participant-1", "coach-1"])
def test_only_teachers_add(tool: Tool, person: str) -> None:
    assert requests.get(tool.address(f"{ADD}?as={person}"), timeout=TIMEOUT).status_code == 403
    page = requests.get(tool.address(f"/courses/{COURSE}?as={person}"), timeout=TIMEOUT).text
    assert "Add from the tool" not in page
    assert requests.get(tool.address(f"{ADD}?as=admin-1"), timeout=TIMEOUT).status_code == 200


def test_moodle_ignores_labels_and_breaks_what_is_no_link(start: Callable[..., Tool]) -> None:
    tool = start(profile_name="moodle")
    asked = ask(tool)
    assert "data" not in asked[SETTINGS_CLAIM]
    assert NRPS_CLAIM in asked
    items = (ITEM, {"type": "link", "url": "https://elsewhere.test/"}, {"type": "html", "html": "<i>hi</i>"})
    page = send(asked, answer(tool, asked, *items)).text
    assert page.count("<li>") == 3
    assert "broken activities" in page
    [column] = tool.list_columns(query="?type_id=1").json()
    assert column["label"] == "Module <1>"
    link = column["resourceLinkId"]
    custom = tool.launch(f"/open/{link}?as=participant-1")[f"{LTI}custom"]
    assert custom["Grade"] == custom["grade"] == "progress"
    assert custom["available_start"] == "$ResourceLink.available.startDateTime"
    assert custom["person_timezone"]
    empty = ask(tool)
    assert "not saved" in send(empty, answer(tool, empty)).text


def test_moodle_offers_no_roster_before_the_tool_is_in_the_course(start: Callable[..., Tool]) -> None:
    tool = start(profile_name="moodle")
    tool.control("courses", id="new", title="New")
    tool.control(
        "enrolments",
        course="new",
        sub="teacher-1",
        role="http://purl.imsglobal.org/vocab/lis/v2/membership#Instructor",
    )
    assert NRPS_CLAIM not in tool.launch("/courses/new/add/open?as=teacher-1")


def test_canvas_ignores_texts(start: Callable[..., Tool]) -> None:
    tool = start(profile_name="canvas")
    asked = ask(tool)
    send(asked, answer(tool, asked, ITEM))
    [column] = tool.call("GET", f"/courses/{COURSE}/lineitems").json()
    claims = tool.launch(f"/open/{column['resourceLinkId']}?as=participant-1")
    assert claims[f"{LTI}resource_link"]["description"] == ""
    assert column["label"] == "Progress of module 1"


def test_the_form_that_starts_the_login_goes_to_the_tool(tool: Tool) -> None:
    page = requests.get(tool.address(f"{ADD}?as=teacher-1"), timeout=TIMEOUT).text
    assert FormReader(page).fields["target_link_uri"] == f"{TOOL}/lti/deep-link"
