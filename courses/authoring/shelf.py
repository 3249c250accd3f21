"""The shelf of what is being written: take a programme up, make a new one, find a part, read the whole."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast

from sqlalchemy import select
from sqlalchemy.orm import Session, undefer

from courses.authoring.columns import check_lengths, draft_in, kind_of, name_of, numbered
from courses.authoring.errors import AddressTakenError, NowhereError, PartNotFoundError
from courses.authoring.models import Draft, DraftKind
from courses.authoring.rows import (
    add_row,
    find_programme,
    has_drafts,
    languages_of,
    make_drafts,
    names_beside,
    own_row,
    place_of,
    row_at,
    row_of,
)
from courses.catalogue.addresses import PartDraft
from courses.catalogue.drafts import (
    InstrumentDraft,
    ModuleContent,
    ModuleDraft,
    ProgrammeContent,
    ProgrammeDraft,
    SegmentDraft,
)
from courses.catalogue.models import PartId, Programme, ProgrammeId
from institute import audit
from institute.actors import Actor
from institute.db import db, transaction


@dataclass(frozen=True, slots=True)
class PartHere:
    """A part as it is being written; ``part_id`` is None for the programme itself, whose address is empty.

    ``draft`` carries the number of its place in the outline. ``fixed`` tells that it belongs to somebody else's core:
    courses.authoring.locking says what may change. ``source`` is the language in which new texts are written,
    ``languages`` are those of the institute.
    """

    part_id: PartId | None
    programme_id: ProgrammeId
    programme_slug: str
    kind: DraftKind
    address: str
    revision: int
    draft: PartDraft
    fixed: bool
    removed: bool
    source: str
    languages: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Whole:
    """A programme as it is being written, and the identities of its parts by their addresses."""

    content: ProgrammeContent
    parts: Mapping[str, PartId]


def take_up(programme_slug: str, *, actor: Actor) -> ProgrammeId:
    """Make drafts of a programme's newest version unless it has some. Raises PartNotFoundError."""
    programme = find_programme(programme_slug, actor=actor, session=db.session())
    if has_drafts(programme.id, db.session()):
        return programme.id
    with transaction() as session:
        programme = find_programme(programme_slug, actor=actor, session=session, lock=True)
        if not has_drafts(programme.id, session):
            make_drafts(programme, actor=actor, session=session)
            audit.record(
                "programme.taken_up",
                actor=actor,
                subject=("programme", programme.id),
                institute_id=actor.institute_id,
                details={"version": programme.current_version_id},
            )
        return programme.id


def new_programme(draft: ProgrammeDraft, *, actor: Actor) -> ProgrammeId:
    """Begin a programme that nobody can study before it is published. Raises AddressTakenError, TooLongError."""
    check_lengths(draft)
    with transaction() as session:
        same = select(Programme.id).where(
            Programme.institute_id == actor.institute_id, Programme.slug == draft.slug
        )
        if session.scalars(same).first() is not None:
            raise AddressTakenError(slug=draft.slug)
        made = Programme(
            institute_id=actor.institute_id, slug=draft.slug, title=draft.title, summary=draft.summary
        )
        session.add(made)
        session.flush()
        add_row(made, draft, None, actor=actor, session=session)
        audit.record(
            "programme.begun",
            actor=actor,
            subject=("programme", made.id),
            institute_id=actor.institute_id,
        )
        return made.id


def add_part(
    programme_slug: str, draft: PartDraft, *, parent: PartId | None = None, actor: Actor
) -> PartHere:
    """Add a module, a segment of the module ``parent`` or an instrument at the end.

    Raises PartNotFoundError, AddressTakenError, TooLongError; NowhereError for a parent that does not fit.
    """
    check_lengths(draft)
    programme_id = take_up(programme_slug, actor=actor)
    with transaction() as session:
        programme = find_programme(programme_slug, actor=actor, session=session, lock=True)
        kind = kind_of(draft)
        if (kind is DraftKind.SEGMENT) != (parent is not None) or kind is DraftKind.PROGRAMME:
            raise NowhereError
        if parent is not None:
            row_of(programme_id, parent, session, kind=DraftKind.MODULE)
        if name_of(draft) in names_beside(programme_id, kind, parent, session):
            raise AddressTakenError(slug=name_of(draft))
        row = add_row(programme, draft, parent, actor=actor, session=session)
        part_id = cast("PartId", row.part_id)
    return part_here(programme_slug, part_id, actor=actor)


