"""Levels and their rules as pages show them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import bindparam, func, select

from certificates.levels.models import Level, LevelId, RuleSet, RuleSetId
from certificates.levels.rules import Rule, RuleKind, read_rules
from institute.actors import InstituteId
from institute.db import db
from institute.i18n import Localised


@dataclass(frozen=True, slots=True)
class RulesLine:
    """A version of a level's rules."""

    id: RuleSetId
    version: int
    rules: tuple[Rule, ...]
    sha256: str
    published_at: datetime


@dataclass(frozen=True, slots=True)
class LevelLine:
    """One level of a list, with the newest version of its rules; None where it has none yet."""

    id: LevelId
    position: int
    key: str
    name: Localised
    summary: Localised
    rules: RulesLine | None


_NEWEST: Final = (
    select(RuleSet.level_id, func.max(RuleSet.version).label("version")).group_by(RuleSet.level_id).subquery()
)
_LEVELS: Final = (
    select(Level, RuleSet)
    .outerjoin(_NEWEST, _NEWEST.c.level_id == Level.id)
    .outerjoin(RuleSet, (RuleSet.level_id == Level.id) & (RuleSet.version == _NEWEST.c.version))
    .where(Level.institute_id == bindparam("institute"))
    .order_by(Level.position)
)


def levels_of(institute_id: InstituteId) -> Sequence[LevelLine]:
    """Return an institute's levels, lowest first, each with its newest rules, in one query."""
    return [_line(level, rules) for level, rules in db.session.execute(_LEVELS, {"institute": institute_id})]


def _line(level: Level, rules: RuleSet | None) -> LevelLine:
    return LevelLine(
        level.id,
        level.position,
        level.key,
        level.name,
        level.summary,
        rules_line(rules) if rules is not None and rules.rules else None,
    )


def evidence_asked(rule_set_id: RuleSetId) -> frozenset[str]:
    """Return the keys of the requirements whose evidence a version of rules asks for."""
    rules = read_rules(db.session.get_one(RuleSet, rule_set_id).rules)
    return frozenset(rule.key for rule in rules if rule.kind is RuleKind.EVIDENCE)


def rules_line(rules: RuleSet) -> RulesLine:
    """Return a stored version of rules as pages use it."""
    return RulesLine(rules.id, rules.version, read_rules(rules.rules), rules.sha256, rules.published_at)
