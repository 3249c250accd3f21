"""Saving what an author wrote. Of two who write at once, the second sees both texts, and both stay in the history."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, undefer

from courses.authoring.columns import check_lengths, draft_in, kind_of, numbered, renamed, write_columns
from courses.authoring.comparing import Change, changes_between
from courses.authoring.errors import CoreFixedError, NowhereError, PartNotFoundError
from courses.authoring.locking import locked_changes
from courses.authoring.models import Draft, DraftRevision, Outcome
from courses.authoring.rows import find_programme, is_fixed, own_row, write_history
from courses.authoring.shelf import PartHere
from courses.authoring.wording import say_path
from courses.catalogue.addresses import PartDraft
from courses.catalogue.codec import document_of
from courses.catalogue.drafts import ProgrammeDraft
from courses.catalogue.models import PartId
from institute.actors import Actor, PersonId
from institute.clock import now
from institute.db import transaction
from institute.people.models import Person


@dataclass(frozen=True, slots=True)
class Saved:
    """The draft is kept.

    ``changed`` is False where it was the same before; ``removed`` tells that the part is not in the outline.
    """

    revision: int
    changed: bool
    removed: bool


@dataclass(frozen=True, slots=True)
class Clash:
    """Somebody saved in between, so nothing was changed; what was sent stands in the history.

    The form goes on with ``theirs_revision``: saving once more puts ``mine`` in place of ``theirs``. ``own`` tells
    that it was the same person in another window.
    """

    mine: PartDraft
    theirs: PartDraft
    theirs_revision: int
    theirs_author: PersonId | None
    theirs_name: str
    own: bool
    at: datetime

    @property
    def changes(self) -> tuple[Change, ...]:
        """The fields in which the two differ: theirs before, mine after."""
        return changes_between(self.theirs, self.mine)


def save(part_id: PartId, draft: PartDraft, *, revision: int, actor: Actor) -> Saved | Clash:
    """Keep a draft of a part that was made from ``revision``, or tell of a clash.

    The slug or key of a part stays as it is. Raises PartNotFoundError for a part of another institute or kind,
    TooLongError, CoreFixedError where the core of somebody else's programme would change.
    """
    check_lengths(draft)
    with transaction() as session:
        row = session.scalars(
            select(Draft)
            .where(Draft.part_id == part_id, Draft.institute_id == actor.institute_id)
            .options(undefer(Draft.document))
            .with_for_update()
        ).one_or_none()
        if row is None or row.kind is not kind_of(draft):
            raise PartNotFoundError
        return save_row(row, renamed(draft, row.slug), revision=revision, actor=actor, session=session)


def save_here(here: PartHere, draft: PartDraft, *, revision: int, actor: Actor) -> Saved | Clash:
    """Keep a draft of what was found on the shelf, a part or the programme itself. Raises as ``save``."""
    if here.part_id is not None:
        return save(here.part_id, draft, revision=revision, actor=actor)
    check_lengths(draft)
    with transaction() as session:
        find_programme(here.programme_slug, actor=actor, session=session, lock=True)
        row = own_row(here.programme_id, session)
        return save_row(row, renamed(draft, row.slug), revision=revision, actor=actor, session=session)


def save_row(
    row: Draft, draft: PartDraft, *, revision: int, actor: Actor, session: Session, chosen: bool = False
) -> Saved | Clash:
    """Keep a draft in a row that is locked, or note in its history what clashed.

    A form that comes back as it was opened wants nothing, however old it is; with ``chosen`` the old text is wanted.
    """
    present = draft_in(row.kind, row.document)
    wished = numbered(draft)
    removed = row.removed_at is not None
    if present == wished:
        return Saved(row.revision, changed=False, removed=removed)
    if revision != row.revision:
        base = None if chosen else _document(row, revision, session)
        if base is not None and draft_in(row.kind, base) == wished:
            return Saved(row.revision, changed=False, removed=removed)
        return _note_clash(row, present, wished, actor=actor, session=session)
    _check_core(row, present, wished, session)
    keep(row, wished, actor=actor, session=session)
    return Saved(row.revision, changed=True, removed=removed)


def keep(row: Draft, draft: PartDraft, *, actor: Actor, session: Session) -> None:
    """Write a draft into its row and its history."""
    write_columns(row, draft)
    row.written += 1
    row.revision = row.written
    row.changed = True
    row.updated_at, row.updated_by = now(), actor.person_id
    write_history(row, row.document, Outcome.KEPT, actor=actor, session=session)


def _note_clash(
    row: Draft, present: PartDraft, wished: PartDraft, *, actor: Actor, session: Session
) -> Clash:
    newest = session.scalars(
        select(DraftRevision)
        .where(DraftRevision.draft_id == row.id, DraftRevision.number == row.written)
        .options(undefer(DraftRevision.document))
    ).one()
    again = newest.outcome is Outcome.CLASHED and newest.author_id == actor.person_id
    if not (again and draft_in(row.kind, newest.document) == wished):
        row.written += 1
        write_history(row, document_of(wished), Outcome.CLASHED, actor=actor, session=session)
    author = session.get(Person, row.updated_by) if row.updated_by else None
    return Clash(
        mine=wished,
        theirs=present,
        theirs_revision=row.revision,
        theirs_author=row.updated_by,
        theirs_name=author.name if author else "",
        own=row.updated_by is not None and row.updated_by == actor.person_id,
        at=row.updated_at,
    )


def _document(row: Draft, number: int, session: Session) -> dict[str, object] | None:
    return session.scalars(
        select(DraftRevision.document).where(DraftRevision.draft_id == row.id, DraftRevision.number == number)
    ).one_or_none()


def _check_core(row: Draft, before: PartDraft, after: PartDraft, session: Session) -> None:
    if isinstance(before, ProgrammeDraft) and isinstance(after, ProgrammeDraft):
        if after.origin != before.origin:
            raise NowhereError  # whose core a programme extends is not for a form to say
    elif is_fixed(row, session) and (paths := locked_changes(before, after)):
        raise CoreFixedError(fields=", ".join(say_path(path) for path in paths))
