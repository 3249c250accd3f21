"""The page of a cohort of 10,000: who is in it, searched, and its last page, as a facilitator opens them.

Targets: p95 at most 100 ms from request to answer (measured in this process, the database's time included), and at
most 5 queries. Beside it the same page of a cohort of 30.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from pathlib import Path

from flask import Flask
from sqlalchemy import insert, select, update

from courses.cohorts.enrolling import CohortDraft, open_cohort
from courses.cohorts.inviting import invite_several
from courses.cohorts.models import Cohort, CohortId, Enrolment, EnrolmentState
from institute.actors import Actor, InstituteId, PersonId, Role
from institute.clock import now
from institute.db import db, transaction
from institute.people.models import Person
from tests.bench.measuring import make_app, queries_of
from tests.browsing import Visitor, visit

PEOPLE = 10_000
ROUNDS = 60
WARM_UP = 5
MOST_MS = 100
MOST_QUERIES = 5
PAGE = "/facilitator/cohort/"
VIEWS = {
    "first page": "",
    "not opened yet": "?show=invited",
    "search": "?q=nguyen+77",
    "last page": "?page=200",
}
FAMILIES = ("Nguyễn", "Ortega", "Åström", "Đặng", "O'Connor", "Łukasz", "García", "張", "Haddad", "Smith")


def fill(institute_id: InstituteId, cohort_id: CohortId, count: int) -> None:
    """Enter ``count`` people; half of them have come."""
    actor = Actor(institute_id=institute_id, person_id=None)
    with transaction() as session:
        rows = [
            {
                "institute_id": institute_id,
                "name": f"{FAMILIES[number % len(FAMILIES)]} {number}",
                "email": f"bench-{cohort_id}-{number}@example.test",
                "created_at": now(),
                "provisioned": False,
            }
            for number in range(count)
        ]
        session.execute(insert(Person), rows)
        people: list[PersonId] = list(
            session.scalars(select(Person.id).where(Person.email.like(f"bench-{cohort_id}-%")))
        )
        for start in range(0, count, 1000):
            invite_several(cohort_id, people[start : start + 1000], actor=actor)
        session.execute(
            update(Enrolment)
            .where(Enrolment.cohort_id == cohort_id, Enrolment.id % 2 == 0)
            .values(state=EnrolmentState.ACTIVE)
        )


def facilitator(app: Flask, count: int) -> Visitor:
    """Make a cohort of ``count`` people and open a facilitator's session in it."""
    with app.app_context():
        sample = db.session.scalars(select(Cohort).order_by(Cohort.id)).first()
        assert sample is not None
        actor = Actor(institute_id=sample.institute_id, person_id=None)
        draft = CohortDraft(
            f"bench-{count}", sample.name, sample.programme_id, sample.timezone, sample.starts
        )
        cohort_id = open_cohort(draft, actor=actor)
        fill(actor.institute_id, cohort_id, count)
        with transaction() as session:
            leader = Person(institute_id=actor.institute_id, name="Ana")
            session.add(leader)
        return visit(app, leader, roles=[Role.FACILITATOR], place=cohort_id)


def measure(visitor: Visitor, address: str) -> list[float]:
    """Return the milliseconds of each view, after some to warm up."""
    figures = []
    for _ in range(ROUNDS + WARM_UP):
        before = time.perf_counter()
        answer = visitor.get(address)
        figures.append((time.perf_counter() - before) * 1000)
        if answer.status_code != 200:
            raise SystemExit(f"{address} was answered with {answer.status_code}.")
    return figures[WARM_UP:]


def main() -> None:
    """Measure each view of both cohorts and print the figures."""
    with tempfile.TemporaryDirectory() as folder:
        app = make_app(Path(folder))
        kind = app.extensions["settings"].database_url.split(":", 1)[0].split("+")[0]
        sys.stdout.write(
            f"a page of a cohort, {ROUNDS} rounds, {kind}; target: p95 {MOST_MS} ms, {MOST_QUERIES} queries\n"
        )
        for count in (30, PEOPLE):
            visitor = facilitator(app, count)
            for name, query in VIEWS.items():
                figures = measure(visitor, PAGE + query)
                p95 = statistics.quantiles(figures, n=20)[-1]
                sys.stdout.write(
                    f"  {count:>6} people, {name:<15} median {statistics.median(figures):6.1f} ms, "
                    f"p95 {p95:6.1f} ms, {queries_of(app, visitor, PAGE + query)} queries\n"
                )


if __name__ == "__main__":
    main()
