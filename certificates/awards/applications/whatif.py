"""The form in which a participant supposes something, and the answer in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from certificates.levels.eligibility import RuleResult
from certificates.levels.facts import Facts
from certificates.levels.foreseeing import Foreseen, Reached, Wish, foresee
from certificates.levels.queries import RulesLine
from certificates.levels.rules import RuleKind
from certificates.levels.wording import Names, say_day, say_rule
from courses.catalogue.durations import say_minutes
from institute.i18n import current_locale, gettext, ngettext

HOUR = 60
MOST_HOURS = 2000
SHARES = (180, 270, 300, 360, 480, 600)
"""What may be chosen as coaching each month, in minutes, beside the minimum that the institute asks."""


@dataclass(frozen=True, slots=True)
class WhatIf:
    """The form as it was sent, what may be chosen in it, and the answer: ``says`` in sentences, ``open`` what stays.

    ``monthly`` are (minutes, in words); ``evidence`` are (key, title) of what is not accepted yet.
    """

    wish: Wish
    hours: str
    problem: str
    monthly: tuple[tuple[int, str], ...]
    evidence: tuple[tuple[str, str], ...]
    says: tuple[str, ...]
    open: tuple[str, ...]
    can_apply: date | None


def read_wish(sent: Mapping[str, str], accepted: list[str]) -> tuple[Wish, str]:
    """Return what the form supposes, and what is wrong with it (empty if nothing is)."""
    monthly = sent.get("monthly", "")
    minutes = int(monthly) if monthly.isascii() and monthly.isdigit() and len(monthly) < 6 else 0  # noqa: PLR2004
    hours, problem = sent.get("hours", "").strip().replace(",", ".").replace("\u066b", "."), ""
    whole = 0
    if hours:
        number = hours.replace(".", "", 1)
        if number.isdecimal() and len(hours) < 8 and float(hours) <= MOST_HOURS:  # noqa: PLR2004
            whole = round(float(hours) * HOUR)
        else:
            problem = gettext("Write a number of hours, up to %(most)s.", most=MOST_HOURS)
    return Wish(min(minutes, HOUR * 24 * 28), whole, frozenset(accepted)), problem


def suppose(
    rules: RulesLine,
    facts: Facts,
    names: Names,
    *,
    sent: Mapping[str, str],
    accepted: list[str],
    pathway: str,
    given: bool = False,
) -> WhatIf:
    """Return the form with its answer; nothing is stored. With ``given`` it is about coaching that is given."""
    wish, problem = read_wish(sent, accepted)
    evidence = tuple(
        (rule.key, names.requirements[rule.key].in_(current_locale()))
        for rule in rules.rules
        if rule.kind is RuleKind.EVIDENCE and rule.key in names.requirements and rule.is_on(pathway)
        if not (rule.key in facts.requirements and facts.requirements[rule.key].passed)
    )
    wish = replace(wish, accepted=wish.accepted & {key for key, _ in evidence}, given=given)
    shares = {*SHARES, *(month.minimum for month in facts.months[-1:])} - {0}
    foreseen = foresee(rules.rules, facts, wish, pathway) if not wish.is_none else None
    return WhatIf(
        wish,
        sent.get("hours", ""),
        problem,
        tuple((one, say_minutes(one)) for one in sorted(shares)),
        evidence,
        tuple(_answer(foreseen)) if foreseen else (),
        tuple(say_rule(one.rule, names) for one in foreseen.open) if foreseen else (),
        (foreseen.on or facts.today) if foreseen and not foreseen.open else None,
    )


def _answer(foreseen: Foreseen) -> list[str]:
    met = ngettext(
        "%(met)s of %(num)s rule would be met.",
        "%(met)s of %(num)s rules would be met.",
        len(foreseen.met) + len(foreseen.open),
        met=len(foreseen.met),
    )
    return [*map(_say_reached, foreseen.reached), met]


def _say_reached(one: Reached) -> str:
    what = _what(one.result)
    if one.on is None:
        return gettext("You would not reach %(what)s this way.", what=what)
    early, day = one.months_early, say_day(one.on)
    if early is None or early == 0:
        return gettext("You would reach %(what)s on %(day)s.", what=what, day=day)
    if early > 0:
        return ngettext(
            "You would reach %(what)s on %(day)s, %(num)s month early.",
            "You would reach %(what)s on %(day)s, %(num)s months early.",
            early,
            what=what,
            day=day,
        )
    return ngettext(
        "You would reach %(what)s on %(day)s, %(num)s month late.",
        "You would reach %(what)s on %(day)s, %(num)s months late.",
        -early,
        what=what,
        day=day,
    )


def _what(result: RuleResult) -> str:
    if result.rule.kind is RuleKind.MONTHS:
        return ngettext("%(num)s month with its minimum", "%(num)s months with their minimum", result.need)
    if result.rule.kind is RuleKind.ONE_TO_ONE_HOURS:
        return gettext("%(time)s one-to-one", time=say_minutes(result.need))
    return say_minutes(result.need)
