"""The order of an outline: parts go up, down, before another or into another module; they go away and come back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final, cast

from sqlalchemy import select
from sqlalchemy.orm import Session, undefer

from courses.authoring.columns import draft_in, renamed, write_columns
from courses.authoring.errors import CoreFixedError, NowhereError, PartNotFoundError
from courses.authoring.keys import key_for
from courses.authoring.models import Draft, DraftKind
from courses.authoring.rows import beside, find_programme, is_fixed, names_beside, row_of
from courses.authoring.saving import keep
from courses.authoring.shelf import PartHere, part_here, take_up
from courses.authoring.wording import say_path
from courses.catalogue.drafts import SegmentDraft
from courses.catalogue.models import PartId, ProgrammeId
from institute import audit
from institute.actors import Actor
from institute.clock import now
from institute.db import db, transaction
from institute.i18n import Localised

ID_DIGITS: Final = 9


class Way(StrEnum):
    """Where a part goes: one place up or down, into a module, or beside another part."""

    UP = "up"
    DOWN = "down"
    INTO = "into"
    BEFORE = "before"
    AFTER = "after"


@dataclass(frozen=True, slots=True)
class Move:
    """Where a part shall stand. ``target`` is the module for INTO (its end), else the part beside which it goes."""

    way: Way
    target: PartId | None = None


@dataclass(frozen=True, slots=True)
class Moved:
    """Where a part stands now: ``place`` of ``places``, and in which module, for a segment."""

    title: Localised
    kind: DraftKind
    place: int
    places: int
    module: Localised | None
    module_part: PartId | None


@dataclass(frozen=True, slots=True)
class MovePage:
    """A part that shall go elsewhere, and the modules that it may go to: (part, number, title)."""

    here: PartHere
    modules: tuple[tuple[PartId, int, Localised], ...]


def read_move(form: Mapping[str, str]) -> Move:
    """Return where a form sends a part. Raises NowhereError."""
    way, target = form.get("to", ""), form.get("target", "")
    if way not in set(Way):
        raise NowhereError
    digits = target.isascii() and target.isdigit() and len(target) <= ID_DIGITS
    return Move(Way(way), PartId(int(target)) if digits else None)


def move_page(programme_slug: str, part_id: PartId, *, actor: Actor) -> MovePage:
    """Return where a segment may go. Raises PartNotFoundError for anything else."""
    here = part_here(programme_slug, part_id, kind=DraftKind.SEGMENT, actor=actor)
    rows = db.session.execute(
        select(Draft.part_id, Draft.title)
        .where(*beside(here.programme_id, DraftKind.MODULE, None), Draft.removed_at.is_(None))
        .order_by(Draft.position, Draft.id)
    )
    return MovePage(
        here,
        tuple((cast("PartId", part), number, title) for number, (part, title) in enumerate(rows, start=1)),
    )


def move_part(programme_slug: str, part_id: PartId, move: Move, *, actor: Actor) -> Moved:
    """Put a part elsewhere in the outline; where it would leave its list, it stays.

    A segment that changes its module changes its address, and what waits for it follows. Raises PartNotFoundError,
    NowhereError, CoreFixedError for a part of somebody else's core.
    """
    programme_id = take_up(programme_slug, actor=actor)
    with transaction() as session:
        find_programme(programme_slug, actor=actor, session=session, lock=True)
        row = row_of(programme_id, part_id, session)
        _check_free(row, session, field="number")
        if row.removed_at is not None:
            raise PartNotFoundError
        stood = row.parent_part_id
        parent, at = _place(row, move, session)
        if parent != row.parent_part_id:
            _change_module(row, cast("PartId", parent), actor=actor, session=session)
        siblings = [one for one in _standing(row, session) if one.id != row.id]
        at = len(siblings) if at is None else min(max(at, 0), len(siblings))
        siblings.insert(at, row)
        if (row.parent_part_id, row.position) != (stood, at + 1):
            row.changed, row.updated_at, row.updated_by = True, now(), actor.person_id
        _renumber(siblings)
        module = row_of(programme_id, row.parent_part_id, session) if row.parent_part_id else None
        return Moved(
            title=row.title,
            kind=row.kind,
            place=at + 1,
            places=len(siblings),
            module=module.title if module else None,
            module_part=module.part_id if module else None,
        )


def remove_part(programme_slug: str, part_id: PartId, *, actor: Actor) -> Localised:
    """Take a part out of the outline, with what stands in it; its texts and their history stay. Return its title.

    Raises PartNotFoundError, CoreFixedError.
    """
    return _set_removed(programme_slug, part_id, removed=True, actor=actor)


def restore_part(programme_slug: str, part_id: PartId, *, actor: Actor) -> Localised:
    """Put a removed part back, at the end of its place. Return its title. Raises PartNotFoundError."""
    return _set_removed(programme_slug, part_id, removed=False, actor=actor)


def _set_removed(programme_slug: str, part_id: PartId, *, removed: bool, actor: Actor) -> Localised:
    programme_id = take_up(programme_slug, actor=actor)
    with transaction() as session:
        find_programme(programme_slug, actor=actor, session=session, lock=True)
        row = row_of(programme_id, part_id, session)
        if (row.removed_at is not None) == removed:
            return row.title
        if removed:
            _check_free(row, session, field="title")
        siblings = _standing(row, session)
        row.removed_at = now() if removed else None
        row.changed = True
        row.updated_at, row.updated_by = now(), actor.person_id
        rest = [one for one in siblings if one.id != row.id]
        _renumber(rest if removed else [*rest, row])
        audit.record(
            "part.removed" if removed else "part.restored",
            actor=actor,
            subject=("part", part_id),
            institute_id=actor.institute_id,
            details={"programme": programme_id, "revision": row.revision},
        )
        return row.title


def _check_free(row: Draft, session: Session, *, field: str) -> None:
    if is_fixed(row, session):
        raise CoreFixedError(fields=say_path(field))


def _standing(row: Draft, session: Session) -> list[Draft]:
    """Return the parts of a row's place that are not removed, in order."""
    return list(
        session.scalars(
            select(Draft)
            .where(*beside(row.programme_id, row.kind, row.parent_part_id), Draft.removed_at.is_(None))
            .order_by(Draft.position, Draft.id)
        )
    )


