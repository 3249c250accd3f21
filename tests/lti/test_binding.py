"""A course is bound to a cohort once, by somebody who leads it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from click.testing import Result
from flask.testing import FlaskClient

from courses.cohorts.models import CohortId, Enrolment
from institute.actors import Actor
from institute.audit.models import AuditEvent
from institute.db import db
from institute.people.models import Institute
from institute.web.forms import session_token
from lti.launches.models import Context
from tests.lti.acting import Platform, follow
from tests.lti.entrance import send_form, session_of

MakeCohort = Callable[..., CohortId]
Register = Callable[..., Result]
ADMINISTRATOR = "http://purl.imsglobal.org/vocab/lis/v2/institution/person#Administrator"


def test_learner_of_an_unbound_course_reads_that_it_is_not_set_up(
    acting: Platform, browser: FlaskClient, make_cohort: MakeCohort
) -> None:
    make_cohort()
    answer = acting.launch(browser)
    page = follow(browser, answer)
    assert (page.status_code, "This course is not set up yet" in page.text) == (200, True)
    assert session_of(answer).roles == []
    assert "<form" not in page.text.partition('id="main"')[2]


def test_teacher_binds_the_course_and_learners_come_in(
    acting: Platform, browser: FlaskClient, make_cohort: MakeCohort
) -> None:
    make_cohort()
    chosen = make_cohort()
    answer = acting.launch(browser, role="Instructor", sub="teacher-1")
    page = follow(browser, answer)
    assert (page.status_code, "Coaching 2026" in page.text) == (200, True)
    home = follow(browser, send_form(browser, page, cohort=str(chosen), enrol="1"))
    assert (home.status_code, "/facilitator/" in home.request.path) == (200, True)
    bound = db.session.query(Context).one()
    assert (bound.cohort_id, bound.enrol_learners, bound.bound_by_id) == (
        chosen,
        True,
        session_of(answer).person_id,
    )
    (event,) = db.session.query(AuditEvent).filter_by(action="cohort.bound")
    assert (event.subject_id, event.details) == (chosen, {"context": bound.id, "enrols_learners": True})
    assert follow(browser, acting.launch(browser)).status_code == 200
    assert db.session.query(Enrolment).one().cohort_id == chosen


def test_teacher_may_leave_enrolment_to_the_institute(
    acting: Platform, browser: FlaskClient, make_cohort: MakeCohort
) -> None:
    chosen = make_cohort()
    page = follow(browser, acting.launch(browser, role="Instructor"))
    assert send_form(browser, page, cohort=str(chosen)).status_code == 303
    follow(browser, acting.launch(browser, sub="learner-1"))
    assert db.session.query(Enrolment).count() == 0


def test_second_of_two_teachers_is_told_and_changes_nothing(
    acting: Platform, browser: FlaskClient, make_cohort: MakeCohort
) -> None:
    first, second = make_cohort(), make_cohort()
    pages = [follow(browser, acting.launch(browser, role="Instructor", sub=sub)) for sub in ("t-1", "t-2")]
    assert send_form(browser, pages[0], cohort=str(first)).status_code == 303
    late = send_form(browser, pages[1], cohort=str(second))
    assert (late.status_code, "LTI-BOUND" in late.text) == (409, True)
    assert db.session.query(Context).one().cohort_id == first
    assert send_form(browser, pages[1], cohort=str(first)).status_code == 303


def test_learner_cannot_bind_by_sending_the_teachers_form(
    acting: Platform, browser: FlaskClient, make_cohort: MakeCohort
) -> None:
    chosen = make_cohort()
    mine = session_of(acting.launch(browser))
    marks = {"_token": session_token(mine.id, mine.secret_hash), "_once": "a-key-of-its-own"}
    answer = browser.post(f"/s/{mine.id}/lti/course", data={**marks, "cohort": str(chosen)})
    assert (answer.status_code, "LTI-BIND" in answer.text) == (403, True)
    assert db.session.query(Context).one().cohort_id is None


def test_administrator_without_trust_cannot_bind_and_with_trust_can(
    acting: Platform, browser: FlaskClient, make_cohort: MakeCohort, register: Register
) -> None:
    chosen = make_cohort()
    untrusted = acting.launch(browser, roles=[ADMINISTRATOR])
    page = browser.get(f"/s/{session_of(untrusted).id}/lti/course")
    assert "This course is not set up yet" in page.text
    assert register(acting, "--trust-administrators").exit_code == 0
    page = follow(browser, acting.launch(browser, roles=[ADMINISTRATOR]))
    assert send_form(browser, page, cohort=str(chosen)).status_code == 303
    assert db.session.query(Context).one().cohort_id == chosen


def test_cohorts_of_another_institute_are_neither_shown_nor_bound(
    acting: Platform,
    browser: FlaskClient,
    make_cohort: MakeCohort,
    make_institute: Callable[..., Institute],
) -> None:
    make_cohort()
    elsewhere = Actor(institute_id=make_institute(slug="elsewhere").id, person_id=None)
    foreign = make_cohort(slug="foreign", actor=elsewhere)
    page = follow(browser, acting.launch(browser, role="Instructor"))
    assert "Cohort 1" in page.text
    assert "Cohort 2" not in page.text
    for wrong in (str(foreign), "", "x", "-1", "9" * 30, "١"):
        answer = send_form(browser, page, cohort=wrong)
        assert (answer.status_code, "LTI-COHORT" in answer.text) == (422, True)
    assert db.session.query(Context).one().cohort_id is None


def test_teacher_without_cohorts_is_told_what_is_missing(acting: Platform, browser: FlaskClient) -> None:
    page = follow(browser, acting.launch(browser, role="Instructor"))
    assert (page.status_code, "There is no cohort to choose yet" in page.text) == (200, True)


def test_link_outside_a_course_is_explained(acting: Platform, browser: FlaskClient) -> None:
    page = follow(browser, acting.launch(browser, context=..., role="Instructor"))
    assert (page.status_code, "Open it from a course" in page.text) == (200, True)


def test_same_course_id_of_another_deployment_is_another_course(
    acting: Platform, browser: FlaskClient, make_cohort: MakeCohort, register: Register
) -> None:
    chosen = make_cohort()
    page = follow(browser, acting.launch(browser, role="Instructor"))
    send_form(browser, page, cohort=str(chosen))
    assert register(acting, deployment_id="deployment-2").exit_code == 0
    assert "not set up yet" in follow(browser, acting.launch(browser, deployment_id="deployment-2")).text


def test_teacher_who_asks_for_content_binds_the_course_first_and_comes_to_the_choice(
    acting: Platform, browser: FlaskClient, make_cohort: MakeCohort
) -> None:
    chosen = make_cohort()
    settings = {
        "deep_link_return_url": "https://lms.example.test/return",
        "accept_types": ["ltiResourceLink"],
        "accept_presentation_document_targets": ["iframe"],
    }
    asked: dict[str, Any] = {
        "message_type": "LtiDeepLinkingRequest",
        "resource_link": ...,
        "https://purl.imsglobal.org/spec/lti-dl/claim/deep_linking_settings": settings,
    }
    page = follow(browser, acting.launch(browser, role="Instructor", **asked))
    assert (page.status_code, "Which cohort is this course for?" in page.text) == (200, True)
    choice = follow(browser, send_form(browser, page, cohort=str(chosen)))
    assert (choice.status_code, choice.request.path.endswith("/lti/choose")) == (200, True)
    again = follow(browser, acting.launch(browser, role="Instructor", **asked))
    assert (again.status_code, again.request.path.endswith("/lti/choose")) == (200, True)
