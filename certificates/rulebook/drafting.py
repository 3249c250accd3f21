"""Writing on a level's next version: a draft on the server, changed one step at a time, published as a whole."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import replace

from sqlalchemy import func, select

from certificates.levels.models import Level, LevelId, RuleDraft, RuleSet, Track
from certificates.levels.publishing import publish_rules
from certificates.levels.queries import WRITTEN_HERE, Pathway, RulesLine, rules_line
from certificates.levels.rules import STANDARD, Rule, says_the_same
from certificates.rulebook.documents import LevelSketch, read_sketch, sketch_of, write_sketch
from certificates.rulebook.errors import (
    DraftChangedError,
    LevelNamedError,
    LevelUnknownError,
    PathwayError,
    RulesEmptyError,
    RulesManyError,
    RuleTwiceError,
    ValidityError,
)
from institute import audit
from institute.actors import Actor
from institute.clock import now
from institute.db import db, transaction
from institute.i18n import LOCALES, Localised, current_locale
from institute.people.models import Institute

LONGEST_NAME = 60
LONGEST_SUMMARY = 400
LONGEST_TITLE = 120
LONGEST_KEY = 50
MOST_MONTHS = 240
MOST_RULES = 60
MOST_OUT = 20
MOST_PATHWAYS = 6
_PLAIN = re.compile(r"[^a-z0-9]+")


def find_level(key: str, *, actor: Actor) -> Level:
    """Return a level of the actor's institute. Raises LevelUnknownError."""
    if not key.isprintable():  # PostgreSQL takes no NUL, not even to say that nothing is called so
        raise LevelUnknownError
    found = db.session.scalar(select(Level).where(Level.institute_id == actor.institute_id, Level.key == key))
    if found is None:
        raise LevelUnknownError
    return found


def newest_rules(level_id: LevelId) -> RulesLine | None:
    """Return what is asked for a level now, None where nothing ever was."""
    found = db.session.scalar(
        select(RuleSet).where(RuleSet.level_id == level_id).order_by(RuleSet.version.desc()).limit(1)
    )
    return rules_line(found) if found is not None else None


def draft_of(level: Level) -> RuleDraft | None:
    """Return what is being written of a level."""
    return db.session.scalar(select(RuleDraft).where(RuleDraft.level_id == level.id))


def written(level: Level) -> tuple[LevelSketch, int]:
    """Return a level as it is being written, or as it stands, with the draft's revision (0 without a draft)."""
    draft = draft_of(level)
    if draft is None:
        return sketch_of(level, newest_rules(level.id)), 0
    return read_sketch(draft.document), draft.revision


def change(
    key: str, revision: int, step: Callable[[LevelSketch], LevelSketch], *, actor: Actor
) -> LevelSketch:
    """Change a level's draft by one step, beginning one where there is none; return it as it is now.

    Raises LevelUnknownError, what ``step`` raises, DraftChangedError if it is another ``revision`` by now.
    """
    with transaction() as session:
        level = find_level(key, actor=actor)
        session.get_one(Level, level.id, with_for_update=True)
        draft = draft_of(level)
        if draft is not None:
            session.refresh(draft)
        if (draft.revision if draft else 0) != revision:
            raise DraftChangedError
        before = read_sketch(draft.document) if draft else sketch_of(level, newest_rules(level.id))
        after = step(before)
        if draft is None:
            draft = RuleDraft(institute_id=actor.institute_id, level_id=level.id, revision=0)
            session.add(draft)
        draft.document, draft.revision = write_sketch(after), revision + 1
        draft.updated_by, draft.updated_at = actor.person_id, now()
        return after


def put_rule(sketch: LevelSketch, which: str, place: int | None, rule: Rule) -> LevelSketch:
    """Return a sketch with a rule added, or put in the ``place`` of another.

    Raises LevelUnknownError, RuleTwiceError if another one says the same, RulesManyError.
    """
    rules = sketch.list_of(which)
    if any(says_the_same(rule, other) for at, other in enumerate(rules) if at != place):
        raise RuleTwiceError
    if place is None:
        if len(rules) >= MOST_RULES:
            raise RulesManyError
        return sketch.with_list(which, (*rules, rule))
    if not 0 <= place < len(rules):
        raise LevelUnknownError
    return sketch.with_list(which, (*rules[:place], rule, *rules[place + 1 :]))


