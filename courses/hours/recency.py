"""Recent hours: those of the last months of the calendar, both ends included."""

from __future__ import annotations

import calendar
from datetime import date
from typing import Final

from sqlalchemy import bindparam, select

from courses.cohorts.models import EnrolmentId
from courses.hours.explaining import explain_enrolment
from courses.sessions.models import SessionLog
from institute.db import db

_DAYS: Final = select(SessionLog.id).where(
    SessionLog.enrolment_id == bindparam("enrolment"),
    SessionLog.local_day.between(bindparam("first"), bindparam("last")),
)


def months_before(day: date, months: int) -> date:
    """Return the day that is so many months of the calendar before, the last of its month where that has no such day.

    18 months before 31 August 2026 is 28 February 2025.
    """
    count = day.year * 12 + day.month - 1 - months
    year, month = divmod(count, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def minutes_since(enrolment_id: EnrolmentId, *, months: int, on: date) -> int:
    """Return the counted minutes of the sessions of the last ``months`` months up to ``on``, both days included.

    A session belongs to the day on which it began. Limits hold as they do for all hours; a month's rounding, which is
    of no day, does not. Raises NotFoundError.
    """
    explained = explain_enrolment(enrolment_id)
    days = {"enrolment": enrolment_id, "first": months_before(on, months), "last": on}
    recent = db.session.scalars(_DAYS, days)
    return sum(explained[log_id].counted for log_id in recent if log_id in explained)
