"""What the tool says of itself when it registers: whole for Moodle, and nothing that Canvas' schema refuses."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from flask import Flask
from flask.testing import FlaskClient

from lti.platforms.tool import CUSTOM, SCOPES, tool_values
from tests.lti.platforms.conftest import Open
from tests.lti.platforms.registrar import PLATFORM, TOOL, Registrar, recorded

Invite = Callable[..., str]
CANVAS = "https://canvas.instructure.com/lti/"
NOTICES = "https://purl.imsglobal.org/spec/lti/scope/noticehandlers"


def sent_to(moodle: Registrar) -> dict[str, Any]:
    """Return the body of the last registration."""
    body: dict[str, Any] = moodle.posted[-1].body
    return body


def by_type(body: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Return the messages of a registration by their type."""
    return {message["type"]: message for message in body[TOOL]["messages"]}


def test_registration_holds_all_that_the_recorded_one_held(
    moodle: Registrar, open_address: Open, make_invitation: Invite
) -> None:
    open_address(invitation=make_invitation())
    body, known = sent_to(moodle), recorded("dynreg-3-registration")["request"]["body"]
    for name in ("application_type", "response_types", "grant_types", "token_endpoint_auth_method"):
        assert body[name] == known[name]
    assert body["redirect_uris"] == ["http://127.0.0.1:8000/lti/launch"]
    assert body["initiate_login_uri"] == "http://127.0.0.1:8000/lti/login"
    assert body["jwks_uri"] == "http://127.0.0.1:8000/lti/jwks"
    assert body["scope"].split() == list(SCOPES)
    about = body[TOOL]
    assert about["domain"] == "127.0.0.1:8000"  # Moodle compares it with the target, its port as well
    assert about["target_link_uri"] == "http://127.0.0.1:8000/lti/launch"
    assert about["custom_parameters"] == CUSTOM
    assert {"sub", "name", "email"} <= set(about["claims"])
    messages = by_type(body)
    assert messages["LtiDeepLinkingRequest"]["target_link_uri"] == "http://127.0.0.1:8000/lti/deep-link"
    assert messages["LtiDeepLinkingRequest"]["placements"] == ["ContentArea"]
    assert messages["LtiDeepLinkingRequest"]["supported_types"] == ["ltiResourceLink"]
    assert {"LtiResourceLinkRequest", "LtiSubmissionReviewRequest"} <= set(messages)


def test_tool_is_named_as_the_institute_in_each_of_its_languages(
    moodle: Registrar, open_address: Open, make_invitation: Invite
) -> None:
    open_address(invitation=make_invitation())
    body = sent_to(moodle)
    assert body["client_name"] == body["client_name#en"] == "Valley Coaching Institute"
    for tag in ("en", "es", "zh-Hant", "vi", "ar"):
        assert body[TOOL][f"description#{tag}"]
        assert by_type(body)["LtiDeepLinkingRequest"][f"label#{tag}"]


def test_icon_is_a_picture_that_anybody_may_load(browser: FlaskClient, app: Flask) -> None:
    with app.test_request_context():
        values = tool_values()
    with browser.get(urlsplit(values.icon_url).path) as answer:
        assert answer.status_code == 200
        assert answer.content_type == "image/png"
        assert answer.data.startswith(b"\x89PNG")


def test_notices_are_asked_for_only_where_the_platform_knows_them(
    moodle: Registrar, open_address: Open, make_invitation: Invite
) -> None:
    moodle.configuration["scopes_supported"] = [*SCOPES, NOTICES]
    open_address(invitation=make_invitation())
    assert NOTICES in sent_to(moodle)["scope"].split()


def test_canvas_gets_its_extensions_and_no_message_that_it_does_not_know(
    moodle: Registrar, open_address: Open, make_invitation: Invite
) -> None:
    moodle.configuration[PLATFORM] = {
        "product_family_code": "canvas",
        "version": "vCloud",
        "messages_supported": [
            {
                "type": "LtiResourceLinkRequest",
                "placements": [f"{CANVAS}course_navigation", "link_selection"],
            },
            {"type": "LtiDeepLinkingRequest", "placements": ["ContentArea", f"{CANVAS}assignment_selection"]},
        ],
        f"{CANVAS}account_name": "Valley College",
    }
    page = open_address(invitation=make_invitation())
    assert "Valley College" in page.text
    about = sent_to(moodle)[TOOL]
    assert about[f"{CANVAS}privacy_level"] == "public"
    assert about[f"{CANVAS}tool_id"] == "coaching-institute-127.0.0.1:8000"
    messages = by_type(sent_to(moodle))
    assert set(messages) == {"LtiResourceLinkRequest", "LtiDeepLinkingRequest"}
    assert messages["LtiDeepLinkingRequest"]["placements"] == ["ContentArea", f"{CANVAS}assignment_selection"]
    link = messages["LtiResourceLinkRequest"]
    assert link["placements"] == [f"{CANVAS}course_navigation"]
    assert link[f"{CANVAS}course_navigation/default_enabled"] is False
    assert link[f"{CANVAS}visibility"] == "members"


def test_issuer_of_canvas_is_believed_at_canvas_own_hosts_only(
    moodle: Registrar, open_address: Open, make_invitation: Invite
) -> None:
    moodle.configuration["issuer"] = "https://canvas.instructure.com"
    # An institution that runs Canvas itself: all of it is at the host that the configuration came from.
    assert open_address(invitation=make_invitation()).status_code == 200
    moodle.configuration["jwks_uri"] = "https://8.8.8.8/keys"
    page = open_address(invitation=make_invitation(), registration_token="token-2")
    assert "LTI-REGISTER-ISSUER" in page.text
    cloud = "https://sso.canvaslms.com"
    moodle.configuration |= {
        "authorization_endpoint": f"{cloud}/api/lti/authorize_redirect",
        "token_endpoint": f"{cloud}/login/oauth2/token",
        "jwks_uri": f"{cloud}/api/lti/security/jwks",
    }
    page = open_address(invitation=make_invitation(), registration_token="token-3")
    assert "LTI-REGISTER-ISSUER" not in page.text
    moodle.configuration["jwks_uri"] = "https://sso.canvaslms.com.evil.example/jwks"
    page = open_address(invitation=make_invitation(), registration_token="token-4")
    assert "LTI-REGISTER-ISSUER" in page.text
