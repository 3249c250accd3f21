"""Coming by mail: a participant's link opens the newest cohort, a coach's the people coached."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from flask import Flask

from courses.cohorts.assigning import assign_coach
from courses.cohorts.enrolling import CohortDraft, change_state, enrol, open_cohort
from courses.cohorts.models import EnrolmentId, EnrolmentState
from institute.actors import Actor
from institute.i18n import Localised
from institute.people.models import Person
from tests.courses.conftest import Studied
from tests.institute import post

MakeEnrolment = Callable[..., tuple[Person, EnrolmentId]]


def come(app: Flask, address: str) -> list[tuple[str, int]]:
    """Ask for links and press each; return the pages that open, behind the session's prefix, with their status."""
    app.test_client().post("/sign-in", data={"email": address})
    pages = []
    for message in post.deliver():
        for path in post.LINK.findall(post.text_of(message)):
            client = app.test_client()
            page = client.get(client.post(path).location, follow_redirects=True)
            pages.append((page.request.path.split("/", 3)[3], page.status_code))
    return pages


@pytest.fixture
def make_elsewhere(studied: Studied, system: Actor) -> Callable[[Person], None]:
    """Enrol somebody in a second cohort, which begins later."""

    def make(person: Person) -> None:
        cohort_id = open_cohort(
            CohortDraft(
                slug="winter",
                name=Localised.of({"en": "Winter"}),
                programme_id=studied.programme_id,
                timezone="America/Los_Angeles",
                starts=date(2026, 11, 1),
            ),
            actor=system,
        )
        enrol(cohort_id, person.id, actor=system)

    return make


def test_participant_comes_to_the_cohort_by_mail(app: Flask, make_enrolment: MakeEnrolment) -> None:
    make_enrolment(email="lucia@example.org")
    assert come(app, "lucia@example.org") == [("participant/", 200)]


def test_coach_comes_to_the_people_coached_by_mail(
    app: Flask, make_enrolment: MakeEnrolment, make_person: Callable[..., Person], system: Actor
) -> None:
    _lucia, enrolment_id = make_enrolment()
    amina = make_person(name="Amina", email="amina@example.org")
    assign_coach(enrolment_id, amina.id, since=date(2026, 1, 1), actor=system)
    assert come(app, "amina@example.org") == [("coach/", 200)]


def test_coach_who_learns_elsewhere_gets_a_link_for_each(
    app: Flask,
    make_enrolment: MakeEnrolment,
    make_person: Callable[..., Person],
    make_elsewhere: Callable[[Person], None],
    system: Actor,
) -> None:
    _lucia, enrolment_id = make_enrolment()
    amina = make_person(name="Amina", email="amina@example.org")
    make_elsewhere(amina)
    assign_coach(enrolment_id, amina.id, since=date(2026, 1, 1), actor=system)
    assert come(app, "amina@example.org") == [("participant/", 200), ("coach/", 200)]
    (message,) = post.written()
    assert "Valley Coaching Institute · Winter · Amina:" in post.text_of(message)
    assert "Valley Coaching Institute · Coach · Amina:" in post.text_of(message)


def test_somebody_who_left_gets_no_link(app: Flask, make_enrolment: MakeEnrolment, system: Actor) -> None:
    _lucia, enrolment_id = make_enrolment(email="lucia@example.org")
    change_state(enrolment_id, EnrolmentState.WITHDRAWN, actor=system)
    assert come(app, "lucia@example.org") == []
