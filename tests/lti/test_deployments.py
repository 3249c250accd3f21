"""A deployment may belong to another institute than its registration: what comes from it is that institute's."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient

from courses.cohorts.models import CohortId, Enrolment
from institute.actors import Actor, InstituteId, Role
from institute.db import db, transaction
from institute.people.models import Grant, Institute, Person
from lti.launches.models import Context, DeepLinkingRequest, LtiIdentity, LtiLaunch, ResourceLink
from lti.platforms.models import Deployment, Registration
from tests.lti.acting import AGS, CONTEXT_ROLE, Course, Platform, follow
from tests.lti.entrance import send_form, session_of

ADMINISTRATOR = "http://purl.imsglobal.org/vocab/lis/v2/institution/person#Administrator"
THERE = "deployment-2"


@pytest.fixture
def harbour(
    course: Course, register: Callable[..., Any], make_institute: Callable[..., Institute]
) -> Institute:
    """Another institute, to which the operator gave a deployment of the platform."""
    assert register(course.platform, deployment_id=THERE).exit_code == 0
    other = make_institute(slug="harbour", name="Harbour")
    with transaction() as session:
        session.query(Deployment).filter_by(deployment_id=THERE).one().institute_id = other.id
    return other


@pytest.fixture
def harbour_cohort(harbour: Institute, make_cohort: Callable[..., CohortId]) -> CohortId:
    """A cohort of the other institute, to which its course is bound."""
    cohort_id = make_cohort(slug="harbour-1", actor=Actor(institute_id=harbour.id, person_id=None))
    with transaction() as session:
        deployment = session.query(Deployment).filter_by(deployment_id=THERE).one()
        cohort = {"cohort_id": cohort_id, "bound_at": deployment.created_at}
        session.add(
            Context(
                institute_id=harbour.id,
                deployment_id=deployment.id,
                context_id="course-1",
                enrol_learners=True,
                **cohort,
            )
        )
    return cohort_id


def there(course: Course, **changed: Any) -> Any:
    """Launch from the deployment of the other institute."""
    return course.launch(deployment_id=THERE, **changed)


def test_same_subject_is_another_person_in_each_institute(
    course: Course, harbour: Institute, harbour_cohort: CohortId, institute: Institute
) -> None:
    here, other = session_of(course.launch()), session_of(there(course))
    again = session_of(there(course))
    assert (here.institute_id, other.institute_id) == (institute.id, harbour.id)
    assert (here.place, other.place) == (course.cohort_id, harbour_cohort)
    assert here.person_id != other.person_id
    assert again.person_id == other.person_id
    found = {(one.institute_id, one.person_id) for one in db.session.query(LtiIdentity)}
    assert found == {(institute.id, here.person_id), (harbour.id, other.person_id)}


def test_everything_of_a_launch_belongs_to_its_deployment_s_institute(
    course: Course, harbour: Institute, harbour_cohort: CohortId
) -> None:
    settings = {
        "deep_link_return_url": "https://lms.example.test/return",
        "accept_types": ["ltiResourceLink"],
        "accept_presentation_document_targets": ["iframe"],
    }
    dl = "https://purl.imsglobal.org/spec/lti-dl/claim/deep_linking_settings"
    there(course, context={"id": "course-5"}, role="Instructor")
    there(course, message_type="LtiDeepLinkingRequest", role="Instructor", **{dl: settings})
    there(
        course,
        message_type="LtiSubmissionReviewRequest",
        for_user={"user_id": "person-1"},
        role="Instructor",
        **{AGS: {"lineitem": "https://lms.example.test/lineitems/1"}},
    )
    models: tuple[Any, ...] = (LtiLaunch, LtiIdentity, ResourceLink, DeepLinkingRequest)
    for model in models:
        assert {row.institute_id for row in db.session.query(model)} == {harbour.id}, model
    assert db.session.query(Context).filter_by(context_id="course-5").one().institute_id == harbour.id


def test_teacher_binds_to_cohorts_of_their_own_institute_only(
    course: Course, harbour: Institute, make_cohort: Callable[..., CohortId]
) -> None:
    own = make_cohort(slug="own", actor=Actor(institute_id=harbour.id, person_id=None))
    page = follow(course.browser, there(course, role="Instructor"))
    assert ("Cohort 2" in page.text, "Cohort 1" in page.text) == (True, False)
    refused = send_form(course.browser, page, cohort=str(course.cohort_id))
    assert (refused.status_code, "LTI-COHORT" in refused.text) == (422, True)
    assert send_form(course.browser, page, cohort=str(own)).status_code == 303


def test_trust_in_administrators_is_each_institute_s_own(course: Course, harbour: Institute) -> None:
    with transaction() as session:
        session.query(Registration).one().trust_administrators = True
    assert session_of(course.launch(roles=[ADMINISTRATOR])).roles == ["administrator"]
    assert session_of(there(course, roles=[ADMINISTRATOR])).roles == ["platform_administrator"]


def test_people_entered_beforehand_are_found_in_their_own_institute_only(
    course: Course, harbour: Institute, harbour_cohort: CohortId, make_person: Callable[..., Person]
) -> None:
    waiting = make_person(name="", email="lucia@example.test", provisioned=True)
    other = session_of(there(course))
    assert other.person_id != waiting.id
    assert session_of(course.launch()).person_id == waiting.id


def test_grants_are_not_claimed_on_another_institute_s_trust(
    course: Course, harbour: Institute, harbour_cohort: CohortId, make_person: Callable[..., Person]
) -> None:
    granted = make_person(email="lucia@example.test", provisioned=True, institute_id=harbour.id)
    with transaction() as session:
        session.add(Grant(institute_id=harbour.id, person_id=granted.id, role=Role.ADMINISTRATOR))
        session.query(Registration).one().trust_administrators = True
    assert session_of(there(course)).person_id != granted.id


def test_no_page_of_one_institute_shows_people_of_the_other(
    course: Course, harbour: Institute, harbour_cohort: CohortId
) -> None:
    course.enter(sub="person-1", name="Lucía of here")
    follow(course.browser, there(course, sub="person-1", name="Lucía of there"))
    ids = {one.institute_id: one.id for one in db.session.query(Enrolment)}
    teachers = {
        harbour.id: there(course, sub="teacher-1", name="Teacher", role="Instructor"),
        course_institute(course): course.launch(sub="teacher-1", name="Teacher", role="Instructor"),
    }
    for institute_id, launch in teachers.items():
        (foreign,) = set(ids) - {institute_id}
        prefix = f"/s/{session_of(launch).id}"
        assert (
            course.browser.get(f"{prefix}/facilitator/cohort/members/{ids[institute_id]}").status_code == 200
        )
        assert course.browser.get(f"{prefix}/facilitator/cohort/members/{ids[foreign]}").status_code == 404
    mentor = there(course, sub="mentor-1", roles=[CONTEXT_ROLE + "Mentor"], role_scope_mentor=["person-1"])
    page = follow(course.browser, mentor)
    assert ("Lucía of there" in page.text, "Lucía of here" in page.text) == (True, False)


def course_institute(course: Course) -> InstituteId:
    """Return the institute of the registration."""
    db.session.rollback()
    return db.session.query(Registration).filter_by(client_id=course.platform.client_id).one().institute_id


def test_links_and_courses_of_the_same_ids_are_apart(
    course: Course, harbour: Institute, harbour_cohort: CohortId
) -> None:
    course.enter(custom={"target": "module:programme-1/module-1"})
    there(course)
    assert sorted((one.institute_id, one.target or "") for one in db.session.query(ResourceLink)) == sorted(
        [(course_institute(course), "module:programme-1/module-1"), (harbour.id, "")]
    )


def test_deployment_seen_for_the_first_time_is_its_registration_s_institute_s(
    course: Course, acting: Platform, browser: FlaskClient, institute: Institute
) -> None:
    assert course.launch(deployment_id="deployment-7").status_code == 403
    found = db.session.query(Deployment).filter_by(deployment_id="deployment-7").one()
    assert found.institute_id == institute.id
