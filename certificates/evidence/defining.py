"""Defining what an institute asks for as evidence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from certificates.evidence.models import Owner, Requirement, RequirementKind, Submission
from certificates.levels.models import Level, LevelId
from courses.meetings.models import MeetingKind
from institute import audit
from institute.actors import Actor
from institute.clock import now
from institute.db import transaction
from institute.errors import NotFoundError
from institute.i18n import Localised


@dataclass(frozen=True, slots=True)
class RequirementDraft:
    """A requirement as it is written down. It is scored where ``rubric_key`` names how."""

    level_key: str
    key: str
    title: Localised
    instructions: Localised
    most_files: int = 0
    wants_text: bool = True
    rubric_key: str | None = None
    owner: Owner = Owner.CANDIDATE
    kind: RequirementKind = RequirementKind.EVIDENCE
    choice: str | None = None
    takes_media: bool = False
    most_links: int = 0
    takes_items: bool = False
    attended_kind: MeetingKind | None = None
    attended_key: str | None = None
    attended_minutes: int = 0
    most_attempts: int | None = None


_COPIED: Final = tuple(one.name for one in fields(RequirementDraft) if one.name not in {"level_key", "key"})


def define_requirements(drafts: Sequence[RequirementDraft], *, actor: Actor) -> None:
    """Define what the actor's institute asks for, in this order; what is defined already is brought up to date.

    What is not named any more is removed, or retired where somebody began it; what was written or changed in the
    browser stays as it is. Raises NotFoundError if a level is not the institute's.
    """
    with transaction() as session:
        mine = select(Requirement).where(Requirement.institute_id == actor.institute_id)
        defined = {one.key: one for one in session.scalars(mine)}
        levels = {
            level.key: level.id
            for level in session.scalars(select(Level).where(Level.institute_id == actor.institute_id))
        }
        for position, draft in enumerate(drafts, start=1):
            if draft.level_key not in levels:
                raise NotFoundError
            row = defined.pop(draft.key, None)
            if row is not None and row.by_hand:
                continue
            if row is None:
                row = Requirement(institute_id=actor.institute_id, key=draft.key, revision=0)
                session.add(row)
            row.position, row.retired_at = position, None
            put(row, draft, levels[draft.level_key], session=session, actor=actor)
        for row in defined.values():
            if not row.by_hand:
                _drop(row, session=session, actor=actor)


def put(
    row: Requirement, draft: RequirementDraft, level_id: LevelId, *, session: Session, actor: Actor
) -> None:
    """Write a draft into a row, with a new revision where anything changed, in the caller's transaction."""
    row.level_id = level_id
    for name in _COPIED:
        setattr(row, name, getattr(draft, name))
    row.scored = draft.rubric_key is not None
    if row in session.new or session.is_modified(row):
        row.revision = (row.revision or 0) + 1
        session.flush()
        audit.record("requirement.defined", actor=actor, subject=("requirement", row.id))


def _drop(row: Requirement, *, session: Session, actor: Actor) -> None:
    begun = session.scalar(select(Submission.id).where(Submission.requirement_id == row.id).limit(1))
    if begun is None:
        session.delete(row)
        audit.record("requirement.removed", actor=actor, subject=("requirement", row.id))
    elif row.retired_at is None:
        row.retired_at = now()
        audit.record("requirement.retired", actor=actor, subject=("requirement", row.id))
