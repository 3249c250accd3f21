"""Whether a level's rules are met, and exactly what is missing. Pure: the same facts give the same answer."""

from __future__ import annotations

import calendar
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from certificates.levels.facts import Facts, StepsFact
from certificates.levels.rules import Rule, RuleKind

MONTHS_OF_A_YEAR = 12


@dataclass(frozen=True, slots=True)
class RuleResult:
    """A rule held against the facts. ``have`` and ``need`` are in the rule's unit: minutes, months, steps, or 0 and 1.

    ``by`` is the last day of the time the rule gives, None without one. It is advice: a rule met later is met.
    """

    rule: Rule
    met: bool
    have: int
    need: int
    by: date | None

    @property
    def missing(self) -> int:
        """What is still missing, 0 where nothing is."""
        return max(self.need - self.have, 0)

    def late(self, today: date) -> bool:
        """Tell whether the rule is open although its time is over."""
        return not self.met and self.by is not None and today > self.by


def check(rules: Sequence[Rule], facts: Facts) -> tuple[RuleResult, ...]:
    """Hold every rule against the facts, in the rules' order."""
    return tuple(_check(rule, facts) for rule in rules)


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


def _check(rule: Rule, facts: Facts) -> RuleResult:
    have, need = _measure(rule, facts)
    by = None if rule.within_months is None else last_day(facts.starts, rule.within_months)
    return RuleResult(rule, met=have >= need, have=have, need=need, by=by)


def _measure(rule: Rule, facts: Facts) -> tuple[int, int]:
    """Return what there is and what is needed, in the rule's unit."""
    steps = facts.steps.get(rule.key, StepsFact(0, 0))
    evidence = facts.requirements.get(rule.key)
    measured: dict[RuleKind, tuple[int, int]] = {
        RuleKind.HOURS: (facts.counted, rule.amount),
        RuleKind.ONE_TO_ONE_HOURS: (facts.one_to_one, rule.amount),
        RuleKind.MONTHS: (sum(month.kept for month in facts.months), rule.amount),
        RuleKind.MODULE: (steps.done, max(steps.total, 1)),  # a module without steps proves nothing
        RuleKind.EVIDENCE: (int(evidence is not None and evidence.passed), 1),
        RuleKind.LEVEL: (int(rule.key in facts.levels_held), 1),
        RuleKind.DISPUTE_FREE: (int(facts.disputed == 0), 1),
    }
    return measured[rule.kind]
