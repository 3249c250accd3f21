"""What is true of a participant on a day, as far as a level's rules ask. Plain values: no database, no clock."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any


@dataclass(frozen=True, slots=True)
class MonthFact:
    """A month of coaching, in whole minutes; ``kept`` where the minimum was reached."""

    year: int
    month: int
    counted: int
    minimum: int
    kept: bool


@dataclass(frozen=True, slots=True)
class StepsFact:
    """How many of a module's steps are done."""

    done: int
    total: int


@dataclass(frozen=True, slots=True)
class RequirementFact:
    """Where the latest attempt at a requirement stands; ``passed`` once it is accepted."""

    state: str
    passed: bool


@dataclass(frozen=True)
class Facts:
    """Everything the rules may ask, on ``today``. Minutes are whole; ``starts`` is the cohort's first day."""

    today: date
    starts: date
    counted: int = 0
    one_to_one: int = 0
    months: tuple[MonthFact, ...] = ()
    steps: Mapping[str, StepsFact] = field(default_factory=dict)
    requirements: Mapping[str, RequirementFact] = field(default_factory=dict)
    levels_held: Mapping[str, date] = field(default_factory=dict)
    disputed: int = 0


def write_facts(facts: Facts) -> dict[str, Any]:
    """Return facts as JSON holds them, for the snapshot that is kept with an award."""
    return {
        "today": facts.today.isoformat(),
        "starts": facts.starts.isoformat(),
        "counted": facts.counted,
        "one_to_one": facts.one_to_one,
        "disputed": facts.disputed,
        "months": [[one.year, one.month, one.counted, one.minimum, one.kept] for one in facts.months],
        "steps": {slug: [one.done, one.total] for slug, one in facts.steps.items()},
        "requirements": {key: [one.state, one.passed] for key, one in facts.requirements.items()},
        "levels_held": {key: since.isoformat() for key, since in facts.levels_held.items()},
    }
