"""What people type into a plan, letter by letter, and what has to be mended in it."""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, Self

from courses.plans.errors import (
    CompetencyGoneError,
    DayUnreadableError,
    ManyCompetenciesError,
    WordsMissingError,
    WordsTooLongError,
)
from courses.plans.models import LONGEST_ACTION, LONGEST_GOAL, PlanKind
from institute.errors import DomainError
from institute.web.forms import read_revision, storable

YEARS: Final = range(2000, 2200)
DAY_LENGTH: Final = 10
MOST_ELEMENTS: Final = 10
LONGEST_ADDRESS: Final = 200


@dataclass(frozen=True, slots=True)
class GoalSheet:
    """A goal as it was typed. ``revision`` is the one that the form was made from, 0 where it says none."""

    text: str = ""
    revision: int = 0
    due: str = ""
    elements: tuple[str, ...] = ()
    kind: PlanKind = PlanKind.PDP

    @classmethod
    def of(cls, form: Mapping[str, str], elements: Sequence[str] = ()) -> Self:
        """Read a form and the competencies that it ticks; what it lacks is empty."""
        plan = form.get("plan", "")
        return cls(
            line_of(form.get("goal", "")),
            read_revision(form),
            line_of(form.get("due", "")),
            tuple(dict.fromkeys(line_of(one)[:LONGEST_ADDRESS] for one in elements)),
            PlanKind(plan) if plan in set(PlanKind) else PlanKind.PDP,
        )

    @property
    def day(self) -> date | None:
        """The day that was typed, or None where it is none."""
        return read_day(self.due)

    def problems(self, offered: Container[str] = (), *, may_be_empty: bool = False) -> dict[str, DomainError]:
        """Return what has to be mended, by field. A goal that is an area needs no words of one's own."""
        found = {} if not self.text and may_be_empty else _problems_of("goal", self.text, LONGEST_GOAL)
        if self.due and self.day is None:
            found["goal_due"] = DayUnreadableError()
        gone = next((one for one in self.elements if one not in offered), None)
        if gone is not None:
            found["elements"] = CompetencyGoneError(name=gone)
        elif len(self.elements) > MOST_ELEMENTS:
            found["elements"] = ManyCompetenciesError(most=MOST_ELEMENTS)
        return found


@dataclass(frozen=True, slots=True)
class ActionSheet:
    """An action as it was typed."""

    text: str = ""
    due: str = ""
    revision: int = 0

    @classmethod
    def of(cls, form: Mapping[str, str]) -> Self:
        """Read a form; what it lacks is empty."""
        return cls(line_of(form.get("action", "")), line_of(form.get("due", "")), read_revision(form))

    @property
    def day(self) -> date | None:
        """The day that was typed, or None where it is none."""
        return read_day(self.due)

    def problems(self) -> dict[str, DomainError]:
        """Return what has to be mended, by field."""
        found = _problems_of("action", self.text, LONGEST_ACTION)
        if self.due and self.day is None:
            found["due"] = DayUnreadableError()
        return found


def read_day(text: str) -> date | None:
    """Return the day that a text names (YYYY-MM-DD), or None."""
    try:
        day = date.fromisoformat(text) if len(text) == DAY_LENGTH else None
    except ValueError:
        return None
    return day if day is not None and day.year in YEARS else None


def line_of(text: str) -> str:
    """Return a typed text as one line."""
    return " ".join(storable(text).split())


def _problems_of(field: str, text: str, most: int) -> dict[str, DomainError]:
    if not text:
        return {field: WordsMissingError()}
    return {field: WordsTooLongError(length=len(text), most=most)} if len(text) > most else {}
