"""Administrators see what did not reach a gradebook, and why; nobody else does."""

from __future__ import annotations

from collections.abc import Callable

from institute.actors import Role
from institute.people.models import Institute, Person
from lti.sandbox.faults import Fault
from lti.sandbox.server import RunningSandbox
from lti.services.scopes import LINE_ITEM_READONLY, SCORE
from tests.browsing import Visitor
from tests.lti.services.classroom import Classroom

HEADING = "Grades on their way to the platforms"


def test_administrators_see_what_waits_and_what_failed_with_the_reason(
    classroom: Classroom,
    platform: RunningSandbox,
    make_person: Callable[..., Person],
    sign_in: Callable[..., Visitor],
) -> None:
    failing = classroom.link(ags_scopes=[SCORE, LINE_ITEM_READONLY])
    classroom.link("link-home", target=None)
    learner = classroom.learner(failing)
    classroom.tick(learner, 1)
    classroom.work()
    platform.sandbox.faults.add(Fault("scores", 503))
    classroom.tick(learner, 2)
    classroom.work()
    page = sign_in(make_person(), roles=[Role.ADMINISTRATOR]).get("/administrator/").text
    assert HEADING in page
    assert "1 grade did not arrive" in page
    assert "has no column for the link" in page
    assert "1 grade is on its way" in page
    assert "overloaded or out of order" in page


def test_the_panel_is_left_out_while_everything_arrives(
    classroom: Classroom, make_person: Callable[..., Person], sign_in: Callable[..., Visitor]
) -> None:
    learner = classroom.learner(classroom.link())
    classroom.tick(learner, 1)
    classroom.work()
    page = sign_in(make_person(), roles=[Role.ADMINISTRATOR]).get("/administrator/")
    assert page.status_code == 200
    assert HEADING not in page.text


def test_another_institute_and_a_participant_see_nothing_of_it(
    classroom: Classroom,
    make_institute: Callable[..., Institute],
    make_person: Callable[..., Person],
    sign_in: Callable[..., Visitor],
) -> None:
    learner = classroom.learner(classroom.link())
    classroom.tick(learner, 1)
    stranger = make_person(institute_id=make_institute().id)
    assert HEADING not in sign_in(stranger, roles=[Role.ADMINISTRATOR]).get("/administrator/").text
    assert HEADING not in sign_in(make_person(), roles=[Role.PARTICIPANT]).get("/participant/").text
