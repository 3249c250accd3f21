"""Publishing a level's rules: a new version only where something changed."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from certificates.levels.models import Level, LevelId, RuleSet
from certificates.levels.rules import Rule, digest, write_rules
from institute import audit
from institute.actors import Actor
from institute.db import transaction
from institute.errors import NotFoundError


def publish_rules(level_id: LevelId, rules: Sequence[Rule], *, actor: Actor) -> None:
    """Make ``rules`` the newest version of a level's rules. Nothing happens if the newest says the same already.

    Raises NotFoundError if the level is not of the actor's institute.
    """
    written = write_rules(rules)
    mark = digest(written)
    with transaction() as session:
        level = session.get(Level, level_id, with_for_update=True)
        if level is None or level.institute_id != actor.institute_id:
            raise NotFoundError
        newest = session.scalar(
            select(RuleSet).where(RuleSet.level_id == level_id).order_by(RuleSet.version.desc()).limit(1)
        )
        if (newest is None and not written) or (newest is not None and newest.sha256 == mark):
            return
        added = RuleSet(
            institute_id=actor.institute_id,
            level_id=level_id,
            version=newest.version + 1 if newest else 1,
            rules=written,
            sha256=mark,
        )
        session.add(added)
        session.flush()
        audit.record(
            "rules.published",
            actor=actor,
            subject=("rule_set", added.id),
            details={"level": level_id, "version": added.version, "sha256": mark},
        )
