"""Keeping translations: each text by itself, so that a translator and an author never stand in each other's way."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from courses.authoring.saving import save_here
from courses.authoring.shelf import PartHere
from courses.translating.pages import check_language, part_in
from courses.translating.sheets import Typed, came_late, is_untouched
from courses.translating.texts import Entry, Line, lines_of, translated
from institute.actors import Actor
from institute.db import transaction
from institute.i18n import text_hash


@dataclass(frozen=True, slots=True)
class Stored:
    """How many texts were kept, and those that somebody else had translated meanwhile, as they stand now."""

    kept: int
    late: Mapping[str, Line]


def store(
    programme_slug: str, part_id: int, locale: str, typed: Mapping[str, Typed], *, revision: int, actor: Actor
) -> Stored:
    """Keep what a translator typed into a part's texts; ``revision`` is that of the page.

    A text that somebody else translated since is not overwritten: what was typed stands in the history of the part,
    and the page shows both. Raises PartNotFoundError, LanguageNotFoundError, TooLongError.
    """
    with transaction():
        here = part_in(programme_slug, part_id, actor=actor)
        check_language(here, locale)
        lines = {line.path: line for line in lines_of(here.draft, locale)}
        touched = {
            path: one for path, one in typed.items() if path in lines and not is_untouched(one, lines[path])
        }
        late = {path: lines[path] for path, one in touched.items() if came_late(one, lines[path])}
        if late:
            _remember(here, locale, {path: touched[path] for path in late}, revision=revision, actor=actor)
        entries = {path: _entry(one, lines[path]) for path, one in touched.items() if path not in late}
        keep_entries(here, locale, entries, actor=actor)
        return Stored(len(entries), late)


def keep_entries(here: PartHere, locale: str, entries: Mapping[str, Entry], *, actor: Actor) -> None:
    """Put translations into a part as it is now. Must run in the transaction that read it."""
    if entries:
        draft = translated(here.draft, locale, entries)
        save_here(here, draft, revision=here.revision, actor=actor)


def _entry(typed: Typed, line: Line) -> Entry:
    """Return what to keep: ticked as still right, a translation is as good as made from the present text."""
    return Entry(typed.text, text_hash(line.source) if typed.still_right else typed.source_seen)


def _remember(
    here: PartHere, locale: str, typed: Mapping[str, Typed], *, revision: int, actor: Actor
) -> None:
    """Put what came too late into the history, as any author's text that clashed."""
    entries = {path: Entry(one.text, one.source_seen) for path, one in typed.items()}
    older = min(revision, here.revision - 1)  # somebody saved since, whatever the form says
    save_here(here, translated(here.draft, locale, entries), revision=older, actor=actor)
