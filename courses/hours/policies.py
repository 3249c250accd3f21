"""What a programme asks for each month, and which sessions count towards it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Any, Final, NamedTuple, Self

from sqlalchemy import select

from courses.catalogue.models import ProgrammeId
from courses.cohorts.models import NeedLevel
from courses.hours.models import CarryOver, CoachingPolicy, PartialMonth, Rounding
from courses.sessions.models import Kind, Mode
from institute.db import db

MOST_MINUTES: Final = 744 * 60  # no month has more
MOST_CAP_MINUTES: Final = 10_000 * 60


class Period(StrEnum):
    """Over what a limit is counted; limits hold in this order."""

    SESSION = "session"
    MONTH = "month"
    TOTAL = "total"


class Dosage(NamedTuple):
    """Minutes asked for each month."""

    minimum: int
    target: int


class Subject(NamedTuple):
    """What a limit is about: sessions of a kind, held in a way, both, or all where neither is named."""

    kind: Kind | None = None
    mode: Mode | None = None

    @classmethod
    def read(cls, words: str) -> Self:
        """Return the subject that ``str`` wrote. Raises ValueError."""
        what, _, which = words.partition("/")
        if what == "all" and not which:
            return cls()
        if what == "kind":
            return cls(kind=Kind(which))
        if what == "mode":
            return cls(mode=Mode(which))
        raise ValueError(f"no subject: {words}")

    def __str__(self) -> str:
        """Return the subject as it is stored."""
        if self.kind is not None:
            return f"kind/{self.kind}"
        return "all" if self.mode is None else f"mode/{self.mode}"

    def covers(self, kind: Kind, mode: Mode) -> bool:
        """Tell whether a session is of the subject."""
        return self.kind in {None, kind} and self.mode in {None, mode}


class Cap(NamedTuple):
    """The most minutes that count of a subject in each session or month, or in all."""

    period: Period
    subject: Subject
    minutes: int


@dataclass(frozen=True, slots=True)
class Policy:
    """Minutes for each month, the pairs of kind and mode that count, and what limits them.

    Sessions of other pairs are logged and shown, and add nothing to the hours. With ``one_to_one_minimum`` only
    one-to-one sessions fill the month's minimum and target, where such sessions count at all. ``raised`` and
    ``intensive`` are asked of people of that need; where there is none, ``minimum`` and ``target`` are.
    """

    minimum: int = 270
    target: int = 360
    counting: frozenset[tuple[Kind, Mode]] = frozenset(
        {(Kind.ONE_TO_ONE, Mode.IN_PERSON), (Kind.ONE_TO_ONE, Mode.VIDEO)}
    )
    raised: Dosage | None = None
    intensive: Dosage | None = None
    caps: tuple[Cap, ...] = ()
    one_to_one_minimum: bool = True
    rounding: Rounding = Rounding.NONE
    partial_month: PartialMonth = PartialMonth.FULL
    carry_over: CarryOver = CarryOver.NONE
    split_at_midnight: bool = False
    late_days: int = 30
    long_minutes: int = 240
    long_day_minutes: int = 480
    most_in_group: int = 15
    recent_months: int | None = None
    planning_counts: bool = False
    makeup_replaces: bool = True

    def __post_init__(self) -> None:
        for asked in (Dosage(self.minimum, self.target), self.raised, self.intensive):
            if asked is not None and not 0 <= asked.minimum <= asked.target:
                raise ValueError(f"a minimum of {asked.minimum} with a target of {asked.target} minutes")
        if len({(cap.period, cap.subject) for cap in self.caps}) < len(self.caps):
            raise ValueError("two limits of one subject and period")
        if any(cap.minutes < 0 for cap in self.caps):
            raise ValueError("a limit below nothing")

    def counts(self, kind: Kind, mode: Mode) -> bool:
        """Tell whether a session of this kind, held in this way, counts."""
        return (kind, mode) in self.counting

    def fills(self, kind: Kind) -> bool:
        """Tell whether what counts of a kind fills the month's minimum."""
        return kind is Kind.ONE_TO_ONE or not self.asks_one_to_one

    @property
    def asks_one_to_one(self) -> bool:
        """Whether the month's minimum is one of one-to-one coaching."""
        return self.one_to_one_minimum and any(kind is Kind.ONE_TO_ONE for kind, _ in self.counting)

    def asked(self, need: NeedLevel) -> Dosage:
        """Return what is asked for a whole month of somebody with a need."""
        own = {NeedLevel.RAISED: self.raised, NeedLevel.INTENSIVE: self.intensive}.get(need)
        return own or Dosage(self.minimum, self.target)

    def stored(self) -> dict[str, Any]:
        """Return the policy as the columns of its row."""
        raised, intensive = self.raised or (None, None), self.intensive or (None, None)
        return {
            "minimum_minutes": self.minimum,
            "target_minutes": self.target,
            "counting": " ".join(sorted(f"{kind}/{mode}" for kind, mode in self.counting)),
            "raised_minimum": raised[0],
            "raised_target": raised[1],
            "intensive_minimum": intensive[0],
            "intensive_target": intensive[1],
            "caps": " ".join(sorted(f"{cap.period}:{cap.subject}:{cap.minutes}" for cap in self.caps)),
            **{name: getattr(self, name) for name in PLAIN},
        }


