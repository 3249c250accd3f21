"""What goes back to the platform: signed, complete, once."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask

from institute import clock
from institute.db import db
from lti.deep_linking.choosing import code_of
from lti.deep_linking.models import LinkingAnswer
from lti.launches.models import DeepLinkingRequest
from tests.lti.acting import CLAIM, CLIENT, DEPLOYMENT, ISSUER, Course, cookies_of
from tests.lti.deep_linking.conftest import (
    DEEP_LINKING,
    HOURS,
    MODULE,
    RETURN_URL,
    SEGMENT,
    Picking,
    read_back,
)

Ask = Callable[..., Picking]


def test_chosen_items_go_back_signed_in_the_order_of_the_programme(course: Course, ask: Ask) -> None:
    back = read_back(course, ask().send(SEGMENT, MODULE, ""))
    assert back.url == RETURN_URL
    at = int(clock.now().timestamp())
    assert (back.claims["iss"], back.claims["aud"]) == (CLIENT, [ISSUER])
    assert at - 10 <= back.claims["iat"] <= at < back.claims["exp"] <= at + 600
    assert len(back.claims["nonce"]) >= 16
    assert back.claims[CLAIM + "deployment_id"] == DEPLOYMENT
    assert back.claims[CLAIM + "message_type"] == "LtiDeepLinkingResponse"
    assert back.claims[CLAIM + "version"] == "1.3.0"
    assert back.claims[DEEP_LINKING + "data"] == "csrf:ø&<1>"
    assert back.claims[DEEP_LINKING + "msg"] == "3 items were added."
    assert [(item["type"], item["title"]) for item in back.items] == [
        ("ltiResourceLink", "Programme home"),
        ("ltiResourceLink", "Module 1: Listening"),
        ("ltiResourceLink", "1.1 Ears"),
    ]


def test_data_that_was_not_sent_does_not_go_back(course: Course, ask: Ask) -> None:
    back = read_back(course, ask(data=...).send(MODULE))
    assert DEEP_LINKING + "data" not in back.claims


def test_data_that_is_empty_goes_back_empty(course: Course, ask: Ask) -> None:
    back = read_back(course, ask(data="").send(MODULE))
    assert back.claims[DEEP_LINKING + "data"] == ""


def test_cancelling_goes_back_with_no_items_and_a_message(course: Course, ask: Ask) -> None:
    back = read_back(course, ask().send(MODULE, to="/cancel"))
    assert (back.items, back.claims[DEEP_LINKING + "msg"]) == ([], "Nothing was added.")
    assert back.claims[DEEP_LINKING + "data"] == "csrf:ø&<1>"


def test_address_of_the_platform_cannot_break_out_of_the_page(course: Course, ask: Ask) -> None:
    hostile = "https://lms.example.test/return?x=\"><script>alert(1)</script>&y='1'"
    picking = ask(deep_link_return_url=hostile)
    answer = picking.send(MODULE)
    assert read_back(course, answer).url == hostile
    page = course.browser.get(f"{picking.path}/handover")
    assert "<script>alert" not in page.text
    assert "form-action 'self' https://lms.example.test;" in page.headers["Content-Security-Policy"]
    assert "'unsafe-inline'" not in page.headers["Content-Security-Policy"]


def test_page_that_hands_over_gives_the_platform_nothing_of_ours(course: Course, ask: Ask) -> None:
    picking = ask()
    token = picking.token
    page = course.browser.get(picking.send(MODULE).location)
    form = page.text.partition('id="answer"')[2].partition("</form>")[0]
    assert token not in form
    assert form.count("<input") == 1
    assert page.headers["Referrer-Policy"] == "origin"


def test_button_pressed_twice_makes_one_answer(course: Course, ask: Ask) -> None:
    picking = ask()
    first, second = picking.send(MODULE), picking.send(MODULE)
    assert read_back(course, first).token == read_back(course, second).token
    assert db.session.query(LinkingAnswer).count() == 1


def test_two_windows_that_answer_at_once_make_one_answer(app: Flask, course: Course, ask: Ask) -> None:
    picking = ask()
    page, cookies = picking.page, cookies_of(course.browser)

    def send(target: str) -> str:
        client = app.test_client()
        for cookie in cookies:
            client.set_cookie(cookie.key, cookie.value, domain=cookie.domain, path=cookie.path)
        return Picking(client, page).send(target).location or ""

    with ThreadPoolExecutor(max_workers=4) as windows:
        led = sorted(windows.map(send, [MODULE, SEGMENT, HOURS, ""]))
    assert led == [picking.path] * 3 + [f"{picking.path}/handover"]
    assert [len(one.items) for one in db.session.query(LinkingAnswer)] == [1]


def test_second_answer_that_differs_is_not_made(course: Course, ask: Ask) -> None:
    picking = ask()
    picking.send(MODULE)
    answer = picking.send(SEGMENT)
    assert (answer.status_code, answer.location) == (303, picking.path)
    page = course.browser.get(picking.path)
    assert "Handed over to your course" in page.text
    assert "Module 1: Listening" in page.text
    assert 'name="_i"' not in page.text


def test_coming_back_later_tells_what_was_handed_over(course: Course, ask: Ask) -> None:
    picking = ask()
    picking.send(MODULE)
    with clock.shift(seconds=600):
        again = picking.send(MODULE)
        assert again.location == picking.path
        late = course.browser.get(f"{picking.path}/handover")
        assert (late.status_code, late.location) == (303, picking.path)
        assert "1 link went to your course" in course.browser.get(picking.path).text


def test_answer_that_got_lost_is_sent_again_under_a_nonce_of_its_own(course: Course, ask: Ask) -> None:
    picking = ask()
    first = read_back(course, picking.send(MODULE))
    with clock.shift(seconds=600):
        again = read_back(course, picking.send(to="/again"))
    assert again.items == first.items
    assert again.claims["nonce"] != first.claims["nonce"]
    assert again.claims["iat"] > first.claims["iat"]


def test_nothing_is_sent_again_before_something_was_sent(course: Course, ask: Ask) -> None:
    picking = ask()
    assert picking.send(to="/again").location == picking.path
    assert course.browser.get(f"{picking.path}/handover").location == picking.path


def test_form_of_another_page_changes_nothing(course: Course, ask: Ask) -> None:
    picking = ask()
    assert picking.send(MODULE, token="0" * 64).status_code == 403
    assert db.session.query(DeepLinkingRequest).one().answered_at is None


def test_nothing_chosen_is_said_beside_the_list(course: Course, ask: Ask) -> None:
    answer = ask().send(due="2026-12-01", q="ears")
    assert answer.status_code == 422
    assert "Choose at least one item." in answer.text
    assert 'value="2026-12-01"' in answer.text
    assert 'value="ears"' in answer.text


@pytest.mark.parametrize("accepts", [False, ...])
def test_course_that_takes_one_item_gets_one(course: Course, ask: Ask, accepts: object) -> None:
    picking = ask(accept_multiple=accepts)
    assert 'type="radio" name="_i"' in picking.page.text
    assert "whole programme" not in picking.page.text
    refused = picking.send(MODULE, SEGMENT)
    assert (refused.status_code, "one item at a time" in refused.text) == (422, True)
    assert picking.send(to="/programme").status_code == 422
    assert len(read_back(course, picking.send(SEGMENT)).items) == 1


def test_whole_programme_goes_back_in_one_press(course: Course, ask: Ask) -> None:
    back = read_back(course, ask().send(to="/programme"))
    assert [item["title"] for item in back.items] == [
        "Programme home",
        "Module 1: Listening",
        "1.1 Ears",
        "Coaching log",
    ]


def test_things_of_another_programme_are_not_there_to_choose(course: Course, ask: Ask) -> None:
    answer = ask().send(_i=[code_of("module:programme-2/module-1"), "", "x" * 5000])
    assert answer.status_code == 422


def test_answer_is_written_down_without_names(course: Course, ask: Ask) -> None:
    read_back(course, ask().send(MODULE))
    held = db.session.query(LinkingAnswer).one()
    assert (held.sendings, len(held.items)) == (1, 1)
    assert db.session.query(DeepLinkingRequest).one().answered_at is not None
