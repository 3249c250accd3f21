"""The login: who may ask for one, what is sent on, and what the browser keeps."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from click.testing import Result
from flask.testing import FlaskClient

from institute import clock
from institute.db import db
from lti.launches.models import LtiLogin
from tests.lti.acting import CLIENT, ISSUER, TARGET_LINK_URI, Course, Platform, cookies_of
from tests.lti.counting import refusals, rows

Register = Callable[..., Result]


def test_login_sends_the_browser_to_the_platform_with_all_it_needs(
    acting: Platform, browser: FlaskClient
) -> None:
    answer = acting.login(browser)
    assert answer.status_code == 302
    address = urlsplit(answer.location)
    asked = {name: values[0] for name, values in parse_qs(address.query).items()}
    assert f"{address.scheme}://{address.netloc}{address.path}" == f"{ISSUER}/auth"
    assert len(asked.pop("state")) >= 43
    assert len(asked.pop("nonce")) >= 43
    assert asked == {
        "scope": "openid",
        "response_type": "id_token",
        "response_mode": "form_post",
        "prompt": "none",
        "client_id": CLIENT,
        "redirect_uri": TARGET_LINK_URI,
        "login_hint": "hint-1",
        "lti_message_hint": "message-1",
    }


def test_login_by_get_is_as_good(acting: Platform, browser: FlaskClient) -> None:
    query = urlencode({"iss": ISSUER, "login_hint": "hint-1", "target_link_uri": TARGET_LINK_URI})
    assert browser.get(f"/lti/login?{query}").status_code == 302


def test_state_cookie_survives_a_frame_and_is_removed_by_the_launch(course: Course) -> None:
    answer = course.platform.login(course.browser)
    (cookie,) = answer.headers.getlist("Set-Cookie")
    for mark in ("Partitioned", "Secure", "HttpOnly", "SameSite=None", "Path=/lti/", "Max-Age=600"):
        assert mark in cookie
    assert course.launch().status_code == 303
    kept = [one.key for one in cookies_of(course.browser) if one.key.startswith("lti_state_")]
    assert len(kept) == 1  # that of the first login, which nobody finished; the launch took its own away


def test_logins_of_three_frames_do_not_take_each_others_state(course: Course) -> None:
    begun = [course.platform.begin(course.browser) for _ in range(3)]
    for state, nonce in reversed(begun):
        token = course.platform.sign(course.platform.claims(nonce))
        answer = course.browser.post("/lti/launch", data={"state": state, "id_token": token})
        assert answer.status_code == 303


def test_auth_address_keeps_its_query(register: Register, acting: Platform, browser: FlaskClient) -> None:
    other = replace(acting, client_id="client-2", auth_url=f"{ISSUER}/auth?tenant=7&prompt=login")
    assert register(other).exit_code == 0
    location = other.login(browser).location
    assert location.count("?") == 1
    asked = parse_qs(urlsplit(location).query)
    assert (asked["tenant"], asked["prompt"], asked["client_id"]) == (["7"], ["none"], ["client-2"])


REFUSED: list[tuple[str, dict[str, Any], int, str]] = [
    ("no iss", {"iss": ...}, 400, "LTI-LOGIN"),
    ("empty iss", {"iss": ""}, 400, "LTI-LOGIN"),
    ("no login hint", {"login_hint": ...}, 400, "LTI-LOGIN"),
    ("no target", {"target_link_uri": ...}, 400, "LTI-LOGIN"),
    ("iss with a control character", {"iss": ISSUER + "\x00"}, 400, "LTI-LOGIN"),
    ("iss over 255 characters", {"iss": "https://" + "x" * 255}, 400, "LTI-LOGIN"),
    ("hint of 20 kB", {"lti_message_hint": "x" * 20_000}, 400, "LTI-LOGIN"),
    ("unknown issuer", {"iss": "https://other.example.test"}, 403, "LTI-PLATFORM"),
    ("unknown client", {"client_id": "client-9"}, 403, "LTI-PLATFORM"),
    (
        "target of another host",
        {"target_link_uri": "https://evil.example.test/lti/launch"},
        400,
        "LTI-TARGET-HOST",
    ),
    ("target of another port", {"target_link_uri": "http://127.0.0.1:9000/"}, 400, "LTI-TARGET-HOST"),
    (
        "target with a name",
        {"target_link_uri": "http://127.0.0.1:8000@evil.example.test/"},
        400,
        "LTI-TARGET-HOST",
    ),
    ("target without scheme", {"target_link_uri": "//127.0.0.1:8000/lti/launch"}, 400, "LTI-TARGET-HOST"),
    (
        "target with a backslash",
        {"target_link_uri": "http://127.0.0.1:8000\\@evil.example.test/"},
        400,
        "LTI-TARGET-HOST",
    ),
]


def test_wrong_login_is_refused_with_a_page(
    acting: Platform, browser: FlaskClient, subtests: pytest.Subtests
) -> None:
    before = rows()
    for what, changed, status, code in REFUSED:
        with subtests.test(what):
            answer = acting.login(browser, **changed)
            assert (answer.status_code, code in answer.text) == (status, True), answer.text
            assert refusals()[-1] == code
    assert rows() == before
    assert db.session.query(LtiLogin).count() == 0


def test_refusal_shows_nothing_of_what_was_sent(acting: Platform, browser: FlaskClient) -> None:
    answer = acting.login(browser, iss="https://other.example.test", login_hint="a-secret-hint")
    assert "a-secret-hint" not in answer.text


def test_client_may_be_left_out_only_while_the_issuer_has_one(
    acting: Platform, browser: FlaskClient, register: Register
) -> None:
    assert acting.login(browser, client_id=...).status_code == 302
    assert register(replace(acting, client_id="client-2")).exit_code == 0
    answer = acting.login(browser, client_id=...)
    assert (answer.status_code, "LTI-CLIENT" in answer.text) == (400, True)
    assert acting.login(browser).status_code == 302


def test_disabled_registration_gets_no_login_and_loses_its_sessions(course: Course) -> None:
    inside = course.launch()
    assert course.browser.get(inside.location).status_code in {200, 303}
    state, nonce = course.platform.begin(course.browser)
    run = course.browser.application.test_cli_runner().invoke
    named = ["--issuer", ISSUER, "--client-id", CLIENT]
    assert run(args=["lti", "disable", *named]).exit_code == 0
    assert course.browser.get(inside.location).status_code == 401
    answer = course.platform.login(course.browser)
    assert (answer.status_code, "LTI-DISABLED" in answer.text) == (403, True)
    token = course.platform.sign(course.platform.claims(nonce))
    late = course.browser.post("/lti/launch", data={"state": state, "id_token": token})
    assert (late.status_code, "LTI-DISABLED" in late.text) == (403, True)
    assert run(args=["lti", "enable", *named]).exit_code == 0
    assert course.launch().status_code == 303


def test_logins_that_nobody_finished_are_swept_away(acting: Platform, browser: FlaskClient) -> None:
    acting.begin(browser)
    with clock.shift(seconds=2 * 24 * 3600):
        acting.begin(browser)
    assert db.session.query(LtiLogin).count() == 1


def test_host_header_decides_nothing(acting: Platform, browser: FlaskClient) -> None:
    answer = browser.post(
        "/lti/login",
        data={"iss": ISSUER, "login_hint": "hint-1", "target_link_uri": "https://evil.example.test/x"},
        headers={"Host": "evil.example.test"},
    )
    assert (answer.status_code, "LTI-TARGET-HOST" in answer.text) == (400, True)
    good = browser.post(
        "/lti/login",
        data={"iss": ISSUER, "login_hint": "hint-1", "target_link_uri": TARGET_LINK_URI},
        headers={"Host": "evil.example.test"},
    )
    assert parse_qs(urlsplit(good.location).query)["redirect_uri"] == [TARGET_LINK_URI]
