"""How rules stand: what there is of each and what is missing, in the reader's words. Times are whole minutes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Final

from babel.dates import format_date
from babel.numbers import format_decimal

from certificates.levels.eligibility import RuleResult, months_left, pace
from certificates.levels.facts import Facts
from certificates.levels.rules import RuleKind
from certificates.levels.sentences import Names, say_score
from courses.catalogue.durations import say_minutes
from institute.i18n import current_locale, gettext, ngettext


def say_standing(result: RuleResult, facts: Facts, names: Names) -> str:
    """Return what there is of a rule, and what is missing where something is."""
    return _STANDINGS[result.rule.kind](result, facts, names)


def say_day(day: date) -> str:
    """Return a day as the reader writes it, such as "31 August 2028"."""
    return format_date(day, "long", locale=current_locale())


def _number_so_far(result: RuleResult, _facts: Facts, _names: Names) -> str:
    have = format_decimal(result.have, locale=current_locale())
    if result.met:
        return gettext("%(have)s so far", have=have)
    return ngettext(
        "%(have)s so far, %(num)s to go", "%(have)s so far, %(num)s to go", result.missing, have=have
    )


def _score_so_far(result: RuleResult, _facts: Facts, _names: Names) -> str:
    if result.score is None:
        return gettext("Not scored yet")
    return gettext("Scored %(score)s", score=say_score(result.score))


def _answered(result: RuleResult, _facts: Facts, _names: Names) -> str:
    return gettext("Answered") if result.met else gettext("Not answered yet")


def _in_force(result: RuleResult, _facts: Facts, _names: Names) -> str:
    return gettext("In force") if result.met else gettext("Not there, or its time is over")


def _calibrated_until(result: RuleResult, facts: Facts, _names: Names) -> str:
    until = facts.calibrations.get(result.rule.key)
    return gettext("Until %(day)s", day=say_day(until)) if until else gettext("Not calibrated")


def _supervised(result: RuleResult, _facts: Facts, _names: Names) -> str:
    return (
        gettext("No coach directs the person’s work")
        if result.met
        else gettext("A coach is also the supervisor")
    )


def _any_so_far(result: RuleResult, facts: Facts, names: Names) -> str:
    """Return how the rule stands that is met, or the first of those that were begun, or that none was."""
    told = next((one for one in result.one_of if one.met), None) or next(
        (one for one in result.one_of if one.have), None
    )
    return say_standing(told, facts, names) if told else gettext("Not chosen yet. One is enough.")


def _amount_so_far(result: RuleResult, facts: Facts, _names: Names) -> str:
    have = say_minutes(result.have)
    if result.met:
        return gettext("%(time)s so far", time=have)
    months = months_left(facts.today, result.by) if result.by is not None else 0
    if months < 2:  # noqa: PLR2004
        return gettext("%(time)s so far, %(missing)s to go", time=have, missing=say_minutes(result.missing))
    return gettext(
        "%(time)s so far, %(missing)s to go: about %(pace)s a month",
        time=have,
        missing=say_minutes(result.missing),
        pace=say_minutes(pace(result.missing, months)),
    )


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


_STANDINGS: Final[Mapping[RuleKind, Callable[[RuleResult, Facts, Names], str]]] = {
    RuleKind.HOURS: _amount_so_far,
    RuleKind.ONE_TO_ONE_HOURS: _amount_so_far,
    RuleKind.MONTHS: _months_so_far,
    RuleKind.MODULE: _steps_so_far,
    RuleKind.EVIDENCE: _evidence_state,
    RuleKind.LEVEL: _held_since,
    RuleKind.DISPUTE_FREE: _disputes,
    RuleKind.SCORE: _score_so_far,
    RuleKind.COMPETENCY: _score_so_far,
    RuleKind.INSTRUMENT: _answered,
    RuleKind.PLAN: _number_so_far,
    RuleKind.MEETINGS: _number_so_far,
    RuleKind.QUALIFICATION: _in_force,
    RuleKind.CALIBRATION: _calibrated_until,
    RuleKind.COACHED_HOURS: _amount_so_far,
    RuleKind.COACHED_PEOPLE: _number_so_far,
    RuleKind.SESSIONS: _number_so_far,
    RuleKind.NOT_SUPERVISED: _supervised,
    RuleKind.ANY_OF: _any_so_far,
}
