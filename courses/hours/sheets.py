"""The form of a programme's rules: read as it was typed, and turned into a policy or into what has to be mended."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final, Self, TypeVar

from werkzeug.datastructures import MultiDict

from courses.catalogue.durations import say_minutes
from courses.hours import errors
from courses.hours.models import CarryOver, PartialMonth, Rounding
from courses.hours.policies import (
    MOST_CAP_MINUTES,
    MOST_MINUTES,
    Cap,
    Dosage,
    Period,
    Policy,
    Subject,
)
from courses.sessions.models import Kind, Mode
from institute.errors import DomainError
from institute.web.forms import storable

MOST_CAPS: Final = 20
SPARE_CAPS: Final = 2
HOUR: Final = 60
TIME: Final = re.compile(r"(\d{1,5})(?::(\d{1,2}))?")
DOSAGES: Final = ("", "raised_", "intensive_")
NUMBERS: Final = {"late_days": (1, 365), "most_in_group": (2, 500), "recent_months": (1, 120)}
LENGTHS: Final = ("long", "long_day")
TICKS: Final = ("one_to_one_minimum", "split_at_midnight", "planning_counts", "makeup_replaces")
CHOICES: Final = ("rounding", "partial_month", "carry_over")

E = TypeVar("E", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class CapLine:
    """A limit as it was typed."""

    subject: str = ""
    period: str = ""
    minutes: str = ""

    @property
    def blank(self) -> bool:
        """Whether nothing was typed."""
        return not (self.subject or self.minutes)


@dataclass(frozen=True, slots=True)
class PolicySheet:
    """What stands in the form, letter by letter: single fields by name, pairs that count, and lines of limits."""

    fields: dict[str, str]
    counting: frozenset[str]
    caps: tuple[CapLine, ...]

    @classmethod
    def read(cls, form: MultiDict[str, str]) -> Self:
        """Read a form; what it lacks is empty."""
        names = [f"{level}{name}" for level in DOSAGES for name in ("minimum", "target")]
        names += [*NUMBERS, *LENGTHS, *TICKS, *CHOICES]
        columns = [form.getlist(f"cap_{name}")[:MOST_CAPS] for name in ("subject", "period", "minutes")]
        longest = max(map(len, columns))
        filled = [[_clean(one) for one in column] + [""] * (longest - len(column)) for column in columns]
        return cls(
            fields={name: _clean(form.get(name, "")) for name in names},
            counting=frozenset(_clean(one) for one in form.getlist("counting")),
            caps=tuple(CapLine(*line) for line in zip(*filled, strict=True)),
        )

    @classmethod
    def of(cls, policy: Policy) -> Self:
        """Return the form of a policy."""
        fields = {
            "minimum": write_time(policy.minimum),
            "target": write_time(policy.target),
            "long": write_time(policy.long_minutes),
            "long_day": write_time(policy.long_day_minutes),
            **{name: str(getattr(policy, name) or "") for name in NUMBERS},
            **{name: "1" if getattr(policy, name) else "" for name in TICKS},
            **{name: str(getattr(policy, name)) for name in CHOICES},
        }
        for level, own in (("raised", policy.raised), ("intensive", policy.intensive)):
            fields[f"{level}_minimum"] = "" if own is None else write_time(own.minimum)
            fields[f"{level}_target"] = "" if own is None else write_time(own.target)
        return cls(
            fields,
            frozenset(f"{kind}/{mode}" for kind, mode in policy.counting),
            tuple(CapLine(str(cap.subject), cap.period, write_time(cap.minutes)) for cap in policy.caps),
        )

    @property
    def lines(self) -> tuple[CapLine, ...]:
        """The lines of limits to show: those with something in them, and some to fill."""
        kept = [line for line in self.caps if not line.blank]
        return tuple(kept + [CapLine(period=Period.MONTH)] * min(SPARE_CAPS, MOST_CAPS - len(kept)))


@dataclass(slots=True)
class Checked:
    """A sheet with what came of it: a policy, or by field what to mend."""

    sheet: PolicySheet
    policy: Policy | None = None
    problems: dict[str, DomainError] = field(default_factory=dict)

    def error(self, name: str) -> str:
        """Return what has to be mended in a field, empty where nothing has."""
        return self.problems[name].text if name in self.problems else ""

    @property
    def summary(self) -> list[tuple[str, str]]:
        """What has to be mended, as (field, sentence)."""
        return [(name, problem.text) for name, problem in self.problems.items()]


def revision_of(policy: Policy) -> str:
    """Return a word that tells one policy from another, for a form to carry."""
    written = json.dumps(policy.stored(), sort_keys=True, default=str)
    return hashlib.sha256(written.encode()).hexdigest()[:16]


def write_time(minutes: int) -> str:
    """Return minutes as they are typed: 4:30."""
    return f"{minutes // HOUR}:{minutes % HOUR:02}"


def check_rules(sheet: PolicySheet) -> Checked:
    """Return the policy of a sheet, or what has to be mended."""
    checked = Checked(sheet)
    standard = _dosage(checked, "")
    raised, intensive = (_dosage(checked, level) for level in DOSAGES[1:])
    counting = frozenset((kind, mode) for kind in Kind for mode in Mode if f"{kind}/{mode}" in sheet.counting)
    if not counting and standard and standard.target:
        checked.problems.setdefault("counting", errors.NothingCountsError())
    caps = _caps(checked)
    others: dict[str, Any] = {
        **{f"{name}_minutes": _time(checked, name, most=24 * HOUR, least=15) for name in LENGTHS},
        **{name: _number(checked, name, *NUMBERS[name]) for name in NUMBERS},
        **{name: bool(sheet.fields[name]) for name in TICKS},
        "rounding": _choice(Rounding, sheet.fields["rounding"]),
        "partial_month": _choice(PartialMonth, sheet.fields["partial_month"]),
        "carry_over": _choice(CarryOver, sheet.fields["carry_over"]),
    }
    if not checked.problems and standard is not None:
        checked.policy = Policy(
            standard.minimum,
            standard.target,
            counting,
            raised=raised,
            intensive=intensive,
            caps=caps,
            **others,
        )
    return checked


def _dosage(checked: Checked, level: str) -> Dosage | None:
    """Return what is asked at a need level; both fields of a level but the standard one may be empty."""
    names = f"{level}minimum", f"{level}target"
    if level and not any(checked.sheet.fields[name] for name in names):
        return None
    minimum, target = (_time(checked, name, most=MOST_MINUTES) for name in names)
    if minimum is None or target is None:
        return None
    if target < minimum:
        checked.problems[names[1]] = errors.TargetBelowMinimumError(minimum=say_minutes(minimum))
        return None
    return Dosage(minimum, target)


def _caps(checked: Checked) -> tuple[Cap, ...]:
    caps: dict[tuple[Period, Subject], Cap] = {}
    shown = (line for line in checked.sheet.caps if not line.blank)
    for number, line in enumerate(shown):
        place = f"cap-{number}"
        subject, minutes = _subject(line.subject), read_time(line.minutes)
        if (
            subject is None
            or line.period not in list(Period)
            or minutes is None
            or minutes > MOST_CAP_MINUTES
        ):
            checked.problems[place] = errors.CapIncompleteError()
        elif (Period(line.period), subject) in caps:
            checked.problems[place] = errors.CapTwiceError()
        else:
            caps[Period(line.period), subject] = Cap(Period(line.period), subject, minutes)
    return tuple(caps.values())


def _subject(words: str) -> Subject | None:
    try:
        return Subject.read(words)
    except ValueError:
        return None


def _choice(kind: type[E], word: str) -> E:
    """Return what was chosen, the first (which is the usual) where nothing was."""
    return kind(word) if word in list(kind) else next(iter(kind))


def _time(checked: Checked, name: str, *, most: int, least: int = 0) -> int | None:
    minutes = read_time(checked.sheet.fields[name])
    if minutes is None or not least <= minutes <= most:
        checked.problems[name] = errors.LengthError(least=write_time(least), most=write_time(most))
        return None
    return minutes


def read_time(text: str) -> int | None:
    """Return typed hours and minutes ("4:30", "4") as minutes, None where they are none."""
    found = TIME.fullmatch(text)
    if found is None:
        return None
    hours, minutes = int(found[1]), int(found[2] or 0)
    return None if minutes >= HOUR else hours * HOUR + minutes


def _number(checked: Checked, name: str, least: int, most: int) -> int | None:
    text = checked.sheet.fields[name]
    if not text and name == "recent_months":
        return None
    number = int(text) if text.isdecimal() and len(text) <= len(str(most)) else None
    if number is None or not least <= number <= most:
        checked.problems[name] = errors.NumberError(least=least, most=most)
    return number


def _clean(text: str) -> str:
    return storable(text).strip()
