"""A login serves one launch, in the browser that started it; a launch sent twice lands where the first did."""

from __future__ import annotations

import html
import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qs, urlsplit

from click.testing import Result
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from institute import clock
from institute.db import db, transaction
from lti.launches.browsers import COOKIE as RECENT
from lti.launches.models import LtiLaunch, LtiLogin
from lti.platforms.models import Deployment, DeploymentState
from tests.lti.acting import CLIENT, ISSUER, Course, Platform, cookies_of
from tests.lti.counting import refusals, rows

AT_ONCE = 6


def send(course: Course, state: str, nonce: str, *, browser: FlaskClient | None = None) -> TestResponse:
    """Launch with this state and a right token for this nonce."""
    token = course.platform.sign(course.platform.claims(nonce))
    return (browser or course.browser).post("/lti/launch", data={"state": state, "id_token": token})


def test_same_launch_twice_in_one_browser_lands_on_one_session(course: Course) -> None:
    state, nonce = course.platform.begin(course.browser)
    form = {"state": state, "id_token": course.platform.sign(course.platform.claims(nonce))}
    first, second = (course.browser.post("/lti/launch", data=form) for _ in range(2))
    assert (first.status_code, second.status_code) == (303, 303)
    assert first.location == second.location
    assert db.session.query(LtiLaunch).count() == 1


def test_same_launch_from_another_browser_is_refused(course: Course) -> None:
    state, nonce = course.platform.begin(course.browser)
    form = {"state": state, "id_token": course.platform.sign(course.platform.claims(nonce))}
    assert course.browser.post("/lti/launch", data=form).status_code == 303
    stolen = course.browser.application.test_client().post("/lti/launch", data=form)
    assert (stolen.status_code, "LTI-REPLAY" in stolen.text) == (401, True)


def test_same_launch_after_the_session_ended_is_refused(course: Course) -> None:
    state, nonce = course.platform.begin(course.browser)
    form = {"state": state, "id_token": course.platform.sign(course.platform.claims(nonce))}
    assert course.browser.post("/lti/launch", data=form).status_code == 303
    with clock.shift(seconds=9 * 3600):
        assert course.browser.post("/lti/launch", data=form).status_code == 401


def test_state_serves_no_second_token(course: Course) -> None:
    state, nonce = course.platform.begin(course.browser)
    kept = cookies_of(course.browser)
    assert send(course, state, nonce).status_code == 303
    for cookie in kept:
        course.browser.set_cookie(cookie.key, cookie.value, path=cookie.path, domain=cookie.domain)
    before = rows()
    token = course.platform.sign(course.platform.claims(nonce, sub="person-2"))
    again = course.browser.post("/lti/launch", data={"state": state, "id_token": token})
    assert (again.status_code, refusals()) == (401, ["LTI-REPLAY"])
    assert rows() == before


def test_nonces_of_two_logins_cannot_be_swapped(course: Course) -> None:
    (one, _), (_, nonce) = course.platform.begin(course.browser), course.platform.begin(course.browser)
    assert (send(course, one, nonce).status_code, refusals()) == (401, ["LTI-NONCE"])


def test_of_many_launches_at_once_with_one_login_one_is_let_in(course: Course) -> None:
    course.launch()
    state, nonce = course.platform.begin(course.browser)
    before, kept = rows(), cookies_of(course.browser)
    form = {"state": state, "id_token": course.platform.sign(course.platform.claims(nonce))}

    def try_it(_number: int) -> int:
        browser = course.browser.application.test_client()
        for cookie in kept:
            if cookie.key != RECENT:
                browser.set_cookie(cookie.key, cookie.value, path=cookie.path, domain=cookie.domain)
        return browser.post("/lti/launch", data=form).status_code

    with ThreadPoolExecutor(AT_ONCE) as threads:
        answers = sorted(threads.map(try_it, range(AT_ONCE)))
    assert answers == [303, *[401] * (AT_ONCE - 1)]
    after = rows()
    assert {name for name in after if after[name] != before[name]} == {"launch_session", "lti_launch"}
    assert after["lti_launch"] == before["lti_launch"] + 1


