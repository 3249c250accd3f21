"""The form of a meeting, or of several at once: read as it was typed, and turned into facts or what to mend."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time
from typing import Any, Final, Self, TypeVar
from zoneinfo import ZoneInfo

from werkzeug.datastructures import MultiDict

from courses.catalogue.models import ProgrammeId
from courses.cohorts.models import CohortId
from courses.meetings import errors
from courses.meetings.models import (
    LARGEST_CAPACITY,
    LINK_LENGTH,
    LONGEST_MINUTES,
    PLACE_LENGTH,
    TEXT_LENGTH,
    TITLE_LENGTH,
    Audience,
    Meeting,
    MeetingKind,
)
from courses.sessions.wall_time import Reading, instant_of, minutes_between, reading_of
from courses.sessions.wording import say_day
from institute.errors import DomainError
from institute.web.forms import storable
from institute.web.numbers import LARGEST_ID

MOST_DAYS: Final = 12
SHOWN_DAYS: Final = 4
MOST_ADDRESSES: Final = 40
ADDRESS_LENGTH: Final = 140
EARLIEST_YEAR: Final = 2000
LATEST_YEAR: Final = 2999
BEGINS: Final = "13:30"
ENDS: Final = "16:00"
LENGTHS: Final[Mapping[str, int]] = {
    "title": TITLE_LENGTH,
    "place": PLACE_LENGTH,
    "link": LINK_LENGTH,
    "description": TEXT_LENGTH,
}
T = TypeVar("T", MeetingKind, Audience)


@dataclass(frozen=True, slots=True)
class Sheet:
    """What stands in the form, letter by letter. ``scope`` is ``cohort-3``, ``programme-2`` or ``institute``."""

    kind: str = ""
    audience: str = ""
    scope: str = ""
    title: str = ""
    days: tuple[str, ...] = ()
    begins: str = ""
    ends: str = ""
    place: str = ""
    link: str = ""
    capacity: str = ""
    description: str = ""
    requirement: str = ""
    topics: tuple[str, ...] = ()
    competencies: tuple[str, ...] = ()

    @classmethod
    def of(cls, form: MultiDict[str, str]) -> Self:
        """Read a form; what it lacks is empty."""
        listed = {"days", "topics", "competencies"}
        typed: dict[str, Any] = {
            name: storable(form.get(name, "")).strip()
            for name in cls.__dataclass_fields__
            if name not in listed
        }
        typed["days"] = tuple(_pieces(form, "day")[:MOST_DAYS])
        for name, source in (("topics", "topic"), ("competencies", "competency")):
            typed[name] = tuple(dict.fromkeys(one for one in _pieces(form, source) if one))
        return cls(**typed)


@dataclass(frozen=True, slots=True)
class MeetingFacts:
    """Meetings as they can be stored, alike but for the times. ``times`` are (start, end), aware, in order."""

    kind: MeetingKind
    audience: Audience
    cohort_id: CohortId | None
    programme_id: ProgrammeId | None
    title: str
    times: tuple[tuple[datetime, datetime], ...]
    zone: str
    place: str
    link: str
    capacity: int | None
    description: str
    requirement: str
    topics: tuple[str, ...]
    competencies: tuple[str, ...]


@dataclass(slots=True)
class Checked:
    """A sheet with what came of it: facts, or by field what to mend."""

    sheet: Sheet
    facts: MeetingFacts | None = None
    problems: dict[str, DomainError] = field(default_factory=dict)

    def refuse(self, name: str, error: DomainError) -> None:
        """Note what has to be mended in a field; the first word about a field stands."""
        self.problems.setdefault(name, error)

    @property
    def summary(self) -> list[tuple[str, str]]:
        """What has to be mended, as (field, sentence)."""
        return [(name, problem.text) for name, problem in self.problems.items()]


def check_sheet(sheet: Sheet, *, zone: str) -> Checked:
    """Return the facts of a sheet, its times read on the clock of ``zone``, or what has to be mended."""
    checked = Checked(sheet)
    kind, audience = _choose(checked, "kind", MeetingKind), _choose(checked, "audience", Audience)
    cohort_id, programme_id = _read_scope(checked)
    times = _read_times(checked, ZoneInfo(zone))
    for name, most in LENGTHS.items():
        length = len(getattr(sheet, name))
        if length > most:
            checked.refuse(name, errors.TextLengthError(length=length, most=most))
    if sheet.link and not sheet.link.lower().startswith(("https://", "http://")):
        checked.refuse("link", errors.LinkError())
    capacity = None
    if sheet.capacity:
        capacity = _number(sheet.capacity, LARGEST_CAPACITY)
        if not capacity:
            checked.refuse("capacity", errors.CapacityError())
    if checked.problems or kind is None or audience is None:
        return checked
    checked.facts = MeetingFacts(
        kind=kind,
        audience=audience,
        cohort_id=cohort_id,
        programme_id=programme_id,
        title=sheet.title,
        times=times,
        zone=zone,
        place=sheet.place,
        link=sheet.link,
        capacity=capacity,
        description=sheet.description,
        requirement=sheet.requirement,
        topics=sheet.topics[:MOST_ADDRESSES],
        competencies=sheet.competencies[:MOST_ADDRESSES],
    )
    return checked


def sheet_of(meeting: Meeting) -> Sheet:
    """Return the sheet that says a meeting, for the form that changes it."""
    zone = ZoneInfo(meeting.zone)
    start, end = meeting.starts.astimezone(zone), meeting.ends.astimezone(zone)
    scope = "institute"
    if meeting.cohort_id is not None:
        scope = f"cohort-{meeting.cohort_id}"
    elif meeting.programme_id is not None:
        scope = f"programme-{meeting.programme_id}"
    return Sheet(
        kind=meeting.kind,
        audience=meeting.audience,
        scope=scope,
        title=meeting.title,
        days=(start.date().isoformat(),),
        begins=f"{start:%H:%M}",
        ends=f"{end:%H:%M}",
        place=meeting.place,
        link=meeting.link,
        capacity=str(meeting.capacity or ""),
        description=meeting.description,
        requirement=meeting.requirement,
        topics=tuple(meeting.topics),
        competencies=tuple(meeting.competencies),
    )


def usual_sheet(scope: str, *, coaches: bool) -> Sheet:
    """Return the sheet that a new form begins with: an afternoon from 13:30 to 16:00."""
    sheet = Sheet(scope=scope, begins=BEGINS, ends=ENDS)
    if coaches:
        return replace(sheet, kind=MeetingKind.COACH, audience=Audience.COACHES)
    return replace(sheet, kind=MeetingKind.COHORT, audience=Audience.PARTICIPANTS)


def read_day(text: str) -> date | None:
    """Return a day that was typed as year, month and day, or None."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if EARLIEST_YEAR <= day.year <= LATEST_YEAR else None


