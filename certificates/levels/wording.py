"""Rules in words: each one as a sentence, how it stands and by when it is needed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

from certificates.levels.eligibility import RuleResult
from certificates.levels.facts import Facts
from certificates.levels.rules import RuleKind, Strand
from certificates.levels.sentences import Names, say_rule, say_score, say_strand
from certificates.levels.standings import say_day, say_standing
from institute.i18n import gettext

IN_HAND: Final = frozenset({"draft", "attended"})
"""States of evidence that its owner still works on, or of which meetings alone are there."""
__all__ = ["Names", "RuleWords", "say_day", "say_result", "say_rule", "say_score", "say_strand"]


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
    strand: Strand | None = None
    waits: bool = False
    """Whether it is with others now, so that its owner has nothing to do for it."""


def say_result(result: RuleResult, facts: Facts, names: Names) -> RuleWords:
    """Return a rule's result in the reader's words."""
    late = result.late(facts.today)
    asks = names.states.get(result.rule.key, ("", False))[1] and result.rule.kind is RuleKind.EVIDENCE
    return RuleWords(
        kind=result.rule.kind,
        key=result.rule.key,
        met=result.met,
        rule=say_rule(result.rule, names),
        strand=result.rule.strand,
        stands=say_standing(result, facts, names),
        by=_say_by(result.by, late=late) if result.by and not result.met else "",
        tone="ok" if result.met else ("ask" if late or asks else "soft"),
        begun=result.have > 0,
        waits=_waits(result, facts, asks=asks),
    )


def _waits(result: RuleResult, facts: Facts, *, asks: bool) -> bool:
    """Tell whether evidence was handed in that is not decided on yet."""
    if result.rule.kind is not RuleKind.EVIDENCE or asks or result.met:
        return False
    evidence = facts.requirements.get(result.rule.key)
    return evidence is not None and evidence.state not in IN_HAND


def _say_by(by: date, *, late: bool) -> str:
    if late:
        return gettext("was due by %(day)s", day=say_day(by))
    return gettext("by %(day)s", day=say_day(by))