def move_rule(sketch: LevelSketch, which: str, place: int, wish: str) -> LevelSketch:
    """Return a sketch with a rule moved ``up`` or ``down``, taken ``out``, or one of those put ``back``.

    Raises LevelUnknownError, and what ``put_rule`` raises where one is put back.
    """
    rules = list(sketch.list_of(which))
    out = sketch.out_of(which)
    if wish == "back":
        if not 0 <= place < len(out):
            raise LevelUnknownError
        back = _on_known_pathways(out[place], sketch)
        return put_rule(sketch, which, None, back).with_out(which, (*out[:place], *out[place + 1 :]))
    if not 0 <= place < len(rules):
        raise LevelUnknownError
    if wish == "out":
        rule = rules.pop(place)
        return sketch.with_list(which, tuple(rules)).with_out(which, (rule, *out)[:MOST_OUT])
    if wish not in {"up", "down"}:
        raise LevelUnknownError
    beside = place + (-1 if wish == "up" else 1)
    if 0 <= beside < len(rules):
        rules[place], rules[beside] = rules[beside], rules[place]
    return sketch.with_list(which, tuple(rules))


def names_beside(key: str, *, actor: Actor) -> frozenset[str]:
    """Return what the other levels of the institute are called, in every language and small letters."""
    others = db.session.scalars(
        select(Level).where(Level.institute_id == actor.institute_id, Level.key != key)
    )
    return frozenset(text.casefold() for level in others for text in level.name.texts.values())


def write_texts(
    sketch: LevelSketch, typed: Mapping[str, Mapping[str, str]], taken: Collection[str] = ()
) -> LevelSketch:
    """Return a sketch with its name, summary and title as typed, by locale. Raises LevelNamedError.

    ``taken`` are names that it must not have, in small letters.
    """
    called = [_clean(text) for text in typed.get("name", {}).values()]
    name = _text(sketch.name, typed.get("name", {}), LONGEST_NAME)
    if name is None or any(len(text) > LONGEST_NAME or text.casefold() in taken for text in called):
        raise LevelNamedError
    summary = _text(sketch.summary, typed.get("summary", {}), LONGEST_SUMMARY) or name
    source = sketch.title or Localised.of({name.source: name.texts[name.source]}, name.source)
    return replace(
        sketch, name=name, summary=summary, title=_text(source, typed.get("title", {}), LONGEST_TITLE)
    )


def write_validity(sketch: LevelSketch, months: str) -> LevelSketch:
    """Return a sketch with how many months an award holds, for ever where nothing is typed. Raises ValidityError."""
    text = months.strip()
    if not text:
        return replace(sketch, valid_months=None)
    if not (text.isascii() and text.isdigit() and len(text) < 5 and 1 <= int(text) <= MOST_MONTHS):  # noqa: PLR2004
        raise ValidityError
    return replace(sketch, valid_months=int(text))


def add_pathway(sketch: LevelSketch, name: str, locale: str) -> LevelSketch:
    """Return a sketch with one pathway more. Raises PathwayError."""
    text = _clean(name)
    taken = {str(way.name.in_(locale)).casefold() for way in sketch.pathways}
    if (
        not 1 <= len(text) <= LONGEST_NAME
        or text.casefold() in taken
        or len(sketch.pathways) >= MOST_PATHWAYS
    ):
        raise PathwayError
    keys = {way.key for way in sketch.pathways} | {"standard"}
    key = _new_key(text, keys, "pathway")
    return replace(sketch, pathways=(*sketch.pathways, Pathway(key, Localised.of({locale: text}, locale))))


def drop_pathway(sketch: LevelSketch, key: str) -> LevelSketch:
    """Return a sketch without a pathway; rules that only it asked for are taken out."""
    if key not in {way.key for way in sketch.pathways}:
        raise LevelUnknownError
    alone = tuple(rule for rule in sketch.rules if rule.pathways == (key,))
    return replace(
        sketch,
        pathways=tuple(way for way in sketch.pathways if way.key != key),
        rules=tuple(
            replace(rule, pathways=tuple(one for one in rule.pathways if one != key))
            for rule in sketch.rules
            if rule not in alone
        ),
        out=(*alone, *sketch.out),
    )


