"""Whatever goes wrong at a platform becomes a page with a code and what to do, and a row; never a 500."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from institute.db import db
from institute.people.models import Institute
from institute.web import limits
from lti.platforms.dynamic_models import Invitation, RegistrationRequest, RequestState
from lti.platforms.models import Registration
from tests.lti.platforms.conftest import Open
from tests.lti.platforms.registrar import PLATFORM, TOOL, Registrar, Reply

Invite = Callable[..., str]
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=10), inner, max_size=3),
    max_leaves=8,
)


@pytest.fixture
def unlimited(browser: FlaskClient, institute: Institute, monkeypatch: pytest.MonkeyPatch) -> FlaskClient:
    """A browser that may open pages as often as it likes."""
    monkeypatch.setattr(limits.limiter, "enabled", False)
    return browser


def only_request() -> RegistrationRequest:
    """Return the one request that was noted down."""
    return db.session.scalars(select(RegistrationRequest)).one()


@pytest.mark.parametrize(
    ("recording", "code", "said"),
    [
        ("dynreg-error-auth-method", "LTI-REGISTER-REFUSED", "invalid_token_endpoint_auth_method"),
        ("dynreg-error-domain-mismatch", "LTI-REGISTER-REFUSED", "domain_targetlinkuri_mismatch"),
        ("dynreg-error-native", "LTI-REGISTER-REFUSED", "invalid_application_type"),
        ("dynreg-error-no-jwks-uri", "LTI-REGISTER-REFUSED", "missing required attribute jwks_uri"),
        ("dynreg-error-redirect-uris-string", "LTI-REGISTER-REFUSED", "invalid_redirect_uris"),
        ("dynreg-error-response-types", "LTI-REGISTER-REFUSED", "invalid_response_types"),
        ("dynreg-error-bad-token", "LTI-REGISTER-TOKEN", "did not start this registration"),
        ("dynreg-error-no-token", "LTI-REGISTER-TOKEN", "did not start this registration"),
        ("dynreg-error-token-replay", "LTI-REGISTER-USED", "choose to update it"),
    ],
)
def test_each_recorded_refusal_of_moodle_is_explained(  # noqa: PLR0917  (fixtures and parameters go by name)
    moodle: Registrar, open_address: Open, make_invitation: Invite, recording: str, code: str, said: str
) -> None:
    moodle.replay(recording)
    page = open_address(invitation=make_invitation())
    assert 400 <= page.status_code < 500
    assert code in page.text
    assert said in page.text
    assert "frame-ancestors 'self' *" in page.headers["Content-Security-Policy"]
    assert (only_request().state, only_request().code) == (RequestState.FAILED, code)
    assert db.session.query(Registration).count() == 0
    assert db.session.scalars(select(Invitation)).one().used_at is None


@pytest.mark.parametrize(
    ("reply", "code"),
    [
        (Reply(500, "<h1>Oops</h1>", "text/html"), "LTI-REGISTER-NO-ANSWER"),
        (Reply(503), "LTI-REGISTER-NO-ANSWER"),
        (Reply(302, "", headers={"Location": "http://127.0.0.1:1/"}), "LTI-REGISTER-NO-ANSWER"),
        (Reply(200, "<h1>Log in</h1>", "text/html"), "LTI-REGISTER-ANSWER"),
        (Reply(200, []), "LTI-REGISTER-ANSWER"),
        (Reply(200, {"client_id": ""}), "LTI-REGISTER-ANSWER"),
        (Reply(200, {"client_id": "a\x00b"}), "LTI-REGISTER-ANSWER"),
        (Reply(200, {"client_id": "x" * 256}), "LTI-REGISTER-ANSWER"),
        (Reply(200, {"client_id": True}), "LTI-REGISTER-ANSWER"),
        (Reply(200, b"[" * 100_000), "LTI-REGISTER-ANSWER"),
        (Reply(200, b"\xff\xfe"), "LTI-REGISTER-ANSWER"),
        (
            Reply(400, {"error": "invalid_client_metadata", "error_description": "no logo"}),
            "LTI-REGISTER-REFUSED",
        ),
        (Reply(400, b"\xff" * 100_000), "LTI-REGISTER-REFUSED"),
        (Reply(422, {"errors": {"a": 1}}), "LTI-REGISTER-REFUSED"),
    ],
)
def test_other_answers_are_explained_too(
    moodle: Registrar, open_address: Open, make_invitation: Invite, reply: Reply, code: str
) -> None:
    moodle.answer = reply
    page = open_address(invitation=make_invitation())
    assert 400 <= page.status_code <= 503
    assert page.status_code != 500
    assert code in page.text


def test_platform_is_quoted_as_text_and_never_with_its_token(
    moodle: Registrar, open_address: Open, make_invitation: Invite
) -> None:
    moodle.answer = Reply(400, {"error": "invalid_token", "error_description": "token-1 is old"})
    page = open_address(invitation=make_invitation())
    assert "token-1" not in page.text
    assert "HTTP 400" in page.text
    moodle.answer = Reply(400, {"error": "invalid", "error_description": 'line\none \u202e& "two"'})
    page = open_address(invitation=make_invitation(), registration_token="token-2")
    assert "invalid: line one &amp; &#34;two&#34;" in page.text


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"issuer": None}, "LTI-REGISTER-FIELD"),
        ({"issuer": "https://elsewhere.example"}, "LTI-REGISTER-ISSUER"),
        ({"issuer": "https://canvas.instructure.com.evil.example"}, "LTI-REGISTER-ISSUER"),
        ({"issuer": "x" * 300}, "LTI-REGISTER-FIELD"),
        ({"issuer": ["a"]}, "LTI-REGISTER-FIELD"),
        ({"authorization_endpoint": "javascript:alert(1)"}, "LTI-REGISTER-FIELD"),
        ({"token_endpoint": 7}, "LTI-REGISTER-FIELD"),
        ({"jwks_uri": "https://lms.example/#keys"}, "LTI-REGISTER-FIELD"),
        ({"jwks_uri": "https://user@lms.example/keys"}, "LTI-REGISTER-FIELD"),
        ({"jwks_uri": "http://lms.example/keys"}, "LTI-REGISTER-PLAIN"),
        ({"registration_endpoint": "https://10.1.2.3/register"}, "LTI-REGISTER-NETWORK"),
        ({"registration_endpoint": "https://[::ffff:10.1.2.3]/register"}, "LTI-REGISTER-NETWORK"),
        ({"registration_endpoint": "https://167838211/register"}, "LTI-REGISTER-NETWORK"),
    ],
)
def test_configuration_that_cannot_be_used_is_explained(
    moodle: Registrar, open_address: Open, make_invitation: Invite, changed: dict[str, Any], code: str
) -> None:
    moodle.configuration |= changed
    page = open_address(invitation=make_invitation())
    assert 400 <= page.status_code < 500
    assert code in page.text
    assert moodle.posted == []


@pytest.mark.parametrize(
    ("address", "code"),
    [
        ("", "LTI-REGISTER-ADDRESS"),
        ("x", "LTI-REGISTER-ADDRESS"),
        ("ftp://lms.example/", "LTI-REGISTER-ADDRESS"),
        ("https://a\x00b/", "LTI-REGISTER-ADDRESS"),
        ("https://" + "a" * 3000, "LTI-REGISTER-ADDRESS"),
        ("https://lms.example:99999/", "LTI-REGISTER-ADDRESS"),
        ("https://" + "a" * 70 + ".example/", "LTI-REGISTER-CONFIG"),
        ("http://10.0.0.1/configuration", "LTI-REGISTER-PLAIN"),
        ("https://10.0.0.1/configuration", "LTI-REGISTER-NETWORK"),
        ("https://169.254.169.254/latest/meta-data", "LTI-REGISTER-NETWORK"),
        ("https://[fd00::1]/configuration", "LTI-REGISTER-NETWORK"),
        ("https://0xa.1/configuration", "LTI-REGISTER-NETWORK"),
    ],
)
def test_addresses_that_lead_nowhere_are_explained(
    browser: FlaskClient, make_invitation: Invite, address: str, code: str
) -> None:
    sent = {"openid_configuration": address, "registration_token": "t", "invitation": make_invitation()}
    answer = browser.get("/lti/register", query_string=sent)
    page = browser.get(answer.location) if answer.status_code == 303 else answer
    assert 400 <= page.status_code <= 503
    assert page.status_code != 500
    assert code in page.text


def test_redirect_into_a_private_network_is_not_followed(
    moodle: Registrar, open_address: Open, make_invitation: Invite
) -> None:
    away = Reply(302, headers={"Location": "http://10.0.0.1/configuration"})
    moodle.pages["/mod/lti/openid-configuration.php"] = away
    assert "LTI-REGISTER-NETWORK" in open_address(invitation=make_invitation()).text


def test_page_of_an_outcome_opens_with_its_whole_key_only(
    browser: FlaskClient, moodle: Registrar, make_invitation: Invite
) -> None:
    answer = browser.get(moodle.address(registration_token="t", invitation=make_invitation()))
    key = answer.location.rpartition("/")[2]
    for wrong in (
        key[:-1],
        "1",
        "1-",
        "x-y",
        "-" + key,
        key.replace("1-", "2-", 1),
        "9" * 400 + "-x",
        "１-é",
    ):
        assert browser.get(f"/lti/register/{wrong}").status_code == 404
    assert browser.get(f"/lti/register/{key}?lang=ar").status_code == 200


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    changed=st.dictionaries(
        st.sampled_from(
            ["issuer", "token_endpoint", "scopes_supported", "authorization_server", PLATFORM, "jwks_uri"]
        ),
        JSON,
        max_size=2,
    ),
    answered=st.fixed_dictionaries({"client_id": JSON, TOOL: JSON, "deployment_id": JSON}) | JSON,
)
def test_no_configuration_and_no_answer_breaks_the_page(
    unlimited: FlaskClient, moodle: Registrar, changed: dict[str, Any], answered: Any
) -> None:
    moodle.set_out()
    moodle.configuration |= changed
    moodle.answer = Reply(200, answered)
    page = unlimited.get(unlimited.get(moodle.address()).location)
    assert page.status_code != 500
    assert "LTI-REGISTER" in page.text or page.status_code < 300
