"""Whether a level's rules are met, and exactly what is missing. Pure: the same facts give the same answer."""

from __future__ import annotations

import calendar
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from typing import Final

from certificates.levels.facts import Facts, SessionFact, StepsFact
from certificates.levels.rules import SCORED, STANDARD, Rule, RuleKind
from courses.sessions.models import Kind

MONTHS_OF_A_YEAR = 12
# Mentoring, supervision and a short contact are hours of another type than coaching a client (ICF).
CLIENT_COACHING: Final = frozenset({Kind.ONE_TO_ONE, Kind.GROUP, Kind.OBSERVATION, Kind.JOB_SHADOW})
QUARTER = 15


@dataclass(frozen=True, slots=True)
class RuleResult:
    """A rule held against the facts. ``have`` and ``need`` are in the rule's unit: minutes, months, steps, or 0 and 1.

    ``by`` is the last day of the time the rule gives, None without one. It is advice: a rule met later is met.
    ``score`` is the one that a rule about scores was held against, ``one_of`` the results of rules of which one is
    enough.
    """

    rule: Rule
    met: bool
    have: int
    need: int
    by: date | None
    score: Fraction | None = None
    one_of: tuple[RuleResult, ...] = ()

    @property
    def missing(self) -> int:
        """What is still missing, 0 where nothing is."""
        return max(self.need - self.have, 0)

    def late(self, today: date) -> bool:
        """Tell whether the rule is open although its time is over."""
        return not self.met and self.by is not None and today > self.by


def check(rules: Sequence[Rule], facts: Facts, pathway: str = STANDARD) -> tuple[RuleResult, ...]:
    """Hold every rule that a pathway asks for against the facts, in the rules' order."""
    return tuple(_check(rule, facts) for rule in rules if rule.is_on(pathway))


def best_pathway(
    rules: Sequence[Rule], pathways: Sequence[str], facts: Facts
) -> tuple[str, tuple[RuleResult, ...]]:
    """Return the pathway on which least is open, the standard one where several are alike, and its results.

    A pathway that asks for nothing is none.
    """
    ways = [(way, check(rules, facts, way)) for way in (STANDARD, *pathways)]
    ways = [way for way in ways if way[1]] or ways[:1]
    return min(ways, key=lambda way: (not all_met(way[1]), sum(not one.met for one in way[1])))


def first_recent_day(today: date, months: int) -> date:
    """Return the first day that is no longer ago than ``months`` calendar months, inclusive.

    18 months before 2026-08-31 is 2025-02-28, the last day of a month that has no 31st.
    """
    whole = today.year * MONTHS_OF_A_YEAR + today.month - 1 - months
    year, month = whole // MONTHS_OF_A_YEAR, whole % MONTHS_OF_A_YEAR + 1
    return date(year, month, min(today.day, calendar.monthrange(year, month)[1]))


def all_met(results: Sequence[RuleResult]) -> bool:
    """Tell whether the level may be applied for. A level without rules may not: nobody has opened it."""
    return bool(results) and all(result.met for result in results)


def last_day(starts: date, months: int) -> date:
    """Return the last day of a time of ``months`` calendar months that begins on ``starts``.

    24 months from 2026-09-01 end on 2028-08-31; 6 months from 2026-08-31 end on 2027-02-28, the last day of a
    month that has no 31st.
    """
    whole = starts.year * MONTHS_OF_A_YEAR + starts.month - 1 + months
    year, month = whole // MONTHS_OF_A_YEAR, whole % MONTHS_OF_A_YEAR + 1
    length = calendar.monthrange(year, month)[1]
    if starts.day > length:
        return date(year, month, length)
    return date(year, month, starts.day) - timedelta(days=1)


def months_left(today: date, by: date) -> int:
    """Return how many months a day is away, a begun one counted whole; 0 once it is over."""
    if by < today:
        return 0
    whole = (by.year - today.year) * MONTHS_OF_A_YEAR + by.month - today.month
    return whole + (by.day >= today.day)


