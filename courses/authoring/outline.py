"""What the outline of a programme shows: from columns alone, no document is read."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Row

from courses.authoring.missing import Lack, lacks_of_budgets
from courses.authoring.models import DraftKind
from courses.authoring.shelf import take_up
from courses.authoring.statements import ROWS, sums_of
from courses.catalogue.drafts import MinuteRange
from courses.catalogue.models import PartId, ProgrammeId
from courses.catalogue.naming import is_slug
from institute.actors import Actor
from institute.db import db
from institute.i18n import Localised

Lacks = tuple[tuple[str, Lack], ...]


@dataclass(frozen=True, slots=True)
class OutlinePart:
    """A part as its row of the outline shows it. ``open_texts`` counts translations missing or stale."""

    part_id: PartId
    number: int
    title: Localised
    reading: MinuteRange
    coaching: MinuteRange
    lacks: Lacks
    open_texts: int
    changed: bool
    fixed: bool


@dataclass(frozen=True, slots=True)
class OutlineModule:
    """A module with what its segments come to; the segments themselves only where the module is open."""

    part: OutlinePart
    count: int
    lack_count: int
    open_texts: int
    changed: bool
    summed: tuple[MinuteRange, MinuteRange] | None
    open: bool
    segments: tuple[OutlinePart, ...] = ()


@dataclass(frozen=True, slots=True)
class RemovedPart:
    """A part that can be restored."""

    part_id: PartId
    kind: DraftKind
    title: Localised
    at: datetime


@dataclass(frozen=True, slots=True)
class OutlinePage:
    """A programme as it is being written."""

    slug: str
    title: Localised
    version: int | None
    fixed: bool
    lacks: Lacks
    open_texts: int
    changed: bool
    modules: tuple[OutlineModule, ...]
    instruments: tuple[OutlinePart, ...]
    removed: tuple[RemovedPart, ...]

    @property
    def lack_count(self) -> int:
        """How many things are missing in all."""
        instruments = sum(len(one.lacks) for one in self.instruments)
        empty = 0 if self.modules else 1
        return len(self.lacks) + empty + instruments + sum(one.lack_count for one in self.modules)

    @property
    def all_open_texts(self) -> int:
        """How many translations are missing or stale in all."""
        instruments = sum(one.open_texts for one in self.instruments)
        return self.open_texts + instruments + sum(one.open_texts for one in self.modules)

    @property
    def waits(self) -> bool:
        """Whether something was written that nobody studies yet."""
        inside = any(one.changed for one in self.modules) or any(one.changed for one in self.instruments)
        return self.version is None or self.changed or inside


@dataclass(frozen=True, slots=True)
class _Sums:
    """What the segments of a module come to."""

    count: int = 0
    lacks: int = 0
    open_texts: int = 0
    changed: bool = False
    reading: MinuteRange = field(default=MinuteRange(0, 0))
    coaching: MinuteRange = field(default=MinuteRange(0, 0))


def outline_page(programme_slug: str, opened: PartId | None, *, actor: Actor) -> OutlinePage:
    """Return a programme's outline in two queries, taken up if it never was. Raises PartNotFoundError."""
    rows = _rows(programme_slug, opened, actor)
    if not rows:
        take_up(programme_slug, actor=actor)
        rows = _rows(programme_slug, opened, actor)
    own = rows[0]
    wished = own.languages.split()
    sums = _sums(own.programme_id, wished)
    standing = [row for row in rows if row.removed_at is None]
    modules = [row for row in standing if row.kind is DraftKind.MODULE]
    below: dict[PartId, list[Row[Any]]] = defaultdict(list)
    for row in standing:
        below[row.parent_part_id].append(row)
    there = {None, *(row.part_id for row in modules)}
    fixed = own.core
    return OutlinePage(
        slug=programme_slug,
        title=own.title,
        version=own.number,
        fixed=fixed,
        lacks=_lacks(own),
        open_texts=_open_texts(own, wished),
        changed=any(row.changed for row in rows),
        modules=tuple(
            _module(number, row, sums.get(row.part_id, _Sums()), below.get(row.part_id), wished, fixed=fixed)
            for number, row in enumerate(modules, start=1)
        ),
        instruments=tuple(
            _part(number, row, wished, fixed=fixed)
            for number, row in enumerate(
                (row for row in standing if row.kind is DraftKind.INSTRUMENT), start=1
            )
        ),
        removed=tuple(
            RemovedPart(row.part_id, row.kind, row.title, row.removed_at)
            for row in rows
            if row.removed_at is not None and row.parent_part_id in there
        ),
    )


def _rows(programme_slug: str, opened: PartId | None, actor: Actor) -> Sequence[Row[Any]]:
    """Return the programme's own row first, then all that its page shows, in order, and everything removed.

    Of segments these are all where they are few, else those of the open module: the one asked for, or the first.
    """
    if not is_slug(programme_slug):
        return []
    here = {"institute_id": actor.institute_id, "slug": programme_slug, "opened": opened}
    return db.session.execute(ROWS, here).all()


def _sums(programme_id: ProgrammeId, wished: Sequence[str]) -> Mapping[PartId, _Sums]:
    rows = db.session.execute(sums_of(tuple(wished)), {"programme_id": programme_id})
    return {
        row.parent_part_id: _Sums(
            row.segments,
            int(row.lacks),
            int(row.open_texts),
            bool(row.changed),
            MinuteRange(int(row.reading_min), int(row.reading_max)),
            MinuteRange(int(row.coaching_min), int(row.coaching_max)),
        )
        for row in rows
    }


def _module(
    number: int,
    row: Row[Any],
    sums: _Sums,
    segments: Iterable[Row[Any]] | None,
    wished: Sequence[str],
    *,
    fixed: bool,
) -> OutlineModule:
    part = _part(number, row, wished, fixed=fixed, sums=sums)
    return OutlineModule(
        part=part,
        count=sums.count,
        lack_count=len(part.lacks) + sums.lacks,
        open_texts=part.open_texts + sums.open_texts,
        changed=part.changed or sums.changed,
        summed=(sums.reading, sums.coaching) if sums.count else None,
        open=segments is not None or not sums.count,
        segments=tuple(
            _part(place, one, wished, fixed=fixed) for place, one in enumerate(segments or (), start=1)
        ),
    )


def _part(
    number: int, row: Row[Any], wished: Sequence[str], *, fixed: bool, sums: _Sums | None = None
) -> OutlinePart:
    reading = MinuteRange(row.reading_min, row.reading_max)
    coaching = MinuteRange(row.coaching_min, row.coaching_max)
    lacks = _lacks(row)
    if sums is not None and not sums.count:
        lacks += (("", Lack.SEGMENT),)
    elif sums is not None:
        lacks += tuple(lacks_of_budgets(reading, coaching, [sums.reading], [sums.coaching]))
    return OutlinePart(
        part_id=row.part_id,
        number=number,
        title=row.title,
        reading=reading,
        coaching=coaching,
        lacks=lacks,
        open_texts=_open_texts(row, wished),
        changed=row.changed,
        fixed=fixed and row.core,
    )


def _lacks(row: Row[Any]) -> Lacks:
    return tuple((path, Lack(what)) for path, what in row.gaps)


def _open_texts(row: Row[Any], wished: Iterable[str]) -> int:
    return sum(row.missing[locale] + row.stale[locale] for locale in wished)
