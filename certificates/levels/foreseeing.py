"""What would be true if: by when hours and months would be there, and which rules would be met then. Pure."""

from __future__ import annotations

import calendar
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from certificates.levels.eligibility import (
    CLIENT_COACHING,
    MONTHS_OF_A_YEAR,
    RuleResult,
    check,
    coached_minutes,
)
from certificates.levels.facts import Facts, MonthFact, RequirementFact, SessionFact
from certificates.levels.rules import STANDARD, Rule, RuleKind
from courses.sessions.models import Kind

REACHABLE: Final = frozenset({RuleKind.HOURS, RuleKind.ONE_TO_ONE_HOURS, RuleKind.MONTHS})
"""Kinds of rules that coaching alone brings nearer, where all of it counts: a window that moves is not foreseen."""
GIVEN: Final = frozenset({RuleKind.COACHED_HOURS})
"""The same for coaching that is given to others."""
FARTHEST: Final = 600


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody supposes: so many minutes of coaching each month from now on, so many in all, evidence accepted.

    With ``given`` it is coaching that they give to others.
    """

    monthly: int = 0
    minutes: int = 0
    accepted: frozenset[str] = frozenset()
    given: bool = False

    @property
    def is_none(self) -> bool:
        """Whether nothing is supposed."""
        return not (self.monthly or self.minutes or self.accepted)


@dataclass(frozen=True, slots=True)
class Reached:
    """An open rule and the last day of the month in which it would be met; None if it never would.

    ``months_early`` is how many months before its time, negative after it, None where it has none.
    """

    result: RuleResult
    on: date | None

    @property
    def months_early(self) -> int | None:
        """How many months before the rule's time that is."""
        by = self.result.by
        if self.on is None or by is None:
            return None
        return (by.year - self.on.year) * MONTHS_OF_A_YEAR + by.month - self.on.month


@dataclass(frozen=True, slots=True)
class Foreseen:
    """What a wish would bring: when each open rule about coaching would be met, and what then stands where.

    ``on`` is the day by which all of these would be met, None where coaching alone does not do it.
    """

    reached: tuple[Reached, ...]
    met: tuple[RuleResult, ...]
    open: tuple[RuleResult, ...]
    on: date | None


def foresee(rules: Sequence[Rule], facts: Facts, wish: Wish, pathway: str = STANDARD) -> Foreseen:
    """Return what these rules would say if a wish came true, each month from this one on.

    What was coached this month counts towards this month's share; months that were not kept stay so.
    """
    supposed = _suppose(facts, wish)
    reachable = GIVEN if wish.given else REACHABLE
    now_open = [one for one in check(rules, supposed, pathway) if not one.met]
    reached = tuple(
        Reached(one, _reaches(one, facts, wish.monthly))
        for one in now_open
        if wish.monthly and one.rule.kind in reachable and not one.rule.is_narrowed
    )
    days = [one.on for one in reached if one.on is not None]
    done = {id(one.result) for one in reached if one.on is not None}
    everything = check(rules, supposed, pathway)
    still = tuple(one for one in now_open if id(one) not in done)
    return Foreseen(
        reached,
        tuple(one for one in everything if one.rule not in {other.rule for other in still}),
        still,
        max(days, default=facts.today) if wish.monthly else None,
    )


def _suppose(facts: Facts, wish: Wish) -> Facts:
    """Return the facts as if the supposed hours and evidence were there."""
    if wish.given:
        more = wish.minutes - coached_minutes(facts)
        # Of nobody and met no way: it counts for hours alone, and for no rule about some ways of meeting.
        session = SessionFact(facts.today, more, Kind.ONE_TO_ONE, "", frozenset())
        return replace(facts, coached=(*facts.coached, session)) if more > 0 else facts
    accepted = {key: RequirementFact("supposed", passed=True) for key in wish.accepted}
    return replace(
        facts,
        counted=max(facts.counted, wish.minutes),
        one_to_one=facts.one_to_one + max(wish.minutes - facts.counted, 0),
        requirements={**facts.requirements, **accepted},
    )


def _reaches(result: RuleResult, facts: Facts, monthly: int) -> date | None:
    """Return the last day of the month in which a rule about coaching would be met."""
    running = next((one for one in facts.months if _is_running(one, facts.today)), None)
    if result.rule.kind is RuleKind.MONTHS:
        minimum = running.minimum if running else max((one.minimum for one in facts.months), default=0)
        if monthly < minimum:
            return None
        counts_already = running is not None and running.kept
        return _end_of_month(facts.today, result.missing - 1 + counts_already)
    missing, after = result.missing, 0
    so_far = _given_this_month(facts) if result.rule.kind in GIVEN else (running.counted if running else 0)
    missing -= max(monthly - so_far, 0)
    while missing > 0:
        missing -= monthly
        after += 1
        if after > FARTHEST:
            return None
    return _end_of_month(facts.today, after)


def _given_this_month(facts: Facts) -> int:
    here = (facts.today.year, facts.today.month)
    return sum(
        one.minutes
        for one in facts.coached
        if one.kind in CLIENT_COACHING and (one.day.year, one.day.month) == here
    )


def _is_running(month: MonthFact, today: date) -> bool:
    return (month.year, month.month) == (today.year, today.month)


def _end_of_month(today: date, after: int) -> date:
    """Return the last day of the month that follows ``after`` months after this one."""
    whole = today.year * MONTHS_OF_A_YEAR + today.month - 1 + after
    year, month = whole // MONTHS_OF_A_YEAR, whole % MONTHS_OF_A_YEAR + 1
    return date(year, month, calendar.monthrange(year, month)[1])
