"""The rules of a level: what each one asks, and the one spelling by which a set of them is known."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final


class RuleKind(StrEnum):
    """What a rule asks for."""

    HOURS = "hours"
    ONE_TO_ONE_HOURS = "one_to_one_hours"
    MONTHS = "months"
    MODULE = "module"
    EVIDENCE = "evidence"
    LEVEL = "level"
    DISPUTE_FREE = "dispute_free"


# Kinds that ask for an amount: whole minutes of counted coaching, or a number of months.
MEASURED: Final = frozenset({RuleKind.HOURS, RuleKind.ONE_TO_ONE_HOURS, RuleKind.MONTHS})
# Kinds that name something: a module's slug, a requirement's key, a level's key.
NAMED: Final = frozenset({RuleKind.MODULE, RuleKind.EVIDENCE, RuleKind.LEVEL})


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule. ``amount`` is in minutes (hours) or months, ``key`` names what the rule is about.

    ``within_months`` says by when, counted from the cohort's first day; None is no date.
    """

    kind: RuleKind
    amount: int = 0
    key: str = ""
    within_months: int | None = None


def write_rules(rules: Sequence[Rule]) -> list[dict[str, Any]]:
    """Return rules as JSON holds them; what a kind does not use is left out."""
    return [_write(rule) for rule in rules]


def read_rules(written: Sequence[Mapping[str, Any]]) -> tuple[Rule, ...]:
    """Return the rules that ``write_rules`` wrote."""
    return tuple(
        Rule(
            kind=RuleKind(one["kind"]),
            amount=one.get("amount", 0),
            key=one.get("key", ""),
            within_months=one.get("within_months"),
        )
        for one in written
    )


def canonical(value: object) -> str:
    """Return the one spelling of a JSON value: keys sorted, no spaces, ASCII."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=True)


def digest(value: object) -> str:
    """Return the SHA-256 (hex) of a JSON value's one spelling."""
    return hashlib.sha256(canonical(value).encode()).hexdigest()


def _write(rule: Rule) -> dict[str, Any]:
    written: dict[str, Any] = {"kind": rule.kind.value}
    if rule.kind in MEASURED:
        written["amount"] = rule.amount
    if rule.kind in NAMED:
        written["key"] = rule.key
    if rule.within_months is not None:
        written["within_months"] = rule.within_months
    return written
