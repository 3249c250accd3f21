"""What a real Moodle answered, replayed: escaped names, short roles, everybody at once or in pages of ten."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta

import pytest

from institute import clock
from institute.clock import now
from lti.roster.listing import read_listing
from lti.roster.models import RosterState
from tests.lti.roster.conftest import MEMBERS, Course
from tests.lti.services.scripted import RECORDINGS, Say, ScriptedPlatform

MOODLE = "http://127.0.0.1:8081/mod/lti/services.php/CourseSection/2/bindings/1/memberships"
Tell = Callable[..., None]


def recorded(name: str, scripted: ScriptedPlatform) -> Say:
    """Return an answer of Moodle as if it lived where the scripted platform does."""
    return Say.recorded(name, **{MOODLE: scripted.url + MEMBERS})


def test_the_whole_list_at_once(course: Course, tell: Tell, scripted: ScriptedPlatform) -> None:
    tell(recorded("nrps-all", scripted))
    course.launched("teacher-0")
    assert course.read().members == 32
    roll = course.roll()
    assert roll["32"].name == "Grace Hopper & Sons"
    assert roll["31"].name == "Anne-Marie D’Arcy"
    assert roll["17"].name == "محمد الأحمد"
    assert roll["20"].email == "student16@example.test"
    assert sum(one.enrolment == "invited" for one in roll.values()) == 30
    assert (roll["3"].enrolment, roll["4"].enrolment) == (None, None)
    [asked] = scripted.asked_for(MEMBERS)
    assert asked.headers["Accept"] == "application/vnd.ims.lti-nrps.v2.membershipcontainer+json"


def test_four_pages_of_ten(course: Course, tell: Tell, scripted: ScriptedPlatform) -> None:
    tell(*(recorded(f"nrps-limit10-page{number}", scripted) for number in range(1, 5)))
    course.launched("teacher-0")
    roster = course.read()
    assert (roster.members, roster.page_number) == (32, 4)
    assert [asked.query.get("from") for asked in scripted.asked_for(MEMBERS)] == [
        None,
        ["10"],
        ["20"],
        ["30"],
    ]


def test_a_suspended_person_is_absent_and_has_left(
    course: Course, tell: Tell, scripted: ScriptedPlatform
) -> None:
    tell(recorded("nrps-all", scripted), recorded("nrps-one-suspended", scripted))
    course.launched("teacher-0")
    course.read()
    with clock.frozen(now() + timedelta(hours=26)):
        assert course.read().members == 31
    assert sum(one.has_left for one in course.roll().values()) == 1


def test_the_site_administrator_s_odd_role_is_no_learner(
    course: Course, tell: Tell, scripted: ScriptedPlatform
) -> None:
    tell(recorded("nrps-site-course", scripted))
    course.launched("teacher-0")
    course.read()
    admin = course.roll()["2"]
    assert (admin.name, admin.learns, admin.enrolment) == ("Admin User", False, None)


@pytest.mark.parametrize(
    ("name", "reason"),
    [("nrps-accept-json", "REFUSED"), ("nrps-bad-token", "NOT-ALLOWED"), ("nrps-wrong-course", "MISSING")],
)
def test_moodle_s_refusals(
    name: str, reason: str, course: Course, tell: Tell, scripted: ScriptedPlatform
) -> None:
    tell(recorded(name, scripted))
    course.launched("teacher-0")
    roster = course.read()
    assert (roster.state, roster.reason) == (RosterState.FAILED, reason)


def test_a_list_of_one_link_reads_as_the_course_s() -> None:
    whole, linked = (
        json.loads((RECORDINGS / f"{name}.json").read_text())["response"]["body"]["members"]
        for name in ("nrps-all", "nrps-rlid")
    )
    assert read_listing(linked) == read_listing(whole)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("Tom &amp; Jerry", "Tom & Jerry"),
        ("O&#039;Connor", "O'Connor"),
        ("&lt;b&gt;", "<b>"),
        ("R&D", "R&D"),
        ("AT&T; Sons", "AT&T; Sons"),
        ("Copy &copy; right", "Copy &copy; right"),
        ("&amp;amp;", "&amp;"),
        ("&#0;x&#x202e;y", "�xy"),
    ],
)
def test_only_what_html_must_escape_is_unescaped(written: str, meant: str) -> None:
    [one] = read_listing([{"user_id": "a", "name": written}])
    assert one.name == meant
