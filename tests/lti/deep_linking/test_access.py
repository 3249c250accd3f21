"""Who may choose, and what everybody else reads."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from courses.cohorts.models import CohortId, Enrolment
from institute.actors import Role
from institute.db import db, transaction
from institute.people.models import Person
from institute.web.models import LaunchSession
from lti.deep_linking.models import LinkingAnswer
from lti.launches.models import Context
from tests.browsing import visit
from tests.lti.acting import Course, Platform, follow
from tests.lti.deep_linking.conftest import ASKED, MODULE, SETTINGS, Picking, read_back
from tests.lti.entrance import send_form

Ask = Callable[..., Picking]
SYSTEM_ADMINISTRATOR = "http://purl.imsglobal.org/vocab/lis/v2/system/person#Administrator"
REQUEST: dict[str, Any] = {
    "message_type": "LtiDeepLinkingRequest",
    "resource_link": ...,
    SETTINGS: ASKED,
}


def test_teacher_lands_on_the_picker(ask: Ask) -> None:
    picking = ask()
    assert "Choose what to add to your course" in picking.page.text
    assert "“Coaching 2026”" in picking.page.text
    assert picking.page.text.count("btn-primary") == 1


@pytest.mark.parametrize("role", ["Learner", "Mentor", "Nobody"])
def test_who_does_not_lead_the_course_is_told_so(course: Course, role: str) -> None:
    page = course.enter(role=role, **REQUEST)
    assert page.status_code == 403
    assert "Only a teacher of the course or an administrator can add links to it." in page.text
    assert db.session.query(LinkingAnswer).count() == 0


def test_learner_who_asks_for_links_is_not_enrolled_by_it(course: Course) -> None:
    course.enter(role="Learner", **REQUEST)
    assert db.session.query(Enrolment).count() == 0


def test_learner_cannot_answer_by_hand(course: Course, ask: Ask) -> None:
    course.enter(role="Learner", **REQUEST)
    session = db.session.query(LaunchSession).one()
    for button in ("", "/programme", "/cancel", "/again"):
        answer = course.browser.post(f"/s/{session.id}/lti/choose{button}", data={"_i": "x"})
        assert answer.status_code == 403


def test_administrator_of_the_platform_may_choose(course: Course) -> None:
    page = course.enter(roles=[SYSTEM_ADMINISTRATOR], **REQUEST)
    picking = Picking(course.browser, page)
    assert len(read_back(course, picking.send(MODULE)).items) == 1


def test_visit_in_which_nothing_was_asked_for_has_no_picker(app: Flask, course: Course) -> None:
    course.enter(role="Instructor")
    session = db.session.query(LaunchSession).one()
    page = course.browser.get(f"/s/{session.id}/lti/choose")
    assert (page.status_code, "No course asks for links here" in page.text) == (404, True)


def test_request_belongs_to_the_visit_that_it_opened(app: Flask, course: Course, ask: Ask) -> None:
    ask()
    person = db.session.query(Person).order_by(Person.id.desc()).first()
    assert person is not None
    other = visit(app, person, roles=[Role.FACILITATOR], place=course.cohort_id)
    assert other.get("/lti/choose").status_code == 404
    assert other.post("/lti/choose/programme").status_code == 404


def test_visit_that_has_ended_says_to_begin_again(course: Course, ask: Ask) -> None:
    picking = ask()
    with transaction() as session:
        row = session.query(LaunchSession).one()
        row.ended_at = row.created_at
    answer = picking.send(MODULE)
    assert answer.status_code == 401
    assert "open its link again" in answer.text
    assert "What you wrote" not in answer.text


def test_course_of_no_cohort_is_connected_first_and_goes_on_to_the_picker(
    acting: Platform, browser: FlaskClient, make_cohort: Callable[..., CohortId]
) -> None:
    cohort_id = make_cohort()
    page = follow(browser, acting.launch(browser, role="Instructor", **REQUEST))
    assert 'name="cohort"' in page.text
    page = follow(browser, send_form(browser, page, cohort=str(cohort_id)))
    assert "Choose what to add to your course" in page.text
    assert Picking(browser, page).shown[1] == "All modules of Leadership"


def test_picker_of_a_course_of_no_cohort_leads_to_its_connection(
    acting: Platform, browser: FlaskClient, make_cohort: Callable[..., CohortId]
) -> None:
    make_cohort()
    acting.launch(browser, role="Instructor", **REQUEST)
    session = db.session.query(LaunchSession).one()
    answer = browser.get(f"/s/{session.id}/lti/choose")
    assert (answer.status_code, answer.location) == (303, f"/s/{session.id}/lti/course")
    answer = browser.post(f"/s/{session.id}/lti/choose/cancel")
    assert answer.status_code == 403


def test_course_that_another_connected_meanwhile_is_chosen_for_at_once(
    acting: Platform, browser: FlaskClient, make_cohort: Callable[..., CohortId]
) -> None:
    cohort_id = make_cohort()
    acting.launch(browser, role="Instructor", **REQUEST)
    with transaction() as session:
        context = session.query(Context).one()
        context.cohort_id, context.bound_at = cohort_id, context.created_at
    session_id = db.session.query(LaunchSession).one().id
    page = browser.get(f"/s/{session_id}/lti/choose")
    assert "Module 1: Listening" in page.text


def test_who_cannot_connect_the_course_gets_back_to_it(
    acting: Platform, browser: FlaskClient, make_cohort: Callable[..., CohortId]
) -> None:
    cohort_id = make_cohort()
    page = follow(browser, acting.launch(browser, roles=[SYSTEM_ADMINISTRATOR], **REQUEST))
    assert "This course is not set up yet" in page.text
    back = read_back(Course(acting, browser, cohort_id), send_form(browser, page))
    assert back.items == []


def test_request_from_outside_any_course_says_so(acting: Platform, browser: FlaskClient) -> None:
    page = follow(browser, acting.launch(browser, role="Instructor", context=..., **REQUEST))
    assert "Open it from a course" in page.text
    assert "Go back to the course" in page.text


def test_course_that_takes_no_links_is_told_and_left(course: Course, ask: Ask) -> None:
    picking = ask(accept_types=["file", "html"])
    assert "Links do not fit here" in picking.page.text
    answer = send_form(course.browser, picking.page)
    assert read_back(course, answer).items == []


def test_request_without_a_target_is_let_in(ask: Ask) -> None:
    assert "Choose what to add" in ask(claims={"target_link_uri": ...}).page.text
