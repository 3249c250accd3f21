"""What translators' pages show: which texts are open in which language, and one part with its texts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import undefer

from courses.authoring.columns import draft_in
from courses.authoring.models import Draft, DraftKind, DraftRevision
from courses.authoring.rows import own_row
from courses.authoring.shelf import PartHere, part_here, take_up
from courses.catalogue.fields import texts_of
from courses.catalogue.models import PartId, Programme
from courses.translating.errors import LanguageNotFoundError
from courses.translating.sheets import Field, Typed, fields_of
from courses.translating.texts import Line, State, lines_of
from institute.actors import Actor
from institute.db import db
from institute.i18n import LOCALES, Localised, text_hash
from institute.people.models import Institute

REVISIONS_LOOKED_AT: Final = 60
MOST_AT_ONCE: Final = 100


@dataclass(frozen=True, slots=True)
class Open:
    """How many texts of something are open in a language."""

    locale: str
    missing: int
    stale: int

    @property
    def total(self) -> int:
        """How many texts wait for a translator."""
        return self.missing + self.stale


@dataclass(frozen=True, slots=True)
class ProgrammeTexts:
    """A programme with what is open in each of the institute's other languages."""

    slug: str
    title: Localised
    languages: tuple[Open, ...]


@dataclass(frozen=True, slots=True)
class PartTexts:
    """A part of a programme with what is open in one language; ``part_id`` is 0 for the programme itself.

    ``within`` is what is open in the segments of a module, for a list that does not show them; else None.
    """

    part_id: int
    kind: DraftKind
    number: int
    title: Localised
    open: Open
    module_id: int | None = None
    within: Open | None = None


@dataclass(frozen=True, slots=True)
class LanguagePage:
    """A programme in one language, part by part in the order of the outline.

    ``shown`` are the parts that its list shows: of a large programme all modules, and the segments of one.
    """

    slug: str
    title: Localised
    locale: str
    languages: tuple[Open, ...]
    parts: tuple[PartTexts, ...]
    shown: tuple[PartTexts, ...]

    @property
    def open(self) -> Open:
        """What is open in the whole programme."""
        return next(one for one in self.languages if one.locale == self.locale)

    @property
    def next_part(self) -> PartTexts | None:
        """The first part with something open."""
        return next((part for part in self.parts if part.open.total), None)


@dataclass(frozen=True, slots=True)
class PartPage:
    """A part with its texts in one language."""

    here: PartHere
    locale: str
    programme_title: Localised
    fields: tuple[Field, ...]
    late: int
    following: PartTexts | None

    @property
    def missing(self) -> int:
        """How many texts have no translation."""
        return sum(field.line.state is State.MISSING for field in self.fields)

    @property
    def stale(self) -> int:
        """How many translations are older than their text."""
        return sum(field.line.state is State.STALE for field in self.fields)


def list_programmes(actor: Actor) -> list[ProgrammeTexts]:
    """Return every programme of the institute, in the order in which they were made; takes up what nobody wrote in."""
    slugs = db.session.scalars(
        select(Programme.slug).where(Programme.institute_id == actor.institute_id).order_by(Programme.id)
    ).all()
    for slug in slugs:
        take_up(slug, actor=actor)
    languages = db.session.get_one(Institute, actor.institute_id).languages.split()
    rows = db.session.execute(
        select(Draft.programme_id, Draft.part_id, Draft.slug, Draft.title, Draft.missing, Draft.stale)
        .where(Draft.institute_id == actor.institute_id, Draft.removed_at.is_(None))
        .order_by(Draft.programme_id)
    )
    grouped = defaultdict(list)
    for row in rows:
        grouped[row.programme_id].append(row)
    found = []
    for members in grouped.values():
        own = next((row for row in members if row.part_id is None), None)
        if own is not None:
            found.append(ProgrammeTexts(own.slug, own.title, _sums(members, languages, own.title.source)))
    return found


def waiting_texts(actor: Actor) -> list[ProgrammeTexts] | None:
    """Return for a translator's home the programmes with open texts, or None where there is no programme."""
    return list_programmes(actor) or None


def language_page(
    programme_slug: str, locale: str, *, module_id: int | None = None, actor: Actor
) -> LanguagePage:
    """Return a programme in one language, a large one with the segments of ``module_id``.

    Raises PartNotFoundError, LanguageNotFoundError.
    """
    programme_id = take_up(programme_slug, actor=actor)
    languages = db.session.get_one(Institute, actor.institute_id).languages.split()
    rows = (
        db.session.connection()
        .execute(
            select(Draft.kind, Draft.part_id, Draft.parent_part_id, Draft.title, Draft.missing, Draft.stale)
            .where(Draft.programme_id == programme_id, Draft.removed_at.is_(None))
            .order_by(Draft.position, Draft.id)
        )
        .all()
    )
    own = next(row for row in rows if row.part_id is None)
    if locale not in languages or locale == own.title.source:
        raise LanguageNotFoundError
    parts = tuple(_parts(own, rows, locale))
    return LanguagePage(
        slug=programme_slug,
        title=own.title,
        locale=locale,
        languages=_sums(rows, languages, own.title.source),
        parts=parts,
        shown=parts if len(parts) <= MOST_AT_ONCE else tuple(_folded(parts, locale, module_id)),
    )


