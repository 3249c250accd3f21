"""Mentors see how far those are whom their launch names, only in its session, and nobody else."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from werkzeug.test import TestResponse

from courses.cohorts.enrolling import change_state
from courses.cohorts.models import CohortId, EnrolmentState
from institute.actors import Actor
from institute.db import db, transaction
from institute.web.models import LaunchSession
from lti.launches.models import LtiLaunch
from lti.platforms.models import Registration
from tests.lti.acting import CONTEXT_ROLE, Course, follow
from tests.lti.entrance import session_of
from tests.lti.test_review import enrolment_of

MENTOR = CONTEXT_ROLE + "Mentor"


@pytest.fixture
def group(course: Course) -> Course:
    """A course with three learners."""
    for sub, name in (("person-1", "Lucía Ortega"), ("person-2", "Amal"), ("person-3", "Minh")):
        course.enter(sub=sub, name=name, email=...)
    return course


def come(course: Course, *named: str, **changed: Any) -> TestResponse:
    """Launch as a mentor of the people named."""
    given: dict[str, Any] = {
        "sub": "mentor-1",
        "name": "Mentor",
        "roles": [MENTOR],
        "role_scope_mentor": list(named),
    }
    return course.launch(**{**given, **changed})


def page_of(course: Course, launch: TestResponse, sub: str) -> TestResponse:
    """Ask for the page of one person in a launch's session."""
    path = f"/s/{session_of(launch).id}/lti/mentored/{enrolment_of(sub).id}"
    return course.browser.get(path)


def test_mentor_sees_whom_the_claim_names_and_how_far_they_are(group: Course) -> None:
    launch = come(group, "person-1", "person-2", "person-77")
    assert session_of(launch).roles == ["mentor"]
    page = follow(group.browser, launch)
    assert page.status_code == 200
    assert [name in page.text for name in ("Lucía Ortega", "Amal", "Minh")] == [True, True, False]
    own = page_of(group, launch, "person-1")
    assert (own.status_code, "Module 1" in own.text, "Lucía Ortega" in own.text) == (200, True, True)
    assert "<form" not in own.text.partition('id="main"')[2]


def test_nobody_else_can_be_reached(group: Course, make_cohort: Callable[..., CohortId]) -> None:
    launch = come(group, "person-1")
    assert page_of(group, launch, "person-3").status_code == 404
    prefix = f"/s/{session_of(launch).id}"
    for path in (
        f"/facilitator/cohort/members/{enrolment_of('person-1').id}",
        f"/coach/participants/{enrolment_of('person-1').id}",
        "/participant/modules/",
        "/administrator/",
        "/trainer/",
    ):
        assert group.browser.get(prefix + path).status_code == 403
    assert group.browser.get(f"{prefix}/lti/mentored/{10**30}").status_code == 404


def test_people_of_another_cohort_are_not_reached_by_a_mentor_of_this_one(
    group: Course, make_cohort: Callable[..., CohortId], system: Actor
) -> None:
    launch = come(group, "person-1")
    other = make_cohort(slug="other")
    with transaction() as session:
        session.get_one(LaunchSession, session_of(launch).id).place = other
    assert page_of(group, launch, "person-1").status_code == 404


def test_claim_lives_as_long_as_its_session(group: Course) -> None:
    first, second = come(group, "person-1"), come(group, "person-2")
    assert page_of(group, first, "person-1").status_code == 200
    assert page_of(group, second, "person-1").status_code == 404
    with transaction() as session:
        session.get_one(LaunchSession, session_of(first).id).expires_at = session_of(first).created_at
    assert page_of(group, first, "person-1").status_code != 200


@pytest.mark.parametrize("role", ["Learner", "Instructor"])
def test_claim_without_the_role_gives_nothing(group: Course, role: str) -> None:
    launch = come(group, "person-1", roles=[CONTEXT_ROLE + role])
    assert page_of(group, launch, "person-1").status_code == 404
    db.session.rollback()
    assert db.session.query(LtiLaunch).order_by(LtiLaunch.id.desc()).first().mentored == []  # type: ignore[union-attr]


def test_mentor_of_nobody_is_told_so(group: Course) -> None:
    nobody: tuple[Any, ...] = ([], None, ...)
    for named in nobody:
        page = follow(group.browser, come(group, role_scope_mentor=named))
        assert (page.status_code, "Nobody to accompany here yet" in page.text) == (200, True)


def test_mentor_who_also_learns_has_both_areas(group: Course) -> None:
    launch = come(group, "person-1", roles=[MENTOR, CONTEXT_ROLE + "Learner"])
    assert session_of(launch).roles == ["mentor", "participant"]
    page = follow(group.browser, launch)
    assert ("/participant/" in page.request.path, "/mentor/" in page.text) == (True, True)
    assert page_of(group, launch, "person-1").status_code == 200


def test_who_left_the_cohort_is_not_shown(group: Course, system: Actor) -> None:
    change_state(enrolment_of("person-1").id, EnrolmentState.WITHDRAWN, actor=system)
    launch = come(group, "person-1", "person-2")
    assert "Lucía" not in follow(group.browser, launch).text
    assert page_of(group, launch, "person-1").status_code == 404


@pytest.mark.parametrize("claim", ["person-1", {"a": 1}, [7], ["x" * 256], ["a\x00b"], ["x"] * 1001])
def test_claim_of_a_wrong_form_is_refused(group: Course, claim: Any) -> None:
    answer = come(group, role_scope_mentor=claim)
    assert (answer.status_code, "role_scope_mentor" in answer.text) == (400, True)


def test_role_that_an_administrator_calls_mentor_is_one(group: Course) -> None:
    with transaction() as session:
        session.query(Registration).one().role_overrides = {"urn:example:tutor": "mentor"}
    launch = come(group, "person-2", roles=["urn:example:tutor"])
    assert "Amal" in follow(group.browser, launch).text
