"""Hours at a million rows: those of one participant, and those of everybody in one institute.

Targets on SQLite: 0.2 ms of CPU for a participant, 20 ms for an institute of 100,000 sessions. References in the
same run: an ORM loop over the participant's logs, and the institute's sum without an index. Run it on a machine
that does nothing else.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any, Final

from sqlalchemy import func, select, text

from courses.coaching.hours import AGREED
from courses.coaching.models import SessionLog
from courses.coaching.policies import DEFAULT
from courses.coaching.queries import hours_of
from courses.coaching.totals import totals_of_institute
from courses.cohorts.enrolling import CohortDraft, enrol, open_cohort
from courses.cohorts.models import CoachAssignment, Enrolment, EnrolmentId
from institute.actors import Actor, InstituteId
from institute.db import db, transaction
from institute.i18n import Localised
from institute.people.institutes import put_institute, put_person
from tests.bench.measuring import cpu_ms, make_app, spread
from tests.programmes import programme, publish

ROUNDS: Final = 200
SLOW_ROUNDS: Final = 8
WARM_UP: Final = 10
INSTITUTES: Final = 10
PEOPLE: Final = 1_000
SESSIONS: Final = 100  # two years, one a week
MOST_MS: Final = {"participant": 0.2, "institute": 20.0}

FILL: Final = """
INSERT INTO session_log (institute_id, assignment_id, enrolment_id, coach_id, participant_id, author_id, start_utc,
  end_utc, zone, local_day, month, break_minutes, minutes, mode, kind, notes, next_steps, long_reason, state, version,
  created_at, submitted_at, confirmed_at, confirmed_by)
WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < :most),
  s AS (SELECT i, datetime('2023-01-02 18:00:00', '+' || (i * 7) || ' days') AS start FROM n)
SELECT a.institute_id, a.id, a.enrolment_id, a.coach_id, e.person_id, a.coach_id, s.start || '.000000',
  datetime(s.start, '+60 minutes') || '.000000', 'America/Los_Angeles', date(s.start), date(s.start, 'start of month'),
  0, 45 + s.i % 4 * 15, CASE s.i % 7 WHEN 0 THEN 'phone' WHEN 1 THEN 'video' ELSE 'in_person' END, 'one_to_one',
  hex(randomblob(80)), hex(randomblob(40)), '',
  CASE WHEN s.i % 11 = 0 THEN 'submitted' WHEN s.i < :most - 3 THEN 'locked' ELSE 'confirmed' END, 1,
  s.start || '.000000', s.start || '.000000',
  CASE WHEN s.i % 11 THEN s.start || '.000000' END, CASE WHEN s.i % 11 THEN e.person_id END
FROM s CROSS JOIN coach_assignment a JOIN enrolment e ON e.id = a.enrolment_id
WHERE a.since = '2023-01-01'
"""


def fill() -> InstituteId:
    """Make institutes whose people coach one another, and a session a week for each: a million rows."""
    made: list[InstituteId] = []
    for number in range(INSTITUTES):
        slug = f"bench-{number}"
        with transaction() as session:
            institute_id = put_institute(
                slug=slug, name=Localised.of({"en": slug}), timezone="America/Los_Angeles", languages=["en"]
            )
            made.append(institute_id)
            actor = Actor(institute_id=institute_id, person_id=None)
            programme_id = publish(programme(slug=slug, title=slug), actor=actor)
            draft = CohortDraft(
                slug, Localised.of({"en": slug}), programme_id, "America/Los_Angeles", date(2023, 1, 1)
            )
            cohort_id = open_cohort(draft, actor=actor)
            people = [
                put_person(key=f"person-{one}", name=f"Lucía {one}", email="", locale=None, actor=actor)
                for one in range(PEOPLE)
            ]
            session.add_all(
                CoachAssignment(
                    institute_id=institute_id,
                    enrolment_id=enrol(cohort_id, people[one], actor=actor),
                    coach_id=people[one - 1],
                    since=date(2023, 1, 1),
                )
                for one in range(PEOPLE)
            )
    with transaction() as session:
        session.execute(text(FILL), {"most": SESSIONS - 1})
    with db.engine.connect() as connection:
        connection.exec_driver_sql("ANALYZE")
    return made[-1]


def by_orm_loop(enrolment_id: EnrolmentId) -> int:
    """Sum what counts as it is often written: every row an object."""
    db.session.rollback()
    logs = db.session.scalars(select(SessionLog).where(SessionLog.enrolment_id == enrolment_id))
    return sum(log.minutes for log in logs if log.state in AGREED and DEFAULT.counts(log.kind, log.mode))


def without_index(institute_id: InstituteId) -> int:
    """Sum the minutes of an institute reading every row."""
    statement = text(
        "SELECT enrolment_id, state, kind, mode, sum(minutes) FROM session_log NOT INDEXED"
        " WHERE institute_id = :institute GROUP BY enrolment_id, state, kind, mode"
    )
    return len(db.session.execute(statement, {"institute": institute_id}).all())


def measure(work: Callable[..., Any], *given: Any, rounds: int = ROUNDS) -> list[float]:
    """Return the CPU milliseconds of each round, after warming up."""
    return [cpu_ms(work, *given)[0] for _ in range(rounds + WARM_UP)][WARM_UP:]


def main() -> None:
    """Fill a database, measure, and print the figures with their references."""
    with tempfile.TemporaryDirectory() as folder:
        app = make_app(Path(folder))
        with app.app_context():
            if db.engine.dialect.name != "sqlite":
                raise SystemExit("This benchmark is about SQLite.")
            institute_id = fill()
            rows = db.session.scalar(select(func.count(SessionLog.id)))
            enrolment_id = db.session.scalars(
                select(Enrolment.id).where(Enrolment.institute_id == institute_id)
            ).all()[PEOPLE // 2]
            assert hours_of(enrolment_id).counted == by_orm_loop(enrolment_id)
            assert totals_of_institute(institute_id)[enrolment_id].counted == by_orm_loop(enrolment_id)
            mine, loop = measure(hours_of, enrolment_id), measure(by_orm_loop, enrolment_id)
            whole = measure(totals_of_institute, institute_id, rounds=SLOW_ROUNDS)
            plain = measure(without_index, institute_id, rounds=SLOW_ROUNDS)
    sys.stdout.write(f"hours among {rows:,} sessions, CPU, sqlite\n")
    _print("participant", mine, "an ORM loop", loop, f"{SESSIONS} sessions")
    _print("institute", whole, "no index", plain, f"{PEOPLE} people, {PEOPLE * SESSIONS:,} sessions")


def _print(name: str, ours: list[float], reference: str, theirs: list[float], what: str) -> None:
    ratio = statistics.median(theirs) / statistics.median(ours)
    verdict = "within" if statistics.median(ours) <= MOST_MS[name] else "above"
    sys.stdout.write(
        f"  {name:12} {spread(ours)}  {what}; {verdict} {MOST_MS[name]} ms\n"
        f"  {reference:12} {spread(theirs)}  {ratio:.1f} times as much\n"
    )


if __name__ == "__main__":
    main()
