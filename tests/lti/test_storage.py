"""A login whose proof the platform's own window keeps, for a browser that brings no cookie in a frame."""

from __future__ import annotations

import re
from urllib.parse import parse_qs, urlsplit

import pytest

from institute import clock
from institute.db import db, transaction
from institute.web.models import LaunchSession
from institute.web.sessions import COOKIE, end_sessions
from lti.launches.keeping import proof_of
from lti.launches.models import LtiLogin
from lti.platforms.models import DOOR
from tests.lti.acting import ISSUER, Course, follow
from tests.lti.counting import refusals, rows
from tests.lti.framed import FRAME, OWN_PAGE, SENT, STORAGE, WINDOW, Framed, door, hidden
from tests.lti.test_state import ticket_in


@pytest.fixture
def framed(course: Course) -> Framed:
    """A frame in a browser that keeps no cookie there."""
    return Framed(course)


def test_proof_is_kept_in_the_named_frame_of_the_login_s_origin_before_the_platform_is_asked(
    framed: Framed,
) -> None:
    page = framed.ask_to_keep()
    told = door(page)
    assert (page.status_code, refusals()) == (200, [])
    assert (told["step"], told["target"], told["origin"]) == ("keep", "lti_storage", ISSUER)
    assert re.fullmatch(r"lti_state_[0-9a-f]{16}", told["key"])
    asked = parse_qs(urlsplit(told["next"]).query)
    assert (asked["login_hint"], asked["lti_message_hint"]) == (["hint-1"], ["message-1"])
    assert told["value"] == proof_of(asked["state"][0])
    assert told["value"] not in told["next"]


def test_pages_of_this_way_stand_in_the_platform_s_frames_only_and_hold_no_script_of_their_own(
    framed: Framed,
) -> None:
    page = framed.ask_to_keep()
    _, proving = framed.launch(page)
    for answer in (page, proving, framed.handed_over()):
        policy = answer.headers["Content-Security-Policy"]
        assert policy.split("frame-ancestors ")[1] == f"'self' {ISSUER}"
        assert "script-src 'self';" in policy
        assert answer.headers["Cache-Control"] == "no-store"
        assert not re.search(r"<script(?![^>]* src=)|\son[a-z]+=", answer.text)


def test_launch_without_cookie_is_believed_once_the_proof_is_shown(framed: Framed) -> None:
    page, before = framed.ask_to_keep(), rows()
    form, proving = framed.launch(page)
    assert (proving.status_code, door(proving)["step"], rows()) == (200, "prove", before)
    assert door(proving)["key"] == door(page)["key"]
    assert hidden(proving) == {**form, "kept": ""}
    answer = framed.post("/lti/launch", {**form, "kept": door(page)["value"]})
    assert (answer.status_code, refusals()) == (200, [])
    window = framed.course.browser
    entered = window.post("/lti/enter", data={"ticket": hidden(answer)["ticket"]}, headers=OWN_PAGE)
    assert entered.status_code == 303
    assert "Lucía Ortega" in follow(window, entered).text


@pytest.mark.parametrize("kept", ["", "0" * 64, "é", "\x00", "x" * 100_000])
def test_without_the_right_proof_nothing_is_believed_and_a_window_offered(framed: Framed, kept: str) -> None:
    page, before = framed.ask_to_keep(), rows()
    form, _ = framed.launch(page)
    answer = framed.post("/lti/launch", {**form, "kept": kept})
    assert (answer.status_code, refusals(), rows()) == (401, ["LTI-NO-COOKIE"], before)
    again = framed.post("/lti/launch", {**form, "kept": door(page)["value"]})
    assert (again.status_code, refusals()[-1]) == (401, "LTI-REPLAY")
    window = framed.course.browser.get(ticket_in(answer), headers=WINDOW)
    assert window.location.startswith(f"{ISSUER}/auth?")


@pytest.mark.parametrize("site", ["cross-site", "same-site", "none", "", None])
def test_proof_that_no_page_of_ours_sent_counts_nothing(framed: Framed, site: str | None) -> None:
    page = framed.ask_to_keep()
    form, _ = framed.launch(page)
    headers = FRAME if site is None else {**FRAME, "Sec-Fetch-Site": site}
    answer = framed.post("/lti/launch", {**form, "kept": door(page)["value"]}, headers)
    assert answer.status_code == 401