def part_page(
    programme_slug: str,
    locale: str,
    part_id: int,
    *,
    typed: Mapping[str, Typed] | None = None,
    late: Mapping[str, Line] | None = None,
    actor: Actor,
) -> PartPage:
    """Return a part with its texts in one language. Raises PartNotFoundError, LanguageNotFoundError."""
    whole = language_page(programme_slug, locale, actor=actor)
    here = part_in(programme_slug, part_id, actor=actor)
    lines = lines_of(here.draft, locale)
    return PartPage(
        here=here,
        locale=locale,
        programme_title=whole.title,
        fields=tuple(fields_of(lines, typed or {}, late or {}, _earlier_sources(here, lines))),
        late=len(late or {}),
        following=_open_behind(whole, part_id),
    )


def part_after(programme_slug: str, locale: str, part_id: int, *, actor: Actor) -> PartTexts | None:
    """Return the next part behind this one with something open. Raises as ``language_page``."""
    return _open_behind(language_page(programme_slug, locale, actor=actor), part_id)


def check_language(here: PartHere, locale: str) -> None:
    """Raise LanguageNotFoundError for a language that the programme of a part is not translated into."""
    if locale not in here.languages or locale == here.source:
        raise LanguageNotFoundError


def part_in(programme_slug: str, part_id: int, *, actor: Actor) -> PartHere:
    """Return a part by the number that pages know it by: 0 is the programme itself. Raises PartNotFoundError."""
    return part_here(programme_slug, PartId(part_id) if part_id else "", actor=actor)


def _open_behind(whole: LanguagePage, part_id: int) -> PartTexts | None:
    places = [part.part_id for part in whole.parts]
    behind = whole.parts[places.index(part_id) + 1 :] if part_id in places else ()
    return next((part for part in behind if part.open.total), None)


def _sums(rows: Sequence[Any], languages: Sequence[str], source: str) -> tuple[Open, ...]:
    return tuple(
        Open(
            locale,
            sum(row.missing.get(locale, 0) for row in rows),
            sum(row.stale.get(locale, 0) for row in rows),
        )
        for locale in LOCALES
        if locale in languages and locale != source
    )


def _parts(own: Any, rows: Sequence[Any], locale: str) -> list[PartTexts]:
    below = defaultdict(list)
    for row in rows:
        below[row.kind, row.parent_part_id].append(row)
    found = [_part(own, 0, locale)]
    for number, module in enumerate(below[DraftKind.MODULE, None], start=1):
        found.append(_part(module, number, locale))
        segments = enumerate(below[DraftKind.SEGMENT, module.part_id], start=1)
        found += [_part(segment, place, locale, module.part_id) for place, segment in segments]
    instruments = enumerate(below[DraftKind.INSTRUMENT, None], start=1)
    return found + [_part(row, number, locale) for number, row in instruments]


def _part(row: Any, number: int, locale: str, module_id: int | None = None) -> PartTexts:
    counts = Open(locale, row.missing.get(locale, 0), row.stale.get(locale, 0))
    return PartTexts(row.part_id or 0, row.kind, number, row.title, counts, module_id)


def _folded(parts: Sequence[PartTexts], locale: str, module_id: int | None) -> list[PartTexts]:
    """Return the parts without the segments of all modules but one, whose open texts stand at their modules instead."""
    within: dict[int, list[Open]] = defaultdict(list)
    for part in parts:
        if part.module_id is not None:
            within[part.module_id].append(part.open)
    chosen = module_id if module_id in within else next(iter(within), None)
    found = []
    for part in parts:
        inside = within.get(part.part_id, [])
        if part.kind is DraftKind.MODULE and part.part_id != chosen and inside:
            sums = Open(locale, sum(one.missing for one in inside), sum(one.stale for one in inside))
            found.append(replace(part, within=sums))
        elif part.module_id in {None, chosen}:
            found.append(part)
    return found


def _earlier_sources(here: PartHere, lines: Sequence[Line]) -> dict[str, str]:
    """Return the texts that stale translations were made from, where the history still has them."""
    wanted = {line.path: line.made_from for line in lines if line.state is State.STALE and line.made_from}
    if not wanted:
        return {}
    row = (
        own_row(here.programme_id, db.session())
        if here.part_id is None
        else db.session.scalars(select(Draft).where(Draft.part_id == here.part_id)).one()
    )
    revisions = db.session.scalars(
        select(DraftRevision)
        .where(DraftRevision.draft_id == row.id)
        .order_by(DraftRevision.number.desc())
        .limit(REVISIONS_LOOKED_AT)
        .options(undefer(DraftRevision.document))
    )
    found: dict[str, str] = {}
    for revision in revisions:
        texts = texts_of(draft_in(here.kind, revision.document))
        for path, origin in wanted.items():
            text = texts.get(path)
            if path not in found and text is not None and text_hash(text.texts[text.source]) == origin:
                found[path] = text.texts[text.source]
        if len(found) == len(wanted):
            break
    return found
