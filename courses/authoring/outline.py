"""What the outline of a programme shows, and the list of programmes: from columns alone, no document is read."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache, reduce
from operator import add
from typing import Any, Final

from sqlalchemy import Integer, Row, Select, bindparam, func, or_, select
from sqlalchemy import cast as cast_sql
from sqlalchemy.orm import aliased
from sqlalchemy.sql.elements import ColumnElement

from courses.authoring.missing import Lack, lacks_of_budgets
from courses.authoring.models import Draft, DraftKind
from courses.authoring.shelf import take_up
from courses.catalogue.drafts import MinuteRange
from courses.catalogue.models import PartId, Programme, ProgrammeId, ProgrammeVersion
from courses.catalogue.naming import is_slug
from institute.actors import Actor
from institute.db import db
from institute.i18n import Localised
from institute.people.models import Institute

ALL_OPEN: Final = 24  # segments: with more of them one module is open at a time

Lacks = tuple[tuple[str, Lack], ...]


@dataclass(frozen=True, slots=True)
class OutlinePart:
    """A part as its row of the outline shows it. ``open_texts`` counts translations missing or stale."""

    part_id: PartId
    kind: DraftKind
    number: int
    slug: str
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

    programme_id: ProgrammeId
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


_COLUMNS: Final = (
    Draft.part_id,
    Draft.kind,
    Draft.slug,
    Draft.title,
    Draft.reading_min,
    Draft.reading_max,
    Draft.coaching_min,
    Draft.coaching_max,
    Draft.gaps,
    Draft.missing,
    Draft.stale,
    Draft.changed,
    Draft.core,
    Draft.parent_part_id,
    Draft.removed_at,
)


# Written once, since building a statement takes longer than answering it.


def _select_rows() -> Select[*tuple[Any, ...]]:
    module, segment = aliased(Draft), aliased(Draft)
    # By value, not by the row at hand: each subquery is then answered once.
    own_id = (
        select(Programme.id)
        .where(Programme.institute_id == bindparam("institute_id"), Programme.slug == bindparam("slug"))
        .scalar_subquery()
    )
    modules = select(module.part_id).where(
        module.programme_id == own_id, module.kind == DraftKind.MODULE, module.removed_at.is_(None)
    )
    first = modules.order_by(module.position, module.id).limit(1).scalar_subquery()
    asked = modules.where(module.part_id == bindparam("opened", type_=Integer)).scalar_subquery()
    count = (
        select(func.count())
        .where(
            segment.programme_id == own_id,
            segment.kind == DraftKind.SEGMENT,
            segment.removed_at.is_(None),
        )
        .scalar_subquery()
    )
    return (
        select(Draft.programme_id, Institute.languages, ProgrammeVersion.number, *_COLUMNS)
        .join(Programme, Programme.id == Draft.programme_id)
        .join(Institute, Institute.id == Draft.institute_id)
        .outerjoin(ProgrammeVersion, ProgrammeVersion.id == Programme.current_version_id)
        .where(
            Draft.programme_id == own_id,
            or_(
                Draft.parent_part_id.is_(None),
                Draft.removed_at.is_not(None),
                count <= ALL_OPEN,
                Draft.parent_part_id == func.coalesce(asked, first),
            ),
        )
        .order_by(Draft.part_id.is_not(None), Draft.position, Draft.id)
    )


@lru_cache(maxsize=32)
def _sums_of(wished: tuple[str, ...]) -> Select[*tuple[Any, ...]]:
    open_texts: list[ColumnElement[int]] = [
        column[locale].as_integer() for locale in wished for column in (Draft.missing, Draft.stale)
    ]
    return (
        select(
            Draft.parent_part_id,
            func.count().label("segments"),
            func.sum(Draft.gap_count).label("lacks"),
            func.sum(reduce(add, open_texts)).label("open_texts"),
            func.max(cast_sql(Draft.changed, Integer)).label("changed"),
            func.sum(Draft.reading_min).label("reading_min"),
            func.sum(Draft.reading_max).label("reading_max"),
            func.sum(Draft.coaching_min).label("coaching_min"),
            func.sum(Draft.coaching_max).label("coaching_max"),
        )
        .where(
            Draft.programme_id == bindparam("programme_id"),
            Draft.kind == DraftKind.SEGMENT,
            Draft.removed_at.is_(None),
        )
        .group_by(Draft.parent_part_id)
    )


_ROWS: Final = _select_rows()


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
        programme_id=own.programme_id,
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
    return db.session.execute(_ROWS, here).all()


def _sums(programme_id: ProgrammeId, wished: Sequence[str]) -> Mapping[PartId, _Sums]:
    rows = db.session.execute(_sums_of(tuple(wished)), {"programme_id": programme_id})
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
        kind=row.kind,
        number=number,
        slug=row.slug,
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
