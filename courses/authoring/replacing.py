"""Replacing everything that is being written of a programme, as an import does; the history stays."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import cast

from sqlalchemy import select, update
from sqlalchemy.orm import Session, undefer

from courses.authoring.columns import check_lengths, draft_in, kind_of, name_of, numbered, renamed
from courses.authoring.models import Draft, DraftKind
from courses.authoring.rows import add_row, find_programme, has_drafts, make_drafts, own_row
from courses.authoring.saving import keep
from courses.authoring.shelf import new_programme
from courses.catalogue.addresses import PartDraft, each_part
from courses.catalogue.drafts import ProgrammeContent
from courses.catalogue.models import PartId, Programme, ProgrammeId
from courses.catalogue.reviving import content_of, parts_of
from institute import audit
from institute.actors import Actor
from institute.clock import now
from institute.db import transaction


def put_content(content: ProgrammeContent, *, actor: Actor) -> ProgrammeId:
    """Put a whole programme in place of what is being written of it; begin it where there is none.

    Parts are known by their addresses. What the content lacks is removed from the outline and can be restored; a part
    that is the same stays untouched. Raises TooLongError.
    """
    for _address, draft in each_part(content):
        check_lengths(draft)
    with transaction() as session:
        same = select(Programme.id).where(
            Programme.institute_id == actor.institute_id, Programme.slug == content.programme.slug
        )
        if session.scalars(same).first() is None:
            new_programme(content.programme, actor=actor)
        programme = find_programme(content.programme.slug, actor=actor, session=session, lock=True)
        if not has_drafts(programme.id, session):
            make_drafts(programme, actor=actor, session=session)
        _replace(programme, content, {}, actor=actor, session=session)
        audit.record(
            "programme.replaced",
            actor=actor,
            subject=("programme", programme.id),
            institute_id=actor.institute_id,
        )
        return programme.id


def is_untouched(programme_id: ProgrammeId, session: Session) -> bool:
    """Tell whether nothing was written since the newest version, or ever."""
    changed = select(Draft.id).where(Draft.programme_id == programme_id, Draft.changed)
    return session.scalars(changed).first() is None


def follow_version(programme_slug: str, *, actor: Actor) -> bool:
    """Let drafts that nobody touched be those of the newest version, which came from elsewhere. Tell whether they are.

    Where somebody wrote, nothing happens: their publishing will show what differs. Raises PartNotFoundError.
    """
    with transaction() as session:
        programme = find_programme(programme_slug, actor=actor, session=session, lock=True)
        if programme.current_version_id is None or not has_drafts(programme.id, session):
            return False
        if not is_untouched(programme.id, session):
            return False
        version = programme.current_version_id
        _replace(programme, content_of(version), parts_of(version), actor=actor, session=session)
        note_published(programme.id, session)
        return True


def note_published(programme_id: ProgrammeId, session: Session) -> None:
    """Note that what is written is what the newest version holds."""
    session.flush()
    session.execute(
        update(Draft).where(Draft.programme_id == programme_id, Draft.changed).values(changed=False)
    )


class _Replacing:
    """One replacement: the rows that are there, and those that the content names."""

    def __init__(
        self, programme: Programme, parts: Mapping[str, PartId], *, actor: Actor, session: Session
    ) -> None:
        self.programme, self.parts, self.actor, self.session = programme, parts, actor, session
        rows = session.scalars(
            select(Draft)
            .where(Draft.programme_id == programme.id, Draft.part_id.is_not(None))
            .options(undefer(Draft.document))
        ).all()
        self.rows = {row.part_id: row for row in rows}
        self.named = {(row.kind, row.parent_part_id, row.slug): row for row in rows}
        self.used: set[int] = set()

    def put(self, drafts: Sequence[PartDraft], parent: PartId | None, before: str) -> list[PartId]:
        """Put parts in their order into one place, and return their identities."""
        found = []
        for position, draft in enumerate(drafts, start=1):
            part_id = self.parts.get(before + name_of(draft))
            row = self.rows.get(part_id) or self.named.get((kind_of(draft), parent, name_of(draft)))
            if row is None or row.id in self.used:
                row = add_row(
                    self.programme,
                    draft,
                    parent,
                    actor=self.actor,
                    session=self.session,
                    part_id=part_id,
                    position=position,
                )
            else:
                self._renew(row, draft, parent, position)
            self.used.add(row.id)
            found.append(cast("PartId", row.part_id))
        return found

    def remove_rest(self) -> None:
        """Take the parts away that nothing named."""
        for row in self.rows.values():
            if row.id not in self.used and row.removed_at is None:
                row.removed_at, row.changed = now(), True

    def _renew(self, row: Draft, draft: PartDraft, parent: PartId | None, position: int) -> None:
        if draft_in(row.kind, row.document) != numbered(draft):
            keep(row, numbered(draft), actor=self.actor, session=self.session)
        if (row.parent_part_id, row.position, row.removed_at) != (parent, position, None):
            row.parent_part_id, row.position, row.removed_at = parent, position, None
            row.changed = True


def _replace(
    programme: Programme,
    content: ProgrammeContent,
    parts: Mapping[str, PartId],
    *,
    actor: Actor,
    session: Session,
) -> None:
    own = own_row(programme.id, session)
    wished = renamed(content.programme, programme.slug)
    if draft_in(DraftKind.PROGRAMME, own.document) != wished:
        keep(own, wished, actor=actor, session=session)
    work = _Replacing(programme, parts, actor=actor, session=session)
    modules = work.put([module.draft for module in content.modules], None, "")
    for part_id, module in zip(modules, content.modules, strict=True):
        work.put(module.segments, part_id, f"{module.draft.slug}/")
    work.put(content.instruments, None, "instrument:")
    work.remove_rest()
    session.flush()