def test_login_serves_no_second_try_after_a_refused_token(course: Course) -> None:
    state, nonce = course.platform.begin(course.browser)
    kept = cookies_of(course.browser)
    forged = course.platform.sign(course.platform.claims(nonce, aud="another-tool"))
    course.browser.post("/lti/launch", data={"state": state, "id_token": forged})
    for cookie in kept:
        course.browser.set_cookie(cookie.key, cookie.value, path=cookie.path, domain=cookie.domain)
    assert (send(course, state, nonce).status_code, refusals()) == (401, ["LTI-AUDIENCE", "LTI-REPLAY"])


def test_login_serves_no_second_try_after_a_launch_that_was_proven_and_not_let_in(course: Course) -> None:
    state, nonce = course.platform.begin(course.browser)
    kept = cookies_of(course.browser)
    decide(DeploymentState.DISABLED)
    assert send(course, state, nonce).status_code == 403
    decide(DeploymentState.ACTIVE)
    for cookie in kept:
        course.browser.set_cookie(cookie.key, cookie.value, path=cookie.path, domain=cookie.domain)
    refused = ["LTI-DEPLOYMENT-DISABLED", "LTI-REPLAY"]
    assert (send(course, state, nonce).status_code, refusals()) == (401, refused)


def decide(state: DeploymentState) -> None:
    """Put the platform's deployment into a state."""
    with transaction() as session:
        session.query(Deployment).one().state = state


def test_state_is_good_for_ten_minutes(course: Course) -> None:
    state, nonce = course.platform.begin(course.browser)
    with clock.shift(seconds=601):
        assert (send(course, state, nonce).status_code, refusals()) == (401, ["LTI-STATE-EXPIRED"])


def test_invented_state_is_refused(course: Course) -> None:
    _, nonce = course.platform.begin(course.browser)
    assert (send(course, "invented", nonce).status_code, refusals()) == (401, ["LTI-STATE"])


def test_token_for_a_sibling_client_of_the_issuer_is_refused(course: Course, register: Any) -> None:
    result: Result = register(replace(course.platform, client_id="client-2"))
    assert result.exit_code == 0
    state, nonce = course.platform.begin(course.browser)
    token = course.platform.sign(course.platform.claims(nonce, aud="client-2"))
    answer = course.browser.post("/lti/launch", data={"state": state, "id_token": token})
    assert (answer.status_code, refusals()) == (401, ["LTI-AUDIENCE"])


def test_deployment_other_than_the_logins_is_refused(course: Course) -> None:
    state, nonce = course.platform.begin(course.browser)
    token = course.platform.sign(course.platform.claims(nonce, deployment_id="deployment-2"))
    answer = course.browser.post("/lti/launch", data={"state": state, "id_token": token})
    assert (answer.status_code, refusals()) == (400, ["LTI-CLAIM"])


def test_browser_without_cookies_is_offered_a_window_and_nothing_is_believed(course: Course) -> None:
    state, nonce = course.platform.begin(course.browser)
    before = rows()
    frame = course.browser.application.test_client()
    answer = send(course, state, nonce, browser=frame)
    assert answer.status_code == 401
    assert ISSUER in answer.headers["Content-Security-Policy"].split("frame-ancestors")[1]
    assert rows() == before
    ticket = ticket_in(answer)
    window = course.browser.application.test_client()
    again = window.get(ticket)
    assert again.status_code == 302
    asked = parse_qs(urlsplit(again.location).query)
    assert (asked["login_hint"], asked["lti_message_hint"]) == (["hint-1"], ["message-1"])
    assert send(course, asked["state"][0], asked["nonce"][0], browser=window).status_code == 303


