"""The worker: leases jobs, calls their handlers outside any transaction, writes down how it went."""

from __future__ import annotations

import logging
import os
import signal
import socket
import time
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from typing import Final, cast

from flask import Flask
from sqlalchemy.exc import OperationalError

from institute.audit import sealing
from institute.clock import now
from institute.db import transaction
from institute.jobs import outbox
from institute.jobs.hands import Batch, Desk, Hands
from institute.jobs.models import WorkerBeat
from institute.jobs.outbox import LeasedJob
from institute.jobs.outcomes import Dead, Done, Outcome, Retry, RetryPolicy, Wait, outcome_of

__all__ = [
    "Dead",
    "Done",
    "Outcome",
    "Retry",
    "RetryPolicy",
    "Shift",
    "Wait",
    "at_each_beat",
    "beat",
    "handle",
    "handle_batch",
    "init_app",
    "run_forever",
    "run_once",
]

log = logging.getLogger(__name__)
IDLE_SECONDS: Final = 0.5
BEAT_SECONDS: Final = 5.0
STEP_SECONDS: Final = 0.05
"""How long a step waits for one of the jobs in hand to end."""


@dataclass
class Handlers:
    """What the worker can do, by kind."""

    handlers: dict[str, tuple[Callable[[LeasedJob], Outcome], RetryPolicy]] = field(default_factory=dict)
    batches: dict[str, Batch] = field(default_factory=dict)
    beats: list[Callable[[], None]] = field(default_factory=list)


def init_app(app: Flask) -> None:
    """Give the application an empty table of handlers."""
    app.extensions["jobs"] = Handlers()


def handle(
    app: Flask, kind: str, handler: Callable[[LeasedJob], Outcome], *, retry: RetryPolicy | None = None
) -> None:
    """Let ``handler`` do jobs of ``kind``. It runs without a transaction.

    An exception is a Retry, and a Wait where the disk is full.
    """
    cast("Handlers", app.extensions["jobs"]).handlers[kind] = (handler, retry or RetryPolicy())


def handle_batch(
    app: Flask, kind: str, make: Callable[[], Hands], *, retry: RetryPolicy | None = None, most: int = 400
) -> None:
    """Let jobs of ``kind`` be done many at a time: each worker makes hands of its own, for up to ``most`` jobs."""
    cast("Handlers", app.extensions["jobs"]).batches[kind] = Batch(make, retry or RetryPolicy(), most)


def at_each_beat(app: Flask, look: Callable[[], None]) -> None:
    """Have the worker that runs on call ``look`` every few seconds: it has to cost next to nothing."""
    cast("Handlers", app.extensions["jobs"]).beats.append(look)


class Shift:
    """A worker at its work: what it has in hand, step by step. Close it at the end."""

    def __init__(self, app: Flask) -> None:
        self._app = app
        self._handlers = cast("Handlers", app.extensions["jobs"])
        self._desks: list[Desk] = []

    @property
    def busy(self) -> bool:
        """Whether something is in hand."""
        return any(desk.in_hand for desk in self._desks)

    def step(self, *, begin: bool = True) -> int:
        """Do one job that stands alone, begin some of those done many at a time, settle what ended.

        Returns how many jobs ended. Without ``begin`` nothing new is begun.
        """
        with self._app.app_context():
            alone = _work_one(self._handlers.handlers) if begin else 0
            if begin:
                for desk in self._open_desks():
                    desk.fill()
            wait = 0.0 if alone else STEP_SECONDS
            return alone + sum(desk.empty(wait) for desk in self._desks)

    def close(self) -> None:
        """Let go of everything; what is in hand is somebody else's when its lease ends."""
        for desk in self._desks:
            desk.hands.close()

    def _open_desks(self) -> list[Desk]:
        if not self._desks:
            self._desks = [Desk(kind, batch) for kind, batch in self._handlers.batches.items()]
        return self._desks


def _work_one(handlers: Mapping[str, tuple[Callable[[LeasedJob], Outcome], RetryPolicy]]) -> int:
    job = outbox.lease(sorted(handlers))
    if job is None:
        return 0
    handler, policy = handlers[job.kind]
    try:
        outcome = handler(job)
    except Exception as error:
        log.warning("job %s failed", job.kind, exc_info=error)
        outcome = outcome_of(error)
    outbox.settle(job, outcome, policy)
    return 1


def run_once(app: Flask) -> int:
    """Do everything that is due now; return how many jobs were done. For tests and one-off runs."""
    done = 0
    with closing(Shift(app)) as shift:
        while (ended := shift.step()) or shift.busy:
            done += ended
    return done


def beat(name: str) -> None:
    """Say that this worker lives."""
    with transaction() as session:
        session.merge(WorkerBeat(name=name, at=now()))


def run_forever(app: Flask) -> None:
    """Work until SIGTERM or SIGINT; what is in hand is finished first."""
    stopping = False

    def stop(_signal: int, _frame: object) -> None:
        nonlocal stopping
        stopping = True

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    name = f"{socket.gethostname()}:{os.getpid()}"
    last_beat = float("-inf")
    with closing(Shift(app)) as shift:
        while not stopping or shift.busy:
            try:
                if time.monotonic() - last_beat >= BEAT_SECONDS:
                    last_beat = time.monotonic()
                    with app.app_context():
                        beat(name)
                        sealing.seal_events()
                        for look in cast("Handlers", app.extensions["jobs"]).beats:
                            look()
                worked = shift.step(begin=not stopping)
            except OperationalError as error:
                log.warning("the database does not answer (%s); trying again", type(error.orig).__name__)
                time.sleep(IDLE_SECONDS)
                continue
            if not (worked or shift.busy or stopping):
                time.sleep(IDLE_SECONDS)
