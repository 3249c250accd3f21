"""How a job went, and how long to wait before the next try."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import timedelta

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
