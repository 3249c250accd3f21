"""The sheet that a coach fills in: read as it was typed, and turned into facts or into what has to be mended."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from datetime import date, datetime, time, timedelta
from typing import Any, Final, Self, TypeVar
from zoneinfo import ZoneInfo

from courses.catalogue.durations import say_minutes
from courses.catalogue.models import SegmentId
from courses.coaching import errors
from courses.coaching.models import NOTES_LENGTH, REASON_LENGTH, STEPS_LENGTH, Kind, Mode
from courses.coaching.wall_time import (
    Offer,
    Reading,
    Side,
    instant_of,
    likely_end,
    minutes_between,
    reading_of,
    side_of,
)
from institute.errors import DomainError
from institute.web.forms import storable

DAY: Final = timedelta(days=1)
DAY_MINUTES: Final = 1440
EARLIEST_YEAR: Final = 2000
LATEST_YEAR: Final = 2999
USUAL_MINUTES: Final = 60

K = TypeVar("K", Kind, Mode, Side)


@dataclass(frozen=True, slots=True)
class Sheet:
    """What stands in the form, letter by letter. ``begins_side`` and ``ends_side`` say which of two equal times."""

    day: str = ""
    begins: str = ""
    ends: str = ""
    next_day: str = ""
    begins_side: str = ""
    ends_side: str = ""
    pause: str = ""
    mode: str = ""
    kind: str = ""
    segment: str = ""
    notes: str = ""
    next_steps: str = ""
    long_reason: str = ""

    @classmethod
    def of(cls, form: Mapping[str, str]) -> Self:
        """Read a form; what it lacks is empty."""
        return cls(**{name.name: clean(form.get(name.name, "")) for name in fields(cls)})


@dataclass(frozen=True, slots=True)
class Wish:
    """What a coach pressed: send the sheet, keep it as a draft, or only look what it would change."""

    sheet: Sheet
    send: bool
    only_look: bool


def read_wish(form: Mapping[str, str]) -> Wish:
    """Read a form with the button that sent it; a likelier end that was taken stands in the sheet."""
    sheet = Sheet.of(form)
    taken = clean(form.get("take_end", ""))
    wish = form.get("wish", "")
    if taken:
        # An end is offered only after the start: one that reads earlier is that of the next day.
        begins, ends = _time(sheet.begins), _time(taken)
        over_midnight = begins is not None and ends is not None and ends <= begins
        mended = replace(sheet, ends=taken, next_day="1" if over_midnight else "")
        return Wish(mended, send=False, only_look=True)
    return Wish(sheet, send=wish == "send", only_look=wish not in {"send", "draft"})


@dataclass(frozen=True, slots=True)
class SessionFacts:
    """A session as it can be stored. ``zone`` is an IANA name; the minutes leave the break out."""

    start: datetime
    end: datetime
    zone: str
    day: date
    pause: int
    minutes: int
    mode: Mode
    kind: Kind
    segment_id: SegmentId | None
    notes: str
    next_steps: str
    long_reason: str

    def recorded(self) -> dict[str, Any]:
        """Return the facts as a revision keeps them."""
        found = asdict(self)
        found |= {name: found[name].isoformat() for name in ("start", "end", "day")}
        return found


@dataclass(slots=True)
class Checked:
    """A sheet with what came of it: facts, or by field what to mend; ``offer`` is a likelier end."""

    sheet: Sheet
    facts: SessionFacts | None = None
    problems: dict[str, DomainError] = field(default_factory=dict)
    offer: Offer | None = None

    def refuse(self, name: str, error: DomainError) -> None:
        """Note what has to be mended in a field; the first word about a field stands."""
        self.problems.setdefault(name, error)


def clean(text: str) -> str:
    """Return a typed text with plain line ends and without characters that nobody types on purpose."""
    return storable(text).strip()


def check_sheet(sheet: Sheet, *, zone: str, usual: int = USUAL_MINUTES, sending: bool = True) -> Checked:
    """Return the facts of a sheet, read on the clock of ``zone``, or what has to be mended; ``usual`` in minutes.

    Sending asks for the next steps, a draft does not. Nothing here depends on what else was logged or on the time.
    """
    checked = Checked(sheet)
    times = _read_times(checked, ZoneInfo(zone), usual)
    pause = _read_pause(checked)
    mode, kind = _choose(checked, "mode", Mode), _choose(checked, "kind", Kind)
    lengths = {"notes": NOTES_LENGTH, "next_steps": STEPS_LENGTH, "long_reason": REASON_LENGTH}
    for name, most in lengths.items():
        length = len(getattr(sheet, name))
        if length > most:
            checked.refuse(name, errors.TextTooLongError(length=length, most=most))
    if sending and not sheet.next_steps:
        checked.refuse("next_steps", errors.NextStepsMissingError())
    segment = _number(sheet.segment, 9) if sheet.segment else None
    if sheet.segment and segment is None:
        checked.refuse("segment", errors.SegmentUnknownError())
    if times is not None and pause is not None:
        minutes = minutes_between(*times) - pause
        if minutes < 1:
            checked.refuse("pause", errors.BreakError())
    if checked.problems or times is None or pause is None or mode is None or kind is None:
        return checked
    start, end = times
    checked.facts = SessionFacts(
        start=start,
        end=end,
        zone=zone,
        day=start.astimezone(ZoneInfo(zone)).date(),
        pause=pause,
        minutes=minutes_between(start, end) - pause,
        mode=mode,
        kind=kind,
        segment_id=None if segment is None else SegmentId(segment),
        notes=sheet.notes,
        next_steps=sheet.next_steps,
        long_reason=sheet.long_reason,
    )
    return checked


def sheet_of(facts: SessionFacts) -> Sheet:
    """Return the sheet that says these facts, for a form that begins with them."""
    zone = ZoneInfo(facts.zone)
    start, end = facts.start.astimezone(zone), facts.end.astimezone(zone)
    sides = [side_of(instant, zone) for instant in (facts.start, facts.end)]
    return Sheet(
        day=start.date().isoformat(),
        begins=f"{start:%H:%M}",
        ends=f"{end:%H:%M}",
        next_day="1" if end.date() > start.date() else "",
        begins_side=sides[0] or "",
        ends_side=sides[1] or "",
        pause=str(facts.pause) if facts.pause else "",
        mode=facts.mode,
        kind=facts.kind,
        segment=str(facts.segment_id or ""),
        notes=facts.notes,
        next_steps=facts.next_steps,
        long_reason=facts.long_reason,
    )


def _read_times(checked: Checked, zone: ZoneInfo, usual: int) -> tuple[datetime, datetime] | None:
    sheet = checked.sheet
    day, begins, ends = _day(sheet.day), _time(sheet.begins), _time(sheet.ends)
    if day is None:
        checked.refuse("day", errors.DayMissingError())
    if begins is None:
        checked.refuse("begins", errors.TimeMissingError())
    if ends is None:
        checked.refuse("ends", errors.TimeMissingError())
    if day is None or begins is None or ends is None:
        return None
    last = day + DAY if sheet.next_day else day
    start = _instant(checked, "begins", datetime.combine(day, begins), zone)
    end = _instant(checked, "ends", datetime.combine(last, ends), zone)
    if start is None or end is None:
        return None
    if end <= start:
        checked.offer = likely_end(day, begins, ends, usual)
        said = {"time": f"{checked.offer.at:%H:%M}", "length": say_minutes(checked.offer.minutes)}
        checked.refuse("ends", errors.EndFirstError(**said))
        return None
    if minutes_between(start, end) > DAY_MINUTES:
        checked.refuse("ends", errors.SessionTooLongError())
        return None
    return start, end


def _instant(checked: Checked, name: str, wall: datetime, zone: ZoneInfo) -> datetime | None:
    reading = reading_of(wall, zone)
    if reading is Reading.NEVER:
        checked.refuse(name, errors.TimeSkippedError(time=f"{wall:%H:%M}"))
        return None
    if reading is Reading.ONCE:
        return instant_of(wall, zone)
    side = _member(Side, getattr(checked.sheet, f"{name}_side"))
    if side is None:
        checked.refuse(f"{name}_side", errors.TimeTwiceError(time=f"{wall:%H:%M}"))
        return None
    return instant_of(wall, zone, side)


def _read_pause(checked: Checked) -> int | None:
    if not checked.sheet.pause:
        return 0
    minutes = _number(checked.sheet.pause, 4)
    if minutes is None or minutes >= DAY_MINUTES:
        checked.refuse("pause", errors.BreakError())
        return None
    return minutes


def _choose(checked: Checked, name: str, kind: type[K]) -> K | None:
    found = _member(kind, getattr(checked.sheet, name))
    if found is None:
        checked.refuse(name, errors.ChoiceMissingError())
    return found


def _member(kind: type[K], text: str) -> K | None:
    return kind(text) if text in list(kind) else None


def _number(text: str, digits: int) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= digits else None


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
