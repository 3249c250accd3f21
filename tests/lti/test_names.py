"""People without a name or an e-mail: a number stands for them, the same on every page, until a name is shared."""

from __future__ import annotations

from datetime import date

import pytest
from flask.testing import FlaskClient

from courses.cohorts.assigning import assign_coach
from institute.actors import Actor
from institute.db import db, transaction
from institute.people.models import Person
from lti.platforms.models import Registration
from tests.lti.acting import CONTEXT_ROLE, Course, follow
from tests.lti.entrance import session_of
from tests.lti.test_review import enrolment_of, review

NAMELESS = {"name": ..., "email": ...}
PAGES = {
    "Learner": (
        "/participant/",
        "/participant/modules/",
        "/participant/modules/module-1",
        "/participant/modules/module-1/segment-1",
        "/participant/hours/",
        "/participant/evidence/",
        "/participant/level/",
        "/participant/certificates/",
        "/accounts/",
    ),
    "Instructor": (
        "/facilitator/",
        "/facilitator/cohort/",
        "/facilitator/programmes/",
        "/accounts/",
    ),
}


def see(browser: FlaskClient, session_id: str, path: str) -> str:
    """Return the text of a page in a session."""
    answer = browser.get(f"/s/{session_id}{path}", follow_redirects=True)
    assert answer.status_code == 200, (path, answer.text)
    return answer.text


@pytest.mark.parametrize("role", ["Learner", "Instructor"])
def test_every_page_opens_for_somebody_without_name_and_address(course: Course, role: str) -> None:
    opened = session_of(course.launch(role=role, **NAMELESS))
    for path in PAGES[role]:
        assert "None" not in see(course.browser, opened.id, path)


@pytest.mark.parametrize("role", ["Learner", "Instructor"])
def test_every_page_opens_for_somebody_anonymous(course: Course, role: str) -> None:
    with transaction() as session:
        session.query(Registration).one().allow_anonymous = True
    opened = session_of(course.launch(role=role, sub=..., **NAMELESS))
    for path in PAGES[role][:-1]:
        see(course.browser, opened.id, path)


def test_number_stands_for_a_name_wherever_others_see_the_person(course: Course, system: Actor) -> None:
    course.launch(**NAMELESS)
    course.launch(sub="coach-1", **NAMELESS)
    person, coach = enrolment_of("person-1"), enrolment_of("coach-1")
    label, coach_label = f"Person {person.person_id}", f"Person {coach.person_id}"
    assign_coach(person.id, coach.person_id, since=date(2026, 1, 1), actor=system)
    teacher = session_of(course.launch(sub="teacher-1", role="Instructor")).id
    for path in ("/facilitator/", "/facilitator/cohort/"):
        text = see(course.browser, teacher, path)
        assert (label in text, coach_label in text) == (True, True), path
    member = see(course.browser, teacher, f"/facilitator/cohort/members/{person.id}")
    assert (f"<h1><bdi>{label}</bdi></h1>" in member, coach_label in member) == (True, True)
    as_coach = session_of(course.launch(sub="coach-1", **NAMELESS)).id
    for path in ("/coach/", "/coach/participants/", f"/coach/participants/{person.id}", "/coach/sessions/"):
        assert label in see(course.browser, as_coach, path), path
    claim = {"roles": [CONTEXT_ROLE + "Mentor"], "role_scope_mentor": ["person-1"]}
    assert label in follow(course.browser, course.launch(sub="mentor-1", **claim)).text
    assert label in follow(course.browser, review(course)).text


def test_name_that_a_later_launch_brings_takes_the_number_s_place(course: Course) -> None:
    course.launch(**NAMELESS)
    person_id = enrolment_of("person-1").person_id
    course.launch(name="Lucía Ortega", email="lucia@example.test")
    db.session.rollback()
    person = db.session.get_one(Person, person_id)
    assert (person.name, person.email) == ("Lucía Ortega", "lucia@example.test")
    course.launch(**NAMELESS)
    db.session.rollback()
    assert db.session.get_one(Person, person_id).name == "Lucía Ortega"
    teacher = session_of(course.launch(sub="teacher-1", role="Instructor", name="Teacher")).id
    text = see(course.browser, teacher, "/facilitator/cohort/")
    assert ("Lucía Ortega" in text, f"Person {person_id}<" in text) == (True, False)


def test_parts_of_a_name_are_a_name(course: Course) -> None:
    course.launch(name=..., given_name="Lucía", family_name="Ortega")
    assert db.session.get_one(Person, enrolment_of("person-1").person_id).name == "Lucía Ortega"
