"""A participant's home asks the database as little on the second level as on the first."""

from __future__ import annotations

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from certificates.awards.applications.waiting import preview
from certificates.awards.models import Application
from certificates.levels.models import Level
from certificates.levels.publishing import publish_rules
from certificates.levels.rules import Rule, RuleKind
from courses.cohorts.models import Enrolment
from institute.actors import Actor, PersonId, Role
from institute.people.models import Person
from tests.browsing import visit
from tests.courses.test_homes import MOST_QUESTIONS, lucia, midday, questions  # noqa: F401  (fixtures)


def test_a_participants_home_asks_little_towards_the_second_level(
    app: Flask,
    session: Session,
    lucia: Enrolment,  # noqa: F811
) -> None:
    level = session.scalars(select(Level).where(Level.key == "novice")).one()
    system = Actor(institute_id=lucia.institute_id, person_id=None)
    publish_rules(level.id, [Rule(RuleKind.HOURS, 1)], actor=system)
    person = session.get_one(Person, lucia.person_id)
    visitor = visit(app, person, roles=[Role.PARTICIPANT], place=lucia.cohort_id)
    assert visitor.post("/participant/level/apply", {"level": "novice"}).status_code == 303
    session.rollback()
    application = session.scalars(select(Application)).one()
    issuer = session.scalars(select(Person).where(Person.key == "ruth")).one()
    roles = frozenset({Role.ADMINISTRATOR})
    actor = Actor(institute_id=lucia.institute_id, person_id=PersonId(issuer.id), roles=roles)
    office = visit(app, issuer, roles=roles)
    address = f"/administrator/applications/{application.id}/issue"
    assert office.post(address, {"seen": preview(application.id, actor).mark}).status_code == 303
    assert "Towards the level “Career" in visitor.get("/participant/").text
    assert questions(visitor, "/participant/") <= MOST_QUESTIONS
