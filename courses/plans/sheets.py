"""What people type into a plan, letter by letter, and what has to be mended in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final, Self

from courses.plans.errors import DayUnreadableError, WordsMissingError, WordsTooLongError
from courses.plans.models import LONGEST_ACTION, LONGEST_GOAL
from institute.errors import DomainError
from institute.web.forms import read_revision, storable

YEARS: Final = range(2000, 2200)
DAY_LENGTH: Final = 10


@dataclass(frozen=True, slots=True)
class GoalSheet:
    """A goal as it was typed. ``revision`` is the one that the form was made from, 0 where it says none."""

    text: str = ""
    revision: int = 0

    @classmethod
    def of(cls, form: Mapping[str, str]) -> Self:
        """Read a form; what it lacks is empty."""
        return cls(line_of(form.get("goal", "")), read_revision(form))

    def problems(self, *, may_be_empty: bool = False) -> dict[str, DomainError]:
        """Return what has to be mended, by field. A goal that is an area needs no words of one's own."""
        if not self.text and may_be_empty:
            return {}
        return _problems_of("goal", self.text, LONGEST_GOAL)


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
        try:
            day = date.fromisoformat(self.due) if len(self.due) == DAY_LENGTH else None
        except ValueError:
            return None
        return day if day is not None and day.year in YEARS else None

    def problems(self) -> dict[str, DomainError]:
        """Return what has to be mended, by field."""
        found = _problems_of("action", self.text, LONGEST_ACTION)
        if self.due and self.day is None:
            found["due"] = DayUnreadableError()
        return found


def line_of(text: str) -> str:
    """Return a typed text as one line."""
    return " ".join(storable(text).split())


def _problems_of(field: str, text: str, most: int) -> dict[str, DomainError]:
    if not text:
        return {field: WordsMissingError()}
    return {field: WordsTooLongError(length=len(text), most=most)} if len(text) > most else {}
