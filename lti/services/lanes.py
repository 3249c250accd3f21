"""One platform's scores on their way: so many at a time as it answers well, and none while it does not.

A lane begins with one request at a time and adds one for each that succeeds, as a connection of TCP does: a platform
that is down costs one request, one that is quick is soon sent many at once. After a failure that may concern others
too it holds until its owner has decided which of them go on. Threads touch nothing but the network, and
the database where a token or a column is missing; what became of a score is written down by whoever owns the lane.
"""

from __future__ import annotations

import logging
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from queue import SimpleQueue
from threading import Lock, Thread
from typing import Final

from flask import Flask

from institute.jobs.outbox import LeasedJob
from lti.http import CONNECTIONS_KEPT
from lti.services.accounts import Account
from lti.services.columns import ensure_column, is_gone
from lti.services.connector import PlatformConnector
from lti.services.errors import MissingError, ServiceError
from lti.services.killpoints import reach
from lti.services.models import LineItemId, ScoreId
from lti.services.reservations import Reservation
from lti.services.scores import post_score

log = logging.getLogger(__name__)
MOST_AT_ONCE: Final = CONNECTIONS_KEPT
SLOW_SECONDS: Final = 5.0
MOST_OF_SLOW: Final = 4
"""How many requests a platform gets at once that takes longer than ``SLOW_SECONDS``."""


@dataclass(frozen=True, slots=True)
class Task:
    """A job and what is to be sent for it."""

    job: LeasedJob
    reservation: Reservation


@dataclass(frozen=True, slots=True)
class Result:
    """What became of a task: sent, or an error; one that is no ServiceError is a fault of ours."""

    task: Task
    error: Exception | None
    lane: Lane


class Lane:
    """The tasks of one platform. Its owner adds and drains; threads of its own send."""

    def __init__(self, app: Flask, account: Account, results: SimpleQueue[Result]) -> None:
        self._app, self._account, self._results = app, account, results
        self._lock = Lock()
        self._queue: deque[Task] = deque()
        self._running = 0
        self._limit = 1
        self._holds = False
        self._begun: dict[tuple[ScoreId, str], float] = {}
        self._columns: dict[LineItemId, str] = {}

    @property
    def busy(self) -> bool:
        """Whether anything is being sent, or waits for it."""
        return bool(self._begun or self._queue)

    @property
    def account(self) -> Account:
        """On whose account it sends."""
        return self._account

    @property
    def is_stuck(self) -> bool:
        """Whether a request has taken so long that others should not be kept waiting behind it."""
        oldest = min(list(self._begun.values()), default=None)
        return oldest is not None and time.monotonic() - oldest > SLOW_SECONDS

    def is_sending(self, score_id: ScoreId) -> bool:
        """Whether a score is being sent just now: what is wished meanwhile must not overtake it."""
        return any(sent == score_id for sent, _lease in list(self._begun))

    def add(self, tasks: list[Task]) -> None:
        """Send these, when it is their turn."""
        with self._lock:
            self._queue.extend(tasks)
            self._staff()

    def drain(self, which: Callable[[Task], bool] = lambda _task: True) -> list[Task]:
        """Take back what has not begun."""
        with self._lock:
            drained = [task for task in self._queue if which(task)]
            self._queue = deque(task for task in self._queue if not which(task))
            return drained

    def resume(self) -> None:
        """Go on after a failure, when it is known what else would meet the same."""
        with self._lock:
            self._holds = False
            self._staff()

    def slow_down(self) -> None:
        """Send few at a time from now on, until answers come quickly again."""
        with self._lock:
            self._limit = min(self._limit, MOST_OF_SLOW)

    def _staff(self) -> None:
        """Start the threads that are missing. The caller holds the lock."""
        while not self._holds and self._running < min(self._limit, self._running + len(self._queue)):
            number = self._running
            self._running += 1
            try:
                Thread(
                    target=self._run, name=f"scores-{self._account.registration_id}-{number}", daemon=True
                ).start()
            except RuntimeError:  # the machine has no thread left: those that run go on
                self._running -= 1
                if not self._running:
                    raise
                return

    def _run(self) -> None:
        with self._app.app_context():
            while (task := self._next()) is not None:
                began = time.monotonic()
                # A job that was wished for anew can be in hand twice, under two leases.
                key = (task.reservation.score_id, task.job.lease)
                self._begun[key] = began
                error = self._try(task.reservation)
                self._begun.pop(key, None)
                self._adapt(error, time.monotonic() - began)
                self._results.put(Result(task, error, self))

    def _next(self) -> Task | None:
        with self._lock:
            if self._queue and not self._holds and self._running <= self._limit:
                return self._queue.popleft()
            self._running -= 1
            return None

    def _adapt(self, error: Exception | None, seconds: float) -> None:
        with self._lock:
            if isinstance(error, ServiceError) and error.passing:
                self._limit = 1
                self._holds = True
            elif seconds > SLOW_SECONDS:
                self._limit = min(self._limit, MOST_OF_SLOW)
            elif self._limit < MOST_AT_ONCE:
                self._limit += 1
                self._staff()

    def _try(self, reservation: Reservation) -> Exception | None:
        try:
            self._send(PlatformConnector(self._account), reservation)
        except ServiceError as error:
            return error
        except Exception as error:
            log.warning("a score could not be sent", exc_info=error)
            return error
        return None

    def _send(self, connector: PlatformConnector, reservation: Reservation) -> None:
        """Send to the column, and once more to the one that replaces it if it was deleted."""
        item_id = reservation.line_item_id
        url = reservation.url or self._columns.get(item_id) or self._column(connector, item_id)
        reach("before-send")
        try:
            post_score(connector, url, reservation.payload)
        except MissingError:
            # Brightspace answers 404 for a person, too: the column itself tells which of the two is missing.
            self._columns.pop(item_id, None)
            if not is_gone(connector, item_id, url):
                raise
            post_score(connector, self._column(connector, item_id), reservation.payload)
        reach("after-send")

    def _column(self, connector: PlatformConnector, item_id: LineItemId) -> str:
        url = self._columns[item_id] = ensure_column(connector, item_id)
        return url
