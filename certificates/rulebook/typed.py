"""A rule as a form sends it."""

from __future__ import annotations

from fractions import Fraction
from typing import Final

from werkzeug.datastructures import MultiDict

from certificates.awards.choices import Choices
from certificates.levels.rules import (
    HIGHEST_SCORE,
    LOWEST_SCORE,
    MEASURED,
    NAMED,
    OF_SESSIONS,
    SCORED,
    TIMED,
    Rule,
    RuleKind,
    Strand,
    read_score,
)
from certificates.rulebook.errors import RuleTypedError
from courses.sessions.models import Kind, Mode
from institute.i18n import gettext

HOUR: Final = 60
MOST_HOURS: Final = 5000
MOST_NUMBER: Final = 1000
MOST_MONTHS: Final = 240
MOST_CHOICES: Final = 6
LONGEST: Final = 12
CHOSEN: Final = (
    RuleKind.EVIDENCE,
    RuleKind.MODULE,
    RuleKind.LEVEL,
    RuleKind.QUALIFICATION,
    RuleKind.CALIBRATION,
)
"""Kinds that a rule "one of these is enough" may join by their name alone."""
AMOUNTS: Final = (
    RuleKind.HOURS,
    RuleKind.ONE_TO_ONE_HOURS,
    RuleKind.COACHED_HOURS,
    RuleKind.SESSIONS,
    RuleKind.MEETINGS,
)
"""Kinds of which so much may be one of those that are enough."""


def plain_choice(rule: Rule) -> str:
    """Return how a form sends a part of a choice that is said by its name alone, empty for any other."""
    named = rule == Rule(rule.kind, key=rule.key) and rule.kind in CHOSEN
    return f"{rule.kind}:{rule.key}" if named else ""


def type_rule(
    form: MultiDict[str, str], choices: Choices, pathways: frozenset[str], before: Rule | None = None
) -> Rule:
    """Return the rule that a form says, in the place of ``before``. Raises RuleTypedError, by field."""
    problems: dict[str, str] = {}
    kind = form.get("kind", "")
    if kind not in choices.kinds:
        raise RuleTypedError({"kind": gettext("Choose what the rule asks for.")})
    rule_kind = RuleKind(kind)
    rule = Rule(
        rule_kind,
        amount=_amount(form, rule_kind, problems) if rule_kind in MEASURED else 0,
        key=_key(form, rule_kind, choices, problems) if rule_kind in NAMED else "",
        within_months=_months(form, "within_months", problems),
        minimum=_minimum(form, problems) if rule_kind in SCORED else None,
        recent_months=_months(form, "recent_months", problems)
        if rule_kind in OF_SESSIONS or rule_kind is RuleKind.MEETINGS
        else None,
        session_kinds=_among(form, "session_kinds", list(Kind)) if rule_kind in OF_SESSIONS else (),
        modes=_among(form, "modes", list(Mode)) if rule_kind in OF_SESSIONS else (),
        strand=Strand(form["strand"]) if form.get("strand") in list(Strand) else None,
        pathways=tuple(one for one in dict.fromkeys(form.getlist("pathways")) if one in pathways),
        one_of=_one_of(form, choices, before, problems) if rule_kind is RuleKind.ANY_OF else (),
    )
    if problems:
        raise RuleTypedError(problems)
    # Ticking every pathway says the same as ticking none.
    if set(rule.pathways) == pathways:
        rule = _without_pathways(rule)
    return rule


def _without_pathways(rule: Rule) -> Rule:
    return Rule(**{name: getattr(rule, name) for name in rule.__slots__} | {"pathways": ()})


def _amount(form: MultiDict[str, str], kind: RuleKind, problems: dict[str, str]) -> int:
    if kind in TIMED:
        return _time(form, "hours", "minutes", problems)
    number = _whole(form.get("number", ""))
    if number is None or not 1 <= number <= MOST_NUMBER:
        problems["number"] = gettext("Write a whole number from 1 to %(most)s.", most=MOST_NUMBER)
        return 0
    return number


