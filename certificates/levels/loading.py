"""The levels of an institute's folder: ``levels.toml``, read when the folder is loaded."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from sqlalchemy import select

from certificates.levels.defining import LevelDraft, define_levels
from certificates.levels.models import Level, Track
from certificates.levels.publishing import publish_rules
from certificates.levels.queries import Pathway, written_here
from certificates.levels.reading import MOST_MONTHS, Known, read_rules_of
from certificates.levels.rules import STANDARD, WITHOUT_ENROLMENT, Rule, RuleKind
from courses.catalogue.models import Module, Programme
from courses.coaches.qualifying import requirements_of
from courses.frameworks.models import Element, Framework
from courses.loading.tables import Table, UnknownNameError, read_table
from courses.meetings.models import MeetingKind
from courses.surveys.stages import Stage
from institute.actors import Actor
from institute.db import db
from institute.i18n import LOCALES, lazy_gettext
from institute.people.institutes import InstituteLoaded

FILE: Final = "levels.toml"
FILES: Final = "levels*.toml"


@dataclass(frozen=True, slots=True)
class Asked:
    """What one level of the file asks for."""

    rules: tuple[Rule, ...] = ()
    pathways: tuple[Pathway, ...] = ()
    renewal: tuple[Rule, ...] = ()
    valid_months: int | None = None


def level_tables(loaded: InstituteLoaded) -> list[Table]:
    """Return the levels of a folder: those of ``levels.toml``, then those of each ``levels-….toml`` by its name.

    Raises FolderError.
    """
    members: list[Table] = []
    for path in sorted(loaded.folder.glob(FILES), key=lambda path: (path.name != FILE, path.name)):
        table = read_table(path, folder=loaded.folder)
        source = table.text("source_language")
        if source not in LOCALES:
            raise table.wrong("source_language", ", ".join(LOCALES))
        table.source = source
        members += table.tables("level")
        table.finish()
    return members


def load_levels(loaded: InstituteLoaded) -> None:
    """Define what ``levels.toml`` says, lowest level of each track first. A folder without such a file defines none.

    Raises FolderError, whose sentence names the key that cannot be used.
    """
    members = level_tables(loaded)
    if not members:
        return
    known = _known(members, loaded.actor)
    drafts: list[LevelDraft] = []
    asked: dict[str, Asked] = {}
    for member in members:
        draft = _read_level(member, members)
        if draft.key in asked:
            raise member.wrong("key", lazy_gettext("a key that no other level has"))
        asked[draft.key] = _read_asked(member, known, frozenset(asked), draft.track)
        drafts.append(draft)
        member.finish()
    define_levels(drafts, actor=loaded.actor)
    written = written_here(loaded.actor.institute_id)
    for level in db.session.scalars(select(Level).where(Level.institute_id == loaded.actor.institute_id)):
        found = asked.get(level.key)
        if found is None or level.id in written:
            continue
        publish_rules(
            level.id,
            found.rules,
            pathways=found.pathways,
            renewal=found.renewal,
            valid_months=found.valid_months,
            actor=loaded.actor,
        )


def _read_level(table: Table, members: list[Table]) -> LevelDraft:
    key = table.slug("key")
    following = table.slug("next") if table.has("next") else None
    if following is not None and (following == key or following not in {one.slug("key") for one in members}):
        raise UnknownNameError(file=table.file, key=table.key("next"), name=following)
    return LevelDraft(
        key,
        table.localised("name"),
        table.localised("summary"),
        table.optional_localised("title"),
        table.choice("track", Track) if table.has("track") else Track.PARTICIPANT,
        following,
    )


def _read_asked(table: Table, known: Known, levels: frozenset[str], track: Track) -> Asked:
    """Return what a level asks for; its rules may name the levels before it, those of renewal itself too."""
    pathways = _read_pathways(table)
    kinds = frozenset(RuleKind) if track is Track.PARTICIPANT else WITHOUT_ENROLMENT
    here = known.beside(levels, frozenset(one.key for one in pathways), kinds)
    valid = table.position("valid_months") if table.has("valid_months") else None
    if valid is not None and valid > MOST_MONTHS:
        raise table.wrong("valid_months", lazy_gettext("%(most)s months at most", most=MOST_MONTHS))
    renewing = known.beside(levels | {table.slug("key")}, frozenset(), kinds)
    renewal = read_rules_of(table, "renewal", renewing)
    if renewal and valid is None:
        raise table.wrong("renewal", lazy_gettext("left out where the level is valid for ever"))
    return Asked(read_rules_of(table, "rule", here), pathways, renewal, valid)


def _read_pathways(level: Table) -> tuple[Pathway, ...]:
    found: list[Pathway] = []
    for table in level.tables("pathway"):
        pathway = Pathway(table.slug("key"), table.localised("name"))
        if pathway.key == STANDARD or any(one.key == pathway.key for one in found):
            raise table.wrong("key", lazy_gettext("a key that no other pathway of the level has"))
        table.finish()
        found.append(pathway)
    return tuple(found)


def _known(members: list[Table], actor: Actor) -> Known:
    """Return what rules may name: of this file, and of what the institute has by the time it is read."""
    requirements = [one for member in members for one in member.tables("requirement")]
    keys = frozenset(one.slug("key") for one in requirements)
    scored = [one for one in requirements if one.has("rubric")]
    return Known(
        {
            RuleKind.EVIDENCE: keys,
            RuleKind.SCORE: frozenset(one.slug("key") for one in scored),
            RuleKind.CALIBRATION: frozenset(one.slug("rubric") for one in scored),
            RuleKind.MODULE: _modules(actor),
            RuleKind.COMPETENCY: _elements(actor),
            RuleKind.INSTRUMENT: frozenset(one.value for one in Stage),
            RuleKind.MEETINGS: frozenset(one.value for one in MeetingKind),
            RuleKind.QUALIFICATION: frozenset(one.key for one in requirements_of(actor.institute_id)),
        }
    )


def _modules(actor: Actor) -> frozenset[str]:
    found = (
        select(Module.slug)
        .join(Programme, Programme.current_version_id == Module.version_id)
        .where(Programme.institute_id == actor.institute_id)
    )
    return frozenset(db.session.scalars(found))


def _elements(actor: Actor) -> frozenset[str]:
    found = (
        select(Framework.key, Element.key)
        .join(Element, Element.framework_id == Framework.id)
        .where(Framework.institute_id == actor.institute_id)
    )
    return frozenset(f"{framework}/{element}" for framework, element in db.session.execute(found))