def _pieces(form: MultiDict[str, str], name: str) -> list[str]:
    return [storable(one[:ADDRESS_LENGTH]).strip() for one in form.getlist(name)[: 2 * MOST_ADDRESSES]]


def _read_times(checked: Checked, zone: ZoneInfo) -> tuple[tuple[datetime, datetime], ...]:
    sheet = checked.sheet
    begins, ends = _time(sheet.begins), _time(sheet.ends)
    for name, found in (("begins", begins), ("ends", ends)):
        if found is None:
            checked.refuse(name, errors.TimeError())
    days = _read_days(checked)
    if begins is None or ends is None or not days:
        return ()
    times: list[tuple[datetime, datetime]] = []
    for day in sorted(days):
        start = _instant(checked, "begins", datetime.combine(day, begins), zone)
        end = _instant(checked, "ends", datetime.combine(day, ends), zone)
        if start is None or end is None:
            continue
        if end <= start:
            checked.refuse("ends", errors.OrderError())
        elif minutes_between(start, end) > LONGEST_MINUTES:
            checked.refuse("ends", errors.TooLongError())
        else:
            times.append((start, end))
    return tuple(times)


def _read_days(checked: Checked) -> Sequence[date]:
    typed = [one for one in checked.sheet.days if one]
    days = [read_day(one) for one in typed]
    if not days or None in days:
        checked.refuse("day", errors.DayError())
        return ()
    if len(set(days)) < len(days):
        checked.refuse("day", errors.DayTwiceError())
        return ()
    return [day for day in days if day is not None]


def _instant(checked: Checked, name: str, wall: datetime, zone: ZoneInfo) -> datetime | None:
    reading = reading_of(wall, zone)
    if reading is Reading.ONCE:
        return instant_of(wall, zone)
    said: dict[str, Any] = {"day": say_day(wall.date()), "time": f"{wall:%H:%M}"}
    skipped = reading is Reading.NEVER
    checked.refuse(name, errors.TimeSkippedError(**said) if skipped else errors.TimeTwiceError(**said))
    return None


def _read_scope(checked: Checked) -> tuple[CohortId | None, ProgrammeId | None]:
    what, _, number = checked.sheet.scope.partition("-")
    found = _number(number, LARGEST_ID)
    if what == "cohort" and found:
        return CohortId(found), None
    if what == "programme" and found:
        return None, ProgrammeId(found)
    if checked.sheet.scope != "institute":
        checked.refuse("scope", errors.ChoiceError())
    return None, None


def _choose(checked: Checked, name: str, kind: type[T]) -> T | None:
    text = getattr(checked.sheet, name)
    if text in list(kind):
        return kind(text)
    checked.refuse(name, errors.ChoiceError())
    return None


def _number(text: str, most: int) -> int | None:
    if not (text.isascii() and text.isdigit() and len(text) <= len(str(most))):
        return None
    return int(text) if int(text) <= most else None


def _time(text: str) -> time | None:
    try:
        found = time.fromisoformat(text)
    except ValueError:
        return None
    return found.replace(second=0, microsecond=0) if found.tzinfo is None else None
