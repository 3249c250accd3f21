"""The rules of hours: what counts, what waits, what is only logged. Whole minutes, summed, never rounded."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from courses.coaching.figures import HoursFigures, MonthFigure
from courses.coaching.models import Kind, Mode, SessionState
from courses.coaching.months import last_day, month_of, months_from, status_of
from courses.coaching.policies import Policy

AGREED: Final = frozenset({SessionState.CONFIRMED, SessionState.LOCKED})
SENT: Final = frozenset({SessionState.SUBMITTED, SessionState.DISPUTED}) | AGREED


@dataclass(frozen=True, slots=True)
class Share:
    """The minutes of a month's ``logs`` sessions that are alike in state, kind and mode."""

    month: date
    state: SessionState
    kind: Kind
    mode: Mode
    minutes: int
    logs: int


@dataclass(slots=True)
class _Sum:
    logged: int = 0
    waiting: int = 0
    counted: int = 0

    def add(self, share: Share, policy: Policy) -> None:
        self.logged += share.minutes
        if policy.counts(share.kind, share.mode):
            if share.state in AGREED:
                self.counted += share.minutes
            elif share.state is SessionState.SUBMITTED:
                self.waiting += share.minutes


def work_out(shares: Iterable[Share], policy: Policy, *, since: date, today: date) -> HoursFigures:
    """Return the hours of an enrolment that began on ``since``, as they stand on ``today``.

    Drafts and voided logs are no hours. A disputed session is logged, and waits for the coach: its minutes are
    neither counted nor waiting. A session belongs to the month in which it began.
    """
    sent = [share for share in shares if share.state in SENT]
    sums: dict[date, _Sum] = defaultdict(_Sum)
    for share in sent:
        sums[share.month].add(share, policy)
    months = tuple(_figure(month, sums[month], policy, today) for month in _span(sums, since, today))
    return HoursFigures(
        logged=sum(month.logged for month in months),
        waiting=sum(month.waiting for month in months),
        counted=sum(month.counted for month in months),
        one_to_one=sum(
            share.minutes
            for share in sent
            if share.state in AGREED
            and share.kind is Kind.ONE_TO_ONE
            and policy.counts(share.kind, share.mode)
        ),
        disputed=sum(share.logs for share in sent if share.state is SessionState.DISPUTED),
        months=months,
        minimum=policy.minimum,
        target=policy.target,
    )


def _span(sums: dict[date, _Sum], since: date, today: date) -> Sequence[date]:
    """Return the months to show: from the first one that matters to the present one, without a gap."""
    present = month_of(today)
    first = min([month_of(since), present, *sums])
    return list(months_from(first, max([present, *sums])))


def _figure(month: date, minutes: _Sum, policy: Policy, today: date) -> MonthFigure:
    status = status_of(
        minutes.counted,
        minutes.logged,
        minimum=policy.minimum,
        target=policy.target,
        over=last_day(month) < today,
    )
    return MonthFigure(
        year=month.year,
        month=month.month,
        logged=minutes.logged,
        waiting=minutes.waiting,
        counted=minutes.counted,
        minimum=policy.minimum,
        target=policy.target,
        status=status,
    )
