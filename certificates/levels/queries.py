"""Levels and their rules as pages show them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import bindparam, func, select

from certificates.levels.models import Level, LevelId, RuleSet, RuleSetId, Track
from certificates.levels.rules import Rule, RuleKind, read_rules
from institute.actors import InstituteId
from institute.audit.models import AuditEvent
from institute.db import db
from institute.i18n import Localised


@dataclass(frozen=True, slots=True)
class Pathway:
    """A way to a level beside the standard one."""

    key: str
    name: Localised


@dataclass(frozen=True, slots=True)
class RulesLine:
    """A version of a level's rules."""

    id: RuleSetId
    version: int
    rules: tuple[Rule, ...]
    sha256: str
    published_at: datetime
    pathways: tuple[Pathway, ...] = ()
    renewal: tuple[Rule, ...] = ()
    valid_months: int | None = None


@dataclass(frozen=True, slots=True)
class LevelLine:
    """One level of a list, with the newest version of its rules; None where it has none yet.

    ``next_id`` is the level that follows, which may be of another track; None is the next one of its own.
    """

    id: LevelId
    position: int
    key: str
    name: Localised
    summary: Localised
    rules: RulesLine | None
    track: Track = Track.PARTICIPANT
    next_id: LevelId | None = None


WRITTEN_HERE: Final = "level.written"
"""What the audit calls the publishing of a level in the browser."""
_NEWEST: Final = (
    select(RuleSet.level_id, func.max(RuleSet.version).label("version")).group_by(RuleSet.level_id).subquery()
)
LEVELS: Final = (
    select(Level, RuleSet)
    .outerjoin(_NEWEST, _NEWEST.c.level_id == Level.id)
    .outerjoin(RuleSet, (RuleSet.level_id == Level.id) & (RuleSet.version == _NEWEST.c.version))
    .where(Level.institute_id == bindparam("institute"), Level.track == bindparam("track", Track.PARTICIPANT))
    .order_by(Level.position)
)


def levels_of(institute_id: InstituteId, track: Track = Track.PARTICIPANT) -> Sequence[LevelLine]:
    """Return the levels of an institute's track, lowest first, each with its newest rules, in one query."""
    asked = {"institute": institute_id, "track": track}
    return [level_line(level, rules) for level, rules in db.session.execute(LEVELS, asked)]


def level_line(level: Level, rules: RuleSet | None) -> LevelLine:
    """Return a row of ``LEVELS`` as pages use it."""
    return LevelLine(
        level.id,
        level.position,
        level.key,
        level.name,
        level.summary,
        rules_line(rules) if rules is not None and rules.rules else None,
        level.track,
        level.next_id,
    )


def next_level(level: LevelLine, institute_id: InstituteId) -> Level | None:
    """Return the level that follows, of whichever track; None at the top."""
    here = select(Level).where(Level.institute_id == institute_id)
    if level.next_id is not None:
        return db.session.scalar(here.where(Level.id == level.next_id))
    return db.session.scalar(here.where(Level.track == level.track, Level.position == level.position + 1))


def written_here(institute_id: InstituteId) -> frozenset[LevelId]:
    """Return the levels that were published in the browser: a folder that is loaded again leaves them alone."""
    found = select(AuditEvent.subject_id).where(
        AuditEvent.institute_id == institute_id, AuditEvent.action == WRITTEN_HERE
    )
    return frozenset(LevelId(one) for one in db.session.scalars(found) if one is not None)


def evidence_asked(rule_set_id: RuleSetId, scored: Iterable[str] = ()) -> frozenset[str]:
    """Return the keys of the requirements that a version of rules rests on, by their evidence or by their scores.

    A rule about a competency rests on whatever was ``scored``.
    """
    rules = read_rules(db.session.get_one(RuleSet, rule_set_id).rules)
    every = [one for rule in rules for one in (rule, *rule.one_of)]
    named = {rule.key for rule in every if rule.kind is RuleKind.EVIDENCE}
    named |= {rule.key.partition("/")[0] for rule in every if rule.kind is RuleKind.SCORE}
    return frozenset(named.union(scored if any(one.kind is RuleKind.COMPETENCY for one in every) else ()))


def rules_line(rules: RuleSet) -> RulesLine:
    """Return a stored version of rules as pages use it."""
    return RulesLine(
        rules.id,
        rules.version,
        read_rules(rules.rules),
        rules.sha256,
        rules.published_at,
        tuple(
            Pathway(one["key"], Localised.of(one["name"]["texts"], one["name"]["source"]))
            for one in rules.pathways
        ),
        read_rules(rules.renewal),
        rules.valid_months,
    )
