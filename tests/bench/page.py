"""A page of thirty rows: the members of a cohort with their progress, as a facilitator sees them.

Target: at most 2.5 ms of CPU on SQLite, 4 on PostgreSQL, and at most 5 queries whatever the rows.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from flask import Flask
from sqlalchemy import select

from courses.cohorts.enrolling import enrol
from courses.cohorts.models import Cohort, CohortId
from institute.actors import Actor, PersonId, Role
from institute.db import db
from institute.people.institutes import put_person
from institute.people.models import Person
from tests.bench.measuring import cpu_ms, make_app, queries_of, spread
from tests.browsing import Visitor, visit

ROUNDS = 300
WARM_UP = 20
ROWS = (15, 30)
MOST_MS = {"sqlite": 2.5, "postgresql": 4.0}
MOST_QUERIES = 5
PAGE = "/facilitator/cohort/"


def fill(cohort: Cohort, count: int) -> None:
    """Enrol people until the cohort has ``count`` members that this benchmark made."""
    actor = Actor(institute_id=cohort.institute_id, person_id=None)
    for number in range(count):
        person_id = put_person(
            key=f"bench-{number}", name=f"Lucía {number}", email="", locale=None, actor=actor
        )
        enrol(cohort.id, person_id, actor=actor)


def prepare(app: Flask) -> tuple[CohortId, PersonId, str]:
    """Return the sample's first cohort, somebody who shall lead it, and the kind of database."""
    with app.app_context():
        cohort = db.session.scalars(select(Cohort).order_by(Cohort.id)).first()
        assert cohort is not None
        actor = Actor(institute_id=cohort.institute_id, person_id=None)
        leader = put_person(key="bench-leader", name="Ana", email="", locale=None, actor=actor)
        return cohort.id, leader, db.engine.dialect.name


def facilitator(app: Flask, cohort_id: CohortId, person_id: PersonId, rows: int) -> Visitor:
    """Fill the cohort and open a facilitator's session in it."""
    with app.app_context():
        fill(db.session.get_one(Cohort, cohort_id), rows)
        person = db.session.get_one(Person, person_id)
        return visit(app, person, roles=[Role.FACILITATOR], place=cohort_id)


def main() -> None:
    """Measure the page with fifteen and with thirty rows, and print the figures.

    Requests run outside any application context: inside one they would share what each must find for itself.
    """
    with tempfile.TemporaryDirectory() as folder:
        app = make_app(Path(folder))
        cohort_id, leader, kind = prepare(app)
        sys.stdout.write(f"the facilitator's page of a cohort, CPU, {ROUNDS} rounds, {kind}\n")
        for rows in ROWS:
            visitor = facilitator(app, cohort_id, leader, rows)
            answer = visitor.get(PAGE)
            if answer.status_code != 200 or f"Lucía {rows - 1}" not in answer.text:
                raise SystemExit(f"The page was answered with {answer.status_code}.")
            figures = [cpu_ms(visitor.get, PAGE)[0] for _ in range(ROUNDS + WARM_UP)][WARM_UP:]
            sys.stdout.write(
                f"  {rows} rows  {spread(figures)}, {queries_of(app, visitor, PAGE)} queries"
                + (f"   target: {MOST_MS[kind]} ms, {MOST_QUERIES} queries\n" if rows == ROWS[-1] else "\n")
            )


if __name__ == "__main__":
    main()
