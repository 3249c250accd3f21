"""What somebody should look at in a log: entered late, a long session, a long day. It is shown, never refused."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime
from enum import StrEnum
from typing import Protocol

from courses.hours.policies import Policy
from courses.sessions.models import SessionLogId, SessionState


class Flag(StrEnum):
    """Why a log is flagged."""

    LATE = "late"
    LONG = "long"
    LONG_DAY = "long_day"


class Logged(Protocol):
    """What of a log decides about its flags."""

    @property
    def id(self) -> SessionLogId: ...
    @property
    def day(self) -> date: ...
    @property
    def end(self) -> datetime: ...
    @property
    def created_at(self) -> datetime: ...
    @property
    def minutes(self) -> int: ...
    @property
    def state(self) -> SessionState: ...


def flags_of(logs: Iterable[Logged], policy: Policy) -> dict[SessionLogId, tuple[Flag, ...]]:
    """Return the flags of one participant's logs that have some.

    Late is an entry more than ``policy.late_days`` days after the session, long what lasted more than
    ``policy.long_minutes``; a long day has more than ``policy.long_day_minutes`` in all its sessions.
    """
    standing = [log for log in logs if log.state is not SessionState.VOIDED]
    days: dict[date, int] = defaultdict(int)
    for log in standing:
        days[log.day] += log.minutes
    found = {log.id: tuple(_flags(log, days[log.day], policy)) for log in standing}
    return {log_id: flags for log_id, flags in found.items() if flags}


def _flags(log: Logged, minutes_of_day: int, policy: Policy) -> Iterable[Flag]:
    if (log.created_at - log.end).days > policy.late_days:
        yield Flag.LATE
    if log.minutes > policy.long_minutes:
        yield Flag.LONG
    if minutes_of_day > policy.long_day_minutes:
        yield Flag.LONG_DAY
