"""Platforms that refuse, stumble, repeat themselves or never end: a state with a reason, and never a loop."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from institute import clock
from institute.clock import now
from lti.roster.models import RosterState
from lti.roster.passes import PAGE_SIZE
from tests.lti.roster.conftest import MEMBERS, Course, listing, member
from tests.lti.services.scripted import Say, ScriptedPlatform

Tell = Callable[..., None]
A_DAY = timedelta(hours=26)


@pytest.mark.parametrize(
    ("said", "reason", "minutes"),
    [
        (Say(401, b""), "NOT-ALLOWED", 24 * 60),
        (Say(403, b""), "NOT-ALLOWED", 24 * 60),
        (Say(404, b""), "MISSING", 24 * 60),
        (Say(410, b""), "MISSING", 24 * 60),
        (Say(400, b""), "REFUSED", 24 * 60),
        (Say(429, b"", {"Retry-After": "3600"}), "BUSY", 60),
        (Say(403, b"Rate Limit Exceeded"), "BUSY", 1),
        (Say(503, b""), "BUSY", 1),
        (Say(200, b"<html>", {"Content-Type": "text/html"}), "UNREADABLE", 1),
        (Say(200, [1, 2]), "UNREADABLE", 1),
        (Say(200, {"members": {"a": 1}}), "UNREADABLE", 1),
        (Say(200, b""), "UNREADABLE", 1),
        (Say(302, b"", {"Location": "gopher://x"}), "UNREADABLE", 1),
    ],
)
def test_a_refusal_is_a_state_with_a_reason_and_a_time_of_the_next_try(
    said: Say, reason: str, minutes: int, course: Course, tell: Tell
) -> None:
    tell(said)
    course.launched("teacher-0")
    roster = course.read()
    assert roster.state is RosterState.FAILED
    assert roster.reason == reason or (said.status == 302 and roster.reason == "UNREACHABLE")
    assert roster.next_try_at is not None
    pause = roster.next_try_at - now()
    assert timedelta(minutes=minutes) * 0.9 < pause < timedelta(minutes=minutes) * 1.3 + timedelta(seconds=5)


def test_a_missing_scope_is_told_as_such_and_no_list_is_asked_for(
    course: Course, scripted: ScriptedPlatform
) -> None:
    scripted.tell("POST", "/token", Say(400, {"error": "invalid_scope"}))
    course.launched("teacher-0")
    assert course.read().reason == "TOKEN-REFUSED"
    assert scripted.asked_for(MEMBERS) == []


def test_a_list_that_stops_half_way_marks_nobody_and_goes_on_where_it_stopped(
    course: Course, tell: Tell, scripted: ScriptedPlatform
) -> None:
    second = f"{scripted.url}/second"
    tell(listing(member("a"), following=second))
    scripted.tell("GET", "/second", listing(member("b")), Say(503, b""), listing(member("b")))
    course.launched("teacher-0")
    assert course.read().members == 2
    with clock.frozen(now() + A_DAY):
        roster = course.read()
        assert (roster.state, roster.reason, roster.next_url) == (RosterState.FAILED, "BUSY", second)
        assert not any(one.has_left for one in course.roll().values())
    first_pages = len(scripted.asked_for(MEMBERS))
    with clock.frozen(now() + A_DAY + timedelta(minutes=5)):
        assert course.read().state is RosterState.READ
    assert len(scripted.asked_for(MEMBERS)) == first_pages


def test_a_half_list_of_yesterday_is_begun_anew(
    course: Course, tell: Tell, scripted: ScriptedPlatform
) -> None:
    tell(listing(member("a"), following=f"{scripted.url}/second"))
    scripted.tell("GET", "/second", Say(503, b""))
    course.launched("teacher-0")
    course.read()
    with clock.frozen(now() + A_DAY):
        course.read()
    assert len(scripted.asked_for(MEMBERS)) == 2


def test_a_page_that_names_itself_as_the_next_one_ends_as_endless(
    course: Course, tell: Tell, scripted: ScriptedPlatform
) -> None:
    tell(listing(member("a"), member("b"), following=scripted.url + MEMBERS))
    course.launched("teacher-0")
    roster = course.read()
    assert (roster.state, roster.reason) == (RosterState.FAILED, "ENDLESS")
    assert len(scripted.asked_for(MEMBERS)) < 10
    assert not any(one.has_left for one in course.roll().values())
    assert course.read().reason == "ENDLESS"
    assert len(scripted.asked_for(MEMBERS)) < 10


def test_empty_pages_without_end_end_as_endless(
    course: Course, tell: Tell, scripted: ScriptedPlatform
) -> None:
    tell(listing(following=scripted.url + MEMBERS))
    course.launched("teacher-0")
    assert course.read().reason == "ENDLESS"


def test_a_suddenly_empty_list_empties_no_course(course: Course, tell: Tell) -> None:
    tell(listing(member("a")), listing())
    course.launched("teacher-0")
    course.read()
    with clock.frozen(now() + A_DAY):
        roster = course.read()
    assert (roster.state, roster.reason) == (RosterState.FAILED, "EMPTY")
    assert not course.roll()["a"].has_left


def test_of_several_pages_only_who_is_missing_twice_has_left(
    course: Course, tell: Tell, scripted: ScriptedPlatform
) -> None:
    """Between two pages somebody leaves, and the first of the next page moves up to the one that was read."""
    following = f"{scripted.url}/second"
    tell(listing(member("a"), member("b"), following=following))
    scripted.tell("GET", "/second", listing(member("c")), listing(member("x")), listing(member("x")))
    course.launched("teacher-0")
    course.read()
    at = now() + A_DAY
    with clock.frozen(at):
        roster = course.read()
        assert roster.state is RosterState.READ
        assert not course.roll()["c"].has_left
        assert roster.next_try_at is not None
        assert roster.next_try_at - at < timedelta(hours=1)
    with clock.frozen(at + timedelta(hours=1)):
        course.read()
    assert course.roll()["c"].has_left


def test_a_platform_that_takes_no_page_size_is_asked_without(
    course: Course, tell: Tell, scripted: ScriptedPlatform
) -> None:
    tell(Say(400, b""), listing(member("a")))
    course.launched("teacher-0")
    assert course.read().state is RosterState.READ
    assert [asked.query.get("limit") for asked in scripted.asked_for(MEMBERS)] == [[PAGE_SIZE], None]


@pytest.mark.parametrize(
    "entry",
    [
        None,
        "a",
        [],
        {},
        {"user_id": ""},
        {"user_id": None},
        {"user_id": "x" * 256},
        {"user_id": "a\0b"},
        {"user_id": True},
        {"user_id": ["a"]},
        {"user_id": "\ud800"},
    ],
)
def test_an_entry_that_names_nobody_is_left_out(entry: object, course: Course, tell: Tell) -> None:
    tell(listing(entry, member("good")))
    course.launched("teacher-0")
    assert course.read().members == 1


@pytest.mark.parametrize(
    "given",
    [
        {"name": 5, "email": {}, "roles": "Learner", "status": 7},
        {"name": "x" * 5000, "email": "y" * 5000, "roles": None},
        {"name": "a\0\u202eb", "email": "no address", "roles": [1, None, "Learner"]},
        {"name": None, "given_name": 3, "family_name": [], "roles": {"a": 1}},
        {"roles": ["\ud800", "x" * 9000]},
        {"picture": "javascript:", "message": "nothing", "lis_person_sourcedid": 1e300},
    ],
)
def test_odd_facts_are_left_out_and_the_person_is_kept(
    given: dict[str, object], course: Course, tell: Tell
) -> None:
    tell(listing(member("odd", **given)))
    course.launched("teacher-0")
    assert course.read().members == (0 if given.get("status") == 7 else 1)


def test_an_endless_answer_is_cut_off(course: Course, tell: Tell) -> None:
    tell(Say(200, b'{"members": [' + b" " * (6 * 1024 * 1024)))
    course.launched("teacher-0")
    assert course.read().reason == "TOO-LARGE"


def test_the_next_page_of_another_host_is_not_asked_for(
    course: Course, tell: Tell, scripted: ScriptedPlatform
) -> None:
    tell(listing(member("a"), following="http://elsewhere.example.test/members"))
    course.launched("teacher-0")
    roster = course.read()
    assert (roster.state, roster.reason) == (RosterState.FAILED, "ELSEWHERE")
    assert len(scripted.asked) == 2