def _time(form: MultiDict[str, str], hours_name: str, minutes_name: str, problems: dict[str, str]) -> int:
    """Return hours and minutes as minutes; a field that is left empty says none."""
    hours = _decimal(form.get(hours_name, "").strip() or "0")
    minutes = _whole(form.get(minutes_name, "").strip() or "0")
    if minutes is None or minutes >= HOUR:
        problems[minutes_name] = gettext("Write minutes from 0 to 59.")
        return 0
    whole = hours * HOUR + minutes if hours is not None else Fraction(0)
    if not 0 < whole <= MOST_HOURS * HOUR or whole.denominator != 1:
        problems[hours_name] = gettext("Write a number of hours, such as 40 or 4.5.")
        return 0
    return int(whole)


def _key(form: MultiDict[str, str], kind: RuleKind, choices: Choices, problems: dict[str, str]) -> str:
    key = form.get("key", "")
    if not choices.knows(kind, key):
        problems["key"] = gettext("Choose one of the list.")
        return ""
    return key


def _minimum(form: MultiDict[str, str], problems: dict[str, str]) -> Fraction | None:
    score = read_score(form.get("minimum", ""))
    if score is None:
        problems["minimum"] = gettext(
            "Write a score from %(least)s to %(most)s, such as 3, 2.5 or 7/3.",
            least=LOWEST_SCORE,
            most=HIGHEST_SCORE,
        )
    return score


def _months(form: MultiDict[str, str], name: str, problems: dict[str, str]) -> int | None:
    text = form.get(name, "").strip()
    if not text:
        return None
    months = _whole(text)
    if months is None or not 1 <= months <= MOST_MONTHS:
        problems[name] = gettext("Write a number of months from 1 to %(most)s, or nothing.", most=MOST_MONTHS)
        return None
    return months


def _among(form: MultiDict[str, str], name: str, known: list[Kind] | list[Mode]) -> tuple[str, ...]:
    return tuple(one.value for one in known if one.value in form.getlist(name))


def _one_of(
    form: MultiDict[str, str], choices: Choices, before: Rule | None, problems: dict[str, str]
) -> tuple[Rule, ...]:
    """Return the rules of which one is enough.

    Each is sent as ``kind:key``, as an amount in fields of its own, or as ``kept:place`` where the rule had it before.
    """
    rules: list[Rule] = []
    kept = before.one_of if before is not None else ()
    for sent in form.getlist("one_of"):
        kind, _, key = sent.partition(":")
        if kind == "kept" and key in {str(at) for at in range(len(kept))}:
            rules.append(kept[int(key)])
        elif kind in CHOSEN and choices.knows(RuleKind(kind), key):
            rules.append(Rule(RuleKind(kind), key=key))
    rules += [
        rule for kind in AMOUNTS if kind in choices.kinds for rule in _amounts(form, kind, choices, problems)
    ]
    rules = list(dict.fromkeys(rules))
    if problems:
        return ()
    if not 2 <= len(rules) <= MOST_CHOICES:  # noqa: PLR2004
        problems["one_of"] = gettext(
            "Choose from 2 to %(most)s things of which one is enough.", most=MOST_CHOICES
        )
    return tuple(rules)


def _amounts(
    form: MultiDict[str, str], kind: RuleKind, choices: Choices, problems: dict[str, str]
) -> list[Rule]:
    """Return so much of something as a part of a choice, nothing where its fields are left empty."""
    amount, part, which = f"or_{kind}", f"or_{kind}_minutes", f"or_{kind}_which"
    if not any(form.get(name, "").strip() for name in (amount, part, which)):
        return []
    if kind in TIMED:
        return [Rule(kind, _time(form, amount, part, problems))]
    number = _whole(form.get(amount, ""))
    if number is None or not 1 <= number <= MOST_NUMBER:
        problems[amount] = gettext("Write a whole number from 1 to %(most)s.", most=MOST_NUMBER)
    key = form.get(which, "") if kind is RuleKind.MEETINGS else ""
    if kind is RuleKind.MEETINGS and not choices.knows(kind, key):
        problems[which] = gettext("Choose one of the list.")
    return [Rule(kind, number or 0, key)]


def _whole(text: str) -> int | None:
    text = text.strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) <= LONGEST else None


def _decimal(text: str) -> Fraction | None:
    text = text.strip().replace(",", ".")
    plain = text.replace(".", "", 1)
    return (
        Fraction(text)
        if plain.isascii() and plain.isdigit() and len(text) <= LONGEST and text[-1:] != "."
        else None
    )
