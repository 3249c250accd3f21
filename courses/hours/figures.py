"""Hours as figures: whole minutes; a page turns them into words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from courses.hours.policies import Cap


class MonthStatus(StrEnum):
    """How a month stands: a month that is not over and in which nothing was logged has not started."""

    NOT_STARTED = "not_started"
    BELOW = "below"
    MET = "met"
    TARGET = "target"
    EXCUSED = "excused"


class Why(StrEnum):
    """Why minutes that were logged do not count. The words are stable; ``courses.hours.wording`` says them."""

    NOT_SENT = "not-sent"
    TAKEN_BACK = "taken-back"
    WAITING = "waiting"
    DISPUTED = "disputed"
    KIND = "kind-does-not-count"
    LIMIT = "limit-reached"
    ROUNDED = "rounded"


class Reason(NamedTuple):
    """Some minutes and why they do not count; the limit that they exceed, where one session is told about."""

    why: Why
    minutes: int
    cap: Cap | None = None


class MonthSum(NamedTuple):
    """The minutes of a month as the policy counts them; ``disputed_logs`` is a number of logs.

    ``one_to_one`` and ``filling`` (which fills the minimum) are parts of ``counted``, ``filling_waiting`` of
    ``waiting``.
    Without rounding, ``counted``, ``waiting``, ``uncounted``, ``capped`` and ``disputed`` make up ``logged``.
    """

    logged: int = 0
    waiting: int = 0
    counted: int = 0
    one_to_one: int = 0
    filling: int = 0
    filling_waiting: int = 0
    uncounted: int = 0
    capped: int = 0
    disputed: int = 0
    disputed_logs: int = 0

    @property
    def reasons(self) -> tuple[Reason, ...]:
        """Why minutes of the month do not count."""
        rounded = self.logged - self.counted - self.waiting - self.uncounted - self.capped - self.disputed
        found = (
            Reason(Why.WAITING, self.waiting),
            Reason(Why.DISPUTED, self.disputed),
            Reason(Why.KIND, self.uncounted),
            Reason(Why.LIMIT, self.capped),
            Reason(Why.ROUNDED, rounded),
        )
        return tuple(reason for reason in found if reason.minutes > 0)


NOTHING = MonthSum()


class MonthFigure(NamedTuple):
    """One month. ``counted`` is confirmed and counts, ``waiting`` would count once it is confirmed.

    ``minimum`` and ``target`` are what is asked of this month, for the need level in force; of an excused month
    nothing is. ``carried`` came from the month before.
    """

    year: int
    month: int
    logged: int
    waiting: int
    counted: int
    minimum: int
    target: int
    status: MonthStatus
    sums: MonthSum = NOTHING
    carried: int = 0

    @property
    def first_day(self) -> date:
        """The first day of the month."""
        return date(self.year, self.month, 1)

    @property
    def filled(self) -> int:
        """The minutes that fill the minimum and the target."""
        return self.sums.filling + self.carried

    @property
    def missing(self) -> int:
        """The minutes that the minimum lacks."""
        return max(0, self.minimum - self.filled)

    @property
    def expected(self) -> int:
        """The minutes that fill the minimum once everything that waits is confirmed."""
        return self.filled + self.sums.filling_waiting

    @property
    def beyond(self) -> int:
        """The minutes beyond the target: shown, never cut."""
        return max(0, self.filled - self.target) if self.target else 0

    @property
    def excused(self) -> bool:
        """Whether nothing is asked of the month."""
        return self.status is MonthStatus.EXCUSED

    @property
    def reasons(self) -> tuple[Reason, ...]:
        """Why minutes of the month do not count."""
        return self.sums.reasons


@dataclass(frozen=True, slots=True)
class HoursFigures:
    """All of an enrolment's hours. ``disputed`` is a number of logs.

    ``minimum`` and ``target`` are of a whole month, for the need level of today.
    ``months`` runs without a gap from the first month to the present one. Of ``counted``, ``one_to_one`` was spent
    one-to-one. Always ``counted + waiting <= logged``.
    """

    logged: int
    waiting: int
    counted: int
    one_to_one: int
    disputed: int
    months: tuple[MonthFigure, ...]
    minimum: int
    target: int

    @property
    def present(self) -> MonthFigure:
        """The latest month."""
        return self.months[-1]

    @property
    def reasons(self) -> tuple[Reason, ...]:
        """Why minutes do not count, over all months."""
        return added_up(reason for month in self.months for reason in month.reasons)


def added_up(reasons: Iterable[Reason]) -> tuple[Reason, ...]:
    """Return one reason for each why and limit, with all of their minutes, in the order of ``Why``."""
    sums: dict[tuple[Why, Cap | None], int] = {}
    for why, minutes, cap in reasons:
        sums[why, cap] = sums.get((why, cap), 0) + minutes
    order = list(Why)
    ordered = sorted(sums.items(), key=lambda one: order.index(one[0][0]))
    return tuple(Reason(why, minutes, cap) for (why, cap), minutes in ordered)
