"""Hours as figures: whole minutes, never rounded; a page turns them into words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import NamedTuple


class MonthStatus(StrEnum):
    """How a month stands: a month that is not over and in which nothing was logged has not started."""

    NOT_STARTED = "not_started"
    BELOW = "below"
    MET = "met"
    TARGET = "target"


class MonthFigure(NamedTuple):
    """One month. ``counted`` is confirmed and of a kind that counts, ``waiting`` would count once it is confirmed."""

    year: int
    month: int
    logged: int
    waiting: int
    counted: int
    minimum: int
    target: int
    status: MonthStatus

    @property
    def first_day(self) -> date:
        """The first day of the month."""
        return date(self.year, self.month, 1)

    @property
    def missing(self) -> int:
        """The minutes that the minimum lacks."""
        return max(0, self.minimum - self.counted)

    @property
    def expected(self) -> int:
        """The minutes that count once everything that waits is confirmed."""
        return self.counted + self.waiting


@dataclass(frozen=True, slots=True)
class HoursFigures:
    """All of an enrolment's hours. ``disputed`` is a number of logs; ``minimum`` and ``target`` are of one month.

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