def test_browser_older_than_sec_fetch_site_is_known_by_its_origin(framed: Framed) -> None:
    for origin, status in (("http://127.0.0.1:8000", 200), ("null", 401), ("https://evil.test", 401)):
        page = framed.ask_to_keep()
        form, proving = framed.launch(page)
        assert proving.headers["Referrer-Policy"] == "same-origin"
        sent = {**form, "kept": door(page)["value"]}
        assert framed.post("/lti/launch", sent, {"Origin": origin}).status_code == status


def test_proof_of_one_login_serves_no_other(framed: Framed) -> None:
    mine, other = framed.ask_to_keep(), framed.ask_to_keep()
    form, _ = framed.launch(mine)
    assert framed.post("/lti/launch", {**form, "kept": door(other)["value"]}).status_code == 401


def test_proof_does_not_replace_the_cookie_of_a_login_that_has_one(course: Course, framed: Framed) -> None:
    state, nonce = course.platform.begin(course.browser)
    token = course.platform.sign(course.platform.claims(nonce))
    form = {"state": state, "id_token": token, "kept": proof_of(state)}
    assert (framed.post("/lti/launch", form).status_code, refusals()) == (401, ["LTI-NO-COOKIE"])


def test_proof_makes_no_bad_token_good(framed: Framed) -> None:
    page = framed.ask_to_keep()
    form, _ = framed.launch(page, aud="another-tool")
    answer = framed.post("/lti/launch", {**form, "kept": door(page)["value"]})
    assert (answer.status_code, refusals()) == (401, ["LTI-AUDIENCE"])


def test_state_before_the_look_serves_no_launch_any_more(framed: Framed) -> None:
    browser = framed.course.browser
    first = browser.post("/lti/login", data={**SENT, **STORAGE}, headers=FRAME)
    cookie = next(one for one in first.headers.getlist("Set-Cookie") if one.startswith("lti_state_"))
    page = framed.get(first.location)
    form = {**framed.form_after(door(page)["next"]), "state": cookie.partition("=")[2].partition(";")[0]}
    assert (browser.post("/lti/launch", data=form).status_code, refusals()) == (401, ["LTI-STATE"])


def test_browser_that_brings_a_cookie_again_goes_straight_on(course: Course, framed: Framed) -> None:
    page = framed.ask_to_keep()
    form = framed.form_after(door(page)["next"])
    proving = course.browser.post("/lti/launch", data=form, headers=FRAME)
    assert door(proving)["step"] == "prove"
    answer = course.browser.post("/lti/launch", data={**form, "kept": door(page)["value"]}, headers=OWN_PAGE)
    assert answer.status_code == 303
    assert "Lucía Ortega" in follow(course.browser, answer).text


def test_platform_s_storage_that_does_not_answer_leads_to_the_other_ways(framed: Framed) -> None:
    page = framed.ask_to_keep()
    other = framed.get(door(page)["other"])
    assert (other.status_code, refusals()) == (401, ["LTI-NO-COOKIE"])
    assert urlsplit(door(other)["next"]).path == "/lti/window"
    assert framed.course.browser.get(ticket_in(other), headers=WINDOW).location.startswith(f"{ISSUER}/auth?")


def test_every_page_of_this_way_reaches_the_window_without_javascript(framed: Framed) -> None:
    page = framed.ask_to_keep()
    _, proving = framed.launch(framed.ask_to_keep())
    for answer in (page, proving):
        window = framed.course.browser.application.test_client()
        begun = window.get(ticket_in(answer), headers=WINDOW)
        form = framed.form_after(begun.location)
        assert window.post("/lti/launch", data=form).status_code == 303


def test_browser_that_does_not_say_where_it_stands_is_asked_only_where_the_platform_has_a_storage(
    framed: Framed,
) -> None:
    first = framed.post("/lti/login", {**SENT, **STORAGE}, {})
    assert door(framed.get(first.location, {}))["step"] == "keep"
    assert framed.post("/lti/login", SENT, {}).location.startswith(f"{ISSUER}/auth?")


