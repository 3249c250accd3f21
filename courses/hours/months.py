"""Months of the calendar, as the cohort's clock has them."""

from __future__ import annotations

import calendar
from collections.abc import Iterator
from datetime import date

from courses.hours.figures import MonthStatus


def month_of(day: date) -> date:
    """Return the first day of the month of ``day``."""
    return day.replace(day=1)


def following(month: date) -> date:
    """Return the first day of the month after ``month``."""
    return date(month.year + month.month // 12, month.month % 12 + 1, 1)


def last_day(month: date) -> date:
    """Return the last day of a month."""
    return month.replace(day=calendar.monthrange(month.year, month.month)[1])


def months_from(first: date, last: date) -> Iterator[date]:
    """Yield the months from that of ``first`` to that of ``last``, both included."""
    month = month_of(first)
    while month <= last:
        yield month
        month = following(month)


def status_of(counted: int, logged: int, *, minimum: int, target: int, over: bool) -> MonthStatus:
    """Return how a month stands; all are whole minutes. ``over`` tells that no day of it is left."""
    if counted >= target and counted:
        return MonthStatus.TARGET
    if counted >= minimum and (counted or over):
        return MonthStatus.MET
    if not logged and not over:
        return MonthStatus.NOT_STARTED
    return MonthStatus.BELOW
