"""Dynamic registration: one token, one tool; what is wrong is refused; three families and their ways."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests

from lti.sandbox.vocabulary import CANVAS, LTI, PLATFORM_CONFIGURATION, SCOPES, TOOL_CONFIGURATION
from tests.lti.sandbox.conftest import COURSE, TIMEOUT, TOOL, FormReader, Tool

START = f"{TOOL}/lti/register?invitation=i1"
LAUNCH = f"{TOOL}/lti/launch"
ADMIN = "/admin/tools?as=admin-1"


def metadata(**changed: Any) -> dict[str, Any]:
    """Return what a right tool says about itself; a value given as None is left out."""
    asked = {
        "application_type": "web",
        "response_types": ["id_token"],
        "grant_types": ["implicit", "client_credentials"],
        "initiate_login_uri": f"{TOOL}/lti/login",
        "redirect_uris": [LAUNCH, f"{TOOL}/second"],
        "client_name": "A tool",
        "jwks_uri": f"{TOOL}/lti/jwks",
        "token_endpoint_auth_method": "private_key_jwt",
        "scope": " ".join(SCOPES),
        TOOL_CONFIGURATION: lti(),
        **changed,
    }
    return {name: value for name, value in asked.items() if value is not None}


def lti(**changed: Any) -> dict[str, Any]:
    """Return the LTI part of it."""
    return {
        "domain": urlsplit(TOOL).netloc,
        "target_link_uri": LAUNCH,
        "custom_parameters": {"history": "$Context.id.history"},
        "claims": ["iss", "sub", "name", "given_name", "family_name", "email"],
        "messages": [
            {"type": "LtiResourceLinkRequest"},
            {
                "type": "LtiDeepLinkingRequest",
                "target_link_uri": f"{TOOL}/choose",
                "placements": ["ContentArea"],
            },
        ],
        **changed,
    }


def begin(tool: Tool, path: str = ADMIN, address: str = START) -> dict[str, str]:
    """Paste an address and return the query with which it is opened in the frame."""
    page = requests.post(tool.address(path), data={"address": address}, timeout=TIMEOUT)
    assert page.status_code == 200
    [source] = re.findall(r'<iframe class="tool"[^>]* src="([^"]*)"', page.text)
    parts = urlsplit(unescape(source))
    assert f"{parts.scheme}://{parts.netloc}{parts.path}" == START.partition("?")[0]
    return {name: values[0] for name, values in parse_qs(parts.query).items()}


def send(tool: Tool, token: str, body: Any = None) -> requests.Response:
    """Register with a token."""
    return requests.post(
        tool.address("/registration"),
        json=metadata() if body is None else body,
        headers={"Authorization": f"Bearer {token}"},
        timeout=TIMEOUT,
    )


def press(tool: Tool, number: int, action: str) -> None:
    """Press a button of a tool."""
    answer = requests.post(tool.address(f"/admin/tools/{number}/{action}?as=admin-1"), timeout=TIMEOUT)
    assert answer.status_code == 200, answer.text


def show(tool: Tool) -> str:
    """Return the page of tools."""
    return requests.get(tool.address(ADMIN), timeout=TIMEOUT).text


def test_the_configuration_says_where_to_register(tool: Tool) -> None:
    query = begin(tool)
    assert query["invitation"] == "i1"
    told = requests.get(query["openid_configuration"], timeout=TIMEOUT).json()
    assert told["issuer"] == tool.running.url
    assert told["registration_endpoint"] == tool.address("/registration")
    assert told[PLATFORM_CONFIGURATION]["product_family_code"] == "sandbox"
    assert "Context.id.history" in told[PLATFORM_CONFIGURATION]["variables"]


def test_a_token_makes_one_tool_that_can_be_used_at_once(tool: Tool) -> None:
    token = begin(tool)["registration_token"]
    answer = send(tool, token)
    assert answer.status_code == 201
    granted = answer.json()
    assert granted["client_id"] not in {"", "sandbox-client"}
    assert granted["redirect_uris"] == [LAUNCH, f"{TOOL}/second"]
    deployment = granted[TOOL_CONFIGURATION]["deployment_id"]
    again = send(tool, token)
    assert (again.status_code, again.json()["error"]) == (401, "token_already_used")
    page = show(tool)
    assert granted["client_id"] in page
    assert deployment in page
    opened = requests.get(
        tool.address(f"/courses/{COURSE}/add/open?as=teacher-1&tool=1"), timeout=TIMEOUT
    ).text
    assert FormReader(opened).fields["client_id"] == granted["client_id"]
    assert FormReader(opened).fields["target_link_uri"] == f"{TOOL}/choose"
    form = FormReader(tool.log_in(opened, redirect_uri=f"{TOOL}/second").text)
    assert form.action == f"{TOOL}/second"
    claims = tool.read_token(form.fields["id_token"])
    assert (claims["aud"], claims[f"{LTI}deployment_id"]) == (granted["client_id"], deployment)
    assert claims[f"{LTI}custom"] == {"history": ""}
    assert "locale" not in claims


def test_a_login_for_one_tool_is_no_login_for_another(tool: Tool) -> None:
    client_id = send(tool, begin(tool)["registration_token"]).json()["client_id"]
    opened = requests.get(tool.address("/open/link-home?as=participant-1"), timeout=TIMEOUT).text
    form = FormReader(tool.log_in(opened, client_id=client_id).text)
    assert form.fields["error"] == "access_denied"
    assert tool.log_in(opened, redirect_uri=f"{TOOL}/second").status_code == 400


def test_tools_get_the_scopes_they_asked_for_and_see_their_own_columns(tool: Tool) -> None:
    body = metadata(scope=SCOPES[0])
    client_id = send(tool, begin(tool)["registration_token"], body).json()["client_id"]
    first = tool.add_line_item()
    granted = tool.ask_token(tool.sign(iss=client_id, sub=client_id)).json()
    assert granted["scope"] == SCOPES[0]
    header = {"Authorization": f"Bearer {granted['access_token']}"}
    assert tool.call("GET", f"/courses/{COURSE}/lineitems", headers=header).json() == []
    assert tool.call("GET", first, headers=header).status_code == 404
    assert tool.call("GET", f"/courses/{COURSE}/memberships", headers=header).status_code == 403


@pytest.mark.parametrize(
    "changed",
    [
        {"application_type": "native"},
        {"response_types": ["code"]},
        {"grant_types": ["implicit"]},
        {"redirect_uris": LAUNCH},
        {"redirect_uris": []},
        {"redirect_uris": ["https://elsewhere.test/launch"]},
        {"initiate_login_uri": "/lti/login"},
        {"initiate_login_uri": None},
        {"jwks_uri": None},
        {"jwks_uri": "https://elsewhere.test/jwks"},
        {"client_name": ""},
        {"client_name": None},
        {"scope": None},
        {"scope": "made-up"},
        {"logo_uri": "logo.png"},
        {"token_endpoint_auth_method": "client_secret_post"},
        {TOOL_CONFIGURATION: None},
        {TOOL_CONFIGURATION: lti(domain="elsewhere.test")},
        {TOOL_CONFIGURATION: lti(target_link_uri=7)},
        {TOOL_CONFIGURATION: lti(messages=[])},
        {TOOL_CONFIGURATION: lti(messages=["LtiDeepLinkingRequest"])},
        {TOOL_CONFIGURATION: lti(messages=[{"type": "LtiDeepLinkingRequest", "placements": "ContentArea"}])},
        {TOOL_CONFIGURATION: lti(claims=None)},
        {TOOL_CONFIGURATION: lti(custom_parameters={"number": 7})},
    ],
)
def test_wrong_metadata_is_refused_and_the_token_stays_good(tool: Tool, changed: dict[str, Any]) -> None:
    token = begin(tool)["registration_token"]
    answer = send(tool, token, metadata(**changed))
    assert answer.status_code == 400
    assert answer.json()["error"].startswith("invalid_")
    assert send(tool, token).status_code == 201


def test_without_a_right_token_nothing_is_registered(tool: Tool) -> None:
    assert send(tool, "made-up").status_code == 401
    assert requests.post(tool.address("/registration"), json=metadata(), timeout=TIMEOUT).status_code == 401
    token = begin(tool)["registration_token"]
    tool.control("clock", seconds=3700)
    assert send(tool, token).status_code == 401


def test_moodle_waits_for_activation_and_an_update_keeps_the_client(start: Callable[..., Tool]) -> None:
    tool = start(profile_name="moodle")
    answer = send(tool, begin(tool)["registration_token"], metadata(scope=SCOPES[1]))
    granted = answer.json()
    assert answer.status_code == 200
    assert granted[TOOL_CONFIGURATION]["deployment_id"] == "2"
    assert set(SCOPES[:4]) == set(granted["scope"].split())
    assert [message["type"] for message in granted[TOOL_CONFIGURATION]["messages"]] == [
        "LtiDeepLinkingRequest"
    ]
    assert "Pending" in show(tool)
    assertion = {"iss": granted["client_id"], "sub": granted["client_id"]}
    assert tool.ask_token(tool.sign(**assertion)).status_code == 400
    course = requests.get(tool.address(f"/courses/{COURSE}?as=teacher-1"), timeout=TIMEOUT).text
    assert 'id="add-1"' not in course
    press(tool, 1, "activate")
    assert "Pending" not in show(tool)
    assert tool.ask_token(tool.sign(**assertion)).json()["scope"] == SCOPES[1]
    token = begin(tool, "/admin/tools/1/update?as=admin-1")["registration_token"]
    updated = send(tool, token, metadata(client_name="A better tool")).json()
    assert updated["client_id"] == granted["client_id"]
    assert updated[TOOL_CONFIGURATION]["deployment_id"] == "2"
    assert "A better tool" in show(tool)
    used, wrong = send(tool, token), send(tool, "made-up")
    assert (used.status_code, used.text, wrong.status_code) == (401, "token_already_used", 404)


def test_canvas_deploys_afterwards_and_names_another_issuer(start: Callable[..., Tool]) -> None:
    tool = start(profile_name="canvas", issuer="https://canvas.example.test")
    query = begin(tool)
    told = requests.get(query["openid_configuration"], timeout=TIMEOUT).json()
    assert told["issuer"] == "https://canvas.example.test"
    assert "?" in query["openid_configuration"]
    configuration = lti(**{f"{CANVAS}privacy_level": "name_only"})
    answer = send(tool, query["registration_token"], metadata(**{TOOL_CONFIGURATION: configuration})).json()
    assert "deployment_id" not in answer[TOOL_CONFIGURATION]
    assert "Not deployed" in show(tool)
    press(tool, 1, "deploy")
    claims = tool.launch(f"/courses/{COURSE}/add/open?as=teacher-1&tool=1")
    assert claims["iss"] == "https://canvas.example.test"
    assert claims[f"{LTI}deployment_id"] in show(tool)
    assert (claims["name"], claims.get("email")) == ("Grace Okafor", None)


@pytest.mark.parametrize(
    "changed",
    [
        {f"{CANVAS}privacy_level": "everything"},
        {f"{CANVAS}tool_id": 7},
        {"messages": [{"type": "LtiResourceLinkRequest", f"{CANVAS}visibility": "everybody"}]},
        {
            "messages": [
                {"type": "LtiResourceLinkRequest", f"{CANVAS}course_navigation/default_enabled": "yes"}
            ]
        },
    ],
)
def test_canvas_checks_its_own_claims(start: Callable[..., Tool], changed: dict[str, Any]) -> None:
    tool = start(profile_name="canvas")
    token = begin(tool)["registration_token"]
    assert send(tool, token, metadata(**{TOOL_CONFIGURATION: lti(**changed)})).status_code == 400


def test_a_tool_is_removed_and_its_links_say_so(tool: Tool) -> None:
    send(tool, begin(tool)["registration_token"])
    with tool.running.sandbox.store.writing() as db:
        db.execute("UPDATE link SET tool_id = 1 WHERE id = 'link-home'")
    assert tool.launch("/open/link-home?as=participant-1")["aud"] != "sandbox-client"
    press(tool, 1, "remove")
    gone = requests.get(tool.address("/open/link-home?as=participant-1"), timeout=TIMEOUT)
    assert (gone.status_code, "broken" in gone.text) == (404, True)


def test_only_administrators_see_tools_and_a_wrong_address_is_said_beside_the_field(tool: Tool) -> None:
    for person in ("teacher-1", "participant-1"):
        assert requests.get(tool.address(f"/admin/tools?as={person}"), timeout=TIMEOUT).status_code == 403
    for wrong in ("javascript:alert(1)", "http://例.test/", "http://a;script-src/", "http://x@y.test/"):
        answer = requests.post(tool.address(ADMIN), data={"address": wrong}, timeout=TIMEOUT)
        assert answer.status_code == 422
        assert f'value="{wrong}"' in answer.text
    assert requests.post(tool.address("/admin/tools/0/remove?as=admin-1"), timeout=TIMEOUT).status_code == 404
    assert (
        requests.post(tool.address("/admin/tools/7/activate?as=admin-1"), timeout=TIMEOUT).status_code == 404
    )


def test_the_page_frames_the_address_that_was_pasted(tool: Tool) -> None:
    page = requests.post(
        tool.address(ADMIN), data={"address": "https://tool.example.test/r"}, timeout=TIMEOUT
    )
    assert "https://tool.example.test" in page.headers["Content-Security-Policy"].partition("frame-src")[2]


def test_a_tool_is_opened_for_one_of_several_deployments(tool: Tool) -> None:
    second = tool.control("deployments")["deployment"]
    path = "/open/link-home?as=participant-1"
    assert tool.launch(path)[f"{LTI}deployment_id"] == "1"
    assert tool.launch(f"{path}&deployment={second}")[f"{LTI}deployment_id"] == second
    asked = tool.launch(f"/courses/{COURSE}/add/open?as=teacher-1&deployment={second}")
    assert asked[f"{LTI}deployment_id"] == second
    minted = tool.control("mint", sub="participant-1", link="link-home", nonce="n", deployment=second)
    assert minted["claims"][f"{LTI}deployment_id"] == second
    for wrong in (f"{path}&deployment=other", f"/courses/{COURSE}/add/open?as=teacher-1&deployment=other"):
        assert requests.get(tool.address(wrong), timeout=TIMEOUT).status_code == 404
