"""A rule as ``levels.toml`` writes it: read strictly, so that none can be published that nobody could ever meet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import Final

from certificates.levels.rules import (
    HIGHEST_SCORE,
    LONGEST_SCORE,
    LOWEST_SCORE,
    MEASURED,
    NAMED,
    OF_SESSIONS,
    RECENT,
    SCORED,
    STANDARD,
    TIMED,
    Rule,
    RuleKind,
    Strand,
    read_score,
    says_the_same,
)
from courses.loading.tables import Table, UnknownNameError
from courses.sessions.models import Kind, Mode
from institute.i18n import lazy_gettext

MOST_MONTHS: Final = 240
MINUTES: Final = 60
LONGEST_NAME: Final = 121


@dataclass(frozen=True, slots=True)
class Known:
    """What the rules of a level may name, by kind, and the kinds that its track knows (``kinds``)."""

    names: Mapping[RuleKind, frozenset[str]]
    pathways: frozenset[str] = frozenset()
    kinds: frozenset[RuleKind] = frozenset(RuleKind)

    def beside(self, levels: frozenset[str], pathways: frozenset[str], kinds: frozenset[RuleKind]) -> Known:
        """Return the same for one level: the levels that its rules may name, its pathways, the kinds of its track."""
        return Known({**self.names, RuleKind.LEVEL: levels}, pathways | {STANDARD}, kinds)


def read_rules_of(level: Table, name: str, known: Known) -> tuple[Rule, ...]:
    """Return the rules of a list of tables (``[[level.rule]]``), in their order. Raises FolderError."""
    rules: list[Rule] = []
    for table in level.tables(name):
        rule = _read_rule(table, known)
        if any(says_the_same(rule, one) for one in rules):
            raise table.wrong("kind", lazy_gettext("a rule that the level does not have already"))
        rules.append(rule)
    return tuple(rules)


def _read_rule(table: Table, known: Known, *, within_choice: bool = False) -> Rule:
    kind = table.choice("kind", RuleKind)
    if kind not in known.kinds:
        raise table.wrong("kind", ", ".join(one.value for one in RuleKind if one in known.kinds))
    if kind is RuleKind.ANY_OF and within_choice:
        raise table.wrong("kind", lazy_gettext("a rule that is no choice between rules"))
    rule = Rule(
        kind,
        amount=_read_amount(table, kind) if kind in MEASURED else 0,
        key=_read_name(table, kind, known) if kind in NAMED else "",
        within_months=_read_months(table, "within_months"),
        minimum=_read_score(table) if kind in SCORED else None,
        recent_months=_read_months(table, "recent_months") if kind in RECENT else None,
        session_kinds=_read_words(table, "session_kinds", Kind) if kind in OF_SESSIONS else (),
        modes=_read_words(table, "modes", Mode) if kind in OF_SESSIONS else (),
        strand=table.choice("strand", Strand) if table.has("strand") and not within_choice else None,
        pathways=() if within_choice else _read_pathways(table, known),
        one_of=_read_choice(table, known) if kind is RuleKind.ANY_OF else (),
    )
    table.finish()
    return rule


def _read_choice(table: Table, known: Known) -> tuple[Rule, ...]:
    """Return the rules of which one is enough: two at least."""
    rules = tuple(_read_rule(one, known, within_choice=True) for one in table.tables("one_of"))
    if len(rules) < 2 or len(set(rules)) < len(rules):  # noqa: PLR2004
        raise table.wrong("one_of", lazy_gettext("two different rules or more, of which one is enough"))
    return rules


def _read_name(table: Table, kind: RuleKind, known: Known) -> str:
    if kind is RuleKind.COMPETENCY or kind is RuleKind.SCORE:
        key = table.text("key", longest=LONGEST_NAME)
    elif kind in {RuleKind.MEETINGS, RuleKind.INSTRUMENT}:
        key = table.text("key")
    else:
        key = table.slug("key")
    # Of a score the criterion is no name of this file: its rubric may be written in another.
    looked_up = key.partition("/")[0] if kind is RuleKind.SCORE else key
    if looked_up not in known.names.get(kind, frozenset()):
        raise UnknownNameError(file=table.file, key=table.key("key"), name=key)
    return key


def _read_amount(table: Table, kind: RuleKind) -> int:
    if kind in TIMED:
        return _read_minutes(table)
    return table.position("months" if kind is RuleKind.MONTHS else "number")


def _read_months(table: Table, name: str) -> int | None:
    if not table.has(name):
        return None
    months = table.position(name)
    if months > MOST_MONTHS:
        raise table.wrong(name, lazy_gettext("%(most)s months at most", most=MOST_MONTHS))
    return months


def _read_minutes(table: Table) -> int:
    """Return a time written as ``hours``, ``minutes``, or both, in minutes."""
    least = 0 if table.has("minutes") else None
    minutes = table.number("hours", least) * MINUTES + table.number("minutes", 0)
    if minutes == 0:
        raise table.wrong("hours", lazy_gettext("more than nothing"))
    return minutes


def _read_score(table: Table) -> Fraction:
    """Return an exact score, written as a text such as "3" or "7/2"."""
    score = read_score(table.text("minimum", longest=LONGEST_SCORE))
    if score is None:
        wanted = lazy_gettext(
            'a score such as "3" or "7/2", from %(least)s to %(most)s', least=LOWEST_SCORE, most=HIGHEST_SCORE
        )
        raise table.wrong("minimum", wanted)
    return score


def _read_words(table: Table, name: str, kind: type[StrEnum]) -> tuple[str, ...]:
    """Return what is listed, in the order in which ``kind`` has it, each once."""
    listed, words = table.names(name), [member.value for member in kind]
    if not set(listed) <= set(words):
        raise table.wrong(name, ", ".join(words))
    return tuple(word for word in words if word in listed)


def _read_pathways(table: Table, known: Known) -> tuple[str, ...]:
    listed = table.names("pathways")
    for name in listed:
        if name not in known.pathways:
            raise UnknownNameError(file=table.file, key=table.key("pathways"), name=name)
    return tuple(sorted(set(listed)))
