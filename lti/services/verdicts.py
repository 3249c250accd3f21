"""What a service's refusal means for the score that it was about."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from institute.clock import now
from institute.jobs.outcomes import Dead, Done, Outcome, Retry
from lti.services.errors import (
    ClaimedError,
    MissingError,
    NotAllowedError,
    RefusedError,
    ServiceError,
    StaleError,
)
from lti.services.models import ScoreState
from lti.services.reservations import Reservation, count_failure, count_stale, settle
from lti.services.rests import POLICY, pause_after

# With pauses of half an hour: a little more than a week.
MOST_FAILURES: Final = 400
MOST_STALE_ANSWERS: Final = 20
CLAIMED_PAUSE: Final = timedelta(seconds=2)
# Moodle 400, Canvas 422, Brightspace 403 and 404, Blackboard 400: this person has no grade there.
UNGRADABLE: Final = frozenset({400, 403, 404, 422})


def judge(error: ServiceError, reservation: Reservation) -> Outcome:
    """Write down what a refusal means for the score, and return what becomes of its job."""
    match error:
        case ClaimedError():
            return Retry(error.code, after=CLAIMED_PAUSE)
        case StaleError():
            return _after_stale(error, reservation)
        case NotAllowedError() | MissingError() | RefusedError() if error.status in UNGRADABLE:
            settle(reservation, ScoreState.NOT_IN_COURSE, f"{error.code}-{error.status}")
            return Done()
        case _ if error.passing or isinstance(error, NotAllowedError):
            return _try_later(error, reservation)
        case _:
            return give_up(error, reservation)


def give_up(error: ServiceError, reservation: Reservation) -> Outcome:
    """Try no more until somebody asks for it: a launch, or an administrator."""
    settle(reservation, ScoreState.FAILED, error.code)
    return Dead(error.code)


def _after_stale(error: StaleError, reservation: Reservation) -> Outcome:
    if count_stale(reservation) >= MOST_STALE_ANSWERS:
        return give_up(error, reservation)
    return Retry(error.code, after=POLICY.first)


def _try_later(error: ServiceError, reservation: Reservation) -> Outcome:
    failures, until = count_failure(reservation, error.code, lambda count: pause_after(error, count))
    if failures >= MOST_FAILURES:
        return give_up(error, reservation)
    return Retry(error.code, after=until - now())