def pace(missing: int, months: int) -> int:
    """Return how many minutes a month make up for what is missing, to the next quarter of an hour."""
    return -(-missing // (months * QUARTER)) * QUARTER


def _check(rule: Rule, facts: Facts) -> RuleResult:
    by = None if rule.within_months is None else last_day(facts.starts, rule.within_months)
    if rule.kind is RuleKind.ANY_OF:
        parts = tuple(_check(one, facts) for one in rule.one_of)
        met = any(part.met for part in parts)
        return RuleResult(rule, met=met, have=int(met), need=1, by=by, one_of=parts)
    if rule.kind in SCORED:
        scores = facts.scores if rule.kind is RuleKind.SCORE else facts.competencies
        score = scores.get(rule.key)
        met = score is not None and rule.minimum is not None and score >= rule.minimum
        return RuleResult(rule, met=met, have=int(met), need=1, by=by, score=score)
    have, need = MEASURES[rule.kind](rule, facts)
    return RuleResult(rule, met=have >= need, have=have, need=need, by=by)


def _steps(rule: Rule, facts: Facts) -> tuple[int, int]:
    steps = facts.steps.get(rule.key, StepsFact(0, 0))
    return steps.done, max(steps.total, 1)  # a module without steps proves nothing


def _evidence(rule: Rule, facts: Facts) -> tuple[int, int]:
    evidence = facts.requirements.get(rule.key)
    return int(evidence is not None and evidence.passed), 1


def _counted(rule: Rule, facts: Facts) -> tuple[int, int]:
    if not is_narrowed(rule):
        return facts.counted, rule.amount
    return sum(one.minutes for one in _wanted(rule, facts.sessions, facts.today)), rule.amount


def _one_to_one(rule: Rule, facts: Facts) -> tuple[int, int]:
    if not is_narrowed(rule):
        return facts.one_to_one, rule.amount
    wanted = _wanted(rule, facts.sessions, facts.today)
    return sum(one.minutes for one in wanted if one.kind == Kind.ONE_TO_ONE), rule.amount


def is_narrowed(rule: Rule) -> bool:
    """Tell whether a rule lets only some sessions count, so that sums do not answer it."""
    return bool(rule.recent_months or rule.session_kinds or rule.modes)


def _wanted(rule: Rule, sessions: Sequence[SessionFact], today: date) -> list[SessionFact]:
    since = first_recent_day(today, rule.recent_months) if rule.recent_months else date.min
    return [
        one
        for one in sessions
        if one.day >= since
        and (not rule.session_kinds or one.kind in rule.session_kinds)
        and (not rule.modes or one.mode in rule.modes)
    ]


def coached_minutes(facts: Facts) -> int:
    """Return how much coaching of clients somebody gave in all."""
    return sum(one.minutes for one in facts.coached if one.kind in CLIENT_COACHING)


def _given(rule: Rule, facts: Facts) -> list[SessionFact]:
    """Return the sessions given that count; where a rule names no kinds, those that are coaching of a client."""
    wanted = _wanted(rule, facts.coached, facts.today)
    return wanted if rule.session_kinds else [one for one in wanted if one.kind in CLIENT_COACHING]


def _different_people(rule: Rule, facts: Facts) -> tuple[int, int]:
    met = frozenset[int]().union(*(one.people for one in _given(rule, facts)))
    return len(met), rule.amount


def _meetings(rule: Rule, facts: Facts) -> tuple[int, int]:
    since = first_recent_day(facts.today, rule.recent_months) if rule.recent_months else date.min
    return sum(day >= since for day in facts.meetings.get(rule.key, ())), rule.amount


def _calibrated(rule: Rule, facts: Facts) -> tuple[int, int]:
    until = facts.calibrations.get(rule.key)
    return int(until is not None and until >= facts.today), 1


MEASURES: Final[Mapping[RuleKind, Callable[[Rule, Facts], tuple[int, int]]]] = {
    RuleKind.HOURS: _counted,
    RuleKind.ONE_TO_ONE_HOURS: _one_to_one,
    RuleKind.MONTHS: lambda rule, facts: (sum(month.kept for month in facts.months), rule.amount),
    RuleKind.MODULE: _steps,
    RuleKind.EVIDENCE: _evidence,
    RuleKind.LEVEL: lambda rule, facts: (int(rule.key in facts.levels_held), 1),
    RuleKind.DISPUTE_FREE: lambda _rule, facts: (int(facts.disputed == 0), 1),
    RuleKind.INSTRUMENT: lambda rule, facts: (int(rule.key in facts.stages), 1),
    RuleKind.PLAN: lambda rule, facts: (facts.goals_reached, rule.amount),
    RuleKind.MEETINGS: _meetings,
    RuleKind.QUALIFICATION: lambda rule, facts: (int(rule.key in facts.qualifications), 1),
    RuleKind.CALIBRATION: _calibrated,
    RuleKind.COACHED_HOURS: lambda rule, facts: (
        sum(one.minutes for one in _given(rule, facts)),
        rule.amount,
    ),
    RuleKind.COACHED_PEOPLE: _different_people,
    RuleKind.SESSIONS: lambda rule, facts: (len(_wanted(rule, facts.sessions, facts.today)), rule.amount),
    RuleKind.NOT_SUPERVISED: lambda _rule, facts: (int(not facts.supervised), 1),
}
"""What there is and what is needed, in the unit of each kind of rule."""
