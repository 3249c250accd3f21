"""Publishing a level's rules: a new version only where something changed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select

from certificates.levels.models import Level, LevelId, RuleSet
from certificates.levels.queries import Pathway
from certificates.levels.rules import Rule, digest, write_rules
from institute import audit
from institute.actors import Actor
from institute.db import transaction
from institute.errors import NotFoundError
from institute.i18n import Localised


def publish_rules(
    level_id: LevelId,
    rules: Sequence[Rule],
    *,
    pathways: Sequence[Pathway] = (),
    renewal: Sequence[Rule] = (),
    valid_months: int | None = None,
    actor: Actor,
) -> None:
    """Make ``rules`` the newest version of a level. Nothing happens if the newest asks the same already.

    Raises NotFoundError if the level is not of the actor's institute.
    """
    written = write_rules(rules)
    ways = [{"key": one.key, "name": _written(one.name)} for one in pathways]
    renewing = write_rules(renewal)
    more = {"pathways": ways, "renewal": renewing, "valid_months": valid_months}
    # What asks for rules alone keeps the mark that it had before there was anything else to ask.
    mark = digest({"rules": written, **more} if any(more.values()) else written)
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
            **more,
            texts=_texts(level),
        )
        session.add(added)
        session.flush()
        audit.record(
            "rules.published",
            actor=actor,
            subject=("rule_set", added.id),
            details={"level": level_id, "version": added.version, "sha256": mark},
        )


def _texts(level: Level) -> dict[str, dict[str, Any]]:
    """Return what a level is called as JSON holds it."""
    named = {"name": level.name, "summary": level.summary, "title": level.title}
    return {key: _written(text) for key, text in named.items() if text is not None}


def _written(text: Localised) -> dict[str, Any]:
    return {"source": text.source, "texts": dict(text.texts)}
