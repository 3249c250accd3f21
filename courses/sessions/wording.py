"""Sessions in words and signs, the same everywhere."""

from __future__ import annotations

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from babel import dates

from courses.sessions.models import Difference, Kind, Mode, SessionState
from institute.i18n import current_locale, pgettext


def say_session_state(state: SessionState) -> str:
    """Return a log's state as it stands in a sentence."""
    match state:
        case SessionState.DRAFT:
            return pgettext("session log", "draft")
        case SessionState.SUBMITTED:
            return pgettext("session log", "waiting for confirmation")
        case SessionState.DISPUTED:
            return pgettext("session log", "disputed")
        case SessionState.CONFIRMED:
            return pgettext("session log", "confirmed")
        case SessionState.LOCKED:
            return pgettext("session log", "confirmed and final")
        case SessionState.VOIDED:
            return pgettext("session log", "taken back")


def say_mode(mode: Mode) -> str:
    """Return how two people met."""
    match mode:
        case Mode.IN_PERSON:
            return pgettext("way of meeting", "In person")
        case Mode.VIDEO:
            return pgettext("way of meeting", "Video")
        case Mode.PHONE:
            return pgettext("way of meeting", "Phone")
        case Mode.ASYNCHRONOUS:
            return pgettext("way of meeting", "E-mail")


def say_kind(kind: Kind) -> str:  # noqa: PLR0911  (a word for each)
    """Return what a session was."""
    match kind:
        case Kind.ONE_TO_ONE:
            return pgettext("kind of session", "One-to-one")
        case Kind.GROUP:
            return pgettext("kind of session", "Group")
        case Kind.OBSERVATION:
            return pgettext("kind of session", "Observation")
        case Kind.JOB_SHADOW:
            return pgettext("kind of session", "Job shadow")
        case Kind.MENTORING:
            return pgettext("kind of session", "Mentoring")
        case Kind.SUPERVISION:
            return pgettext("kind of session", "Reflective supervision")
        case Kind.CONTACT:
            return pgettext("kind of session", "Contact by phone or e-mail")


def say_difference(difference: Difference) -> str:
    """Return what a participant remembers otherwise."""
    match difference:
        case Difference.TIME:
            return pgettext("what is different", "Date or time")
        case Difference.LENGTH:
            return pgettext("what is different", "Length")
        case Difference.MODE:
            return pgettext("what is different", "How we met")
        case Difference.AGREED:
            return pgettext("what is different", "What we agreed")
        case Difference.NOT_HELD:
            return pgettext("what is different", "It did not take place")


def say_day(day: date) -> str:
    """Return a day with its weekday, in full."""
    return str(dates.format_date(day, "full", locale=current_locale()))


def say_short_day(day: date) -> str:
    """Return a day with its weekday, short enough for a list."""
    return str(dates.format_skeleton("yMMMEd", _noon(day), locale=current_locale()))


def say_month(month: date) -> str:
    """Return a month's name with its year."""
    return str(dates.format_skeleton("yMMMM", _noon(month), locale=current_locale()))


def say_clock(instant: datetime, zone: str) -> str:
    """Return the time of an instant on the clock of a zone."""
    local = instant.astimezone(ZoneInfo(zone))
    return str(dates.format_time(local.time(), "short", locale=current_locale()))


def say_times(start: datetime, end: datetime, zone: str) -> str:
    """Return from when to when a session lasted, with the day of the end where it is another."""
    begins, ends = say_clock(start, zone), say_clock(end, zone)
    first, last = (instant.astimezone(ZoneInfo(zone)).date() for instant in (start, end))
    if first == last:
        return pgettext("from a time to a time", "%(begins)s–%(ends)s", begins=begins, ends=ends)
    return pgettext(
        "from a time to a time",
        "%(begins)s to %(ends)s on %(day)s",
        begins=begins,
        ends=ends,
        day=say_short_day(last),
    )


def say_zone(zone: str) -> str:
    """Return whose time it is, such as "Pacific Time"."""
    return str(dates.get_timezone_name(ZoneInfo(zone), zone_variant="generic", locale=current_locale()))


def say_moment(instant: datetime, zone: str) -> str:
    """Return a day and time on the clock of a zone."""
    day = dates.format_date(instant.astimezone(ZoneInfo(zone)).date(), "medium", locale=current_locale())
    return pgettext("day and time", "%(day)s, %(time)s", day=day, time=say_clock(instant, zone))


def _noon(day: date) -> datetime:
    return datetime.combine(day, time(12))
