"""The outbox: the latest wish wins, a lease belongs to one worker, nothing is lost."""

from __future__ import annotations

import errno
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import create_engine, select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from institute import clock
from institute.db import transaction
from institute.jobs import outbox, worker
from institute.jobs.models import JobState, OutboxRow
from institute.jobs.outbox import LeasedJob
from institute.jobs.outcomes import DISK_FULL, NEXT_LOOK, outcome_of


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


def test_what_a_person_must_take_away_is_waited_for_without_end_and_counts_as_no_try(
    app: Flask, session: Session
) -> None:
    room = False

    def write(_job: LeasedJob) -> worker.Outcome:
        if not room:
            raise OSError(errno.ENOSPC, "No space left on device")
        return worker.Done()

    few = worker.RetryPolicy(first=timedelta(seconds=1), longest=timedelta(seconds=1), most_attempts=2)
    worker.handle(app, "letter", write, retry=few)
    outbox.put(kind="letter", key="1")
    for look in range(6):
        with clock.shift(seconds=look * (NEXT_LOOK.total_seconds() + 1)):
            assert worker.run_once(app) == 1
        row = _row(session)
        assert (row.state, row.attempts, row.reason) == (JobState.READY, 0, DISK_FULL)
    room = True
    with clock.shift(seconds=3600):
        assert worker.run_once(app) == 1
    assert _row(session).state is JobState.DONE


def test_a_database_without_room_is_a_full_disk_and_any_other_trouble_is_not() -> None:
    engine = create_engine("sqlite://")
    with engine.connect() as connection:
        connection.exec_driver_sql("CREATE TABLE letter (content BLOB)")
        connection.exec_driver_sql("PRAGMA max_page_count = 3")
        with pytest.raises(OperationalError) as full:
            connection.exec_driver_sql("INSERT INTO letter VALUES (zeroblob(1000000))")
        with pytest.raises(OperationalError) as missing:
            connection.exec_driver_sql("SELECT * FROM nothing")
    engine.dispose()
    assert outcome_of(full.value) == worker.Wait(DISK_FULL)
    assert outcome_of(missing.value) == worker.Retry("OperationalError")
    assert outcome_of(PermissionError(errno.EACCES, "Permission denied")) == worker.Retry("PermissionError")
