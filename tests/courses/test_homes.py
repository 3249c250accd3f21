"""A home asks the database little, whatever stands on it."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from courses.cohorts.models import CoachAssignment, Enrolment
from courses.meetings.models import Audience, Meeting, MeetingKind
from courses.schedule.models import PlannedMember, PlannedSession, PlanState
from courses.sessions.models import Mode
from institute import clock
from institute.actors import Role
from institute.db import transaction
from institute.people.models import Person
from tests.browsing import Visitor, visit
from tests.databases import counted

MOST_QUESTIONS = 27
MOST_QUESTIONS_OF_COORDINATORS = 40


@pytest.fixture(autouse=True)
def midday() -> Iterator[None]:
    """The middle of a day where the sample institute is."""
    with clock.frozen(clock.now().replace(hour=20)):
        yield


@pytest.fixture
def lucia(app: Flask, session: Session) -> Enrolment:
    """The enrolment of a participant of the sample institute, who is coached and in the middle of everything."""
    result = app.test_cli_runner().invoke(args=["institute", "load-sample"])
    assert result.exit_code == 0, result.output
    found = (
        select(Enrolment).join(Person, Person.id == Enrolment.person_id).where(Person.name == "Lucía Ortega")
    )
    return session.scalars(found).one()


def questions(visitor: Visitor, page: str) -> int:
    """Return how many statements a page takes that was opened before."""
    assert visitor.get(page).status_code == 200
    with counted() as asked:
        visitor.get(page)
    return sum(statement.lstrip().upper().startswith(("SELECT", "WITH")) for statement in asked)


def test_a_participants_home_asks_little(app: Flask, session: Session, lucia: Enrolment) -> None:
    person = session.get_one(Person, lucia.person_id)
    visitor = visit(app, person, roles=[Role.PARTICIPANT], place=lucia.cohort_id)
    text = visitor.get("/participant/").text
    for panel in ('id="meetings"', 'id="level"', 'id="plan"', "<h2"):
        assert panel in text
    assert questions(visitor, "/participant/") <= MOST_QUESTIONS


def fill_day(lucia: Enrolment, coach: CoachAssignment, count: int) -> None:
    """Let the coach's day hold so many more meetings, and as many sessions with the participant."""
    begins = clock.now() + timedelta(hours=1)
    here = {"institute_id": lucia.institute_id, "cohort_id": lucia.cohort_id, "zone": "America/Los_Angeles"}
    with transaction() as session:
        for _ in range(count):
            meeting = Meeting(
                key=secrets.token_hex(8),
                kind=MeetingKind.COMMUNITY,
                audience=Audience.EVERYBODY,
                starts=begins,
                ends=begins + timedelta(hours=1),
                **here,
            )
            planned = PlannedSession(
                coach_id=coach.coach_id,
                start_utc=begins,
                end_utc=begins + timedelta(hours=1),
                mode=Mode.VIDEO,
                state=PlanState.PLANNED,
                **here,
            )
            session.add_all([meeting, planned])
            session.flush()
            session.add(
                PlannedMember(
                    institute_id=lucia.institute_id, planned_id=planned.id, enrolment_id=lucia.id, asked=""
                )
            )


def test_a_coachs_home_asks_little_whatever_the_day_holds(
    app: Flask, session: Session, lucia: Enrolment
) -> None:
    coaching = session.scalars(
        select(CoachAssignment).where(CoachAssignment.enrolment_id == lucia.id)
    ).first()
    assert coaching is not None
    person = session.get_one(Person, coaching.coach_id)
    visitor = visit(app, person, roles=[Role.COACH], place=lucia.cohort_id)
    fill_day(lucia, coaching, 1)
    one = questions(visitor, "/coach/")
    fill_day(lucia, coaching, 3)
    assert visitor.get("/coach/").text.count("ci-item") > 4
    assert questions(visitor, "/coach/") == one <= MOST_QUESTIONS


def test_a_coordinators_home_asks_little(app: Flask, session: Session, lucia: Enrolment) -> None:
    person = session.scalars(select(Person).where(Person.name == "Marisol Vega")).one()
    assert (
        questions(visit(app, person, roles=[Role.COORDINATOR]), "/coordinator/")
        <= MOST_QUESTIONS_OF_COORDINATORS
    )
