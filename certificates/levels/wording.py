"""Rules in words: each one as a sentence, what there is and what is missing. Times are whole minutes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from babel.dates import format_date

from certificates.levels.eligibility import RuleResult
from certificates.levels.facts import Facts
from certificates.levels.rules import Rule, RuleKind
from courses.catalogue.durations import say_minutes
from institute.i18n import Localised, current_locale, gettext, ngettext


@dataclass(frozen=True)
class Names:
    """What the things are called that rules name: modules as (number, title), requirements, levels.

    ``states`` says where each requirement stands, and whether that asks something of its owner.
    """

    modules: Mapping[str, tuple[int, Localised]] = field(default_factory=dict)
    requirements: Mapping[str, Localised] = field(default_factory=dict)
    states: Mapping[str, tuple[str, bool]] = field(default_factory=dict)
    levels: Mapping[str, Localised] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class RuleWords:
    """A rule for a page: the ``rule`` as a sentence, how it ``stands``, and ``by`` when, in words (empty: no date).

    ``tone`` is ok (met), ask (the reader must act, or the time is over) or soft; ``begun`` where a part is there.
    """

    kind: RuleKind
    key: str
    met: bool
    rule: str
    stands: str
    by: str
    tone: str
    begun: bool


def say_result(result: RuleResult, facts: Facts, names: Names) -> RuleWords:
    """Return a rule's result in the reader's words."""
    late = result.late(facts.today)
    asks = names.states.get(result.rule.key, ("", False))[1] and result.rule.kind is RuleKind.EVIDENCE
    return RuleWords(
        kind=result.rule.kind,
        key=result.rule.key,
        met=result.met,
        rule=_RULES[result.rule.kind](result.rule, names),
        stands=_STANDINGS[result.rule.kind](result, facts, names),
        by=_say_by(result.by, late=late) if result.by and not result.met else "",
        tone="ok" if result.met else ("ask" if late or asks else "soft"),
        begun=result.have > 0,
    )


def say_day(day: date) -> str:
    """Return a day as the reader writes it, such as "31 August 2028"."""
    return format_date(day, "long", locale=current_locale())


def _say_by(by: date, *, late: bool) -> str:
    if late:
        return gettext("was due by %(day)s", day=say_day(by))
    return gettext("by %(day)s", day=say_day(by))


def _say_hours(rule: Rule, _names: Names) -> str:
    return gettext("At least %(time)s of confirmed coaching", time=say_minutes(rule.amount))


def _say_one_to_one(rule: Rule, _names: Names) -> str:
    return gettext("At least %(time)s of one-to-one coaching", time=say_minutes(rule.amount))


def _say_months(rule: Rule, _names: Names) -> str:
    return ngettext(
        "%(num)s month that reached its minimum of coaching",
        "%(num)s months that reached their minimum of coaching",
        rule.amount,
    )


def _say_module(rule: Rule, names: Names) -> str:
    number, title = names.modules.get(rule.key, (0, None))
    if title is None:
        return gettext("Every step of the module “%(title)s” is done", title=rule.key)
    return gettext("Every step of module %(number)s is done: %(title)s", number=number, title=title)


def _say_evidence(rule: Rule, names: Names) -> str:
    return gettext("“%(title)s” is accepted", title=names.requirements.get(rule.key, rule.key))


def _say_level(rule: Rule, names: Names) -> str:
    return gettext("The level “%(level)s” is held", level=names.levels.get(rule.key, rule.key))


def _say_dispute_free(_rule: Rule, _names: Names) -> str:
    return gettext("No coaching session is disputed")


def _amount_so_far(result: RuleResult, _facts: Facts, _names: Names) -> str:
    have = say_minutes(result.have)
    if result.met:
        return gettext("%(time)s so far", time=have)
    return gettext("%(time)s so far, %(missing)s to go", time=have, missing=say_minutes(result.missing))


def _months_so_far(result: RuleResult, _facts: Facts, _names: Names) -> str:
    if result.met:
        return ngettext("%(num)s month so far", "%(num)s months so far", result.have)
    return ngettext(
        "%(have)s so far, %(num)s month to go",
        "%(have)s so far, %(num)s months to go",
        result.missing,
        have=result.have,
    )


def _steps_so_far(result: RuleResult, _facts: Facts, _names: Names) -> str:
    return ngettext(
        "%(done)s of %(num)s step done", "%(done)s of %(num)s steps done", result.need, done=result.have
    )


def _held_since(result: RuleResult, facts: Facts, _names: Names) -> str:
    since = facts.levels_held.get(result.rule.key)
    return gettext("Since %(day)s", day=say_day(since)) if since else gettext("This level comes first")


def _disputes(result: RuleResult, facts: Facts, _names: Names) -> str:
    if result.met:
        return gettext("None is open")
    return ngettext("%(num)s session is disputed", "%(num)s sessions are disputed", facts.disputed)


def _evidence_state(result: RuleResult, _facts: Facts, names: Names) -> str:
    words, _asks = names.states.get(result.rule.key, (gettext("not started"), False))
    return words[:1].upper() + words[1:]


_RULES: Final[Mapping[RuleKind, Callable[[Rule, Names], str]]] = {
    RuleKind.HOURS: _say_hours,
    RuleKind.ONE_TO_ONE_HOURS: _say_one_to_one,
    RuleKind.MONTHS: _say_months,
    RuleKind.MODULE: _say_module,
    RuleKind.EVIDENCE: _say_evidence,
    RuleKind.LEVEL: _say_level,
    RuleKind.DISPUTE_FREE: _say_dispute_free,
}
_STANDINGS: Final[Mapping[RuleKind, Callable[[RuleResult, Facts, Names], str]]] = {
    RuleKind.HOURS: _amount_so_far,
    RuleKind.ONE_TO_ONE_HOURS: _amount_so_far,
    RuleKind.MONTHS: _months_so_far,
    RuleKind.MODULE: _steps_so_far,
    RuleKind.EVIDENCE: _evidence_state,
    RuleKind.LEVEL: _held_since,
    RuleKind.DISPUTE_FREE: _disputes,
}
