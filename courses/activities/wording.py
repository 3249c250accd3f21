"""How the work says when something was saved."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from babel import dates

from courses.cohorts.assigning import local_day
from institute.i18n import current_locale, gettext


def say_saved(at: datetime | None, zone: str) -> str:
    """Return when something was saved on the clock of a zone, with its day unless that is today."""
    if at is None:
        return ""
    local = at.astimezone(ZoneInfo(zone))
    if local.date() == local_day(zone):
        time = dates.format_time(local.time(), "short", locale=current_locale())
        return gettext("Saved at %(time)s", time=time)
    day = dates.format_skeleton("yMMMd", local.replace(tzinfo=None), locale=current_locale())
    return gettext("Saved on %(day)s", day=day)
