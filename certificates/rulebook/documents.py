"""What is being written of a level's next version, as plain values and as JSON holds it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from certificates.levels.models import Level
from certificates.levels.queries import Pathway, RulesLine
from certificates.levels.rules import Rule, read_rules, write_rules
from institute.i18n import Localised


@dataclass(frozen=True)
class LevelSketch:
    """A level as it is being written: its texts, its rules in their order, what keeps an award in force.

    ``out`` and ``renewal_out`` are rules that were taken out of the two lists and can be put back.
    """

    name: Localised
    summary: Localised
    title: Localised | None
    rules: tuple[Rule, ...] = ()
    pathways: tuple[Pathway, ...] = ()
    renewal: tuple[Rule, ...] = ()
    valid_months: int | None = None
    out: tuple[Rule, ...] = ()
    renewal_out: tuple[Rule, ...] = ()

    def list_of(self, which: str) -> tuple[Rule, ...]:
        """Return the rules to reach the level, or with ``renewal`` those to renew it."""
        return self.renewal if which == RENEWAL else self.rules

    def with_list(self, which: str, rules: tuple[Rule, ...]) -> LevelSketch:
        """Return a copy with one of the two lists changed."""
        return replace(self, renewal=rules) if which == RENEWAL else replace(self, rules=rules)

    def out_of(self, which: str) -> tuple[Rule, ...]:
        """Return what was taken out of one of the two lists, the last one first."""
        return self.renewal_out if which == RENEWAL else self.out

    def with_out(self, which: str, rules: tuple[Rule, ...]) -> LevelSketch:
        """Return a copy with what was taken out of one of the two lists changed."""
        return replace(self, renewal_out=rules) if which == RENEWAL else replace(self, out=rules)


RENEWAL = "renewal"
RULES = "rules"


def sketch_of(level: Level, rules: RulesLine | None) -> LevelSketch:
    """Return a level as it stands, to be written on."""
    texts = LevelSketch(level.name, level.summary, level.title)
    if rules is None:
        return texts
    return replace(
        texts,
        rules=rules.rules,
        pathways=rules.pathways,
        renewal=rules.renewal,
        valid_months=rules.valid_months,
    )


def write_sketch(sketch: LevelSketch) -> dict[str, Any]:
    """Return a sketch as JSON holds it."""
    return {
        "name": _write(sketch.name),
        "summary": _write(sketch.summary),
        "title": _write(sketch.title) if sketch.title is not None else None,
        "rules": write_rules(sketch.rules),
        "pathways": [{"key": one.key, "name": _write(one.name)} for one in sketch.pathways],
        "renewal": write_rules(sketch.renewal),
        "valid_months": sketch.valid_months,
        "out": write_rules(sketch.out),
        "renewal_out": write_rules(sketch.renewal_out),
    }


def read_sketch(written: Mapping[str, Any]) -> LevelSketch:
    """Return the sketch that ``write_sketch`` wrote."""
    return LevelSketch(
        name=_read(written["name"]),
        summary=_read(written["summary"]),
        title=_read(written["title"]) if written["title"] is not None else None,
        rules=read_rules(written["rules"]),
        pathways=tuple(Pathway(one["key"], _read(one["name"])) for one in written["pathways"]),
        renewal=read_rules(written["renewal"]),
        valid_months=written["valid_months"],
        out=read_rules(written.get("out", ())),
        renewal_out=read_rules(written.get("renewal_out", ())),
    )


def _write(text: Localised) -> dict[str, Any]:
    return {"source": text.source, "texts": dict(text.texts), "origins": dict(text.origins)}


def _read(written: Mapping[str, Any]) -> Localised:
    return Localised(written["texts"], written["source"], written["origins"])
