"""The rules of hours: what counts, what waits, what is only logged. Whole minutes, summed, never rounded."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final, NamedTuple

from courses.coaching.figures import HoursFigures, MonthFigure
from courses.coaching.models import Kind, Mode, SessionState
from courses.coaching.months import month_of, months_from, status_of
from courses.coaching.policies import Policy

AGREED: Final = frozenset({SessionState.CONFIRMED, SessionState.LOCKED})
SENT: Final = frozenset({SessionState.SUBMITTED, SessionState.DISPUTED}) | AGREED


class Share(NamedTuple):
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


def work_out(shares: Iterable[Share], policy: Policy, *, since: date, today: date) -> HoursFigures:
    """Return the hours of an enrolment that began on ``since``, as they stand on ``today``.

    Drafts and voided logs are no hours. A disputed session is logged, and waits for the coach: its minutes are
    neither counted nor waiting. A session belongs to the month in which it began.
    """
    one_to_one = disputed = 0
    sums: dict[date, _Sum] = defaultdict(_Sum)
    for month, state, kind, mode, minutes, logs in shares:
        if state not in SENT:
            continue
        total = sums[month]
        total.logged += minutes
        if state is SessionState.DISPUTED:
            disputed += logs
        elif (kind, mode) in policy.counting:
            if state is SessionState.SUBMITTED:
                total.waiting += minutes
            else:
                total.counted += minutes
                one_to_one += minutes * (kind is Kind.ONE_TO_ONE)
    whole = sums.values()
    return HoursFigures(
        logged=sum(total.logged for total in whole),
        waiting=sum(total.waiting for total in whole),
        counted=sum(total.counted for total in whole),
        one_to_one=one_to_one,
        disputed=disputed,
        months=_figures(sums, policy, since, today),
        minimum=policy.minimum,
        target=policy.target,
    )


def _figures(sums: Mapping[date, _Sum], policy: Policy, since: date, today: date) -> tuple[MonthFigure, ...]:
    """Return the months to show: from the first one that matters to the present one, without a gap."""
    present = month_of(today)
    first, last = min([month_of(since), present, *sums]), max([present, *sums])
    minimum, target = policy.minimum, policy.target
    months = []
    for month in months_from(first, last):
        minutes = sums.get(month, NOTHING)
        counted, logged = minutes.counted, minutes.logged
        status = status_of(counted, logged, minimum=minimum, target=target, over=month < present)
        months.append(
            MonthFigure(month.year, month.month, logged, minutes.waiting, counted, minimum, target, status)
        )
    return tuple(months)


NOTHING: Final = _Sum()