PLAIN: Final = (
    "one_to_one_minimum",
    "rounding",
    "partial_month",
    "carry_over",
    "split_at_midnight",
    "late_days",
    "long_minutes",
    "long_day_minutes",
    "most_in_group",
    "recent_months",
    "planning_counts",
    "makeup_replaces",
)
# What ``read_policy`` takes, in its order.
COLUMNS: Final[tuple[Any, ...]] = tuple(
    getattr(CoachingPolicy, name)
    for name in (
        *("minimum_minutes", "target_minutes", "counting", "raised_minimum", "raised_target"),
        *("intensive_minimum", "intensive_target", "caps", *PLAIN),
    )
)
DEFAULT: Final = Policy()


def policy_of(programme_id: ProgrammeId) -> Policy:
    """Return what a programme asks for: the usual, unless it says otherwise."""
    row = db.session.execute(select(*COLUMNS).where(CoachingPolicy.programme_id == programme_id)).first()
    return DEFAULT if row is None else read_policy(*row)


@lru_cache(maxsize=256)
def read_policy(  # noqa: PLR0917  (a row, value by value)
    minimum: int | None,
    target: int | None,
    counting: str | None,
    raised_minimum: int | None = None,
    raised_target: int | None = None,
    intensive_minimum: int | None = None,
    intensive_target: int | None = None,
    caps: str | None = "",
    *plain: Any,
) -> Policy:
    """Return a stored policy as a value; the usual one where nothing is stored. ``plain`` are those of ``PLAIN``."""
    if minimum is None or target is None or counting is None:
        return DEFAULT
    pairs = (pair.split("/") for pair in counting.split())
    return Policy(
        minimum=minimum,
        target=target,
        counting=frozenset((Kind(kind), Mode(mode)) for kind, mode in pairs),
        raised=_dosage(raised_minimum, raised_target),
        intensive=_dosage(intensive_minimum, intensive_target),
        caps=tuple(read_cap(words) for words in (caps or "").split()),
        **dict(zip(PLAIN, plain, strict=False)),
    )


def _dosage(minimum: int | None, target: int | None) -> Dosage | None:
    return None if minimum is None or target is None else Dosage(minimum, target)


def read_cap(words: str) -> Cap:
    """Return a limit from its words, such as "month:mode/asynchronous:30". Raises ValueError."""
    period, subject, minutes = words.split(":")
    if not (minutes.isascii() and minutes.isdigit() and len(minutes) <= len(str(MOST_CAP_MINUTES))):
        raise ValueError(f"no minutes: {minutes}")
    return Cap(Period(period), Subject.read(subject), int(minutes))
