"""The worker: leases jobs, calls their handlers outside any transaction, writes down how it went."""

from __future__ import annotations

import logging
import os
import random
import signal
import socket
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final, cast

from flask import Flask, current_app
from sqlalchemy.exc import OperationalError

from institute.audit import sealing
from institute.clock import now
from institute.db import transaction
from institute.jobs import outbox
from institute.jobs.models import WorkerBeat
from institute.jobs.outbox import LeasedJob

log = logging.getLogger(__name__)
IDLE_SECONDS: Final = 0.5
BEAT_SECONDS: Final = 5.0
_spread = random.SystemRandom()


@dataclass(frozen=True, slots=True)
class Done:
    """The job is delivered, or there was nothing to deliver: then ``reason`` is a stable code."""

    reason: str = ""


@dataclass(frozen=True, slots=True)
class Retry:
    """Not now. ``reason`` is a stable code; ``after`` overrides the policy's pause."""

    reason: str
    after: timedelta | None = None


@dataclass(frozen=True, slots=True)
class Dead:
    """Never: a person must look. ``reason`` is a stable code."""

    reason: str


Outcome = Done | Retry | Dead


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """Pauses double from ``first`` to ``longest``, each stretched by up to a fifth so that many do not come at once."""

    first: timedelta = timedelta(seconds=1)
    longest: timedelta = timedelta(minutes=30)
    most_attempts: int = 400

    def pause(self, attempts: int) -> timedelta:
        """Return how long to wait after the ``attempts``-th try (1 for the first)."""
        plain = min(self.longest, self.first * int(2 ** min(attempts - 1, 30)))
        return plain + plain * _spread.random() / 5


@dataclass
class Handlers:
    """What the worker can do, by kind."""

    handlers: dict[str, tuple[Callable[[LeasedJob], Outcome], RetryPolicy]] = field(default_factory=dict)


def init_app(app: Flask) -> None:
    """Give the application an empty table of handlers."""
    app.extensions["jobs"] = Handlers()


def handle(
    app: Flask, kind: str, handler: Callable[[LeasedJob], Outcome], *, retry: RetryPolicy | None = None
) -> None:
    """Let ``handler`` do jobs of ``kind``. It runs without a transaction; an exception is a Retry."""
    cast("Handlers", app.extensions["jobs"]).handlers[kind] = (handler, retry or RetryPolicy())


def work_one() -> bool:
    """Do one due job, if there is any; return whether there was."""
    handlers = cast("Handlers", current_app.extensions["jobs"]).handlers
    job = outbox.lease(sorted(handlers))
    if job is None:
        return False
    handler, policy = handlers[job.kind]
    try:
        outcome = handler(job)
    except Exception as error:
        log.warning("job %s failed", job.kind, exc_info=error)
        outcome = Retry(type(error).__name__)
    _settle(job, outcome, policy)
    return True


def _settle(job: LeasedJob, outcome: Outcome, policy: RetryPolicy) -> None:
    match outcome:
        case Done(reason):
            outbox.finish(job, reason=reason)
        case Dead(reason):
            outbox.bury(job, reason=reason)
        case Retry(reason, _) if job.attempts >= policy.most_attempts:
            outbox.bury(job, reason=reason)
        case Retry(reason, after):
            outbox.postpone(job, until=_later(after or policy.pause(job.attempts)), reason=reason)


def _later(pause: timedelta) -> datetime:
    return now() + pause


def run_once(app: Flask) -> int:
    """Do everything that is due now; return how many jobs were done. For tests and one-off runs."""
    done = 0
    while True:
        with app.app_context():
            if not work_one():
                return done
        done += 1


def beat(name: str) -> None:
    """Say that this worker lives."""
    with transaction() as session:
        session.merge(WorkerBeat(name=name, at=now()))


def run_forever(app: Flask) -> None:
    """Work until SIGTERM or SIGINT; a job in hand is finished first."""
    stopping = False

    def stop(_signal: int, _frame: object) -> None:
        nonlocal stopping
        stopping = True

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    name = f"{socket.gethostname()}:{os.getpid()}"
    last_beat = float("-inf")
    while not stopping:
        try:
            with app.app_context():
                if time.monotonic() - last_beat >= BEAT_SECONDS:
                    last_beat = time.monotonic()
                    beat(name)
                    sealing.seal_events()
                worked = work_one()
        except OperationalError as error:
            log.warning("the database does not answer (%s); trying again", type(error.orig).__name__)
            worked = False
        if not worked:
            time.sleep(IDLE_SECONDS)