def _place(row: Draft, move: Move, session: Session) -> tuple[PartId | None, int | None]:
    """Return the module that a part goes to, and its place among the others there; None is the end."""
    if move.way in {Way.UP, Way.DOWN}:
        at = [one.id for one in _standing(row, session)].index(row.id)
        return row.parent_part_id, at + (1 if move.way is Way.DOWN else -1)
    if move.target is None or row.kind is DraftKind.PROGRAMME:
        raise NowhereError
    target = row_of(row.programme_id, move.target, session)
    if target.removed_at is not None:
        raise NowhereError
    if move.way is Way.INTO:
        if row.kind is not DraftKind.SEGMENT or target.kind is not DraftKind.MODULE:
            raise NowhereError
        return target.part_id, None
    if target.kind is not row.kind:
        raise NowhereError
    others = [one.id for one in _standing(target, session) if one.id != row.id]
    if target.id not in others:
        raise NowhereError  # beside itself
    return target.parent_part_id, others.index(target.id) + (1 if move.way is Way.AFTER else 0)


def _renumber(rows: Sequence[Draft]) -> None:
    for position, row in enumerate(rows, start=1):
        row.position = position


def _change_module(row: Draft, module: PartId, *, actor: Actor, session: Session) -> None:
    """Put a segment into another module, under a name that is free there, and have others wait for its new address."""
    old_module = row_of(row.programme_id, cast("PartId", row.parent_part_id), session)
    new_module = row_of(row.programme_id, module, session, kind=DraftKind.MODULE)
    before = f"{old_module.slug}/{row.slug}"
    taken = names_beside(row.programme_id, DraftKind.SEGMENT, module, session)
    name = key_for(row.slug, taken, otherwise="segment")
    if name != row.slug:
        write_columns(row, renamed(draft_in(row.kind, row.document), name))
    row.parent_part_id = module
    session.flush()
    _follow(row.programme_id, before, f"{new_module.slug}/{name}", actor=actor, session=session)


def _follow(programme_id: ProgrammeId, before: str, after: str, *, actor: Actor, session: Session) -> None:
    rows = session.scalars(
        select(Draft)
        .where(Draft.programme_id == programme_id, Draft.kind == DraftKind.SEGMENT)
        .options(undefer(Draft.document))
    )
    for row in rows:
        draft = cast("SegmentDraft", draft_in(row.kind, row.document))
        if before in draft.opens.after:
            waits = tuple(after if one == before else one for one in draft.opens.after)
            keep(row, replace(draft, opens=replace(draft.opens, after=waits)), actor=actor, session=session)
