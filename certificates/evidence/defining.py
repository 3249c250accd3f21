"""Defining what an institute asks for as evidence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from certificates.evidence.models import Requirement, Submission
from certificates.levels.models import Level
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


def define_requirements(drafts: Sequence[RequirementDraft], *, actor: Actor) -> None:
    """Define what the actor's institute asks for, in this order; what is defined already is brought up to date.

    What is not named any more is removed, or retired where somebody began it. Raises NotFoundError if a level is
    not the institute's.
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
            if row is None:
                row = Requirement(institute_id=actor.institute_id, key=draft.key)
                session.add(row)
            row.level_id, row.position = levels[draft.level_key], position
            row.title, row.instructions = draft.title, draft.instructions
            row.most_files, row.wants_text = draft.most_files, draft.wants_text
            row.rubric_key, row.scored = draft.rubric_key, draft.rubric_key is not None
            row.retired_at = None
            changed = row in session.new or session.is_modified(row)
            session.flush()
            if changed:
                audit.record("requirement.defined", actor=actor, subject=("requirement", row.id))
        for row in defined.values():
            _drop(row, session=session, actor=actor)


def _drop(row: Requirement, *, session: Session, actor: Actor) -> None:
    begun = session.scalar(select(Submission.id).where(Submission.requirement_id == row.id).limit(1))
    if begun is None:
        session.delete(row)
        audit.record("requirement.removed", actor=actor, subject=("requirement", row.id))
    elif row.retired_at is None:
        row.retired_at = now()
        audit.record("requirement.retired", actor=actor, subject=("requirement", row.id))
