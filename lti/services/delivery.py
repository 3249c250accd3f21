"""The worker's part: take the latest scores, send them, write down what became of each.

Killed at any point, the leases of the jobs end and the next try sends the latest state again with a later timestamp.
The platform keeps one grade for each person and column, so a score that is sent twice counts once.
"""

from __future__ import annotations

import time
from collections.abc import Collection, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from functools import partial
from queue import Empty, SimpleQueue
from typing import Final

from flask import Flask

from institute.clock import now
from institute.jobs import worker
from institute.jobs.outbox import LeasedJob
from institute.jobs.worker import Done, Outcome, Retry
from lti.platforms.models import RegistrationId
from lti.services import rests
from lti.services.accounts import Account
from lti.services.errors import NoLineItemError, ServiceError
from lti.services.killpoints import reach
from lti.services.lanes import Lane, Result, Task
from lti.services.models import LineItemId, ScoreId
from lti.services.reservations import (
    HELD_PAUSE,
    NotNow,
    Reservation,
    hold_back,
    mark_sent_several,
    reserve_several,
)
from lti.services.rests import POLICY, platform_rests, stretched
from lti.services.verdicts import give_up, judge
from lti.services.wishing import ASKED, JOB_KIND

MOST_IN_HAND: Final = 400
GATHERING_SECONDS: Final = 0.05
"""While many scores are under way, what ends meanwhile is written down together."""
CROWDED: Final = "CROWDED"
FEWEST_SECONDS_AWAY, MOST_SECONDS_AWAY, AWAY_PER_SECOND = 2, 60, 50


def init_app(app: Flask) -> None:
    """Let the worker deliver scores."""
    rests.init_app(app)
    worker.handle_batch(app, JOB_KIND, lambda: Post(app), retry=POLICY, most=MOST_IN_HAND)


