"""Reading what a preview shows: the outline of what is being written, and one module of it in full."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from enum import StrEnum
from typing import cast

from sqlalchemy import or_, select
from sqlalchemy.orm import undefer

from courses.authoring.columns import draft_in, numbered
from courses.authoring.errors import PartNotFoundError
from courses.authoring.models import Draft, DraftKind
from courses.authoring.rows import languages_of, own_row
from courses.authoring.shelf import take_up
from courses.catalogue.drafts import (
    InstrumentDraft,
    MinuteRange,
    ModuleContent,
    ModuleDraft,
    ProgrammeDraft,
    SegmentDraft,
)
from courses.catalogue.models import PartId, ProgrammeId
from institute.actors import Actor
from institute.db import db
from institute.i18n import Localised


class As(StrEnum):
    """As whom an author looks at a draft: on the participant's pages, or at one of the three guides."""

    PARTICIPANT = "participant"
    GUIDE = "guide"
    COACH = "coach"
    QUICK = "quick"


@dataclass(frozen=True, slots=True)
class DraftLine:
    """A module or a segment in the outline of what is being written."""

    part_id: PartId
    number: int
    slug: str
    title: Localised
    reading: MinuteRange
    coaching: MinuteRange


@dataclass(frozen=True, slots=True)
class DraftOutline:
    """What is being written, in its order. ``languages`` are the institute's."""

    programme_id: ProgrammeId
    programme: ProgrammeDraft
    modules: tuple[DraftLine, ...]
    segments: dict[PartId, tuple[DraftLine, ...]]
    languages: tuple[str, ...]

    def module(self, slug: str) -> DraftLine:
        """Return the module with this slug. Raises PartNotFoundError."""
        return _named(self.modules, slug)

    def segment(self, module: DraftLine, slug: str) -> DraftLine:
        """Return the segment of a module with this slug. Raises PartNotFoundError."""
        return _named(self.segments[module.part_id], slug)


@dataclass(frozen=True, slots=True)
class ModuleInFull:
    """A module as it is being written, with the programme's instruments."""

    line: DraftLine
    content: ModuleContent
    instruments: tuple[InstrumentDraft, ...]

    def segment(self, slug: str) -> SegmentDraft:
        """Return a segment in full. Raises PartNotFoundError."""
        for draft in self.content.segments:
            if draft.slug == slug:
                return draft
        raise PartNotFoundError


def draft_outline(programme: str, *, actor: Actor) -> DraftOutline:
    """Return the outline of what is being written; what was removed is not in it. Raises PartNotFoundError."""
    programme_id = take_up(programme, actor=actor)
    session = db.session()
    own = own_row(programme_id, session)
    rows = session.scalars(
        select(Draft)
        .where(
            Draft.programme_id == programme_id,
            Draft.removed_at.is_(None),
            Draft.kind.in_([DraftKind.MODULE, DraftKind.SEGMENT]),
        )
        .order_by(Draft.position, Draft.id)
    ).all()
    below: dict[PartId | None, list[Draft]] = defaultdict(list)
    for row in rows:
        below[row.parent_part_id].append(row)
    modules = _lines(below[None])
    return DraftOutline(
        programme_id,
        cast("ProgrammeDraft", draft_in(DraftKind.PROGRAMME, own.document)),
        modules,
        {module.part_id: _lines(below[module.part_id]) for module in modules},
        languages_of(own, session),
    )


def module_in_full(outline: DraftOutline, slug: str) -> ModuleInFull:
    """Return one module with everything in it, in one query. Raises PartNotFoundError."""
    line = outline.module(slug)
    rows = db.session.scalars(
        select(Draft)
        .where(
            Draft.programme_id == outline.programme_id,
            Draft.removed_at.is_(None),
            or_(
                Draft.part_id == line.part_id,
                Draft.parent_part_id == line.part_id,
                Draft.kind == DraftKind.INSTRUMENT,
            ),
        )
        .order_by(Draft.position, Draft.id)
        .options(undefer(Draft.document))
        .execution_options(populate_existing=True)
    ).all()
    module = next(row for row in rows if row.kind is DraftKind.MODULE)
    segments = [row for row in rows if row.kind is DraftKind.SEGMENT]
    return ModuleInFull(
        line,
        ModuleContent(
            cast("ModuleDraft", numbered(draft_in(module.kind, module.document), line.number)),
            tuple(
                cast("SegmentDraft", numbered(draft_in(row.kind, row.document), number))
                for number, row in enumerate(segments, start=1)
            ),
        ),
        tuple(
            cast("InstrumentDraft", draft_in(row.kind, row.document))
            for row in rows
            if row.kind is DraftKind.INSTRUMENT
        ),
    )


def _lines(rows: list[Draft]) -> tuple[DraftLine, ...]:
    return tuple(
        DraftLine(
            cast("PartId", row.part_id),
            number,
            row.slug,
            row.title,
            MinuteRange(row.reading_min, row.reading_max),
            MinuteRange(row.coaching_min, row.coaching_max),
        )
        for number, row in enumerate(rows, start=1)
    )


def _named(lines: tuple[DraftLine, ...], slug: str) -> DraftLine:
    for line in lines:
        if line.slug == slug:
            return line
    raise PartNotFoundError
