"""A course's list of people becomes people here, in the background, whatever the platform's way of paging."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select

from courses.cohorts.assigning import assign_coach
from courses.cohorts.models import Enrolment
from institute import clock
from institute.clock import now
from institute.db import db, transaction
from institute.people.models import Grant, Institute, Person
from lti.launches.models import Context, LtiIdentity
from lti.platforms.models import Registration
from lti.roster.models import RosterState
from lti.sandbox.server import RunningSandbox
from tests.lti.roster.conftest import INSTRUCTOR, LEARNER, MEMBERS, Course, control, listing, member
from tests.lti.services.scripted import Say, ScriptedPlatform

Tell = Callable[..., None]
TEST_USER = "http://purl.imsglobal.org/vocab/lti/system/person#TestUser"


def test_the_first_launch_has_the_list_read_and_learners_are_invited(sandbox_course: Course) -> None:
    sandbox_course.launched("teacher-0")
    roster = sandbox_course.read()
    roll = sandbox_course.roll()
    assert (roster.state, roster.members) == (RosterState.READ, len(roll))
    assert roll["participant-2"].name == "陳美玲"
    assert roll["participant-2"].email == "meiling@example.test"
    learners = {"participant-1", "participant-2", "coach-1", "quiet-1"}
    assert {sub for sub, one in roll.items() if one.enrolment == "invited"} - {"test-1"} == learners
    assert {"teacher-1", "director-1", "mentor-1"} <= set(roll) - learners
    assert roll["quiet-1"].name == ""


def test_all_pages_of_a_strict_platform_are_read(sandbox_course: Course, platform: RunningSandbox) -> None:
    control(platform, "people", count=120)
    sandbox_course.launched("teacher-0")
    assert sandbox_course.read().page_number > 2
    assert sum(one.enrolment == "invited" for one in sandbox_course.roll().values()) >= 124


def test_later_only_what_changed_is_asked_for(sandbox_course: Course, platform: RunningSandbox) -> None:
    sandbox_course.launched("teacher-0")
    assert sandbox_course.read().differences_url is not None
    control(platform, "enrolments", sub="participant-2", status="Deleted")
    control(platform, "people", people=[{"sub": "new-1", "name": "Tô Lan"}])
    with clock.frozen(now() + timedelta(hours=26)):
        roster = sandbox_course.read()
    roll = sandbox_course.roll()
    assert (roster.is_whole, roster.members) == (False, len(roll) - 1)
    assert (roll["participant-2"].has_left, roll["participant-2"].gone) == (True, True)
    assert roll["participant-2"].enrolment == "invited"
    assert (roll["new-1"].name, roll["new-1"].enrolment) == ("Tô Lan", "invited")


def test_changes_that_cannot_be_had_are_given_up_for_the_whole_list(
    course: Course, tell: Tell, scripted: ScriptedPlatform
) -> None:
    tell(listing(member("a"), member("b"), differences=f"{scripted.url}/changes"), listing(member("a")))
    scripted.tell("GET", "/changes", Say(410, b""))
    course.launched("teacher-0")
    course.read()
    with clock.frozen(now() + timedelta(hours=26)):
        roster = course.read()
    assert (roster.state, roster.is_whole) == (RosterState.READ, True)
    assert course.roll()["b"].has_left


def test_staff_test_users_and_unknown_roles_are_never_enrolled(course: Course, tell: Tell) -> None:
    tell(
        listing(
            member("staff", INSTRUCTOR),
            member("both", LEARNER, INSTRUCTOR),
            member("tester", LEARNER, TEST_USER),
            member("observer", "http://purl.imsglobal.org/vocab/lis/v2/membership#Mentor"),
            member("nobody", roles=[]),
            member("short", "Learner"),
            member("site", "Learner", "http://purl.imsglobal.org/vocab/lis/v2/person#Administrator"),
        )
    )
    course.launched("teacher-0")
    course.read()
    enrolled = {sub for sub, one in course.roll().items() if one.enrolment}
    assert enrolled == {"short", "site"}


@pytest.mark.parametrize("said", [{"is_learner": False}, {"is_test_user": True}])
def test_who_came_as_a_teacher_or_a_test_user_is_not_enrolled_because_the_list_says_learner(
    said: dict[str, bool], course: Course, tell: Tell
) -> None:
    tell(listing(member("a"), member("t")))
    course.launched("t", **said)
    with transaction() as session:
        session.delete(session.scalars(select(Enrolment)).one())
    course.read()
    assert {sub: one.enrolment for sub, one in course.roll().items()} == {"a": "invited", "t": None}


def test_a_course_whose_binding_enrols_nobody_has_people_and_no_enrolments(
    course: Course, tell: Tell
) -> None:
    with transaction() as session:
        session.get_one(Context, course.context_id).enrol_learners = False
    tell(listing(member("a")))
    course.launched("teacher-0")
    course.read()
    assert course.roll()["a"].enrolment is None


def test_a_coach_of_the_cohort_is_not_enrolled_because_the_platform_calls_them_a_learner(
    course: Course, tell: Tell, make_person: Callable[..., Person]
) -> None:
    tell(listing(member("a"), member("coach")), listing(member("a"), member("coach"), member("c")))
    with transaction() as session:
        session.get_one(Context, course.context_id).enrol_learners = False
    learner = course.launched("teacher-0")
    course.read()
    assign_coach(learner.enrolment_id, course.roll()["coach"].person_id, actor=course.room.actor)  # type: ignore[arg-type]
    with transaction() as session:
        session.get_one(Context, course.context_id).enrol_learners = True
    with clock.frozen(now() + timedelta(hours=26)):
        course.read()
    assert {sub: one.enrolment for sub, one in course.roll().items()} == {
        "a": "invited",
        "coach": None,
        "c": "invited",
    }


def test_an_invited_person_can_be_given_a_coach_and_becomes_active_at_the_first_launch(
    course: Course, tell: Tell, make_person: Callable[..., Person]
) -> None:
    tell(listing(member("a")))
    course.launched("teacher-0")
    course.read()
    enrolment = db.session.scalars(
        select(Enrolment).where(Enrolment.person_id == course.roll()["a"].person_id)
    ).one()
    assign_coach(enrolment.id, make_person(name="Amina").id, actor=course.room.actor)
    assert course.roll()["a"].enrolment == "invited"


def test_names_come_later_and_an_empty_one_takes_nothing_away(course: Course, tell: Tell) -> None:
    tell(
        listing(member("a", name=""), member("b", name="Bea", email="Bea@Example.Test")),
        listing(member("a", name=None, given_name="An", family_name="Lê"), member("b", name="", email="")),
    )
    course.launched("teacher-0")
    course.read()
    assert (course.roll()["a"].name, course.roll()["b"].email) == ("", "bea@example.test")
    with clock.frozen(now() + timedelta(hours=26)):
        course.read()
    roll = course.roll()
    assert (roll["a"].name, roll["b"].name, roll["b"].email) == ("An Lê", "Bea", "bea@example.test")


def test_who_comes_back_is_unmarked(course: Course, tell: Tell) -> None:
    both = listing(member("a"), member("b"))
    tell(both, listing(member("a"), member("b", status="Inactive")), both)
    course.launched("teacher-0")
    for day, left in enumerate((False, True, False)):
        with clock.frozen(now() + timedelta(hours=26 * day)):
            course.read()
        assert (course.roll()["b"].has_left, course.roll()["b"].gone) == (left, left), day


def test_who_is_still_in_another_course_of_the_cohort_has_not_left_it(
    course: Course, tell: Tell, scripted: ScriptedPlatform
) -> None:
    tell(listing(member("a"), member("b")), listing(member("a")))
    scripted.tell("GET", "/others", listing(member("b")))
    other = course.beside("/others")
    course.launched("teacher-0")
    other.launched("teacher-1")
    course.read()
    with clock.frozen(now() + timedelta(hours=26)):
        course.read()
    assert (course.roll()["b"].has_left, course.roll()["b"].gone) == (True, False)
    scripted.tell("GET", "/others", listing(member("x")))
    with clock.frozen(now() + timedelta(hours=52)):
        course.read()
    assert course.roll()["b"].gone


def test_somebody_entered_beforehand_is_found_by_the_address_once(
    course: Course, tell: Tell, make_person: Callable[..., Person]
) -> None:
    waiting = make_person(name="Lan", email="Lan@Example.test", provisioned=True)
    tell(listing(member("a", email="lan@example.test", name="Tô Lan"), member("b", email="b@example.test")))
    course.launched("teacher-0")
    course.read()
    roll = course.roll()
    assert (roll["a"].person_id, roll["a"].name) == (waiting.id, "Tô Lan")
    assert roll["b"].person_id != waiting.id
    db.session.expire_all()
    assert not db.session.get_one(Person, waiting.id).provisioned


def test_an_address_that_two_of_the_list_share_finds_nobody(
    course: Course, tell: Tell, make_person: Callable[..., Person]
) -> None:
    waiting = make_person(email="lan@example.test", provisioned=True)
    tell(listing(member("a", email="lan@example.test"), member("b", email="lan@example.test")))
    course.launched("teacher-0")
    course.read()
    assert waiting.id not in {one.person_id for one in course.roll().values()}


@pytest.mark.parametrize("trusted", [False, True])
def test_a_grant_is_claimed_only_where_administrators_are_trusted(
    trusted: bool, course: Course, tell: Tell, make_person: Callable[..., Person], institute: Institute
) -> None:
    waiting = make_person(email="grace@example.test", provisioned=True)
    with transaction() as session:
        session.add(Grant(institute_id=institute.id, person_id=waiting.id, role="trainer"))
        session.get_one(Registration, course.room.registration.id).trust_administrators = trusted
    tell(listing(member("g", INSTRUCTOR, email="grace@example.test")))
    course.launched("teacher-0")
    course.read()
    assert (course.roll()["g"].person_id == waiting.id) is trusted


def test_an_account_known_from_launches_is_the_same_person(course: Course, tell: Tell) -> None:
    learner = course.launched("a")
    tell(listing(member("a", name="Ana")))
    course.read()
    one = course.roll()["a"]
    assert (one.person_id, one.name, one.enrolment) == (learner.person_id, "Ana", "active")
    assert db.session.query(LtiIdentity).count() == 1


def test_the_list_of_an_unbound_course_is_not_read(
    course: Course, tell: Tell, scripted: ScriptedPlatform
) -> None:
    with transaction() as session:
        row = session.get_one(Context, course.context_id)
        row.cohort_id = row.bound_at = None
    course.launched("teacher-0")
    course.room.work()
    assert scripted.asked_for(MEMBERS) == []