class Post:
    """A worker's hands for scores: a lane for each platform, so that none is kept waiting by another."""

    def __init__(self, app: Flask) -> None:
        self._app = app
        self._results: SimpleQueue[Result] = SimpleQueue()
        self._lanes: dict[RegistrationId, Lane] = {}
        self._ended: list[tuple[LeasedJob, Outcome]] = []
        self._sent_away = 0

    def take(self, jobs: Sequence[LeasedJob]) -> None:
        """Reserve the scores of these jobs and put each into its platform's lane."""
        reach("before-reserve")
        asked = {ScoreId(int(job.key)) for job in jobs if job.payload.get(ASKED)}
        taken = reserve_several([ScoreId(int(job.key)) for job in jobs], partial(self._refuse, asked))
        reach("after-reserve")
        waiting: dict[Account, list[Task]] = {}
        resting: dict[str, list[tuple[ScoreId, datetime]]] = {}
        for job in jobs:
            found = taken[ScoreId(int(job.key))]
            if isinstance(found, Reservation):
                waiting.setdefault(found.account, []).append(Task(job, found))
            elif found.until is None:
                self._ended.append((job, Done()))
            else:
                self._ended.append((job, Retry(found.reason, after=found.until - now())))
                if found.rests:
                    resting.setdefault(found.reason, []).append((ScoreId(int(job.key)), found.until))
        for reason, held in resting.items():
            hold_back([score_id for score_id, _ in held], reason, min(until for _, until in held))
        for account, tasks in waiting.items():
            lane = self._lane(account)
            newer = {task.reservation.score_id for task in tasks}
            # What is sent now stands for what waited in the lane under a lease that went to somebody else.
            older = lane.drain(lambda task: task.reservation.score_id in newer)  # noqa: B023
            self._ended += [(task.job, Done()) for task in older]
            lane.add(tasks)

    def finished(self, wait: float) -> Sequence[tuple[LeasedJob, Outcome]]:
        """Write down what ended, and return it."""
        self._ended += self._conclude(self._gather(0.0 if self._ended else wait))
        stuck = [lane for lane in self._lanes.values() if lane.is_stuck]
        for lane in stuck:
            lane.slow_down()
            self._ended += [(task.job, self._send_away()) for task in lane.drain()]
        if not stuck:
            self._sent_away = 0
        ended, self._ended = self._ended, []
        return ended

    def close(self) -> None:
        """Begin nothing more; requests that are under way end by themselves."""
        for lane in self._lanes.values():
            lane.drain()

    def _lane(self, account: Account) -> Lane:
        known = self._lanes.get(account.registration_id)
        if known is None or known.account != account:
            known = self._lanes[account.registration_id] = Lane(self._app, account, self._results)
        return known

    def _refuse(
        self,
        asked: Collection[ScoreId],
        score_id: ScoreId,
        registration_id: RegistrationId,
        line_item_id: LineItemId,
    ) -> NotNow | None:
        lane = self._lanes.get(registration_id)
        if lane is not None and lane.is_sending(score_id):
            return NotNow("", now() + HELD_PAUSE)
        if lane is not None and lane.is_stuck:
            return NotNow(CROWDED, now() + (self._send_away().after or timedelta()))
        return None if score_id in asked else platform_rests().refuse(registration_id, line_item_id)

    def _send_away(self) -> Retry:
        """Let a score of a slow platform come back later, the later the more of them there are."""
        self._sent_away += 1
        seconds = min(FEWEST_SECONDS_AWAY + self._sent_away / AWAY_PER_SECOND, MOST_SECONDS_AWAY)
        return Retry(CROWDED, after=timedelta(seconds=seconds))

    def _gather(self, wait: float) -> list[Result]:
        results: list[Result] = []
        with suppress(Empty):
            results.append(self._results.get(timeout=wait) if wait else self._results.get_nowait())
            if any(lane.busy for lane in self._lanes.values()):
                time.sleep(GATHERING_SECONDS)
            while True:
                results.append(self._results.get_nowait())
        return results

    def _conclude(self, results: list[Result]) -> list[tuple[LeasedJob, Outcome]]:
        try:
            ended = self._note_sent([result.task for result in results if result.error is None])
            for result in results:
                if isinstance(result.error, ServiceError):
                    ended += self._after(result.error, result)
                elif result.error is not None:
                    ended.append((result.task.job, Retry(type(result.error).__name__)))
            return ended
        finally:
            # Also where the database does not answer: their jobs come back when the leases end.
            for lane in {id(result.lane): result.lane for result in results}.values():
                lane.resume()

    def _note_sent(self, sent: list[Task]) -> list[tuple[LeasedJob, Outcome]]:
        ended: list[tuple[LeasedJob, Outcome]] = []
        if sent:
            reach("before-mark")
            newer = mark_sent_several([task.reservation for task in sent])
            reach("after-mark")
            for task in sent:
                one = task.reservation
                platform_rests().end(one.account.registration_id, one.line_item_id)
                ended.append((task.job, Retry("NEWER") if one.score_id in newer else Done()))
        return ended

    def _after(self, error: ServiceError, result: Result) -> list[tuple[LeasedJob, Outcome]]:
        """Judge a refusal, for this score and for those of the lane that would meet the same."""
        one, lane = result.task.reservation, result.lane
        ended = [(result.task.job, judge(error, one))]
        if isinstance(error, NoLineItemError):
            alike = lane.drain(partial(_is_of, one.line_item_id))
            ended += [(other.job, give_up(error, other.reservation)) for other in alike]
        elif error.passing:
            until = platform_rests().begin(error, one.account.registration_id, one.line_item_id)
            alike = lane.drain() if error.of_platform else lane.drain(partial(_is_of, one.line_item_id))
            if alike:
                hold_back([other.reservation.score_id for other in alike], error.code, until)
            pause = until - now()
            ended += [(other.job, Retry(error.code, after=stretched(pause))) for other in alike]
        return ended


def _is_of(line_item_id: LineItemId, task: Task) -> bool:
    return task.reservation.line_item_id == line_item_id
