"""Days some months apart."""

from __future__ import annotations

import calendar
from datetime import date, datetime
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy import select

from institute.actors import InstituteId
from institute.clock import now
from institute.db import db
from institute.people.models import Institute
from institute.web.asking import once_a_page

MONTHS: Final = 12
LAST_YEAR: Final = 2999


def months_after(day: date, months: int) -> date:
    """Return the same day of the month ``months`` later, or the last one of a shorter month."""
    place = day.month - 1 + months
    year, month = min(day.year + place // MONTHS, LAST_YEAR), place % MONTHS + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def institute_day(institute_id: InstituteId, at: datetime | None = None) -> date:
    """Return the day it is at an institute (at ``at``, now unless given)."""
    return (at or now()).astimezone(ZoneInfo(_zone(institute_id))).date()


@once_a_page
def _zone(institute_id: InstituteId) -> str:
    return db.session.execute(select(Institute.timezone).where(Institute.id == institute_id)).scalar_one()


def typed_day(text: str) -> date | None:
    """Return the day that a form says, None for anything else."""
    try:
        day = date.fromisoformat(text.strip())
    except ValueError:
        return None
    return day if 2000 <= day.year <= LAST_YEAR else None  # noqa: PLR2004  (a year that a form may mean)


def typed_number(text: str, *, most: int) -> int | None:
    """Return the whole number from 0 to ``most`` that a form says, None for anything else."""
    text = text.strip()
    if not (text.isascii() and text.isdigit() and len(text) <= len(str(most))):
        return None
    return int(text) if int(text) <= most else None
