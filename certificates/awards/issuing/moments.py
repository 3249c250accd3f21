"""When an award is issued and until when it holds."""

from __future__ import annotations

import calendar
from datetime import datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from certificates.awards.errors import ClockBackwardsError
from certificates.awards.models import Award
from institute.actors import InstituteId
from institute.audit.models import AuditEvent
from institute.clock import now

MONTHS_OF_A_YEAR: Final = 12
# The clocks of two processes are never quite alike.
TOLERANCE: Final = timedelta(seconds=5)
LAST_SECOND: Final = time(23, 59, 59)


def moment_of_issue(institute_id: InstituteId, session: Session) -> datetime:
    """Return the present instant. Raises ClockBackwardsError where it lies before what was recorded last."""
    at = now()
    issued = session.scalar(select(func.max(Award.issued_at)).where(Award.institute_id == institute_id))
    recorded = session.scalar(
        select(AuditEvent.at)
        .where(AuditEvent.institute_id == institute_id)
        .order_by(AuditEvent.at.desc())
        .limit(1)
    )
    if any(before is not None and before - TOLERANCE > at for before in (issued, recorded)):
        raise ClockBackwardsError
    return at


def end_of_validity(issued: datetime, months: int | None, timezone: str) -> datetime | None:
    """Return the last second of the day so many calendar months later in a zone; None for what holds for ever.

    36 months from 31 March 2026 end on 31 March 2029; a month without that day ends on its last one.
    """
    if months is None:
        return None
    zone = ZoneInfo(timezone)
    day = issued.astimezone(zone).date()
    whole = day.year * MONTHS_OF_A_YEAR + day.month - 1 + months
    year, month = whole // MONTHS_OF_A_YEAR, whole % MONTHS_OF_A_YEAR + 1
    last = day.replace(year=year, month=month, day=min(day.day, calendar.monthrange(year, month)[1]))
    return datetime.combine(last, LAST_SECOND, zone)
