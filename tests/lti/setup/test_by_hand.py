"""A platform is connected by hand: what is known is filled in, what was typed is never lost."""

from __future__ import annotations

import html
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select

from institute.audit.models import AuditEvent
from institute.db import db
from institute.people.models import Institute
from lti.platforms.models import Deployment, DeploymentState, Family, Registration, RegistrationState
from tests.lti.setup.conftest import LMS, TYPED, Office

NEW = "/administrator/platforms/new"


def all_registrations() -> list[Registration]:
    """Return what is registered."""
    return list(db.session.scalars(select(Registration).order_by(Registration.id)))


def test_list_without_platforms_offers_both_ways_in(office: Office) -> None:
    page = office.visitor.get("/administrator/platforms/").text
    assert "Connect your learning platform" in page
    assert "Connect by address" in page
    assert "Enter by hand" in page


def test_platform_that_was_typed_in_is_registered_and_listed(office: Office) -> None:
    answer = office.visitor.post(NEW, {**TYPED, "deployment_id": "7"})
    assert answer.status_code == 303
    (made,) = all_registrations()
    assert (made.issuer, made.client_id, made.family) == (LMS, "client-1", Family.MOODLE)
    assert (made.state, made.token_audience) == (RegistrationState.ACTIVE, None)
    deployment = db.session.scalars(select(Deployment)).one()
    assert (deployment.deployment_id, deployment.state) == ("7", DeploymentState.ACTIVE)
    assert "Our Moodle" in office.visitor.get("/administrator/platforms/").text
    event = db.session.scalars(select(AuditEvent).where(AuditEvent.action == "lti.registered")).one()
    assert event.person_id == office.actor.person_id


def test_same_form_sent_twice_registers_once(office: Office) -> None:
    answers = [office.visitor.post(NEW, {**TYPED, "_once": "once-key-1"}) for _ in range(2)]
    assert [one.status_code for one in answers] == [303, 303]
    assert answers[0].location == answers[1].location
    assert len(all_registrations()) == 1


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("issuer", "", "Copy it from the platform"),
        ("issuer", "x" * 256, "longer than a platform would make it"),
        ("client_id", "", "Copy it from the platform"),
        ("client_id", "\x00", "Copy it from the platform"),
        ("deployment_id", "d" * 300, "longer than a platform would make it"),
        ("auth_url", "lms.example.test/auth", "begins with https://"),
        ("auth_url", "javascript:alert(1)", "begins with https://"),
        ("token_url", "", "begins with https://"),
        ("jwks_url", "https://user:word@lms.example.test/keys", "begins with https://"),
        ("jwks_url", "https://lms.example.test/" + "k" * 2000, "longer than a platform would make it"),
        ("token_audience", "a" * 2001, "longer than a platform would make it"),
        ("name", "n" * 201, "longer than a platform would make it"),
    ],
)
def test_wrong_field_is_named_and_everything_typed_is_kept(
    office: Office, field: str, value: str, sentence: str
) -> None:
    typed = {**TYPED, "trust_administrators": "1", "kind": "moodle", field: value}
    answer = office.visitor.post(NEW, typed)
    page = html.unescape(answer.text)
    assert (answer.status_code, all_registrations()) == (422, [])
    assert f'id="{field}-error"' in page
    assert sentence in page
    assert 'href="#' + field in page
    for name, text in typed.items():
        if name not in {"kind", "trust_administrators", field}:
            assert f'value="{text}"' in page, name
    assert 'name="trust_administrators" value="1" checked' in page


def test_several_wrong_fields_are_all_named(office: Office) -> None:
    page = office.visitor.post(NEW, {"kind": "other"}).text
    for field in ("issuer", "client_id", "auth_url", "token_url", "jwks_url"):
        assert f'id="{field}-error"' in page


@pytest.mark.parametrize("hostile", ["\ud800", "\u202e", "💥" * 5000, "<script>", "%00", "1" * 10_000])
def test_no_text_breaks_the_form(office: Office, hostile: str) -> None:
    sent = hostile.encode("utf-8", "surrogatepass").decode("utf-8", "replace")
    answer = office.visitor.post(NEW, dict.fromkeys([*TYPED, "kind"], sent))
    assert answer.status_code == 422
    assert office.visitor.get(NEW, query_string={"kind": sent, "base": sent}).status_code == 200


def test_platform_that_is_connected_already_is_not_changed(office: Office) -> None:
    office.visitor.post(NEW, TYPED)
    answer = office.visitor.post(NEW, {**TYPED, "auth_url": f"{LMS}/other"})
    assert answer.status_code == 422
    assert "is connected already" in answer.text
    assert all_registrations()[0].auth_url == TYPED["auth_url"]


