"""Reading hours as figures, of one enrolment or of several."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Any, Final

from sqlalchemy import Select, String, bindparam, cast, func, select, type_coerce
from sqlalchemy.types import NullType

from courses.cohorts.assigning import local_day
from courses.cohorts.models import Cohort, Enrolment, EnrolmentId, NeedLevel, Recipient
from courses.hours.asking import USUAL, Asking, Stay, figures_of
from courses.hours.figures import HoursFigures, MonthSum
from courses.hours.models import CarryOver, CoachingPolicy, ExcusedMonth, HoursTotal, PartialMonth
from courses.hours.policies import Dosage
from institute.db import db
from institute.errors import NotFoundError
from institute.web.asking import once_a_page

_NEEDS: Final = (
    select(func.aggregate_strings(cast(Recipient.since, String).concat("=").concat(Recipient.need), " "))
    .where(Recipient.enrolment_id == Enrolment.id)
    .correlate(Enrolment)
    .scalar_subquery()
)
_EXCUSED: Final = (
    select(func.aggregate_strings(cast(ExcusedMonth.month, String), " "))
    .where(ExcusedMonth.enrolment_id == Enrolment.id, ExcusedMonth.withdrawn_at.is_(None))
    .correlate(Enrolment)
    .scalar_subquery()
)
_ASKING: Final = (
    CoachingPolicy.minimum_minutes,
    CoachingPolicy.target_minutes,
    CoachingPolicy.raised_minimum,
    CoachingPolicy.raised_target,
    CoachingPolicy.intensive_minimum,
    CoachingPolicy.intensive_target,
    CoachingPolicy.partial_month,
    CoachingPolicy.carry_over,
)
_COLUMNS: Final = (
    *(Enrolment.id, Enrolment.created_at, Cohort.timezone, Cohort.starts),
    *(HoursTotal.months, _NEEDS, _EXCUSED, *_ASKING),
)


def _hours_where(condition: Any) -> Select[*tuple[Any, ...]]:
    """Return enrolments with their sums and what is asked of them, a row for each.

    The values come as the database's driver gives them: turning days, instants and words into objects costs more than
    the query.
    """
    return (
        select(*(type_coerce(one, NullType()).label(f"c{place}") for place, one in enumerate(_COLUMNS)))
        .select_from(Enrolment)
        .join(Cohort, Cohort.id == Enrolment.cohort_id)
        .outerjoin(CoachingPolicy, CoachingPolicy.programme_id == Cohort.programme_id)
        .outerjoin(HoursTotal, HoursTotal.enrolment_id == Enrolment.id)
        .where(condition)
    )


# Built once: making a statement costs more than asking the database.
_ONE: Final = _hours_where(Enrolment.id == bindparam("enrolment"))
_SEVERAL: Final = _hours_where(Enrolment.id.in_(bindparam("enrolments", expanding=True)))


@once_a_page
def hours_of(enrolment_id: EnrolmentId, *, today: date | None = None) -> HoursFigures:
    """Return the hours of an enrolment, in one query; ``today`` is the cohort's day unless given.

    The months begin with the one in which cohort and enrolment both stood, or the first one with a session.
    Raises NotFoundError.
    """
    row = db.session.connection().execute(_ONE, {"enrolment": enrolment_id}).one_or_none()
    if row is None:
        raise NotFoundError
    return _figures(row, today)


def hours_of_several(enrolment_ids: Iterable[EnrolmentId]) -> dict[EnrolmentId, HoursFigures]:
    """Return the hours of several enrolments, in one query."""
    wanted = list(enrolment_ids)
    if not wanted:
        return {}
    rows = db.session.connection().execute(_SEVERAL, {"enrolments": wanted})
    return {row[0]: _figures(row, None) for row in rows}


def _figures(row: Any, today: date | None) -> HoursFigures:
    _, created_at, timezone, starts, months, needs, excused, *asking = row
    since = max(_day(starts), local_day(timezone, _instant(created_at)))
    stay = Stay(since, _needs(needs), frozenset(map(_day, excused.split())) if excused else ())
    return figures_of(_sums(months), _asking(*asking), stay, today=today or local_day(timezone))


def _sums(months: str | None) -> dict[date, MonthSum]:
    packed = json.loads(months) if months else ()
    return {date.fromisoformat(month): MonthSum._make(sums) for month, *sums in packed}


def _needs(words: str | None) -> list[tuple[date, NeedLevel]]:
    if not words:
        return []
    found = (word.split("=") for word in words.split())
    return sorted((_day(since), NeedLevel(need)) for since, need in found)


@lru_cache(maxsize=256)
def _asking(minimum: int | None, target: int | None, *others: Any) -> Asking:
    if minimum is None or target is None:
        return USUAL
    *own, partial_month, carry_over = others
    standard = Dosage(minimum, target)
    raised, intensive = (standard if low is None else Dosage(low, high) for low, high in (own[:2], own[2:]))
    dosage = {NeedLevel.STANDARD: standard, NeedLevel.RAISED: raised, NeedLevel.INTENSIVE: intensive}
    return Asking(dosage, PartialMonth(partial_month), CarryOver(carry_over))


def _day(value: Any) -> date:
    """Return a day as one driver or the other gives it: a text, or a date."""
    return value if isinstance(value, date) else date.fromisoformat(value)


def _instant(value: Any) -> datetime:
    """Return an instant as one driver or the other gives it: a text in UTC, or an aware time."""
    return value if isinstance(value, datetime) else datetime.fromisoformat(value).replace(tzinfo=UTC)
