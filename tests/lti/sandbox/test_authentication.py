"""The login: what the tool must send, and what an id_token says."""

from __future__ import annotations

import time

import pytest
import requests

from lti.sandbox.vocabulary import AGS_CLAIM, GRADE_SCOPES, LTI, NRPS_CLAIM
from tests.lti.sandbox.conftest import COURSE, TIMEOUT, TOOL, FormReader, Tool


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_right_request_is_answered_with_a_token_posted_to_the_tool(tool: Tool, method: str) -> None:
    form = FormReader(tool.ask_login(method, nonce="the nonce").text)
    assert form.action == f"{TOOL}/lti/launch"
    assert set(form.fields) == {"id_token", "state"}
    assert form.fields["state"] == "a state"
    claims = tool.read_token(form.fields["id_token"])
    assert (claims["iss"], claims["aud"], claims["sub"]) == (
        tool.running.url,
        "sandbox-client",
        "participant-1",
    )
    assert claims["nonce"] == "the nonce"
    assert claims["exp"] - claims["iat"] == 60
    assert abs(claims["iat"] - time.time()) < 5
    assert "azp" not in claims


def test_the_token_names_person_place_and_services(tool: Tool) -> None:
    claims = tool.read_token(FormReader(tool.ask_login().text).fields["id_token"])
    assert (claims["name"], claims["given_name"], claims["family_name"]) == (
        "Lucía Ortega",
        "Lucía",
        "Ortega",
    )
    assert (claims["email"], claims["locale"]) == ("lucia@example.test", "es")
    assert claims[f"{LTI}roles"] == ["http://purl.imsglobal.org/vocab/lis/v2/membership#Learner"]
    assert claims[f"{LTI}context"]["id"] == COURSE
    assert claims[f"{LTI}target_link_uri"] == f"{TOOL}/lti/launch"
    assert claims[f"{LTI}deployment_id"] == "1"
    assert claims[f"{LTI}resource_link"]["id"] == "link-home"
    assert claims[f"{LTI}launch_presentation"]["document_target"] == "iframe"
    assert claims[AGS_CLAIM] == {
        "scope": list(GRADE_SCOPES),
        "lineitems": tool.address(f"/courses/{COURSE}/lineitems"),
    }
    assert claims[NRPS_CLAIM]["context_memberships_url"] == tool.address(f"/courses/{COURSE}/memberships")


def test_a_link_with_exactly_one_line_item_names_it(tool: Tool) -> None:
    def read() -> str | None:
        claims = tool.read_token(FormReader(tool.ask_login().text).fields["id_token"])
        return dict(claims[AGS_CLAIM]).get("lineitem")

    first = tool.add_line_item(resourceLinkId="link-home")
    assert read() == first
    tool.add_line_item(resourceLinkId="link-home")
    assert read() is None


def test_the_administrator_has_no_role_in_the_course(tool: Tool) -> None:
    claims = tool.control("mint", sub="admin-1", link="link-home", nonce="n")["claims"]
    assert [role.rpartition("/")[2] for role in claims[f"{LTI}roles"]] == ["person#Administrator"] * 2


def test_a_target_travels_in_the_custom_claim(tool: Tool) -> None:
    claims = tool.control("mint", sub="participant-1", link="link-segment-1", nonce="n")["claims"]
    assert claims[f"{LTI}custom"]["target"] == "segment:leadership/module-1/segment-1"


@pytest.mark.parametrize(
    "changed",
    [
        {"redirect_uri": f"{TOOL}/lti/launch/"},
        {"redirect_uri": f"{TOOL}/lti/launch?more=1"},
        {"redirect_uri": "https://elsewhere.example/lti/launch"},
        {"redirect_uri": None},
        {"client_id": "somebody-else"},
        {"client_id": None},
        {"redirect_uri": [f"{TOOL}/lti/launch", f"{TOOL}/lti/launch"]},
    ],
)
def test_an_answer_never_goes_to_an_address_that_is_not_registered(
    tool: Tool, changed: dict[str, str]
) -> None:
    answer = tool.ask_login(**changed)
    assert answer.status_code == 400
    assert "id_token" not in answer.text
    assert "<form" not in answer.text


@pytest.mark.parametrize(
    ("changed", "error"),
    [
        ({"scope": "openid email"}, "invalid_scope"),
        ({"scope": None}, "invalid_scope"),
        ({"response_type": "code"}, "unsupported_response_type"),
        ({"response_mode": "fragment"}, "invalid_request"),
        ({"response_mode": None}, "invalid_request"),
        ({"prompt": "login"}, "invalid_request"),
        ({"prompt": None}, "invalid_request"),
        ({"nonce": None}, "invalid_request"),
        ({"nonce": ""}, "invalid_request"),
        ({"state": None}, "invalid_request"),
        ({"login_hint": None}, "invalid_request"),
        ({"lti_message_hint": None}, "invalid_request"),
        ({"lti_message_hint": "made up"}, "invalid_request"),
        ({"login_hint": "teacher-1"}, "access_denied"),
        ({"nonce": ["one", "two"]}, "invalid_request"),
        ({"nonce": "n" * 5000}, "invalid_request"),
    ],
)
def test_a_wrong_request_is_answered_with_an_error(tool: Tool, changed: dict[str, str], error: str) -> None:
    form = FormReader(tool.ask_login(**changed).text)
    assert form.action == f"{TOOL}/lti/launch"
    assert form.fields["error"] == error
    assert "id_token" not in form.fields
    assert form.fields.get("state") == changed.get("state", "a state")


def test_a_message_hint_is_good_for_one_token(tool: Tool) -> None:
    hint = tool.control("opening", sub="participant-1", link="link-home")["fields"]["lti_message_hint"]
    assert "id_token" in FormReader(tool.ask_login(lti_message_hint=hint).text).fields
    assert FormReader(tool.ask_login(lti_message_hint=hint).text).fields["error"] == "login_required"


def test_a_message_hint_grows_old(tool: Tool) -> None:
    hint = tool.control("opening", sub="participant-1", link="link-home")["fields"]["lti_message_hint"]
    tool.control("clock", seconds=301)
    assert FormReader(tool.ask_login(lti_message_hint=hint).text).fields["error"] == "login_required"


def test_a_nonce_is_good_for_one_token(tool: Tool) -> None:
    assert "id_token" in FormReader(tool.ask_login(nonce="same").text).fields
    assert FormReader(tool.ask_login(nonce="same").text).fields["error"] == "invalid_request"


def test_what_the_tool_sends_is_never_markup(tool: Tool) -> None:
    hostile = '"><script>alert(1)</script>'
    answer = tool.ask_login(state=hostile)
    assert "<script>alert" not in answer.text
    assert FormReader(answer.text).fields["state"] == hostile


def test_the_configuration_names_every_endpoint(tool: Tool) -> None:
    address = tool.address("/.well-known/openid-configuration")
    described = requests.get(address, timeout=TIMEOUT).json()
    assert described["issuer"] == tool.running.url
    assert described["authorization_endpoint"] == tool.address("/auth")
    assert described["token_endpoint"] == tool.address("/token")
    assert described["jwks_uri"] == tool.address("/jwks")


def test_other_host_names_are_not_served(tool: Tool) -> None:
    answer = requests.get(tool.address("/jwks"), headers={"Host": "elsewhere.example"}, timeout=TIMEOUT)
    assert answer.status_code == 421
