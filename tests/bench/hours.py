"""Hours at a million rows: those of one participant, and those of everybody in an institute with all of these rows.

Targets: 0.2 ms for a participant, 20 ms for the institute, on SQLite and PostgreSQL (for that one TEST_DATABASE_URL).
References in the same run: an ORM loop over the participant's logs, and the institute's sums from the covering index
of the logs. Also what the kept sums cost a writer. Run it on a machine that does nothing else.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from sqlalchemy import column, func, insert, select, text

from courses.cohorts.enrolling import CohortDraft, open_cohort
from courses.cohorts.models import CoachAssignment, Cohort, Enrolment, EnrolmentId, EnrolmentState
from courses.hours.counting import AGREED
from courses.hours.policies import DEFAULT
from courses.hours.queries import hours_of
from courses.hours.recounting import recount
from courses.hours.totals import minutes_of_institute, totals_of_institute
from courses.sessions.models import SessionLog
from institute.actors import Actor, InstituteId
from institute.clock import now
from institute.db import db, transaction
from institute.i18n import Localised
from institute.people.institutes import put_institute
from institute.people.models import Person
from tests.bench.measuring import cpu_ms, make_app, spread
from tests.programmes import programme, publish

ROUNDS: Final = 200
SLOW_ROUNDS: Final = 8
WARM_UP: Final = 10
PEOPLE: Final = 10_000
SESSIONS: Final = 100  # two years, one a week
MOST_MS: Final = {"participant": 0.2, "institute": 20.0, "everybody": 20.0}
BEGUN: Final = date(2023, 1, 1)
STEP: Final = "bench_step"

FILL: Final = f"""
SELECT a.institute_id, a.id AS assignment_id, a.enrolment_id, a.coach_id, e.person_id AS participant_id,
  a.coach_id AS author_id, s.start_utc, s.end_utc, 'America/Los_Angeles' AS zone, s.local_day, s.month,
  0 AS break_minutes, 45 + s.i % 4 * 15 AS minutes,
  CASE s.i % 7 WHEN 0 THEN 'phone' WHEN 1 THEN 'video' ELSE 'in_person' END AS mode, 'one_to_one' AS kind,
  s.notes, s.notes AS next_steps,
  CASE WHEN s.i % 11 = 0 THEN 'submitted' WHEN s.i < :most - 3 THEN 'locked' ELSE 'confirmed' END AS state,
  1 AS version, s.start_utc AS created_at, s.start_utc AS submitted_at,
  CASE WHEN s.i % 11 > 0 THEN s.start_utc END AS confirmed_at,
  CASE WHEN s.i % 11 > 0 THEN e.person_id END AS confirmed_by
