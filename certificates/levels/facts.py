"""What is true of a participant on a day, as far as a level's rules ask. Plain values: no database, no clock."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
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


@dataclass(frozen=True, slots=True)
class SessionFact:
    """A confirmed session on a day, and the whole minutes of it that count.

    Of one that was given they are those of the coach. ``people`` are the others who were there, each person once.
    """

    day: date
    minutes: int
    kind: str
    mode: str
    people: frozenset[int]


@dataclass(frozen=True)
class Facts:
    """Everything the rules may ask, on ``today``. Minutes are whole; ``starts`` is the cohort's first day.

    ``sessions`` are those that the person was coached in, or gave where their track is one for coaches; ``coached``
    those that they gave, a group's once.
    ``meetings`` are the days of those attended or made up, by kind. ``scores`` are exact, by requirement and by
    ``requirement/criterion``; ``competencies`` the lowest by element; ``stages`` those of surveys that were answered;
    ``qualifications`` the keys in force; ``calibrations`` the last day for each rubric. Only what the rules at hand ask
    for is gathered; the rest is as if it were not there.
    """

    today: date
    starts: date
    counted: int = 0
    one_to_one: int = 0
    months: tuple[MonthFact, ...] = ()
    steps: Mapping[str, StepsFact] = field(default_factory=dict)
    requirements: Mapping[str, RequirementFact] = field(default_factory=dict)
    levels_held: Mapping[str, date] = field(default_factory=dict)
    disputed: int = 0
    sessions: tuple[SessionFact, ...] = ()
    coached: tuple[SessionFact, ...] = ()
    meetings: Mapping[str, tuple[date, ...]] = field(default_factory=dict)
    scores: Mapping[str, Fraction] = field(default_factory=dict)
    competencies: Mapping[str, Fraction] = field(default_factory=dict)
    stages: frozenset[str] = frozenset()
    goals_reached: int = 0
    qualifications: frozenset[str] = frozenset()
    calibrations: Mapping[str, date] = field(default_factory=dict)
    supervised: bool = False


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
    } | _write_more(facts)


def _write_more(facts: Facts) -> dict[str, Any]:
    """Return what only some rules ask for, where there is any."""
    more = {
        "sessions": [_write_session(one) for one in facts.sessions],
        "coached": [_write_session(one) for one in facts.coached],
        "meetings": {kind: [day.isoformat() for day in days] for kind, days in facts.meetings.items()},
        "scores": {key: str(score) for key, score in facts.scores.items()},
        "element_scores": {key: str(score) for key, score in facts.competencies.items()},
        "stages": sorted(facts.stages),
        "goals_reached": facts.goals_reached,
        "qualifications": sorted(facts.qualifications),
        "calibrations": {key: until.isoformat() for key, until in facts.calibrations.items()},
        "supervised": facts.supervised,
    }
    return {name: value for name, value in more.items() if value}


def _write_session(one: SessionFact) -> list[Any]:
    return [one.day.isoformat(), one.minutes, one.kind, one.mode, sorted(one.people)]
