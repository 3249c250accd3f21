"""A frame in which no cookie stays: found out before the platform is asked, and left through a window."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

from flask.testing import FlaskClient

from institute import clock
from institute.db import db
from lti.launches.models import LtiLogin
from tests.lti.acting import CLIENT, ISSUER, TARGET_LINK_URI, Course
from tests.lti.counting import refusals, rows
from tests.lti.test_state import ticket_in

FRAME = {"Sec-Fetch-Dest": "iframe"}
SENT = {"iss": ISSUER, "client_id": CLIENT, "login_hint": "hint-1", "target_link_uri": TARGET_LINK_URI}


def test_first_login_in_a_frame_looks_whether_the_cookie_comes_back(course: Course) -> None:
    first = course.browser.post("/lti/login", data=SENT, headers=FRAME)
    assert (first.status_code, urlsplit(first.location).path) == (302, "/lti/window")
    second = course.browser.get(first.location, headers=FRAME)
    assert second.location.startswith(f"{ISSUER}/auth?")
    asked = parse_qs(urlsplit(second.location).query)
    token = course.platform.sign(course.platform.claims(asked["nonce"][0]))
    form = {"state": asked["state"][0], "id_token": token}
    assert course.browser.post("/lti/launch", data=form, headers=FRAME).status_code == 303
    assert db.session.query(LtiLogin).count() == 1
    later = course.browser.post("/lti/login", data=SENT, headers=FRAME)
    assert later.location.startswith(f"{ISSUER}/auth?")


def test_frame_without_cookies_offers_a_window_before_the_platform_is_asked(
    course: Course, browser: FlaskClient
) -> None:
    before = rows()
    first = browser.post("/lti/login", data={**SENT, "lti_message_hint": "works-once"}, headers=FRAME)
    no_cookies = browser.application.test_client
    page = no_cookies().get(first.location, headers=FRAME)
    assert (page.status_code, refusals()) == (401, ["LTI-NO-COOKIE"])
    assert ISSUER in page.headers["Content-Security-Policy"]
    window = no_cookies()
    answer = window.get(ticket_in(page), headers={"Sec-Fetch-Dest": "document"})
    asked = parse_qs(urlsplit(answer.location).query)
    assert asked["lti_message_hint"] == ["works-once"]
    token = course.platform.sign(course.platform.claims(asked["nonce"][0]))
    assert rows() == before
    assert window.post("/lti/launch", data={"state": asked["state"][0], "id_token": token}).status_code == 303


def test_each_ticket_works_once_and_for_a_minute(course: Course, browser: FlaskClient) -> None:
    first = browser.post("/lti/login", data=SENT, headers=FRAME)
    with clock.shift(seconds=61):
        assert browser.get(first.location, headers=FRAME).status_code == 401
    assert browser.get(first.location, headers=FRAME).status_code == 302
    assert (browser.get(first.location, headers=FRAME).status_code, refusals()[-1]) == (401, "LTI-WINDOW")


def test_window_of_its_own_is_not_made_to_look(course: Course, browser: FlaskClient) -> None:
    answer = browser.post("/lti/login", data=SENT, headers={"Sec-Fetch-Dest": "document"})
    assert answer.location.startswith(f"{ISSUER}/auth?")