def test_offer_of_a_session_works_once_for_five_minutes_and_from_a_page_of_ours_alone(framed: Framed) -> None:
    ticket = hidden(framed.handed_over())["ticket"]
    cross_site = {"Sec-Fetch-Site": "cross-site"}
    assert framed.post("/lti/enter", {"ticket": ticket}, cross_site).status_code == 401
    assert framed.post("/lti/enter", {"ticket": ticket}, {"Origin": "https://evil.test"}).status_code == 401
    assert framed.get(f"/lti/enter?ticket={ticket}").status_code == 405
    assert framed.get(f"/lti/window?ticket={ticket}").status_code == 401
    with clock.shift(seconds=301):
        assert framed.post("/lti/enter", {"ticket": ticket}).status_code == 401
    with clock.shift(seconds=299):
        assert framed.post("/lti/enter", {"ticket": ticket}).status_code == 303
    assert framed.post("/lti/enter", {"ticket": ticket}).status_code == 401
    assert set(refusals()) == {"LTI-WINDOW"}


def test_offer_of_a_session_that_has_ended_is_refused(framed: Framed) -> None:
    ticket = hidden(framed.handed_over())["ticket"]
    row = db.session.query(LaunchSession).one()
    with transaction():
        end_sessions(door=DOOR, door_key=row.door_key)
    assert framed.post("/lti/enter", {"ticket": ticket}).status_code == 401


def test_nothing_that_a_session_opens_with_stands_in_a_page_or_an_address(framed: Framed) -> None:
    page = framed.handed_over()
    assert COOKIE not in str(page.headers)
    row = db.session.query(LaunchSession).one()
    assert row.id not in page.text
    entered = framed.post("/lti/enter", {"ticket": hidden(page)["ticket"]})
    secret = next(one for one in entered.headers.getlist("Set-Cookie") if one.startswith(COOKIE))
    assert secret.split("=")[1].split(";")[0] not in entered.location
    assert "ticket" not in entered.location


@pytest.mark.parametrize("ticket", ["", "invented", "\x00", "x" * 5000])
def test_invented_offers_get_a_page(framed: Framed, ticket: str) -> None:
    assert framed.post("/lti/enter", {"ticket": ticket}).status_code == 401


def test_ticket_of_a_window_opens_no_session(framed: Framed) -> None:
    page = framed.ask_to_keep()
    ticket = parse_qs(urlsplit(ticket_in(page)).query)["ticket"][0]
    assert framed.post("/lti/enter", {"ticket": ticket}).status_code == 401
    assert db.session.query(LaunchSession).count() == 0


def test_leave_to_use_cookies_is_tried_before_the_platform_is_asked(course: Course, framed: Framed) -> None:
    first = framed.post("/lti/login", SENT, FRAME)
    offer = framed.get(first.location)
    assert (offer.status_code, door(offer)["step"]) == (401, "offer")
    allowed = course.browser
    tried = allowed.get(door(offer)["next"], headers=FRAME)
    assert urlsplit(tried.location).path == "/lti/window"
    going = allowed.get(tried.location, headers=FRAME)
    form = framed.form_after(going.location)
    resumed = framed.post("/lti/launch", form, FRAME)  # after the platform's page the leave is gone
    assert door(resumed)["step"] == "resume"
    answer = allowed.post("/lti/launch", data=hidden(resumed), headers=OWN_PAGE)
    assert answer.status_code == 303
    assert db.session.query(LtiLogin).count() == 1


def test_leave_that_helps_nothing_ends_at_the_window(framed: Framed) -> None:
    first = framed.post("/lti/login", SENT, FRAME)
    tried = framed.get(door(framed.get(first.location))["next"])
    page = framed.get(tried.location)
    assert page.status_code == 401
    assert 'id="door"' not in page.text
    assert framed.course.browser.get(ticket_in(page), headers=WINDOW).location.startswith(f"{ISSUER}/auth?")


def test_launch_sent_again_without_cookie_after_the_leave_is_not_believed(
    course: Course, framed: Framed
) -> None:
    offer = framed.get(framed.post("/lti/login", SENT, FRAME).location)
    tried = course.browser.get(door(offer)["next"], headers=FRAME)
    form = framed.form_after(course.browser.get(tried.location, headers=FRAME).location)
    resumed = framed.post("/lti/launch", form, FRAME)
    for kept in ("", proof_of(form["state"])):
        answer = framed.post("/lti/launch", {**hidden(resumed), "kept": kept})
        assert answer.status_code == 401
    assert db.session.query(LaunchSession).count() == 0
