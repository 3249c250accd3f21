"""Jobs that are done many at a time: taken together, settled as each ends, given back where a worker dies."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from institute import clock
from institute.db import transaction
from institute.jobs import outbox, worker
from institute.jobs.models import JobState, OutboxRow
from institute.jobs.outbox import LeasedJob
from institute.jobs.worker import Dead, Done, Outcome, Retry

JOBS = 450


class Postman:
    """Ends what it took at the second asking, as each job's payload says."""

    def __init__(self, bags: list[int]) -> None:
        self.bags = bags
        self.held: list[LeasedJob] = []
        self.ripe: list[LeasedJob] = []
        self.is_closed = False

    def take(self, jobs: Sequence[LeasedJob]) -> None:
        """Take jobs."""
        self.bags.append(len(jobs))
        if any(job.payload.get("tears") for job in jobs):
            raise ZeroDivisionError
        self.held += jobs

    def finished(self, wait: float) -> Sequence[tuple[LeasedJob, Outcome]]:
        """End what was there before the last asking."""
        ended, self.ripe, self.held = self.ripe, self.held, []
        return [(job, self._outcome(job)) for job in ended]

    def close(self) -> None:
        """Note it."""
        self.is_closed = True

    def _outcome(self, job: LeasedJob) -> Outcome:
        match job.payload.get("says"):
            case "later":
                return Retry("LATER", after=timedelta(hours=1))
            case "never":
                return Dead("NEVER")
            case _:
                return Done()


def states(session: Session) -> dict[str, int]:
    """Return how many jobs there are in each state."""
    session.rollback()
    rows = session.execute(select(OutboxRow.state, func.count()).group_by(OutboxRow.state))
    return {str(state): count for state, count in rows}


def test_jobs_of_a_batch_are_taken_together_and_each_is_settled_as_it_ends(
    app: Flask, session: Session
) -> None:
    bags: list[int] = []
    made: list[Postman] = []

    def make() -> Postman:
        made.append(Postman(bags))
        return made[-1]

    worker.handle_batch(app, "letter", make, most=400)
    with transaction():
        outbox.put_several(kind="letter", keys=[str(number) for number in range(JOBS)])
        outbox.put(kind="letter", key="later", payload={"says": "later"})
        outbox.put(kind="letter", key="never", payload={"says": "never"})
    assert worker.run_once(app) == JOBS + 2
    assert states(session) == {JobState.DONE: JOBS, JobState.READY: 1, JobState.DEAD: 1}
    assert max(bags) <= 200
    assert made[-1].is_closed
    assert worker.run_once(app) == 0
    with clock.shift(seconds=3601):
        assert worker.run_once(app) == 1


def test_a_newer_wish_while_a_batch_is_under_way_is_delivered_too(app: Flask, session: Session) -> None:
    class Busy(Postman):
        def take(self, jobs: Sequence[LeasedJob]) -> None:
            super().take(jobs)
            if len(self.bags) == 1:
                outbox.put(kind="letter", key="1")

    bags: list[int] = []
    worker.handle_batch(app, "letter", lambda: Busy(bags))
    outbox.put(kind="letter", key="1")
    worker.run_once(app)
    assert bags == [1, 1]
    assert states(session) == {JobState.DONE: 1}


def test_a_batch_that_fails_as_a_whole_is_tried_again(app: Flask, session: Session) -> None:
    worker.handle_batch(app, "letter", lambda: Postman([]))
    with transaction():
        outbox.put_several(kind="letter", keys=["1", "2"], payload={"tears": True})
    assert worker.run_once(app) == 0
    session.rollback()
    assert {row.reason for row in session.scalars(select(OutboxRow))} == {"ZeroDivisionError"}
    assert states(session) == {JobState.READY: 2}


def test_a_job_that_cannot_be_taken_keeps_back_no_other(app: Flask, session: Session) -> None:
    worker.handle_batch(app, "letter", lambda: Postman([]))
    with transaction():
        outbox.put_several(kind="letter", keys=[str(number) for number in range(5)])
        outbox.put(kind="letter", key="torn", payload={"tears": True})
        outbox.put_several(kind="letter", keys=["6", "7"])
    assert worker.run_once(app) == 7
    assert states(session) == {JobState.DONE: 7, JobState.READY: 1}
    assert (
        session.scalars(select(OutboxRow.reason).where(OutboxRow.key == "torn")).one() == "ZeroDivisionError"
    )


def test_jobs_that_never_come_back_are_let_go_when_their_lease_ends(app: Flask, session: Session) -> None:
    outbox.put(kind="letter", key="1")
    assert [job.key for job in outbox.lease_several("letter", 10)] == ["1"]
    assert outbox.lease_several("letter", 10) == []
    with clock.shift(seconds=outbox.LEASE.total_seconds() + 1):
        assert [job.attempts for job in outbox.lease_several("letter", 10)] == [2]


def test_jobs_alone_and_in_batches_share_a_worker(app: Flask, session: Session) -> None:
    worker.handle_batch(app, "letter", lambda: Postman([]))
    worker.handle(app, "parcel", lambda _job: Done())
    with transaction():
        outbox.put_several(kind="letter", keys=["1", "2"])
        outbox.put_several(kind="parcel", keys=["1", "2"])
    assert worker.run_once(app) == 4
    assert states(session) == {JobState.DONE: 4}
