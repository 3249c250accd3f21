"""The sheet of a planned session: read as it was typed, and turned into a plan or into what has to be mended."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Final, Self
from zoneinfo import ZoneInfo

from werkzeug.datastructures import MultiDict

from courses.catalogue.models import SegmentId
from courses.cohorts.models import EnrolmentId
from courses.schedule import errors
from courses.schedule.models import PLACE_LENGTH
from courses.schedule.queries import Planned
from courses.sessions.models import Mode
from courses.sessions.wall_time import Reading, Side, instant_of, reading_of, side_of
from institute.errors import DomainError
from institute.web.forms import storable

EARLIEST_YEAR: Final = 2000
LATEST_YEAR: Final = 2999
MOST_MEMBERS: Final = 50
_DIGITS: Final = 9


@dataclass(frozen=True, slots=True)
class PlanSheet:
    """What stands in the form, letter by letter. ``members`` are ids of enrolments as they came."""

    day: str = ""
    begins: str = ""
    ends: str = ""
    begins_side: str = ""
    ends_side: str = ""
    mode: str = ""
    place: str = ""
    segment: str = ""
    members: tuple[str, ...] = ()
    anyway: str = ""

    @classmethod
    def of(cls, form: MultiDict[str, str]) -> Self:
        """Read a form; what it lacks is empty."""
        names = ("day", "begins", "ends", "begins_side", "ends_side", "mode", "place", "segment", "anyway")
        typed = {name: storable(form.get(name, "")).strip() for name in names}
        return cls(members=tuple(form.getlist("members")[: MOST_MEMBERS + 1]), **typed)

    @classmethod
    def saying(cls, planned: Planned) -> Self:
        """Return the sheet that says what is planned, for a form that begins with it."""
        zone = ZoneInfo(planned.zone)
        starts, ends = planned.starts.astimezone(zone), planned.ends.astimezone(zone)
        return cls(
            day=starts.date().isoformat(),
            begins=f"{starts:%H:%M}",
            ends=f"{ends:%H:%M}",
            begins_side=side_of(planned.starts, zone) or "",
            ends_side=side_of(planned.ends, zone) or "",
            mode=planned.mode,
            place=planned.place,
            segment=str(planned.segment_id or ""),
            members=tuple(str(member.enrolment_id) for member in planned.members),
        )


@dataclass(frozen=True, slots=True)
class PlanFacts:
    """A session that can be planned."""

    starts: datetime
    ends: datetime
    zone: str
    mode: Mode
    place: str
    segment_id: SegmentId | None
    enrolment_ids: tuple[EnrolmentId, ...]

    @property
    def day(self) -> date:
        """The day on which it begins, on its own clock."""
        return self.starts.astimezone(ZoneInfo(self.zone)).date()


@dataclass(slots=True)
class CheckedPlan:
    """A sheet with what came of it: facts, or by field what to mend. ``clashes`` are hints, in whole sentences."""

    sheet: PlanSheet
    facts: PlanFacts | None = None
    problems: dict[str, DomainError] = field(default_factory=dict)
    clashes: tuple[str, ...] = ()

    def refuse(self, name: str, error: DomainError) -> None:
        """Note what has to be mended in a field; the first word about a field stands."""
        self.problems.setdefault(name, error)
        self.facts = None

    @property
    def summary(self) -> list[tuple[str, str]]:
        """What has to be mended, as (field, sentence)."""
        return [(name, problem.text) for name, problem in self.problems.items()]

    @property
    def ready(self) -> bool:
        """Whether it can be planned: nothing to mend, and nothing in the way that was not waved through."""
        return self.facts is not None and (not self.clashes or bool(self.sheet.anyway))


def chosen_members(sheet: PlanSheet) -> tuple[EnrolmentId, ...] | None:
    """Return the enrolments that a sheet names, without doubles; None where one is no number."""
    ids = [_number(text) for text in dict.fromkeys(sheet.members)]
    if None in ids or not ids or len(ids) > MOST_MEMBERS:
        return None
    return tuple(EnrolmentId(one) for one in ids if one is not None)


def read_sheet(sheet: PlanSheet, members: tuple[EnrolmentId, ...], zone: str) -> CheckedPlan:
    """Return the facts of a sheet, read on the clock of ``zone``, or what has to be mended."""
    checked = CheckedPlan(sheet)
    times = _times(checked, ZoneInfo(zone))
    mode = Mode(sheet.mode) if sheet.mode in list(Mode) else None
    if mode is None:
        checked.refuse("mode", errors.PlanChoiceError())
    if len(sheet.place) > PLACE_LENGTH:
        checked.refuse("place", errors.PlanTextError(length=len(sheet.place), most=PLACE_LENGTH))
    segment = _number(sheet.segment) if sheet.segment else None
    if sheet.segment and segment is None:
        checked.refuse("segment", errors.PlanSegmentError())
    if checked.problems or times is None or mode is None:
        return checked
    segment_id = None if segment is None else SegmentId(segment)
    checked.facts = PlanFacts(*times, zone, mode, sheet.place, segment_id, members)
    return checked


def _times(checked: CheckedPlan, zone: ZoneInfo) -> tuple[datetime, datetime] | None:
    sheet = checked.sheet
    day, begins, ends = _day(sheet.day), _time(sheet.begins), _time(sheet.ends)
    if day is None:
        checked.refuse("day", errors.PlanDayError())
    for name, found in {"begins": begins, "ends": ends}.items():
        if found is None:
            checked.refuse(name, errors.PlanTimeError())
    if day is None or begins is None or ends is None:
        return None
    starts = _instant(checked, "begins", datetime.combine(day, begins), zone)
    ended = _instant(checked, "ends", datetime.combine(day, ends), zone)
    if starts is None or ended is None:
        return None
    if ended <= starts:
        checked.refuse("ends", errors.PlanOrderError())
        return None
    return starts, ended


def _instant(checked: CheckedPlan, name: str, wall: datetime, zone: ZoneInfo) -> datetime | None:
    reading = reading_of(wall, zone)
    if reading is Reading.NEVER:
        checked.refuse(name, errors.PlanTimeSkippedError(time=f"{wall:%H:%M}"))
        return None
    if reading is Reading.ONCE:
        return instant_of(wall, zone)
    said: Mapping[str, str] = {"begins": checked.sheet.begins_side, "ends": checked.sheet.ends_side}
    if said[name] not in list(Side):
        checked.refuse(f"{name}_side", errors.PlanTimeTwiceError(time=f"{wall:%H:%M}"))
        return None
    return instant_of(wall, zone, Side(said[name]))


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= _DIGITS else None


def _day(text: str) -> date | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if EARLIEST_YEAR <= day.year <= LATEST_YEAR else None


def _time(text: str) -> time | None:
    try:
        found = time.fromisoformat(text)
    except ValueError:
        return None
    return found.replace(second=0, microsecond=0) if found.tzinfo is None else None
