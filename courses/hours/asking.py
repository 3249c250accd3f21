"""What is asked of each month: by the need level in force, of partial months, and of excused ones nothing."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from functools import lru_cache
from typing import Final, NamedTuple

from courses.cohorts.models import NeedLevel
from courses.hours.figures import NOTHING, HoursFigures, MonthFigure, MonthStatus, MonthSum
from courses.hours.models import CarryOver, PartialMonth
from courses.hours.months import last_day, month_of, months_from, status_of
from courses.hours.policies import DEFAULT, Dosage, Policy

NOT_ASKED: Final = Dosage(0, 0)


class Asking(NamedTuple):
    """What a policy asks for, by need level, and how it treats partial months and what exceeds a month."""

    dosage: Mapping[NeedLevel, Dosage]
    partial_month: PartialMonth
    carry_over: CarryOver


class Stay(NamedTuple):
    """Since when somebody is enrolled, their need levels (each from a day on, in order), and their excused months."""

    since: date
    needs: Sequence[tuple[date, NeedLevel]] = ()
    excused: Collection[date] = ()

    def need_on(self, day: date) -> NeedLevel:
        """Return the need level in force on a day."""
        found = NeedLevel.STANDARD
        for since, need in self.needs:
            if since <= day:
                found = need
        return found


@lru_cache(maxsize=256)
def asking_of(policy: Policy) -> Asking:
    """Return what a policy asks for."""
    return Asking({need: policy.asked(need) for need in NeedLevel}, policy.partial_month, policy.carry_over)


USUAL: Final = asking_of(DEFAULT)


def figures_of(sums: Mapping[date, MonthSum], asking: Asking, stay: Stay, *, today: date) -> HoursFigures:
    """Return hours as they stand on ``today``, month by month without a gap to the present one.

    A month is read with the need level in force on its last day, the present one with that of today.
    """
    present = month_of(today)
    first, last = min([month_of(stay.since), present, *sums]), max([present, *sums])
    months: list[MonthFigure] = []
    logged = waiting = counted = one_to_one = disputed = carried = 0
    for month in months_from(first, last):
        own = sums.get(month, NOTHING)
        asked = asked_of(month, asking, stay, today=today)
        figure = _figure(month, own, carried, asked, stay, over=month < present)
        months.append(figure)
        if asking.carry_over is CarryOver.NEXT:
            carried = 0 if figure.excused else max(0, own.filling - figure.target)
        logged += own.logged
        waiting += own.waiting
        counted += own.counted
        one_to_one += own.one_to_one
        disputed += own.disputed_logs
    usual = asking.dosage[stay.need_on(today)]
    return HoursFigures(
        logged, waiting, counted, one_to_one, disputed, tuple(months), usual.minimum, usual.target
    )


def _figure(
    month: date, sums: MonthSum, carried: int, asked: Dosage, stay: Stay, *, over: bool
) -> MonthFigure:
    minimum, target = asked
    logged, waiting, counted = sums[:3]
    status = status_of(sums.filling + carried, logged, minimum=minimum, target=target, over=over)
    if month in stay.excused and status not in {MonthStatus.MET, MonthStatus.TARGET}:
        status, (minimum, target) = MonthStatus.EXCUSED, NOT_ASKED
    year, number = month.year, month.month
    return MonthFigure(year, number, logged, waiting, counted, minimum, target, status, sums, carried)


def asked_of(month: date, asking: Asking, stay: Stay, *, today: date) -> Dosage:
    """Return the minutes that are asked of a month, before anything is excused.

    Pro rata the month of the beginning asks for its days that are left, in whole minutes; the ones before ask nothing.
    """
    whole = asking.partial_month is PartialMonth.FULL or stay.since <= month
    if whole and not stay.needs:
        return asking.dosage[NeedLevel.STANDARD]
    ends = last_day(month)
    asked = asking.dosage[stay.need_on(min(ends, max(today, month)))]
    if whole:
        return asked
    days = max(0, (ends - stay.since).days + 1)
    return Dosage(asked.minimum * days // ends.day, asked.target * days // ends.day)