def part_here(
    programme_slug: str, which: PartId | str, *, kind: DraftKind | None = None, actor: Actor
) -> PartHere:
    """Return a part by its identity or its address; the address "" is the programme's own.

    Raises PartNotFoundError, also where the part is not of the ``kind`` that is asked for.
    """
    programme_id = take_up(programme_slug, actor=actor)
    session = db.session()
    row = (
        row_at(programme_id, which, session)
        if isinstance(which, str)
        else row_of(programme_id, which, session)
    )
    if kind is not None and row.kind is not kind:
        raise PartNotFoundError
    return here_of(row, programme_slug, session=session)


def here_of(row: Draft, programme_slug: str, *, session: Session) -> PartHere:
    """Return what a row holds, as its page needs it."""
    own = own_row(row.programme_id, session)
    parent = row_of(row.programme_id, row.parent_part_id, session) if row.parent_part_id else None
    address = _address(row, parent.slug if parent else "")
    return PartHere(
        part_id=row.part_id,
        programme_id=row.programme_id,
        programme_slug=programme_slug,
        kind=row.kind,
        address=address,
        revision=row.revision,
        draft=numbered(draft_in(row.kind, row.document), place_of(row, session)),
        fixed=own.core and row.core,
        removed=row.removed_at is not None or (parent is not None and parent.removed_at is not None),
        source=own.title.source,
        languages=languages_of(row, session),
    )


def read_content(programme_id: ProgrammeId) -> ProgrammeContent:
    """Return a programme as it is being written, numbered by its order. Raises PartNotFoundError without drafts."""
    return read_whole(programme_id).content


def read_whole(programme_id: ProgrammeId) -> Whole:
    """Return the same with the identities of its parts. Raises PartNotFoundError without drafts."""
    rows = db.session.scalars(
        select(Draft)
        .where(Draft.programme_id == programme_id, Draft.removed_at.is_(None))
        .order_by(Draft.position, Draft.id)
        .options(undefer(Draft.document))
    ).all()
    if not rows:
        raise PartNotFoundError
    below: dict[PartId | None, list[Draft]] = defaultdict(list)
    for row in rows:
        below[row.parent_part_id].append(row)
    top = below[None]
    parts: dict[str, PartId] = {}
    modules = []
    for number, row in enumerate((one for one in top if one.kind is DraftKind.MODULE), start=1):
        parts[row.slug] = cast("PartId", row.part_id)
        segments = below[row.part_id]
        parts |= {f"{row.slug}/{one.slug}": cast("PartId", one.part_id) for one in segments}
        modules.append(
            ModuleContent(
                cast("ModuleDraft", _drawn(row, number)),
                tuple(
                    cast("SegmentDraft", _drawn(one, place)) for place, one in enumerate(segments, start=1)
                ),
            )
        )
    instruments = [one for one in top if one.kind is DraftKind.INSTRUMENT]
    parts |= {f"instrument:{one.slug}": cast("PartId", one.part_id) for one in instruments}
    own = next(one for one in top if one.kind is DraftKind.PROGRAMME)
    content = ProgrammeContent(
        cast("ProgrammeDraft", _drawn(own, 1)),
        tuple(modules),
        tuple(cast("InstrumentDraft", _drawn(one, 1)) for one in instruments),
    )
    return Whole(content, parts)


def _address(row: Draft, module: str) -> str:
    return {
        DraftKind.PROGRAMME: "",
        DraftKind.MODULE: row.slug,
        DraftKind.SEGMENT: f"{module}/{row.slug}",
        DraftKind.INSTRUMENT: f"instrument:{row.slug}",
    }[row.kind]


def _drawn(row: Draft, number: int) -> PartDraft:
    return numbered(draft_in(row.kind, row.document), number)
