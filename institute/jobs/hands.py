"""Jobs that are done many at a time: what a worker has in hand of one kind, and how it gets more and settles it."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Final, Protocol

from sqlalchemy.exc import OperationalError

from institute.jobs import outbox
from institute.jobs.models import OutboxId
from institute.jobs.outbox import LeasedJob
from institute.jobs.outcomes import Outcome, RetryPolicy, outcome_of

log = logging.getLogger(__name__)
PORTION: Final = 200
"""How many jobs are leased at once."""


class Hands(Protocol):
    """Does jobs of one kind, many at once. One worker makes it, uses it from one thread and closes it.

    ``take`` begins jobs and returns soon; where it fails it has begun none of them. ``finished`` waits up to ``wait``
    seconds for at least one job to end and returns all that ended since, each once. Both are called without a
    transaction, inside the application's context. A job that is not back when its lease has ended is given to somebody
    else.
    """

    def take(self, jobs: Sequence[LeasedJob]) -> None:
        """Begin jobs."""

    def finished(self, wait: float) -> Sequence[tuple[LeasedJob, Outcome]]:
        """Return the jobs that ended."""

    def close(self) -> None:
        """Let go of everything."""


@dataclass(frozen=True, slots=True)
class Batch:
    """How jobs of a kind are done many at a time. ``most`` are in one worker's hands at once."""

    make: Callable[[], Hands]
    policy: RetryPolicy
    most: int


@dataclass
class Desk:
    """One worker's jobs of one kind: those in hand, and until when they are its own (monotonic seconds).

    A job that is wished for anew is leased anew: then it is in hand twice, under two leases.
    """

    kind: str
    batch: Batch
    hands: Hands = field(init=False)
    in_hand: dict[tuple[OutboxId, str], float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.hands = self.batch.make()

    def fill(self) -> None:
        """Lease as many jobs as there is room for, and begin them."""
        if self.batch.most - len(self.in_hand) < min(PORTION, self.batch.most):
            return
        until = time.monotonic() + outbox.LEASE.total_seconds()
        jobs = outbox.lease_several(self.kind, PORTION)
        if not jobs:
            return
        self.in_hand.update(((job.id, job.lease), until) for job in jobs)
        if self._take(jobs) is None:
            return
        for job in jobs:  # one by one, so that one of them keeps back no other
            error = self._take([job])
            if error is not None:
                self._settle([(job, outcome_of(error))])

    def _take(self, jobs: Sequence[LeasedJob]) -> Exception | None:
        try:
            self.hands.take(jobs)
        except OperationalError:
            raise  # the database does not answer: the jobs come back when their leases end
        except Exception as error:
            log.warning("jobs %s failed", self.kind, exc_info=error)
            return error
        return None

    def empty(self, wait: float) -> int:
        """Settle what has ended, waiting up to ``wait`` seconds for something; return how much it was."""
        present = time.monotonic()
        for late in [held for held, until in self.in_hand.items() if until < present]:
            del self.in_hand[late]
        if not self.in_hand:
            return 0
        ended = self.hands.finished(wait)
        self._settle(ended)
        return len(ended)

    def _settle(self, ended: Sequence[tuple[LeasedJob, Outcome]]) -> None:
        for job, _ in ended:
            self.in_hand.pop((job.id, job.lease), None)
        outbox.settle_several(ended, self.batch.policy)
