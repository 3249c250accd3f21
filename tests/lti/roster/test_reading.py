"""A course's list of people becomes people here, in the background, whatever the platform's way of paging."""

from __future__ import annotations

from lti.roster.models import RosterState
from tests.lti.roster.conftest import Course


def test_the_first_launch_has_the_list_read_and_learners_are_invited(sandbox_course: Course) -> None:
    sandbox_course.launched("teacher-0")
    roster = sandbox_course.read()
    assert (roster.state, roster.members) == (RosterState.READ, 6)
    roll = sandbox_course.roll()
    assert roll["participant-2"].name == "陳美玲"
    assert roll["participant-2"].email == "meiling@example.test"
    assert {sub: one.enrolment for sub, one in roll.items()} == {
        "participant-1": "invited",
        "participant-2": "invited",
        "coach-1": "invited",
        "teacher-1": None,
        "trainer-1": None,
        "director-1": None,
    }