FROM {STEP} s CROSS JOIN coach_assignment a JOIN enrolment e ON e.id = a.enrolment_id
WHERE a.institute_id = :institute ORDER BY s.i, a.id
"""  # noqa: S608  (a name of ours)
FILLED: Final = (
    *(
        "institute_id",
        "assignment_id",
        "enrolment_id",
        "coach_id",
        "participant_id",
        "author_id",
        "start_utc",
    ),
    *(
        "end_utc",
        "zone",
        "local_day",
        "month",
        "break_minutes",
        "minutes",
        "mode",
        "kind",
        "notes",
        "next_steps",
    ),
    *("state", "version", "created_at", "submitted_at", "confirmed_at", "confirmed_by"),
)
WITHOUT_GUARDS: Final = {
    "sqlite": [
        f"DROP TRIGGER session_log_{whose}_overlap_{verb}"
        for whose in ("coach", "participant")
        for verb in ("insert", "update")
    ],
    "postgresql": [
        f"ALTER TABLE session_log DROP CONSTRAINT session_log_{whose}_overlap"
        for whose in ("coach", "participant")
    ],
}


_LOGS: Final = SessionLog.metadata.tables["session_log"]


def people_of(institute_id: InstituteId) -> None:
    """Make a cohort whose people coach one another."""
    actor = Actor(institute_id=institute_id, person_id=None)
    programme_id = publish(programme(slug="bench", title="Bench"), actor=actor)
    title = Localised.of({"en": "Bench"})
    cohort_id = open_cohort(
        CohortDraft("bench", title, programme_id, "America/Los_Angeles", BEGUN), actor=actor
    )
    with transaction() as session:
        version_id = session.get_one(Cohort, cohort_id).version_id
        session.execute(
            insert(Person),
            [
                {"institute_id": institute_id, "name": f"Lucía {one}", "key": f"b{one}"}
                for one in range(PEOPLE)
            ],
        )
        own = Person.institute_id == institute_id
        people = session.scalars(select(Person.id).where(own).order_by(Person.id)).all()
        shared = {"institute_id": institute_id, "cohort_id": cohort_id, "version_id": version_id}
        begun = datetime(2023, 1, 1, 20, tzinfo=UTC)
        session.execute(
            insert(Enrolment),
            [
                {**shared, "person_id": one, "state": EnrolmentState.ACTIVE, "created_at": begun}
                for one in people
            ],
        )
        rows = session.execute(
            select(Enrolment.id, Enrolment.person_id).where(Enrolment.cohort_id == cohort_id)
        )
        others = dict(zip(people, (people[-1], *people[:-1]), strict=True))
        session.execute(
            insert(CoachAssignment),
            [
                {
                    "institute_id": institute_id,
                    "enrolment_id": enrolment_id,
                    "coach_id": others[person_id],
                    "since": BEGUN,
                }
                for enrolment_id, person_id in rows
            ],
        )


def fill() -> InstituteId:
    """Make an institute with a session a week for each of its people: a million rows."""
    with transaction():
        institute_id = put_institute(
            slug="bench",
            name=Localised.of({"en": "Bench"}),
            timezone="America/Los_Angeles",
            languages=["en"],
        )
    people_of(institute_id)
    columns = ", ".join(f"{name} TIMESTAMP" for name in ("start_utc", "end_utc"))
    if db.engine.dialect.name == "postgresql":
        columns = columns.replace("TIMESTAMP", "TIMESTAMPTZ")
    with transaction() as session:
        for statement in WITHOUT_GUARDS[db.engine.dialect.name]:
            session.execute(text(statement))
        session.execute(
            text(f"CREATE TABLE {STEP} (i INT, {columns}, local_day DATE, month DATE, notes TEXT)")
        )
        for number in range(SESSIONS):
            start = datetime(2023, 1, 2, 18, tzinfo=UTC) + timedelta(days=7 * number)
            session.execute(
                text(f"INSERT INTO {STEP} VALUES (:i, :start, :end, :day, :month, :notes)"),  # noqa: S608
                {
                    "i": number,
                    "start": _stored(start),
                    "end": _stored(start + timedelta(hours=1)),
                    "day": start.date().isoformat(),
                    "month": start.date().replace(day=1).isoformat(),
                    "notes": "What we worked on, and how. " * 4,
                },
            )
        made = text(FILL).columns(*(column(name) for name in FILLED)).subquery()
        rows = select(*(made.c[name] for name in FILLED))
        session.execute(
            insert(_LOGS).from_select(FILLED, rows),
            {"most": SESSIONS - 1, "institute": institute_id},
        )
    return institute_id


def _stored(instant: datetime) -> str:
    """Return an instant as the database at hand keeps it."""
    return f"{instant:%Y-%m-%d %H:%M:%S}.000000" + ("+00" if db.engine.dialect.name == "postgresql" else "")


def settle() -> None:
    """Let the database know what is in it, as it learns by itself with time."""
    vacuum = "VACUUM ANALYZE" if db.engine.dialect.name == "postgresql" else "ANALYZE"
    db.session.rollback()
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql(vacuum)


def by_orm_loop(enrolment_id: EnrolmentId) -> int:
    """Sum what counts as it is often written: every row an object."""
    db.session.rollback()
    logs = db.session.scalars(select(SessionLog).where(SessionLog.enrolment_id == enrolment_id))
    return sum(log.minutes for log in logs if log.state in AGREED and DEFAULT.counts(log.kind, log.mode))


def from_logs(institute_id: InstituteId) -> int:
    """Sum the minutes of an institute from its logs, by whatever index helps."""
    statement = text(
        "SELECT enrolment_id, state, kind, mode, sum(minutes) FROM session_log"
        " WHERE institute_id = :institute GROUP BY enrolment_id, state, kind, mode"
    )
    return len(db.session.execute(statement, {"institute": institute_id}).all())


def recount_one(enrolment_id: EnrolmentId) -> None:
    """Write the sums of one enrolment, as each change to a log does; and leave them as they were."""
    with transaction(durable=False) as session:
        recount([enrolment_id], session=session)


def measure(work: Callable[..., Any], *given: Any, rounds: int = ROUNDS) -> tuple[list[float], list[float]]:
    """Return the CPU milliseconds of each round and those by the clock, after warming up."""
    own, clock = [], []
    for _ in range(rounds + WARM_UP):
        before = time.perf_counter()
        own.append(cpu_ms(work, *given)[0])
        clock.append((time.perf_counter() - before) * 1000)
    return own[WARM_UP:], clock[WARM_UP:]


def main() -> None:
    """Fill a database, measure, and print the figures with their references."""
    with tempfile.TemporaryDirectory() as folder:
        app = make_app(Path(folder))
        with app.app_context():
            begun = now()
            institute_id = fill()
            filled = now()
            own = Enrolment.institute_id == institute_id
            members = db.session.scalars(select(Enrolment.id).where(own).order_by(Enrolment.id)).all()
            with transaction() as session:
                recount(members, session=session)
            recounted = (now() - filled).total_seconds() * 1000 / len(members)
            settle()
            rows = db.session.scalar(select(func.count(SessionLog.id)))
            print(f"hours among {rows:,} sessions, {db.engine.dialect.name}; filled in {filled - begun}")
            one = members[len(members) // 2]
            assert hours_of(one).counted == by_orm_loop(one)
            totals = totals_of_institute(institute_id)
            assert totals[one].counted == by_orm_loop(one)
            assert minutes_of_institute(institute_id).counted == sum(each.counted for each in totals.values())
            _print("participant", measure(hours_of, one))
            _print("an ORM loop", measure(by_orm_loop, one))
            _print("institute", measure(minutes_of_institute, institute_id, rounds=SLOW_ROUNDS * 4))
            _print("everybody", measure(totals_of_institute, institute_id, rounds=SLOW_ROUNDS * 4))
            _print("from the index", measure(from_logs, institute_id, rounds=SLOW_ROUNDS))
            _print("a write", measure(recount_one, one, rounds=SLOW_ROUNDS * 4))
            print(f"  recounting all: {recounted:.2f} ms by the clock for each participant")
            if db.engine.dialect.name == "postgresql":
                sys.stdout.flush()


def _print(name: str, figures: tuple[list[float], list[float]]) -> None:
    own, clock = figures
    target = MOST_MS.get(name)
    said = ""
    if target is not None:
        said = f"{'within' if statistics.median(own) <= target else 'above'} {target} ms"
    print(f"  {name:14} {spread(own)}  by the clock {statistics.median(clock):6.2f} ms  {said}")


if __name__ == "__main__":
    main()
