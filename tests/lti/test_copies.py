"""Copied courses: what was configured is kept, what people did is not, and the copy is bound anew."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient

from courses.cohorts.models import CohortId, Enrolment
from institute.db import db, transaction
from lti.launches.copies import note_copy, read_history
from lti.launches.models import Context, ResourceLink
from lti.platforms.models import Deployment
from tests.lti.acting import Course, Platform, follow
from tests.lti.entrance import send_form

SEGMENT = "segment:programme-1/module-1/segment-1"
COPY = {"id": "course-2", "title": "Coaching 2027", "label": "C27"}
HISTORIES: list[tuple[str, tuple[str, ...]]] = [
    ("course-1", ("course-1",)),
    ("course-2,course-1", ("course-2", "course-1")),
    (" course-2 , course-1 ", ("course-2", "course-1")),
    ("a%2Cb,course-1", ("a,b", "course-1")),
    ("course-2,truncated", ("course-2",)),
    ("timed out", ()),
    ("", ()),
    (",,", ()),
    ("x" * 300, ()),
    ("a%00b,a\ud800b,course-1", ("course-1",)),
]


@pytest.mark.parametrize(("said", "meant"), HISTORIES)
def test_history_is_read_as_platforms_write_it(said: str, meant: tuple[str, ...]) -> None:
    assert read_history({"context_history": said}, "context_history") == meant


def link(link_id: str) -> ResourceLink:
    """Return a link as it is stored."""
    db.session.rollback()
    return db.session.query(ResourceLink).filter_by(resource_link_id=link_id).one()


def course_of(context_id: str) -> Context:
    """Return a course as it is stored."""
    db.session.rollback()
    return db.session.query(Context).filter_by(context_id=context_id).one()


def enter_copy(course: Course, **changed: Any) -> Any:
    """Open the copied link of the copied course as its teacher."""
    given = {"resource_link": {"id": "link-2", "title": "Module 1"}, "context": COPY, "role": "Instructor"}
    return follow(course.browser, course.launch(**{**given, **changed}))


@pytest.fixture
def original(course: Course) -> Course:
    """A course whose link opens a segment and sends nothing, and in which somebody takes part."""
    course.enter(custom={"target": SEGMENT})
    with transaction() as session:
        session.query(ResourceLink).one().grade = "none"
    return course


def test_copied_link_that_kept_its_parameters_opens_the_same(original: Course) -> None:
    enter_copy(original, custom={"target": SEGMENT})
    assert (link("link-2").target, link("link-2").copied) == (SEGMENT, False)


def test_copied_link_that_lost_its_parameters_is_known_by_its_history(original: Course) -> None:
    for _ in range(2):
        enter_copy(original, custom={"resource_link_history": "link-0,link-1"})
        assert (link("link-2").target, link("link-2").grade, link("link-2").copied) == (SEGMENT, "none", True)


def test_target_that_a_copy_is_given_later_is_its_own(original: Course) -> None:
    enter_copy(original, custom={"resource_link_history": "link-1"})
    enter_copy(original, custom={"target": "programme:programme-1"})
    assert (link("link-2").target, link("link-2").copied) == ("programme:programme-1", False)
    enter_copy(original)
    assert link("link-2").target is None


def test_copied_link_without_history_is_known_by_its_title_in_the_course_s_origin(original: Course) -> None:
    enter_copy(original, custom={"context_history": "course-1"})
    assert (link("link-2").target, link("link-2").grade) == (SEGMENT, "none")


def test_links_of_one_title_that_open_different_things_say_nothing_about_a_copy(original: Course) -> None:
    original.enter(resource_link={"id": "link-9", "title": "Module 1"})
    enter_copy(original, custom={"context_history": "course-1"})
    assert link("link-2").target is None


@pytest.mark.parametrize("said", ["$ResourceLink.id.history", "timed out", "truncated", "link-7"])
def test_history_that_says_nothing_leaves_a_link_as_it_comes(original: Course, said: str) -> None:
    enter_copy(original, custom={"resource_link_history": said})
    assert (link("link-2").target, link("link-2").copied) == (None, False)


def test_copy_takes_no_enrolment_and_is_bound_anew_with_the_origin_s_cohort_first(
    original: Course, make_cohort: Callable[..., CohortId]
) -> None:
    newer = make_cohort(slug="newer")
    enrolled = db.session.query(Enrolment).count()
    page = enter_copy(original, custom={"context_history": "course-1"})
    assert course_of("course-2").cohort_id is None
    assert course_of("course-2").origin_id == course_of("course-1").id
    assert db.session.query(Enrolment).count() == enrolled
    places = [page.text.index(f'value="{cohort}"') for cohort in (original.cohort_id, newer)]
    assert places == sorted(places)
    assert "was copied" in page.text
    assert send_form(original.browser, page, cohort=str(newer)).status_code == 303
    assert course_of("course-2").cohort_id == newer


def test_notice_of_a_copy_is_kept_before_anybody_opens_it(
    original: Course, make_cohort: Callable[..., CohortId]
) -> None:
    deployment_id = db.session.query(Deployment).one().id
    for _ in range(2):
        note_copy(deployment_id, "course-2", ["course-0", "course-1"])
    assert course_of("course-2").origin_id == course_of("course-1").id
    page = enter_copy(original)
    assert "was copied" in page.text
    assert link("link-2").target == SEGMENT
    assert course_of("course-2").title == "Coaching 2027"


def test_notice_without_a_course_that_is_known_here_changes_nothing(original: Course) -> None:
    deployment_id = db.session.query(Deployment).one().id
    note_copy(deployment_id, "course-2", ["course-8"])
    note_copy(deployment_id, "course-1", ["course-1"])
    assert db.session.query(Context).count() == 1
    assert course_of("course-1").origin_id is None


def test_ids_of_another_deployment_name_nothing_here(
    original: Course, acting: Platform, register: Callable[..., Any], browser: FlaskClient
) -> None:
    assert register(acting, deployment_id="deployment-2").exit_code == 0
    enter_copy(
        original,
        deployment_id="deployment-2",
        custom={"resource_link_history": "link-1", "context_history": "course-1"},
    )
    assert (link("link-2").target, course_of("course-2").origin_id) == (None, None)
