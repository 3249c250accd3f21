"""Until when a platform, or one of its columns, is left alone, as this process has learnt it."""

from __future__ import annotations

import secrets
from collections.abc import Hashable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final, TypeVar, cast

from flask import Flask, current_app

from institute.clock import now
from institute.jobs.outcomes import RetryPolicy
from lti.platforms.models import RegistrationId
from lti.services.errors import ServiceError
from lti.services.models import LineItemId
from lti.services.reservations import NotNow

Key = TypeVar("Key", bound=Hashable)
POLICY: Final = RetryPolicy(
    first=timedelta(seconds=1), longest=timedelta(minutes=30), most_attempts=1_000_000
)


@dataclass(slots=True)
class Rest:
    """A pause after so many ``failures`` in a row, and the code of the latest."""

    until: datetime
    reason: str
    failures: int


@dataclass
class Rests:
    """The pauses of all platforms and columns that failed last."""

    platforms: dict[RegistrationId, Rest] = field(default_factory=dict)
    columns: dict[LineItemId, Rest] = field(default_factory=dict)

    def refuse(self, registration_id: RegistrationId, line_item_id: LineItemId) -> NotNow | None:
        """Return why nothing is sent there now, until a moment that is not the same for all; None if it may be."""
        for rest in (self.platforms.get(registration_id), self.columns.get(line_item_id)):
            if rest is not None and rest.until > now():
                pause = rest.until - now()
                return NotNow(rest.reason, now() + stretched(pause), rests=True)
        return None

    def begin(
        self, error: ServiceError, registration_id: RegistrationId, line_item_id: LineItemId
    ) -> datetime:
        """Let the platform rest, or its column alone where nothing speaks against others; return until when."""
        if error.of_platform:
            return _prolong(self.platforms, registration_id, error)
        return _prolong(self.columns, line_item_id, error)

    def end(self, registration_id: RegistrationId, line_item_id: LineItemId) -> None:
        """Something arrived: forget the failures."""
        self.platforms.pop(registration_id, None)
        self.columns.pop(line_item_id, None)


def stretched(pause: timedelta) -> timedelta:
    """Return a pause that is up to a fifth longer, so that not all come at one moment."""
    return pause * (1 + secrets.randbelow(100) / 500)


def pause_after(error: ServiceError, failures: int) -> timedelta:
    """Return the policy's pause, or what the platform asked for, stretched so that not all come at one moment."""
    pause = POLICY.pause(failures)
    if error.retry_after is None:
        return pause
    return max(timedelta(seconds=error.retry_after) + pause / 10, pause)


def _prolong(rests: dict[Key, Rest], key: Key, error: ServiceError) -> datetime:
    known = rests.get(key)
    if known is None:
        known = rests[key] = Rest(now(), error.code, 0)
    if known.until <= now():
        # Requests that were under way together fail together: that is one failure.
        known.failures += 1
    asked = timedelta(seconds=error.retry_after or 0)
    known.until = max(known.until, now() + (asked or POLICY.pause(known.failures)))
    known.reason = error.code
    return known.until


def platform_rests() -> Rests:
    """Return what the running application has learnt."""
    return cast("Rests", current_app.extensions["lti_rests"])


def init_app(app: Flask) -> None:
    """Give the application an empty memory."""
    app.extensions["lti_rests"] = Rests()
