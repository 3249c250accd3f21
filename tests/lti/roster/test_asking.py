"""When a list is read: at launches now and then, every day by itself while the course is in use, and at a wish."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from sqlalchemy import select, update

from courses.cohorts.models import Enrolment, EnrolmentState
from institute import clock
from institute.clock import now
from institute.db import db, transaction
from institute.jobs.models import OutboxRow
from lti.launches.binding import bind_context
from lti.launches.models import Context
from lti.platforms.models import DeploymentState, RegistrationState
from lti.roster.models import RosterState
from tests.lti.counting import rows
from tests.lti.roster.conftest import MEMBERS, Course, listing, member
from tests.lti.services.scripted import ScriptedPlatform

Tell = Callable[..., None]


def test_launches_ask_at_most_every_four_hours(
    course: Course, tell: Tell, scripted: ScriptedPlatform
) -> None:
    tell(listing(member("a")))
    learner = course.launched("teacher-0")
    at = now()
    for hours, asked in ((0, 1), (1, 1), (3.9, 1), (4.1, 2), (5, 2)):
        with clock.frozen(at + timedelta(hours=hours, minutes=1)):
            course.room.launch(learner, course.made)
            course.read()
        assert len(scripted.asked_for(MEMBERS)) == asked, hours


def test_a_launch_that_finds_nothing_due_writes_nothing_of_the_roster(course: Course, tell: Tell) -> None:
    tell(listing(member("a")))
    learner = course.launched("teacher-0")
    course.read()
    before = rows()
    course.room.launch(learner, course.made)
    after = rows()
    assert {name for name in after if after[name] != before[name]} <= {
        "lti_launch",
        "launch_session",
        "lti_score",
    }


def test_it_is_read_every_day_by_itself_until_nobody_opens_the_course_any_more(
    course: Course, tell: Tell, scripted: ScriptedPlatform
) -> None:
    tell(listing(member("a")))
    course.launched("teacher-0")
    course.room.work_through(timedelta(days=3))
    assert len(scripted.asked_for(MEMBERS)) == 3
    with clock.frozen(now() + timedelta(days=70)):
        roster = course.read()
        assert roster.next_try_at is None
    before = len(scripted.asked_for(MEMBERS))
    with clock.frozen(now() + timedelta(days=80)):
        course.read()
    assert len(scripted.asked_for(MEMBERS)) == before


def test_a_cohort_that_is_over_is_read_no_more(course: Course, tell: Tell) -> None:
    tell(listing())
    course.launched("teacher-0")
    with transaction() as session:
        session.execute(update(Enrolment).values(state=EnrolmentState.COMPLETED))
    assert course.read().next_try_at is None


def test_a_course_without_the_service_is_left_alone_until_a_launch_brings_it(
    course: Course, tell: Tell, scripted: ScriptedPlatform
) -> None:
    tell(listing(member("a")))
    with transaction() as session:
        session.merge(course.made).nrps_url = None
    learner = course.launched("teacher-0")
    course.room.work()
    assert db.session.scalars(select(OutboxRow).where(OutboxRow.kind == "lti.roster")).all() == []
    with transaction() as session:
        session.merge(course.made).nrps_url = scripted.url + MEMBERS
    course.room.launch(learner, course.made)
    assert course.read().state is RosterState.READ


def test_nothing_is_asked_of_a_platform_that_is_paused_here(
    course: Course, tell: Tell, scripted: ScriptedPlatform
) -> None:
    tell(listing(member("a")))
    paused: tuple[tuple[Any, str, str], ...] = (
        (course.room.registration, RegistrationState.DISABLED, RegistrationState.ACTIVE),
        (course.room.deployment, DeploymentState.DISABLED, DeploymentState.ACTIVE),
    )
    for number, (row, disabled, active) in enumerate(paused):
        with transaction() as session:
            session.merge(row).state = disabled
        course.launched(f"teacher-{number}")
        roster = course.read()
        assert (roster.state, roster.reason) == (RosterState.FAILED, "NOT-ACTIVE")
        with transaction() as session:
            session.merge(row).state = active
    assert scripted.asked == []


def test_a_course_that_is_bound_is_read_at_once(course: Course, tell: Tell) -> None:
    tell(listing(member("a")))
    with transaction() as session:
        context = session.get_one(Context, course.context_id)
        context.cohort_id = context.bound_at = None
    course.launched("teacher-0")
    course.room.work()
    bind_context(course.context_id, course.room.cohort_id, enrol_learners=True, actor=course.room.actor)
    assert course.read().state is RosterState.READ
    assert course.roll()["a"].enrolment == "invited"
