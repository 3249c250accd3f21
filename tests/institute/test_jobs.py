"""The outbox: the latest wish wins, a lease belongs to one worker, nothing is lost."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from institute import clock
from institute.db import transaction
from institute.jobs import outbox, worker
from institute.jobs.models import JobState, OutboxRow
from institute.jobs.outbox import LeasedJob


def _row(session: Session) -> OutboxRow:
    session.rollback()
    return session.scalars(select(OutboxRow)).one()


def test_wish_of_a_rolled_back_transaction_is_not_delivered(app: Flask, session: Session) -> None:
    def fail() -> None:
        with transaction():
            outbox.put(kind="letter", key="1")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert session.scalars(select(OutboxRow)).all() == []


def test_job_is_done_once(app: Flask, session: Session) -> None:
    seen: list[str] = []

    def deliver(job: LeasedJob) -> worker.Outcome:
        seen.append(job.payload["to"])
        return worker.Done()

    worker.handle(app, "letter", deliver)
    outbox.put(kind="letter", key="1", payload={"to": "one"})
    assert worker.run_once(app) == 1
    assert worker.run_once(app) == 0
    assert seen == ["one"]
    assert _row(session).state is JobState.DONE


def test_newer_wish_during_delivery_is_delivered_too(app: Flask, session: Session) -> None:
    seen: list[int] = []

    def deliver(job: LeasedJob) -> worker.Outcome:
        seen.append(job.payload["version"])
        if len(seen) == 1:
            outbox.put(kind="letter", key="1", payload={"version": 2})
        return worker.Done()

    worker.handle(app, "letter", deliver)
    outbox.put(kind="letter", key="1", payload={"version": 1})
    assert worker.run_once(app) == 2
    assert seen == [1, 2]


def test_lease_of_a_killed_worker_expires(app: Flask, session: Session) -> None:
    outbox.put(kind="letter", key="1")
    assert outbox.lease(["letter"]) is not None
    assert outbox.lease(["letter"]) is None
    with clock.shift(seconds=outbox.LEASE.total_seconds() + 1):
        again = outbox.lease(["letter"])
    assert again is not None
    assert again.attempts == 2


def test_worker_that_lost_its_lease_cannot_settle_the_job(app: Flask, session: Session) -> None:
    outbox.put(kind="letter", key="1")
    slow = outbox.lease(["letter"])
    with clock.shift(seconds=outbox.LEASE.total_seconds() + 1):
        quick = outbox.lease(["letter"])
        assert slow is not None
        assert quick is not None
        outbox.bury(slow, reason="too-late")
        assert _row(session).state is JobState.LEASED
        outbox.finish(quick)
    assert _row(session).state is JobState.DONE


def test_failing_handler_is_tried_again_later_and_later(app: Flask, session: Session) -> None:
    def fail(_job: LeasedJob) -> worker.Outcome:
        raise ConnectionError

    worker.handle(app, "letter", fail)
    outbox.put(kind="letter", key="1")
    assert worker.run_once(app) == 1
    row = _row(session)
    assert (row.state, row.attempts, row.reason) == (JobState.READY, 1, "ConnectionError")
    assert row.next_at > clock.now()


def test_pauses_double_up_to_the_longest() -> None:
    policy = worker.RetryPolicy(first=timedelta(seconds=1), longest=timedelta(minutes=30))
    for attempts, least in ((1, 1), (2, 2), (5, 16), (12, 1800), (400, 1800)):
        pause = policy.pause(attempts).total_seconds()
        assert least <= pause <= least * 1.2


def test_dead_letter_waits_for_a_person(app: Flask, session: Session) -> None:
    worker.handle(app, "letter", lambda _job: worker.Dead("no-such-address"))
    outbox.put(kind="letter", key="1")
    assert worker.run_once(app) == 1
    with clock.shift(seconds=10**6):
        assert worker.run_once(app) == 0
    assert _row(session).reason == "no-such-address"
