"""The levels of an institute's folder: ``levels.toml``, read when the folder is loaded."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from sqlalchemy import select

from certificates.levels.defining import LevelDraft, define_levels
from certificates.levels.models import Level
from certificates.levels.publishing import publish_rules
from certificates.levels.rules import MEASURED, NAMED, Rule, RuleKind
from courses.catalogue.models import Module, Programme
from courses.loading.tables import Table, UnknownNameError, read_table
from institute.actors import Actor
from institute.db import db
from institute.i18n import LOCALES, lazy_gettext
from institute.people.institutes import InstituteLoaded

FILE: Final = "levels.toml"
MOST_MONTHS: Final = 240
MINUTES: Final = 60


@dataclass(frozen=True, slots=True)
class Known:
    """What a rule may name: keys of requirements in this file, slugs of modules, keys of the levels before."""

    requirements: frozenset[str]
    modules: frozenset[str]
    levels: frozenset[str]

    def of(self, kind: RuleKind) -> frozenset[str]:
        """Return the names that a rule of this kind may hold."""
        return {RuleKind.MODULE: self.modules, RuleKind.LEVEL: self.levels}.get(kind, self.requirements)


def load_levels(loaded: InstituteLoaded) -> None:
    """Define what ``levels.toml`` says, lowest level first, with its rules. A folder without the file defines none.

    Raises FolderError, whose sentence names the key that cannot be used.
    """
    path = loaded.folder / FILE
    if not path.is_file():
        return
    table = read_table(path, folder=loaded.folder)
    source = table.text("source_language")
    if source not in LOCALES:
        raise table.wrong("source_language", ", ".join(LOCALES))
    table.source = source
    members = table.tables("level")
    table.finish()
    requirements = frozenset(one.slug("key") for member in members for one in member.tables("requirement"))
    modules = _modules(loaded.actor)
    drafts: list[LevelDraft] = []
    rules: dict[str, tuple[Rule, ...]] = {}
    for member in members:
        key = member.slug("key")
        if key in rules:
            raise member.wrong("key", lazy_gettext("a key that no other level has"))
        known = Known(requirements, modules, frozenset(rules))
        name, summary = member.localised("name"), member.localised("summary")
        drafts.append(LevelDraft(key, name, summary, member.optional_localised("title")))
        rules[key] = _read_rules(member, known)
        member.finish()
    define_levels(drafts, actor=loaded.actor)
    for level in db.session.scalars(select(Level).where(Level.institute_id == loaded.actor.institute_id)):
        publish_rules(level.id, rules.get(level.key, ()), actor=loaded.actor)


def _modules(actor: Actor) -> frozenset[str]:
    found = (
        select(Module.slug)
        .join(Programme, Programme.current_version_id == Module.version_id)
        .where(Programme.institute_id == actor.institute_id)
    )
    return frozenset(db.session.scalars(found))


def _read_rules(level: Table, known: Known) -> tuple[Rule, ...]:
    rules: list[Rule] = []
    for table in level.tables("rule"):
        rule = _read_rule(table, known)
        if any((one.kind, one.key) == (rule.kind, rule.key) for one in rules):
            raise table.wrong("kind", lazy_gettext("a rule that the level does not have already"))
        rules.append(rule)
    return tuple(rules)


def _read_rule(table: Table, known: Known) -> Rule:
    kind = table.choice("kind", RuleKind)
    key, amount, within = "", 0, None
    if kind in NAMED:
        key = table.slug("key")
        if key not in known.of(kind):
            raise UnknownNameError(file=table.file, key=table.key("key"), name=key)
    if kind in MEASURED:
        amount = table.position("months") if kind is RuleKind.MONTHS else _read_minutes(table)
    if table.has("within_months"):
        within = table.position("within_months")
        if within > MOST_MONTHS:
            raise table.wrong("within_months", lazy_gettext("%(most)s months at most", most=MOST_MONTHS))
    table.finish()
    return Rule(kind, amount, key, within)


def _read_minutes(table: Table) -> int:
    """Return a time written as ``hours``, ``minutes``, or both, in minutes."""
    least = 0 if table.has("minutes") else None
    minutes = table.number("hours", least) * MINUTES + table.number("minutes", 0)
    if minutes == 0:
        raise table.wrong("hours", lazy_gettext("more than nothing"))
    return minutes
