"""What was ever written of a part: who, when, and what each text changed; and taking an old one back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final, cast

from sqlalchemy import select
from sqlalchemy.orm import Session, undefer

from courses.authoring.columns import draft_in, renamed
from courses.authoring.comparing import Change, changes_between
from courses.authoring.errors import PartNotFoundError
from courses.authoring.models import Draft, DraftKind, DraftRevision, Outcome, RevisionId
from courses.authoring.rows import find_programme, row_of
from courses.authoring.saving import Clash, Saved, save_row
from courses.authoring.shelf import PartHere, here_of, part_here, take_up
from courses.catalogue.drafts import ProgrammeDraft
from courses.catalogue.models import PartId, ProgrammeId
from institute.actors import Actor, PersonId
from institute.db import db, transaction
from institute.people.models import Person

PAGE: Final = 20


@dataclass(frozen=True, slots=True)
class RevisionLine:
    """A text in the history. ``changes`` compares it with the one kept before it; empty for the first."""

    id: RevisionId
    number: int
    outcome: Outcome
    author_id: PersonId | None
    author_name: str
    at: datetime
    current: bool
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class HistoryPage:
    """A part's history, the newest first. ``older`` is the number from which the next page goes on, None at the end."""

    here: PartHere
    lines: tuple[RevisionLine, ...]
    older: int | None


@dataclass(frozen=True, slots=True)
class RevisionPage:
    """One text, with what it changed then, and what would change if it were taken back now."""

    here: PartHere
    line: RevisionLine
    back: tuple[Change, ...]


def history_page(
    programme_slug: str, which: PartId | str, *, before: int | None = None, actor: Actor
) -> HistoryPage:
    """Return a page of the history of a part, or of the programme itself at "". Raises PartNotFoundError."""
    here = part_here(programme_slug, which, actor=actor)
    session = db.session()
    row = row_of(here.programme_id, here.part_id, session)
    query = select(DraftRevision).where(DraftRevision.draft_id == row.id)
    if before is not None:
        query = query.where(DraftRevision.number < before)
    found = session.scalars(
        query.order_by(DraftRevision.number.desc()).limit(PAGE + 1).options(undefer(DraftRevision.document))
    ).all()
    names = _names(found, session)
    lines = []
    for index, revision in enumerate(found[:PAGE]):
        older = next((one for one in found[index + 1 :] if one.outcome is Outcome.KEPT), None)
        if older is None and index + 1 < len(found):
            older = _kept_before(revision, session)
        lines.append(_line(revision, older, row, names))
    return HistoryPage(here, tuple(lines), found[PAGE - 1].number if len(found) > PAGE else None)


def revision_page(programme_slug: str, revision_id: RevisionId, *, actor: Actor) -> RevisionPage:
    """Return one text of the history. Raises PartNotFoundError."""
    programme_id = take_up(programme_slug, actor=actor)
    session = db.session()
    revision, row = _revision(programme_id, revision_id, session)
    line = _line(revision, _kept_before(revision, session), row, _names([revision], session))
    here = here_of(row, programme_slug, session=session)
    then = draft_in(row.kind, revision.document)
    return RevisionPage(here, line, changes_between(here.draft, then))


def take_back(
    programme_slug: str, revision_id: RevisionId, *, revision: int, actor: Actor
) -> tuple[PartHere, Saved | Clash]:
    """Keep an old text once more; the one in its place stays in the history. ``revision`` is the one that it replaces.

    Raises PartNotFoundError, CoreFixedError.
    """
    programme_id = take_up(programme_slug, actor=actor)
    with transaction() as session:
        find_programme(programme_slug, actor=actor, session=session, lock=True)
        found, row = _revision(programme_id, revision_id, session)
        draft = renamed(draft_in(row.kind, found.document), row.slug)
        if row.kind is DraftKind.PROGRAMME:
            present = cast("ProgrammeDraft", draft_in(row.kind, row.document))
            draft = replace(cast("ProgrammeDraft", draft), origin=present.origin)
        outcome = save_row(row, draft, revision=revision, actor=actor, session=session, chosen=True)
        return here_of(row, programme_slug, session=session), outcome


def _revision(
    programme_id: ProgrammeId, revision_id: RevisionId, session: Session
) -> tuple[DraftRevision, Draft]:
    found = session.execute(
        select(DraftRevision, Draft)
        .join(Draft, Draft.id == DraftRevision.draft_id)
        .where(Draft.programme_id == programme_id, DraftRevision.id == revision_id)
        .options(undefer(DraftRevision.document), undefer(Draft.document))
    ).one_or_none()
    if found is None:
        raise PartNotFoundError
    return found[0], found[1]


def _kept_before(revision: DraftRevision, session: Session) -> DraftRevision | None:
    return session.scalars(
        select(DraftRevision)
        .where(
            DraftRevision.draft_id == revision.draft_id,
            DraftRevision.number < revision.number,
            DraftRevision.outcome == Outcome.KEPT,
        )
        .order_by(DraftRevision.number.desc())
        .limit(1)
        .options(undefer(DraftRevision.document))
    ).first()


def _line(
    revision: DraftRevision, older: DraftRevision | None, row: Draft, names: Mapping[PersonId, str]
) -> RevisionLine:
    then = draft_in(row.kind, revision.document)
    changes = changes_between(draft_in(row.kind, older.document), then) if older else ()
    author = revision.author_id
    return RevisionLine(
        id=revision.id,
        number=revision.number,
        outcome=revision.outcome,
        author_id=author,
        author_name=names.get(author, "") if author else "",
        at=revision.at,
        current=revision.number == row.revision,
        changes=changes,
    )


def _names(revisions: Sequence[DraftRevision], session: Session) -> Mapping[PersonId, str]:
    wished = {one.author_id for one in revisions if one.author_id}
    rows = session.execute(select(Person.id, Person.name).where(Person.id.in_(wished)))
    return {row.id: row.name for row in rows}
