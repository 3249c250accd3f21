"""Requests at the edge: two at once, answers after the answer, addresses that are none, the largest of everything."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.lti.acting import Course
from tests.lti.deep_linking.conftest import (
    ASKED,
    DEEP_LINKING,
    MODULE,
    SEGMENT,
    SETTINGS,
    Picking,
    read_back,
    rename_module,
)

Ask = Callable[..., Picking]


def test_two_requests_in_two_windows_are_answered_each_by_its_own(course: Course, ask: Ask) -> None:
    one, two = ask(data="one"), ask(data="two")
    answers = [read_back(course, one.send(MODULE)), read_back(course, two.send(SEGMENT))]
    assert [back.claims[DEEP_LINKING + "data"] for back in answers] == ["one", "two"]
    assert [back.items[0]["custom"]["target"] for back in answers] == [MODULE, SEGMENT]


@pytest.mark.parametrize(("first", "then"), [("", "/cancel"), ("/cancel", ""), ("/cancel", "/programme")])
def test_first_answer_stands(ask: Ask, first: str, then: str) -> None:
    picking = ask()
    assert picking.send(MODULE, to=first).location == f"{picking.path}/handover"
    assert picking.send(MODULE, to=then).location == picking.path


@pytest.mark.parametrize(
    "address",
    ["javascript:alert(1)", "data:text/html,x", "//lms.example.test/x", "https://a b/", "ftp://a/b"],
)
def test_answer_goes_to_addresses_of_the_web_alone(course: Course, address: str) -> None:
    settings = {**ASKED, "deep_link_return_url": address}
    asked = {"message_type": "LtiDeepLinkingRequest", "resource_link": ..., SETTINGS: settings}
    assert course.launch(role="Instructor", **asked).status_code == 400


def test_long_titles_data_and_addresses_go_back_whole_or_cut_to_fit(course: Course, ask: Ask) -> None:
    rename_module("ة" * 600)
    address = "https://lms.example.test/return?data=" + "a" * 1900
    back = read_back(course, ask(data="d" * 60_000, deep_link_return_url=address).send(MODULE))
    assert (back.url, back.claims[DEEP_LINKING + "data"]) == (address, "d" * 60_000)
    title = back.items[0]["title"]
    assert (len(title), title[-2:]) == (250, "ة…")
