"""The rows of what is being written: finding them, adding one, taking up a version."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session, undefer

from courses.authoring.columns import kind_of, name_of, write_columns
from courses.authoring.errors import PartNotFoundError
from courses.authoring.models import Draft, DraftKind, DraftRevision, Outcome
from courses.catalogue.addresses import PartDraft
from courses.catalogue.drafts import ProgrammeDraft
from courses.catalogue.models import Part, PartId, PartKind, Programme, ProgrammeId
from courses.catalogue.naming import is_slug
from courses.catalogue.reviving import content_of, parts_of
from institute.actors import Actor
from institute.clock import now
from institute.people.models import Institute


def find_programme(programme_slug: str, *, actor: Actor, session: Session, lock: bool = False) -> Programme:
    """Return a programme of the actor's institute, locked for a change if wished. Raises PartNotFoundError."""
    query = select(Programme).where(
        Programme.institute_id == actor.institute_id, Programme.slug == programme_slug
    )
    found = None
    if is_slug(programme_slug):
        found = session.scalars(query.with_for_update() if lock else query).one_or_none()
    if found is None:
        raise PartNotFoundError
    return found


def has_drafts(programme_id: ProgrammeId, session: Session) -> bool:
    """Tell whether a programme was taken up."""
    own = select(Draft.id).where(Draft.programme_id == programme_id, Draft.part_id.is_(None))
    return session.scalars(own).first() is not None


def is_fixed(row: Draft, session: Session) -> bool:
    """Tell whether a row belongs to somebody else's core."""
    return row.core and own_row(row.programme_id, session).core


def own_row(programme_id: ProgrammeId, session: Session) -> Draft:
    """Return the programme's own row. Raises PartNotFoundError where it was never taken up."""
    return row_of(programme_id, None, session)


def row_of(
    programme_id: ProgrammeId, part_id: PartId | None, session: Session, *, kind: DraftKind | None = None
) -> Draft:
    """Return a part's row, of ``kind`` if one is named; None is the programme itself. Raises PartNotFoundError."""
    row = session.scalars(
        select(Draft)
        .where(Draft.programme_id == programme_id, Draft.part_id == part_id)
        .options(undefer(Draft.document))
    ).one_or_none()
    if row is None or (kind is not None and row.kind is not kind):
        raise PartNotFoundError
    return row


def names_beside(
    programme_id: ProgrammeId, kind: DraftKind, parent: PartId | None, session: Session
) -> frozenset[str]:
    """Return the slugs or keys in one place of the outline, of removed parts too."""
    return frozenset(session.scalars(select(Draft.slug).where(*beside(programme_id, kind, parent))))


def languages_of(row: Draft, session: Session) -> tuple[str, ...]:
    """Return the languages of a row's institute."""
    return tuple(session.get_one(Institute, row.institute_id).languages.split())


def add_row(
    programme: Programme,
    draft: PartDraft,
    parent: PartId | None,
    *,
    actor: Actor,
    session: Session,
    part_id: PartId | None = None,
    position: int | None = None,
    changed: bool = True,
) -> Draft:
    """Write a new row with the first entry of its history, at the end of its place unless a position is given."""
    kind = kind_of(draft)
    if part_id is None and kind is not DraftKind.PROGRAMME:
        part = Part(programme_id=programme.id, kind=PartKind(kind.value))
        session.add(part)
        session.flush()
        part_id = part.id
    if position is None:
        last = session.scalar(select(func.max(Draft.position)).where(*beside(programme.id, kind, parent)))
        position = (last or 0) + 1
    row = Draft(
        institute_id=programme.institute_id,
        programme_id=programme.id,
        kind=kind,
        part_id=part_id,
        parent_part_id=parent,
        position=position,
        changed=changed,
        updated_by=actor.person_id,
        updated_at=now(),
        revision=1,
        written=1,
    )
    write_columns(row, draft)
    session.add(row)
    session.flush()
    write_history(row, row.document, Outcome.KEPT, actor=actor, session=session)
    return row


def write_history(
    row: Draft, document: dict[str, Any], outcome: Outcome, *, actor: Actor, session: Session
) -> None:
    """Write a text into the history of a row, as the newest that was written."""
    session.add(
        DraftRevision(
            draft_id=row.id,
            number=row.written,
            outcome=outcome,
            document=document,
            author_id=actor.person_id,
            at=now(),
        )
    )
    session.flush()


def beside(
    programme_id: ProgrammeId, kind: DraftKind, parent: PartId | None
) -> tuple[ColumnElement[bool], ...]:
    """Return the conditions for all rows of one place in the outline."""
    place = Draft.parent_part_id.is_(None) if parent is None else Draft.parent_part_id == parent
    return (Draft.programme_id == programme_id, Draft.kind == kind, place)


def place_of(row: Draft, session: Session) -> int:
    """Return the number of a part's place among those that are not removed, from 1."""
    before = select(func.count()).where(
        *beside(row.programme_id, row.kind, row.parent_part_id),
        Draft.removed_at.is_(None),
        (Draft.position < row.position) | ((Draft.position == row.position) & (Draft.id < row.id)),
    )
    return (session.scalar(before) or 0) + 1


def row_at(programme_id: ProgrammeId, address: str, session: Session) -> Draft:
    """Return the row at an address; "" is the programme's own. Raises PartNotFoundError."""
    if not address:
        return own_row(programme_id, session)
    kind, name, parent = DraftKind.MODULE, address, None
    if address.startswith("instrument:"):
        kind, name = DraftKind.INSTRUMENT, address.partition(":")[2]
    elif "/" in address:
        module, _, name = address.partition("/")
        kind, parent = DraftKind.SEGMENT, row_at(programme_id, module, session).part_id
    query = select(Draft).where(*beside(programme_id, kind, parent), Draft.slug == name)
    row = session.scalars(query.options(undefer(Draft.document))).first() if is_slug(name) else None
    if row is None:
        raise PartNotFoundError
    return row


def make_drafts(programme: Programme, *, actor: Actor, session: Session) -> None:
    """Write rows for everything in a programme's newest version, or for its bare self before the first."""
    if programme.current_version_id is None:
        own = ProgrammeDraft(programme.slug, programme.title, programme.summary)
        add_row(programme, own, None, actor=actor, session=session)
        return
    content = content_of(programme.current_version_id)
    parts = parts_of(programme.current_version_id)

    def keep(members: Iterable[PartDraft], parent: PartId | None, before: str) -> None:
        for position, draft in enumerate(members, start=1):
            add_row(
                programme,
                draft,
                parent,
                actor=actor,
                session=session,
                part_id=parts[before + name_of(draft)],
                position=position,
                changed=False,
            )

    add_row(programme, content.programme, None, actor=actor, session=session, changed=False)
    keep((module.draft for module in content.modules), None, "")
    for module in content.modules:
        keep(module.segments, parts[module.draft.slug], f"{module.draft.slug}/")
    keep(content.instruments, None, "instrument:")
