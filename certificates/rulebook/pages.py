"""What the pages of the rulebook show."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy import select

from certificates.awards.choices import Choices, choices_of
from certificates.levels.models import Level, RuleDraft, Track
from certificates.levels.queries import LevelLine, Pathway, RulesLine, levels_of
from certificates.levels.rules import STANDARD, Rule, RuleKind, digest, write_rules
from certificates.levels.wording import Names, say_rule, say_strand
from certificates.rulebook.documents import RENEWAL, RULES, LevelSketch
from certificates.rulebook.drafting import find_level, newest_rules, written
from certificates.rulebook.errors import LevelUnknownError
from certificates.rulebook.typed import plain_choice
from institute.actors import Actor
from institute.db import db
from institute.i18n import LOCALES, Localised, gettext, speaking


@dataclass(frozen=True, slots=True)
class Ladder:
    """The levels of a track, lowest first, with the ids of those that somebody writes on."""

    track: Track
    levels: Sequence[LevelLine]
    drafted: frozenset[int]


@dataclass(frozen=True, slots=True)
class RuleLine:
    """A rule of a list in words: where it stands, the names of the pathways that alone ask for it."""

    place: int
    rule: Rule
    says: str
    strand: str
    pathways: tuple[str, ...]
    renewal: bool = False


@dataclass(frozen=True)
class LevelHere:
    """A level on its page: the sketch in words, and what is published. ``revision`` 0 where nobody writes on it."""

    level: Level
    sketch: LevelSketch
    revision: int
    published: RulesLine | None
    rules: tuple[RuleLine, ...]
    renewal: tuple[RuleLine, ...]
    out: tuple[RuleLine, ...]
    renewal_out: tuple[RuleLine, ...]
    next: Localised | None
    locale: str


@dataclass(frozen=True, slots=True)
class RuleForm:
    """The form of one rule: of which list, in the place of which (None: a new one), what it says so far."""

    here: LevelHere
    which: str
    place: int | None
    kind: str
    choices: Choices
    rule: Rule | None
    kept: tuple[tuple[str, str], ...] = ()
    """Parts of a choice that are more than a name, as the form sends them and as sentences."""

    @property
    def was(self) -> str:
        """The mark of the rule that the form is about, empty for a new one."""
        return mark_of(self.rule) if self.rule is not None else ""


def mark_of(rule: Rule) -> str:
    """Return by what a form knows its rule again after somebody moved it."""
    return digest(write_rules([rule]))


def ladders(actor: Actor) -> list[Ladder]:
    """Return the levels of all tracks."""
    drafted = frozenset(
        db.session.scalars(select(RuleDraft.level_id).where(RuleDraft.institute_id == actor.institute_id))
    )
    return [
        Ladder(track, levels_of(actor.institute_id, track), frozenset(map(int, drafted))) for track in Track
    ]


def level_here(key: str, *, locale: str = "", actor: Actor) -> LevelHere:
    """Return a level for its page, its rules said in ``locale`` (the reader's where it is none of ours)."""
    level = find_level(key, actor=actor)
    sketch, revision = written(level)
    names = choices_of(actor.institute_id).names
    if locale in LOCALES:
        with speaking(locale):
            return _here(level, sketch, revision, names, locale)
    return _here(level, sketch, revision, names, "")


def rule_form(key: str, which: str, place: str, kind: str, *, actor: Actor, was: str = "") -> RuleForm:
    """Return the form of a rule. Raises LevelUnknownError.

    ``was`` is the mark of the rule that a form was opened with: wherever that rule stands by now, the form is about it,
    and about a new one where it was taken out.
    """
    here = level_here(key, actor=actor)
    rules = here.sketch.list_of(which)
    if which not in {RULES, RENEWAL}:
        raise LevelUnknownError
    at = int(place) if place.isascii() and place.isdigit() and len(place) < 4 else None  # noqa: PLR2004
    if at is not None and was:
        places = [n for n, one in enumerate(rules) if mark_of(one) == was]
        at = at if at in places else next(iter(places), None)
    if at is not None and at >= len(rules):
        raise LevelUnknownError
    rule = rules[at] if at is not None else None
    chosen = rule.kind.value if rule is not None else (kind if kind in list(RuleKind) else "")
    # What is renewed is the level itself: a rule of renewal may ask that it is held.
    itself = here.level.key if which == RULES else ""
    choices = choices_of(actor.institute_id).for_level(here.level.track, itself)
    parts = enumerate(rule.one_of if rule is not None else ())
    kept = tuple((f"kept:{n}", say_rule(one, choices.names)) for n, one in parts if not plain_choice(one))
    return RuleForm(here, which, at, chosen if chosen in choices.kinds else "", choices, rule, kept)


def _here(level: Level, sketch: LevelSketch, revision: int, names: Names, locale: str) -> LevelHere:
    ways = {way.key: str(way.name) for way in sketch.pathways} | {STANDARD: gettext("Standard pathway")}
    return LevelHere(
        level,
        sketch,
        revision,
        newest_rules(level.id),
        _lines(sketch.rules, names, ways),
        _lines(sketch.renewal, names, ways),
        _lines(sketch.out, names, ways),
        _lines(sketch.renewal_out, names, ways),
        _next_of(level),
        locale,
    )


def lines_of(
    rules: Sequence[Rule], pathways: Sequence[Pathway], names: Names, *, renewal: bool = False
) -> list[RuleLine]:
    """Return rules in words, with the names of these pathways."""
    ways = {way.key: str(way.name) for way in pathways} | {STANDARD: gettext("Standard pathway")}
    return [replace(line, renewal=renewal) for line in _lines(rules, names, ways)]


def _lines(rules: Sequence[Rule], names: Names, ways: dict[str, str]) -> tuple[RuleLine, ...]:
    return tuple(
        RuleLine(
            place,
            rule,
            say_rule(rule, names),
            say_strand(rule.strand) if rule.strand else "",
            tuple(ways.get(key, key) for key in rule.pathways),
        )
        for place, rule in enumerate(rules)
    )


def _next_of(level: Level) -> Localised | None:
    """Return what the level that follows is called."""
    following = (
        Level.id == level.next_id
        if level.next_id is not None
        else (Level.track == level.track) & (Level.position == level.position + 1)
    )
    return db.session.scalar(
        select(Level.name).where(Level.institute_id == level.institute_id, following).limit(1)
    )
