"""The worker's part: take the latest score, send it, write down what became of it.

Killed at any point, the lease of the job ends and the next try sends the latest state again with a later timestamp.
The platform keeps one grade for each person and column, so a score that is sent twice counts once.
"""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from typing import Final, cast

from flask import Flask, current_app

from institute.clock import now
from institute.jobs import worker
from institute.jobs.outbox import LeasedJob
from institute.jobs.worker import Dead, Done, Outcome, Retry, RetryPolicy
from lti.platforms.models import RegistrationId
from lti.services.columns import ensure_column, is_gone
from lti.services.connector import PlatformConnector
from lti.services.errors import (
    BusyError,
    MissingError,
    NoLineItemError,
    NotAllowedError,
    RefusedError,
    ServiceError,
    StaleError,
)
from lti.services.killpoints import reach
from lti.services.models import ScoreId, ScoreState
from lti.services.reservations import (
    NotNow,
    Reservation,
    count_failure,
    count_stale,
    mark_sent,
    reserve,
    settle,
)
from lti.services.scores import post_score
from lti.services.wishing import JOB_KIND

POLICY: Final = RetryPolicy(
    first=timedelta(seconds=1), longest=timedelta(minutes=30), most_attempts=1_000_000
)
# With pauses of half an hour: a little more than a week.
MOST_FAILURES: Final = 400
MOST_STALE_ANSWERS: Final = 20
# Moodle 400, Canvas 422, Brightspace 403 and 404, Blackboard 400: this person has no grade there.
UNGRADABLE: Final = frozenset({400, 403, 404, 422})


def init_app(app: Flask) -> None:
    """Let the worker deliver scores."""
    app.extensions["lti_pauses"] = {}
    worker.handle(app, JOB_KIND, deliver, retry=POLICY)


def deliver(job: LeasedJob) -> Outcome:
    """Bring one score to its platform."""
    reach("before-reserve")
    reservation = reserve(ScoreId(int(job.key)))
    reach("after-reserve")
    if isinstance(reservation, NotNow):
        if reservation.until is None:
            return Done()
        return Retry(reservation.reason, after=reservation.until - now())
    left_alone_until = _pauses().get(reservation.account.registration_id)
    if left_alone_until is not None and left_alone_until > now():
        return Retry(BusyError.code, after=_stretched(left_alone_until - now()))
    try:
        _send(reservation)
    except ServiceError as error:
        return _after(error, reservation)
    reach("before-mark")
    latest = mark_sent(reservation)
    reach("after-mark")
    return Done() if latest else Retry("NEWER")


def _send(reservation: Reservation) -> None:
    """Send to the column, and once more to the one that replaces it if it was deleted."""
    connector = PlatformConnector(reservation.account)
    url = reservation.url or ensure_column(connector, reservation.line_item_id)
    reach("before-send")
    try:
        post_score(connector, url, reservation.payload)
    except MissingError:
        # Brightspace answers 404 for a person, too: the column itself tells which of the two is missing.
        if not is_gone(connector, reservation.line_item_id, url):
            raise
        post_score(connector, ensure_column(connector, reservation.line_item_id), reservation.payload)
    reach("after-send")


def _after(error: ServiceError, reservation: Reservation) -> Outcome:
    """Decide what a refusal means for the score."""
    match error:
        case StaleError():
            return _after_stale(error, reservation)
        case NoLineItemError():
            return _give_up(error, reservation)
        case NotAllowedError() | MissingError() | RefusedError() if error.status in UNGRADABLE:
            settle(reservation, ScoreState.NOT_IN_COURSE, f"{error.code}-{error.status}")
            return Done()
        case NotAllowedError():
            return _try_later(error, reservation)
        case _ if error.passing:
            return _try_later(error, reservation)
        case _:
            return _give_up(error, reservation)


def _after_stale(error: StaleError, reservation: Reservation) -> Outcome:
    if count_stale(reservation) >= MOST_STALE_ANSWERS:
        return _give_up(error, reservation)
    return Retry(error.code, after=POLICY.first)


def _try_later(error: ServiceError, reservation: Reservation) -> Outcome:
    failures, until = count_failure(reservation, error.code, lambda count: _pause(error, count))
    if failures >= MOST_FAILURES:
        return _give_up(error, reservation)
    if error.retry_after is not None:
        _pauses()[reservation.account.registration_id] = now() + timedelta(seconds=error.retry_after)
    return Retry(error.code, after=until - now())


def _pause(error: ServiceError, failures: int) -> timedelta:
    """Return the policy's pause, or what the platform asked for, stretched so that not all come at one moment."""
    pause = POLICY.pause(failures)
    if error.retry_after is None:
        return pause
    return max(timedelta(seconds=error.retry_after) + pause / 10, pause)


def _stretched(pause: timedelta) -> timedelta:
    return pause * (1 + secrets.randbelow(100) / 500)


def _pauses() -> dict[RegistrationId, datetime]:
    """Return until when which platform wants to be left alone, as this process was told."""
    return cast("dict[RegistrationId, datetime]", current_app.extensions["lti_pauses"])


def _give_up(error: ServiceError, reservation: Reservation) -> Outcome:
    settle(reservation, ScoreState.FAILED, error.code)
    return Dead(error.code)