def add_level(track: str, name: str, *, actor: Actor) -> str:
    """Add a level above the others of its track; return its key. Raises LevelNamedError, LevelUnknownError."""
    if track not in list(Track):
        raise LevelUnknownError
    text = _clean(name)
    with transaction() as session:
        session.get_one(Institute, actor.institute_id, with_for_update={"key_share": True})
        known = session.scalars(select(Level).where(Level.institute_id == actor.institute_id)).all()
        names = {one.casefold() for level in known for one in level.name.texts.values()}
        if not 1 <= len(text) <= LONGEST_NAME or text.casefold() in names:
            raise LevelNamedError
        locale = current_locale()
        called = Localised.of({locale: text}, locale)
        highest = session.scalar(
            select(func.max(Level.position)).where(
                Level.institute_id == actor.institute_id, Level.track == track
            )
        )
        level = Level(
            institute_id=actor.institute_id,
            track=Track(track),
            position=(highest or 0) + 1,
            key=_new_key(text, {one.key for one in known}, "level"),
            name=called,
            summary=called,
        )
        session.add(level)
        session.flush()
        audit.record(
            "level.defined", actor=actor, subject=("level", level.id), details={"position": level.position}
        )
        return level.key


def discard(key: str, revision: int, *, actor: Actor) -> None:
    """Throw a draft away; done twice it changes nothing. Raises LevelUnknownError, DraftChangedError."""
    with transaction() as session:
        level = session.get_one(Level, find_level(key, actor=actor).id, with_for_update=True)
        draft = draft_of(level)
        if draft is None:
            return
        session.refresh(draft)
        if draft.revision != revision:
            raise DraftChangedError
        session.delete(draft)


def publish(key: str, revision: int, *, actor: Actor) -> None:
    """Let a draft be what is asked from now on; whoever applied before is held to theirs.

    Raises LevelUnknownError, DraftChangedError, RulesEmptyError.
    """
    with transaction() as session:
        level = session.get_one(Level, find_level(key, actor=actor).id, with_for_update=True)
        draft = draft_of(level)
        if draft is None or draft.revision != revision:
            raise DraftChangedError
        sketch = read_sketch(draft.document)
        ways = (STANDARD, *(way.key for way in sketch.pathways))
        if not all(any(rule.is_on(way) for rule in sketch.rules) for way in ways):
            raise RulesEmptyError
        level.name, level.summary, level.title = sketch.name, sketch.summary, sketch.title
        publish_rules(
            level.id,
            sketch.rules,
            pathways=sketch.pathways,
            renewal=sketch.renewal,
            valid_months=sketch.valid_months,
            actor=actor,
        )
        audit.record(WRITTEN_HERE, actor=actor, subject=("level", level.id), details={"revision": revision})
        session.delete(draft)


def _on_known_pathways(rule: Rule, sketch: LevelSketch) -> Rule:
    """Return a rule that was taken out without the pathways that are there no longer."""
    ways = {STANDARD, *(way.key for way in sketch.pathways)}
    return replace(rule, pathways=tuple(one for one in rule.pathways if one in ways))


def _clean(text: str) -> str:
    """Return a line without signs that nobody sees."""
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())


def _text(before: Localised, typed: Mapping[str, str], longest: int) -> Localised | None:
    """Return a text with what was typed in each language; None where the source language is left empty."""
    clean = {locale: _clean(typed.get(locale, before.texts.get(locale, "")))[:longest] for locale in LOCALES}
    if not clean.get(before.source):
        return None
    return Localised.of(clean, before.source)


def _new_key(text: str, taken: set[str], fallback: str) -> str:
    plain = _PLAIN.sub("-", text.lower()).strip("-")[:LONGEST_KEY] or fallback
    key, number = plain, 1
    while key in taken:
        number += 1
        key = f"{plain}-{number}"
    return key
