"""LMS roles act inside the bound cohort only; who runs a platform runs nothing here unless trusted."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from click.testing import Result
from flask.testing import FlaskClient

from courses.cohorts.assigning import assign_coach
from courses.cohorts.enrolling import enrol, invite
from courses.cohorts.models import Enrolment
from institute.actors import Actor
from institute.db import db, transaction
from institute.people.models import Institute, Person
from lti.launches.models import Context, LtiIdentity, LtiLaunch
from lti.launches.roles import TEST_USER
from lti.platforms.dynamic_models import RegistrationRequest, RequestState
from lti.services.models import LtiScore
from tests.lti.acting import AGS, CONTEXT_ROLE, Course, Platform, follow
from tests.lti.entrance import session_of

LIS = "http://purl.imsglobal.org/vocab/lis/v2/"
ADMINISTRATOR = LIS + "institution/person#Administrator"
Register = Callable[..., Result]


def enrolments() -> list[tuple[int, str]]:
    """Return (person, state) of every enrolment."""
    return [(one.person_id, one.state.value) for one in db.session.query(Enrolment).order_by(Enrolment.id)]


def test_learner_is_enrolled_at_the_first_launch_and_once(course: Course) -> None:
    answers = [course.launch() for _ in range(2)]
    assert [session_of(answer).roles for answer in answers] == [["participant"]] * 2
    assert {session_of(answer).place for answer in answers} == {course.cohort_id}
    assert [state for _, state in enrolments()] == ["active"]


def test_binding_that_does_not_enrol_says_so_with_status_200(course: Course) -> None:
    with transaction() as session:
        session.query(Context).one().enrol_learners = False
    page = course.enter()
    assert (page.status_code, "You are not in this cohort" in page.text) == (200, True)
    assert enrolments() == []


def test_teacher_is_facilitator_of_that_cohort_only_and_not_enrolled(course: Course) -> None:
    answer = course.launch(role="Instructor")
    assert (session_of(answer).roles, session_of(answer).place) == (["facilitator"], course.cohort_id)
    assert follow(course.browser, answer).status_code == 200
    assert enrolments() == []


def test_unknown_role_gets_the_least_and_is_not_enrolled(course: Course) -> None:
    page = course.enter(roles=["http://example.test/#Boss"])
    assert (page.status_code, "You are not in this cohort" in page.text) == (200, True)
    assert enrolments() == []


def test_test_user_is_let_in_and_never_enrolled(course: Course) -> None:
    answer = course.launch(roles=[CONTEXT_ROLE + "Learner", TEST_USER])
    assert answer.status_code == 303
    assert db.session.query(LtiLaunch).one().is_test_user
    assert enrolments() == []


@pytest.mark.parametrize(
    "roles", [["Learner", TEST_USER], ["Learner", "Instructor"], ["Instructor"], ["Mentor"], []]
)
def test_nobody_but_a_real_learner_is_enrolled_or_graded(course: Course, roles: list[str]) -> None:
    gradebook = {
        "scope": ["https://purl.imsglobal.org/spec/lti-ags/scope/score"],
        "lineitem": "https://lms.example.test/lineitems/1",
    }
    for _ in range(2):
        assert course.launch(roles=roles, **{AGS: gradebook}).status_code == 303
    assert enrolments() == []
    assert db.session.query(LtiScore).count() == 0
    assert not any(one.is_learner and not one.is_test_user for one in db.session.query(LtiLaunch))


def test_assigned_coach_whom_the_lms_calls_a_learner_is_not_enrolled(
    course: Course, make_person: Callable[..., Person], system: Actor
) -> None:
    coached = enrol(course.cohort_id, make_person().id, actor=system)
    answer = course.launch(sub="coach-1")
    coach_id = session_of(answer).person_id
    with transaction() as session:
        session.query(Enrolment).filter_by(person_id=coach_id).delete()
    assign_coach(coached, coach_id, since=date(2026, 1, 1), actor=system)
    page = course.enter(sub="coach-1")
    assert page.status_code == 200
    assert "/coach/" in page.request.path
    assert coach_id not in [person for person, _ in enrolments()]


@pytest.mark.parametrize(
    "role", [ADMINISTRATOR, LIS + "system/person#SysAdmin", LIS + "system/person#Administrator"]
)
def test_administrator_of_the_platform_sees_its_settings_and_nothing_else(course: Course, role: str) -> None:
    answer = course.launch(roles=[role])
    assert session_of(answer).roles == ["platform_administrator"]
    page = follow(course.browser, answer)
    assert (page.status_code, course.platform.issuer in page.text) == (200, True)
    prefix = answer.location.split("/platform-administrator")[0]
    for area in ("participant", "facilitator", "coach", "trainer", "coordinator", "administrator"):
        assert course.browser.get(f"{prefix}/{area}/").status_code == 403


def test_administrator_of_a_trusted_platform_is_one_here_for_the_session(
    course: Course, register: Register
) -> None:
    assert register(course.platform, "--trust-administrators").exit_code == 0
    answer = course.launch(roles=[ADMINISTRATOR])
    assert session_of(answer).roles == ["administrator"]
    assert register(course.platform, "--no-trust-administrators").exit_code == 0
    assert session_of(course.launch(roles=[ADMINISTRATOR])).roles == ["platform_administrator"]


def test_administrator_who_is_enrolled_as_a_learner_is_a_learner_there(
    course: Course, register: Register
) -> None:
    assert register(course.platform, "--trust-administrators").exit_code == 0
    assert session_of(course.launch(roles=[ADMINISTRATOR, CONTEXT_ROLE + "Learner"])).roles == ["participant"]


def test_unknown_deployment_waits_until_it_is_approved(course: Course) -> None:
    for _ in range(2):
        answer = course.launch(deployment_id="deployment-2")
        assert (answer.status_code, "LTI-DEPLOYMENT-PENDING" in answer.text) == (403, True)
    assert db.session.query(LtiIdentity).count() == 0
    run = course.browser.application.test_cli_runner().invoke
    named = ["--issuer", course.platform.issuer, "--client-id", course.platform.client_id]
    assert run(args=["lti", "approve", *named, "--deployment-id", "deployment-2"]).exit_code == 0
    page = course.enter(deployment_id="deployment-2")
    assert "This course is not set up yet" in page.text  # bound is the other deployment's course


def test_deployment_of_another_client_does_not_count(
    course: Course, register: Register, acting: Platform
) -> None:
    other = Platform(jwks_url=acting.jwks_url, client_id="client-2", deployment_id="deployment-2")
    assert register(other).exit_code == 0
    answer = course.launch(deployment_id="deployment-2")
    assert (answer.status_code, "LTI-DEPLOYMENT-PENDING" in answer.text) == (403, True)


def test_policy_may_let_new_deployments_in_at_once(course: Course, register: Register) -> None:
    assert register(course.platform, "--approve-deployments").exit_code == 0
    assert course.launch(deployment_id="deployment-3").status_code == 303


def test_anonymous_launch_is_let_in_only_where_allowed(course: Course, register: Register) -> None:
    assert course.launch(sub=...).status_code == 400
    assert register(course.platform, "--allow-anonymous").exit_code == 0
    one, other = (course.launch(sub=..., name=..., email=...) for _ in range(2))
    assert (one.status_code, other.status_code) == (303, 303)
    assert session_of(one).person_id != session_of(other).person_id


def test_person_is_known_by_registration_and_subject_and_by_nothing_else(
    course: Course, register: Register, acting: Platform
) -> None:
    one = session_of(course.launch(sub="person-1")).person_id
    assert session_of(course.launch(sub="person-1", name="Lucía O.", email=...)).person_id == one
    assert session_of(course.launch(sub="person-2")).person_id != one
    sibling = Platform(jwks_url=acting.jwks_url, client_id="client-2")
    assert register(sibling).exit_code == 0
    assert session_of(sibling.launch(course.browser, sub="person-1")).person_id != one


def test_person_entered_beforehand_is_found_by_e_mail_once(
    course: Course, make_person: Callable[..., Person]
) -> None:
    waiting = make_person(name="Lucía Ortega", email="lucia@example.test", provisioned=True).id
    stranger = make_person(name="Not entered beforehand", email="grace@example.test").id
    assert session_of(course.launch(sub="a", email="Lucia@Example.test")).person_id == waiting
    assert session_of(course.launch(sub="b", email="lucia@example.test")).person_id != waiting
    assert session_of(course.launch(sub="c", email="grace@example.test")).person_id != stranger


def test_test_user_never_takes_over_somebody(course: Course, make_person: Callable[..., Person]) -> None:
    waiting = make_person(email="lucia@example.test", provisioned=True).id
    answer = course.launch(roles=[CONTEXT_ROLE + "Learner", TEST_USER])
    assert session_of(answer).person_id != waiting


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ({"launch_presentation": {"locale": "ar"}, "locale": "vi"}, "ar"),
        ({"launch_presentation": {"locale": "xx"}, "locale": "vi"}, "es"),
        ({"locale": "zh-TW"}, "zh-Hant"),
        ({"launch_presentation": {"locale": "zh_cn"}}, "zh-Hant"),
        ({"launch_presentation": {"locale": "es_mx"}}, "es"),
        ({}, "es"),
    ],
)
def test_language_is_the_launchs_then_the_persons_then_the_browsers(
    course: Course, given: dict[str, Any], shown: str
) -> None:
    answer = course.launch(headers={"Accept-Language": "es"}, **given)
    page = course.browser.get(answer.location, headers={"Accept-Language": "es"})
    page = (
        page
        if page.status_code == 200
        else course.browser.get(page.location, headers={"Accept-Language": "es"})
    )
    assert f'<html lang="{shown}"' in page.text


def test_pages_may_stand_in_frames_of_the_platform_and_of_its_return_address_only(course: Course) -> None:
    answer = course.launch(launch_presentation={"return_url": "https://school.example.test:8443/back?x=1"})
    assert session_of(answer).frame_origins == [
        "https://lms.example.test",
        "https://school.example.test:8443",
    ]
    page = course.browser.get(answer.location)
    ancestors = page.headers["Content-Security-Policy"].split("frame-ancestors ")[1]
    assert ancestors == "'self' https://lms.example.test https://school.example.test:8443"


@pytest.mark.parametrize(
    "address", ["javascript:alert(1)", "https://a;script-src *", "https://a b", "//x", "https://"]
)
def test_return_address_that_is_none_is_left_out(course: Course, address: str) -> None:
    answer = course.launch(launch_presentation={"return_url": address})
    assert session_of(answer).frame_origins == ["https://lms.example.test"]
    assert session_of(answer).return_url == ""


def test_link_opens_what_it_names(course: Course) -> None:
    by_custom = course.launch(custom={"target": "segment:programme-1/module-1/segment-1"})
    assert by_custom.location.endswith("/participant/modules/module-1/segment-1")
    by_query = course.launch(
        target_link_uri="http://127.0.0.1:8000/lti/launch?target=module:programme-1/module-1"
    )
    assert by_query.location.endswith("/participant/modules/module-1")
    unsupported = course.launch(custom={"target": "$Unknown.variable"})
    assert session_of(unsupported).target == "/"


@pytest.mark.parametrize(
    "target",
    [
        "module:programme-1/module-9",
        "nothing:at/all",
        "module:",
        "x" * 600,
        "module:../../etc",
        "//evil.example.test",
    ],
)
def test_target_that_is_gone_is_said_with_a_way_home(course: Course, target: str) -> None:
    answer = course.launch(custom={"target": target})
    assert answer.status_code == 303
    page = course.browser.get(answer.location)
    assert (page.status_code, "LTI-TARGET-GONE" in page.text) == (404, True)
    assert f'href="/s/{session_of(answer).id}/"' in page.text


def test_two_people_of_one_browser_do_not_mix(course: Course, browser: FlaskClient) -> None:
    lucia = course.launch(sub="a", name="Lucía Ortega", email=...)
    grace = course.launch(sub="b", name="Grace Okafor", email=..., role="Instructor")
    assert "Lucía Ortega" in follow(browser, lucia).text
    assert "Grace Okafor" in follow(browser, grace).text


def test_person_who_was_invited_is_active_after_the_first_launch(
    course: Course, make_person: Callable[..., Person], system: Actor
) -> None:
    waiting = make_person(email="lucia@example.test", provisioned=True).id
    invite(course.cohort_id, waiting, actor=system)
    assert course.launch().status_code == 303
    assert enrolments() == [(waiting, "active")]


def test_platform_that_waits_for_approval_is_told_so(
    acting: Platform, browser: FlaskClient, institute: Institute
) -> None:
    """Its links may be in courses already, before anybody has approved what it asked for."""
    with transaction() as session:
        session.add(
            RegistrationRequest(
                institute_id=institute.id,
                state=RequestState.WAITING,
                issuer="https://new.example.test",
                client_id="client-7",
            )
        )
    for client_id, code in (("client-7", "LTI-PLATFORM-WAITING"), ("client-8", "LTI-PLATFORM")):
        page = acting.login(browser, iss="https://new.example.test", client_id=client_id)
        waits = "This learning platform waits for approval" in page.text
        assert (page.status_code, waits) == (403, client_id == "client-7")
        assert code in page.text
