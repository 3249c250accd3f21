"""The sheet that a coach fills in: read as it was typed, and turned into facts or into what has to be mended."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from datetime import date, datetime
from typing import Any, Final, Self, TypeVar
from zoneinfo import ZoneInfo

from courses.catalogue.models import SegmentId
from courses.coaching import errors
from courses.coaching.reading import (
    DAY_MINUTES,
    TimesRead,
    clean,
    day_in,
    member_of,
    number_in,
    time_in,
    values_of,
)
from courses.sessions.models import (
    GOALS_LENGTH,
    NOTES_LENGTH,
    REASON_LENGTH,
    STEPS_LENGTH,
    AgreedActionId,
    Kind,
    Mode,
)
from courses.sessions.wall_time import Offer, minutes_between, side_of
from institute.errors import DomainError

USUAL_MINUTES: Final = 60
MOST_PRACTICES: Final = 12
MOST_TICKS: Final = 200
TERM_LENGTH: Final = 160
ID_DIGITS: Final = 9
LENGTHS: Final = {
    "notes": NOTES_LENGTH,
    "goals": GOALS_LENGTH,
    "next_steps": STEPS_LENGTH,
    "own_steps": STEPS_LENGTH,
    "long_reason": REASON_LENGTH,
}
# Boxes and a text together say these: each ticked box is a line of it.
LINES: Final = frozenset({"notes", "goals"})
WORDS: Final = frozenset({"practices", "done"})
# A contact is a word between two sessions: it need not agree on anything.
WITHOUT_STEPS: Final = frozenset({Kind.CONTACT})

K = TypeVar("K", Kind, Mode)


@dataclass(frozen=True, slots=True)
class Sheet:
    """What stands in the form, letter by letter. ``begins_side`` and ``ends_side`` say which of two equal times.

    ``practices`` are addresses of tags and ``done`` ids of agreed actions, with spaces between; ``goals`` are lines.
    ``attended`` are the minutes of a group session that this participant was there, empty for all.
    """

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
    own_steps: str = ""
    due: str = ""
    goals: str = ""
    practices: str = ""
    funding: str = ""
    done: str = ""
    attended: str = ""

    @classmethod
    def of(cls, form: Mapping[str, str]) -> Self:
        """Read a form; what it lacks is empty."""
        return cls(**{name.name: _typed(form, name.name) for name in fields(cls)})

    def besides(self, name: str, offered: list[str]) -> str:
        """Return what ``notes`` or ``goals`` say beside the lines that the form offers as boxes."""
        return "\n".join(line for line in getattr(self, name).splitlines() if line not in offered).strip()


@dataclass(frozen=True, slots=True)
class Wish:
    """What a coach pressed: send the sheet, keep it as a draft, or only look what it would change.

    ``planned_id`` names the planned session that the form was opened from.
    """

    sheet: Sheet
    send: bool
    only_look: bool
    planned_id: int | None = None


def read_wish(form: Mapping[str, str]) -> Wish:
    """Read a form with the button that sent it; a likelier end that was taken stands in the sheet."""
    sheet = Sheet.of(form)
    taken = clean(form.get("take_end", ""))
    wish = form.get("wish", "")
    planned_id = read_planned(form)
    if taken:
        # An end is offered only after the start: one that reads earlier is that of the next day.
        begins, ends = time_in(sheet.begins), time_in(taken)
        over_midnight = begins is not None and ends is not None and ends <= begins
        mended = replace(sheet, ends=taken, next_day="1" if over_midnight else "")
        return Wish(mended, send=False, only_look=True, planned_id=planned_id)
    only_look = wish not in {"send", "draft"}
    return Wish(sheet, send=wish == "send", only_look=only_look, planned_id=planned_id)


def read_planned(form: Mapping[str, str]) -> int | None:
    """Return the id of the planned session that a form or an address names."""
    return number_in(clean(form.get("planned", "")), ID_DIGITS)


@dataclass(frozen=True, slots=True)
class SessionFacts:
    """A session as it can be stored. ``zone`` is an IANA name; the minutes leave the break out.

    Of a group session the minutes are those that this participant attended.
    """

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
    own_steps: str = ""
    due: date | None = None
    goals: str = ""
    practices: tuple[str, ...] = ()
    funding: str = ""
    done: tuple[AgreedActionId, ...] = ()

    @property
    def length(self) -> int:
        """The minutes from start to end without the break, whoever attended them."""
        return minutes_between(self.start, self.end) - self.pause

    def recorded(self) -> dict[str, Any]:
        """Return the facts as a revision or an amendment keeps them."""
        found = asdict(self)
        found |= {name: found[name].isoformat() for name in ("start", "end", "day")}
        found |= {"due": self.due and self.due.isoformat()}
        return found | {"practices": list(self.practices), "done": list(self.done)}

    @classmethod
    def read(cls, recorded: Mapping[str, Any]) -> Self:
        """Return recorded facts, those of a time that knew fewer of them too."""
        known = {one.name: recorded[one.name] for one in fields(cls) if one.name in recorded}
        known |= {name: datetime.fromisoformat(known[name]) for name in ("start", "end")}
        known |= {"day": date.fromisoformat(known["day"])}
        known |= {"mode": Mode(known["mode"]), "kind": Kind(known["kind"])}
        due = known.get("due")
        known |= {"due": date.fromisoformat(due) if due else None}
        return cls(**known | {name: tuple(known.get(name, ())) for name in ("practices", "done")})


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


def check_sheet(sheet: Sheet, *, zone: str, usual: int = USUAL_MINUTES, sending: bool = True) -> Checked:
    """Return the facts of a sheet, read on the clock of ``zone``, or what has to be mended; ``usual`` in minutes.

    Sending asks for the next steps, a draft does not. Nothing here depends on what else was logged or on the time.
    """
    times = TimesRead(asdict(sheet), ZoneInfo(zone), usual)
    checked = Checked(sheet, None, dict(times.problems), times.offer)
    pause = _read_pause(checked)
    mode, kind = _choose(checked, "mode", Mode), _choose(checked, "kind", Kind)
    for name, most in LENGTHS.items():
        length = len(getattr(sheet, name))
        if length > most:
            checked.refuse(name, errors.TextTooLongError(length=length, most=most))
    if sending and not (sheet.next_steps or sheet.own_steps or kind in WITHOUT_STEPS):
        checked.refuse("next_steps", errors.NextStepsMissingError())
    segment = number_in(sheet.segment, ID_DIGITS) if sheet.segment else None
    if sheet.segment and segment is None:
        checked.refuse("segment", errors.SegmentUnknownError())
    practices, funding = _read_terms(checked)
    whole = None if times.span is None or pause is None else minutes_between(*times.span) - pause
    if whole is not None and whole < 1:
        checked.refuse("pause", errors.BreakError())
    attended = _read_attended(checked, whole) if kind is Kind.GROUP else whole
    due = _read_due(checked)
    if checked.problems or times.span is None or pause is None or mode is None or kind is None:
        return checked
    start, end = times.span
    checked.facts = SessionFacts(
        start=start,
        end=end,
        zone=zone,
        day=start.astimezone(ZoneInfo(zone)).date(),
        pause=pause,
        minutes=attended or 0,
        mode=mode,
        kind=kind,
        segment_id=None if segment is None else SegmentId(segment),
        notes=sheet.notes,
        next_steps=sheet.next_steps,
        long_reason=sheet.long_reason,
        own_steps=sheet.own_steps,
        due=due,
        goals=sheet.goals,
        practices=practices,
        funding=funding,
        done=_read_ticks(sheet),
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
        own_steps=facts.own_steps,
        due=facts.due.isoformat() if facts.due else "",
        goals=facts.goals,
        practices=" ".join(facts.practices),
        funding=facts.funding,
        done=" ".join(map(str, facts.done)),
        attended="" if facts.minutes == facts.length else str(facts.minutes),
    )


def _typed(form: Mapping[str, str], name: str) -> str:
    if name in LINES:
        return "\n".join(values_of(form, name))
    if name in WORDS:
        return " ".join(word for value in values_of(form, name) for word in value.split())
    return clean(form.get(name, ""))


def _read_pause(checked: Checked) -> int | None:
    if not checked.sheet.pause:
        return 0
    minutes = number_in(checked.sheet.pause, 4)
    if minutes is None or minutes >= DAY_MINUTES:
        checked.refuse("pause", errors.BreakError())
        return None
    return minutes


def _read_attended(checked: Checked, whole: int | None) -> int | None:
    if not checked.sheet.attended:
        return whole
    minutes = number_in(checked.sheet.attended, 4)
    if minutes is None or minutes < 1 or (whole is not None and minutes > max(whole, 1)):
        checked.refuse("attended", errors.AttendedError(most=whole or DAY_MINUTES))
    return minutes


def _read_terms(checked: Checked) -> tuple[tuple[str, ...], str]:
    practices = tuple(dict.fromkeys(checked.sheet.practices.split()))
    if len(practices) > MOST_PRACTICES:
        checked.refuse("practices", errors.PracticesError(most=MOST_PRACTICES))
    for name, terms in (("practices", practices), ("funding", (checked.sheet.funding,))):
        if any(len(term) > TERM_LENGTH for term in terms):
            checked.refuse(name, errors.TermUnknownError())
    return practices, checked.sheet.funding


def _read_due(checked: Checked) -> date | None:
    due, day = day_in(checked.sheet.due), day_in(checked.sheet.day)
    if checked.sheet.due and (due is None or (day is not None and due < day)):
        checked.refuse("due", errors.DueError())
    return due


def _read_ticks(sheet: Sheet) -> tuple[AgreedActionId, ...]:
    ids = (number_in(word, ID_DIGITS) for word in sheet.done.split()[:MOST_TICKS])
    return tuple(dict.fromkeys(AgreedActionId(one) for one in ids if one is not None))


def _choose(checked: Checked, name: str, kind: type[K]) -> K | None:
    found = member_of(kind, getattr(checked.sheet, name))
    if found is None:
        checked.refuse(name, errors.ChoiceMissingError())
    return found