def test_ticket_of_the_window_works_once_and_for_a_minute(course: Course) -> None:
    frame = course.browser.application.test_client()
    tickets = [
        ticket_in(send(course, *course.platform.begin(course.browser), browser=frame)) for _ in range(2)
    ]
    assert frame.get(tickets[0]).status_code == 302
    assert (frame.get(tickets[0]).status_code, refusals()[-1]) == (401, "LTI-WINDOW")
    with clock.shift(seconds=61):
        assert (frame.get(tickets[1]).status_code, refusals()[-1]) == (401, "LTI-WINDOW")
    assert frame.get("/lti/window").status_code == 401


def test_token_that_met_no_cookie_is_spent(course: Course) -> None:
    state, nonce = course.platform.begin(course.browser)
    token = course.platform.sign(course.platform.claims(nonce))
    form = {"state": state, "id_token": token}
    frame = course.browser.application.test_client()
    assert frame.post("/lti/launch", data=form).status_code == 401
    assert (course.browser.post("/lti/launch", data=form).status_code, refusals()[-1]) == (401, "LTI-REPLAY")


def test_error_answers_of_the_platform_get_a_page(acting: Platform, browser: FlaskClient) -> None:
    state, _ = acting.begin(browser)
    form = {"error": "login_required", "state": state, "error_description": "user 17 is out"}
    for answer in (browser.post("/lti/launch", data=form), browser.get("/lti/launch", query_string=form)):
        assert (answer.status_code, "LTI-LOGIN-REQUIRED" in answer.text) == (401, True)
        assert "user 17" not in answer.text
        assert ISSUER in answer.headers["Content-Security-Policy"]
    other = browser.post("/lti/launch", data={"error": "server_error"}, headers={"Accept-Language": "ar"})
    assert (other.status_code, "LTI-PLATFORM-ERROR" in other.text) == (401, True)
    assert '<html lang="ar" dir="rtl"' in other.text


def test_platform_that_looks_whether_the_address_answers_gets_a_page_and_changes_nothing(
    acting: Platform, browser: FlaskClient
) -> None:
    before = rows()
    for path in ("/lti/launch", "/lti/launch?module=m1", "/lti/deep-link", "/lti/deep-link?target=x"):
        answer = browser.get(path, headers={"User-Agent": "MoodleBot/4.5", "Accept": "*/*"})
        assert answer.status_code == 200
        assert "Set-Cookie" not in answer.headers
    assert rows() == before
    assert db.session.query(LtiLogin).count() == 0
    assert refusals() == []


def test_launch_that_a_platform_sends_to_the_address_for_content_is_let_in(course: Course) -> None:
    state, nonce = course.platform.begin(course.browser)
    form = {"state": state, "id_token": course.platform.sign(course.platform.claims(nonce))}
    assert course.browser.post("/lti/deep-link", data=form).status_code == 303


def test_launch_without_token_or_state_is_refused(acting: Platform, browser: FlaskClient) -> None:
    for form in ({}, {"state": "x"}, {"id_token": "x"}):
        assert browser.post("/lti/launch", data=form).status_code == 400


def test_state_is_stored_hashed_and_no_token_is_stored(course: Course) -> None:
    state, nonce = course.platform.begin(course.browser)
    token = course.platform.sign(course.platform.claims(nonce))
    assert course.browser.post("/lti/launch", data={"state": state, "id_token": token}).status_code == 303
    row = db.session.query(LtiLogin).one()
    stored = " ".join(str(getattr(row, column.key)) for column in LtiLogin.__table__.columns)
    assert state not in stored
    assert token.split(".")[2] not in stored
    assert (row.issuer, row.client_id, row.used_at is not None) == (ISSUER, CLIENT, True)
    assert (row.login_hint, row.message_hint) == ("", None)


def ticket_in(answer: TestResponse) -> str:
    """Return the address of the button on the new-window page."""
    found = re.search(r'href="(/lti/window\?ticket=[^"]+)"', answer.text)
    assert found is not None, answer.text
    return html.unescape(found[1])