def test_platform_of_another_institute_is_refused_in_a_sentence(
    office: Office, make_office: Callable[..., Office], make_institute: Callable[..., Institute]
) -> None:
    other = make_office(make_institute(slug="harbour"))
    other.visitor.post(NEW, TYPED)
    answer = office.visitor.post(NEW, TYPED)
    assert answer.status_code == 422
    assert "belongs to another institute" in answer.text


@pytest.mark.parametrize(
    ("kind", "base", "expected"),
    [
        ("moodle", "moodle.example.org", "https://moodle.example.org/mod/lti/auth.php"),
        (
            "moodle",
            "https://uni.example/moodle/my/courses.php",
            "https://uni.example/moodle/mod/lti/token.php",
        ),
        ("moodle", "https://uni.example/moodle/", "https://uni.example/moodle/mod/lti/certs.php"),
        ("canvas", "", "https://sso.canvaslms.com/api/lti/authorize_redirect"),
        ("canvas-beta", "", "https://sso.beta.canvaslms.com/login/oauth2/token"),
        ("canvas-test", "", "https://canvas.test.instructure.com"),
        (
            "canvas-own",
            "https://canvas.uni.example/courses/1",
            "https://canvas.uni.example/api/lti/security/jwks",
        ),
        ("brightspace", "uni.brightspace.com/d2l/home", "https://uni.brightspace.com/d2l/.well-known/jwks"),
        ("brightspace", "uni.brightspace.com", "https://api.brightspace.com/auth/token"),
        ("blackboard", "", "https://developer.blackboard.com/api/v1/gateway/oauth2/jwttoken"),
        ("openedx", "https://edx.uni.example", "https://edx.uni.example/api/lti_consumer/v1/launch/"),
        ("sakai", "https://sakai.uni.example/portal", "https://sakai.uni.example/imsoidc/lti13/oidc_auth"),
    ],
)
def test_addresses_of_a_known_platform_are_filled_in(
    office: Office, kind: str, base: str, expected: str
) -> None:
    page = office.visitor.get(NEW, query_string={"kind": kind, "base": base}).text
    assert f'value="{expected}"' in page


def test_address_that_is_none_is_asked_for_again(office: Office) -> None:
    page = office.visitor.get(NEW, query_string={"kind": "moodle", "base": "not an address"}).text
    assert "Write the address of the platform" in page
    assert 'value="not an address"' in page


def test_own_values_stand_there_to_copy_for_every_platform(office: Office) -> None:
    for kind in ("moodle", "canvas", "brightspace", "blackboard", "openedx", "sakai", "other"):
        page = html.unescape(office.visitor.get(NEW, query_string={"kind": kind, "base": "x.example"}).text)
        for path in ("login", "launch", "jwks", "deep-link"):
            assert f"http://127.0.0.1:8000/lti/{path}" in page, (kind, path)
        assert "$ResourceLink.id.history" in page, kind


def test_canvas_gets_a_configuration_to_paste(office: Office) -> None:
    page = html.unescape(office.visitor.get(NEW, query_string={"kind": "canvas"}).text)
    assert '"oidc_initiation_url": "http://127.0.0.1:8000/lti/login"' in page
    assert '"placement": "assignment_selection"' in page
    assert "https://purl.imsglobal.org/spec/lti-ags/scope/score" in page


def test_canvas_can_fetch_its_configuration_without_a_session(app: Flask, office: Office) -> None:
    answer = app.test_client().get("/lti/canvas.json", headers={"Accept-Language": "ar"})
    assert (answer.status_code, answer.mimetype) == (200, "application/json")
    assert (answer.cache_control.public, answer.cache_control.max_age) == (True, 300)
    found = answer.get_json()
    assert found["public_jwk_url"] == "http://127.0.0.1:8000/lti/jwks"
    assert found["title"].isascii()
    page = html.unescape(office.visitor.get(NEW, query_string={"kind": "canvas"}).text)
    assert 'value="http://127.0.0.1:8000/lti/canvas.json"' in page


def test_key_address_at_blackboard_follows_from_the_client_id(office: Office) -> None:
    typed = {**TYPED, "kind": "blackboard", "family": "blackboard", "client_id": "app-7", "jwks_url": ""}
    assert office.visitor.post(NEW, typed).status_code == 303
    (made,) = all_registrations()
    assert made.jwks_url == "https://developer.blackboard.com/api/v1/management/applications/app-7/jwks.json"
