"""A course that is bound late, or to another cohort, has its scores at once: rows only, some people at a time."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy import select

from courses.catalogue.models import Programme
from courses.cohorts.enrolling import CohortDraft, enrol, open_cohort
from courses.cohorts.models import CohortId
from institute.db import db, transaction
from institute.i18n import Localised
from institute.jobs.models import OutboxRow
from lti.launches.binding import bind_context
from lti.launches.models import Context
from lti.sandbox.server import RunningSandbox
from lti.services.models import ScoreState
from lti.services.rewishing import MONTH_JOB, PEOPLE_AT_ONCE
from lti.services.scopes import SCORE
from lti.setup.courses import rebind_course
from tests.lti.services.classroom import Classroom
from tests.lti.services.test_delivery import COLUMN, cells


def let_go(classroom: Classroom) -> None:
    """Have the course belong to no cohort yet."""
    with transaction() as session:
        context = session.get_one(Context, classroom.context.id)
        context.cohort_id = context.bound_at = None


def bind(classroom: Classroom) -> None:
    """Bind it, as its teacher does."""
    bind_context(classroom.context.id, classroom.cohort_id, enrol_learners=True, actor=classroom.actor)


def another_cohort(classroom: Classroom) -> CohortId:
    """Open a second cohort of the programme."""
    name = Localised.of({"en": "Spring"})
    programme_id = db.session.scalars(select(Programme.id)).one()
    draft = CohortDraft("spring", name, programme_id, "America/Los_Angeles", date(2026, 9, 1))
    return open_cohort(draft, actor=classroom.actor)


def test_what_was_done_before_the_course_was_bound_arrives_after(
    classroom: Classroom, platform: RunningSandbox
) -> None:
    let_go(classroom)
    link = classroom.link()
    learner = classroom.learner(link)
    classroom.tick(learner, 1, 2)
    classroom.work()
    assert classroom.scores() == []
    bind(classroom)
    assert classroom.scores() == []  # the page of whoever binds waits for nobody
    classroom.work()
    assert cells(platform)[COLUMN, learner.sub].grade == 40


def test_a_course_of_many_is_worked_through_in_portions(classroom: Classroom) -> None:
    let_go(classroom)
    link = classroom.link(ags_scopes=[SCORE], lineitems_url=None)
    for number in range(PEOPLE_AT_ONCE + 2):
        classroom.learner(link, f"somebody-{number}")
    bind(classroom)
    classroom.work()
    assert len(classroom.scores()) == PEOPLE_AT_ONCE + 2


def test_bound_to_another_cohort_the_course_shows_what_is_done_there_by_those_who_are_in_it(
    classroom: Classroom, platform: RunningSandbox
) -> None:
    link = classroom.link()
    learner = classroom.learner(link)
    classroom.tick(learner, 1, 2)
    classroom.work()
    spring = another_cohort(classroom)
    rebind_course(classroom.context.id, spring, enrol_learners=True, actor=classroom.actor)
    enrol(spring, learner.person_id, actor=classroom.actor)
    classroom.work_through(timedelta(minutes=3))
    assert cells(platform)[COLUMN, learner.sub].grade == 0
    rebind_course(classroom.context.id, classroom.cohort_id, enrol_learners=True, actor=classroom.actor)
    classroom.work_through(timedelta(minutes=3))
    assert cells(platform)[COLUMN, learner.sub].grade == 40


def test_who_is_let_into_the_other_cohort_later_has_their_score_when_they_come(
    classroom: Classroom, platform: RunningSandbox
) -> None:
    link = classroom.link()
    learner = classroom.learner(link)
    classroom.tick(learner, 1, 2)
    classroom.work()
    spring = another_cohort(classroom)
    rebind_course(classroom.context.id, spring, enrol_learners=True, actor=classroom.actor)
    classroom.work()
    assert [score.state for score in classroom.scores()] == [ScoreState.IDLE]
    enrol(spring, learner.person_id, actor=classroom.actor)
    classroom.launch(learner, link)
    classroom.work_through(timedelta(minutes=3))
    assert cells(platform)[COLUMN, learner.sub].grade == 0


def test_hours_of_a_course_that_was_bound_late_are_worked_out_again_each_month(classroom: Classroom) -> None:
    let_go(classroom)
    link = classroom.link(target="hours:mine")
    classroom.learner(link)
    bind(classroom)
    classroom.work()
    months = select(OutboxRow.key).where(OutboxRow.kind == MONTH_JOB)
    db.session.rollback()
    assert db.session.scalars(months).all() == [str(link.id)]
