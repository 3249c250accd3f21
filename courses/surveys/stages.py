"""The stages of instruments that are answered in rounds, and from when to when each is open."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from courses.catalogue.models import Purpose


class Stage(StrEnum):
    """Which round of an instrument it is."""

    INITIAL = "initial"
    INTERIM = "interim"
    FINAL = "final"
    YEAR_1 = "year1"
    YEAR_2 = "year2"


class Timing(StrEnum):
    """How a facilitator sets a window."""

    DAYS = "days"
    DATES = "dates"
    OFF = "off"


class Moment(StrEnum):
    """Where a window stands on a day."""

    COMING = "coming"
    OPEN = "open"
    OVER = "over"


@dataclass(frozen=True, slots=True)
class Days:
    """A window in whole days, both ends in it; day 0 is the day from which it counts."""

    opens: int
    closes: int


@dataclass(frozen=True, slots=True)
class Window:
    """A window on the calendar, both days in it."""

    opens: date
    closes: date

    def on(self, day: date) -> Moment:
        """Return where it stands on a day."""
        if day < self.opens:
            return Moment.COMING
        return Moment.OPEN if day <= self.closes else Moment.OVER


# Looking back begins within 90 days and is repeated at the end of each of two years; the surveys fall between, so that
# nobody answers two of them at once.
USUAL: Final[Mapping[Purpose, Mapping[Stage, Days]]] = {
    Purpose.REFLECTION: {
        Stage.INITIAL: Days(0, 90),
        Stage.INTERIM: Days(335, 395),
        Stage.FINAL: Days(670, 730),
    },
    Purpose.RELATIONSHIP_COACH: {Stage.YEAR_1: Days(150, 210), Stage.YEAR_2: Days(515, 575)},
    Purpose.RELATIONSHIP_PARTICIPANT: {Stage.YEAR_1: Days(150, 210), Stage.YEAR_2: Days(515, 575)},
    Purpose.EVALUATION: {Stage.YEAR_1: Days(270, 330), Stage.YEAR_2: Days(605, 665)},
}


def window_of(days: Days, start: date) -> Window:
    """Return the window on the calendar that counts from ``start``."""
    return Window(start + timedelta(days=days.opens), start + timedelta(days=days.closes))


def counts_from_joining(purpose: Purpose) -> bool:
    """Tell whether days count from a person's own enrolment. Surveys that are read together count from the cohort's."""
    return purpose is Purpose.REFLECTION


def is_read_together(purpose: Purpose) -> bool:
    """Tell whether answers are shown as those of many, so that a round that is over stays as it is."""
    return purpose is not Purpose.REFLECTION
