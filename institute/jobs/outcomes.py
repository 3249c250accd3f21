"""How a job went, how long to wait before the next try, and what an exception says about that."""

from __future__ import annotations

import errno
import random
import sqlite3
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from sqlalchemy.exc import OperationalError

DISK_FULL: Final = "disk-full"
NEXT_LOOK: Final = timedelta(minutes=2)
_NO_ROOM: Final = frozenset({errno.ENOSPC, errno.EDQUOT})
# https://www.postgresql.org/docs/current/errcodes-appendix.html
_SERVER_FULL: Final = "53100"
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
class Wait:
    """Not before a person takes away what stands in the way, such as a full disk: looked at for ever, each ``after``.

    Such a look does not count as a try. ``reason`` is a stable code, for pages that say it in words.
    """

    reason: str
    after: timedelta = NEXT_LOOK


@dataclass(frozen=True, slots=True)
class Dead:
    """Never: a person must look. ``reason`` is a stable code."""

    reason: str


Outcome = Done | Retry | Wait | Dead


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


def outcome_of(error: Exception) -> Retry | Wait:
    """Return how a job went that raised: a full disk is nobody's fault but time's, anything else is tried again."""
    return Wait(DISK_FULL) if is_disk_full(error) else Retry(type(error).__name__)


def is_disk_full(error: BaseException) -> bool:
    """Tell whether there was no room left, whoever noticed: the system, SQLite or PostgreSQL."""
    if isinstance(error, OperationalError):
        cause = error.orig
        return (
            getattr(cause, "sqlite_errorcode", None) == sqlite3.SQLITE_FULL
            or getattr(cause, "sqlstate", None) == _SERVER_FULL
        )
    return isinstance(error, OSError) and error.errno in _NO_ROOM
