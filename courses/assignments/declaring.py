"""Conflicts that people declare for themselves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from institute.actors import Actor
from institute.db import transaction
from institute.people import conflicts
from institute.people.linking import same_person
from institute.people.models import ConflictDeclaration


@dataclass(frozen=True, slots=True)
class OwnConflicts:
    """What somebody declared themselves, newest first, and the form as it was typed."""

    rows: tuple[ConflictDeclaration, ...]
    named: str = ""
    reason: str = ""
    problems: Mapping[str, str] = field(default_factory=dict)


def own_page(
    actor: Actor, named: str = "", reason: str = "", problems: Mapping[str, str] | None = None
) -> OwnConflicts:
    """Return what the actor declared. What others declared about them is the coordinator's alone to tell."""
    if actor.person_id is None:
        return OwnConflicts(())
    own = same_person(actor.person_id)
    rows = conflicts.declared_by(actor.person_id)
    return OwnConflicts(
        tuple(row for row in rows if row.declared_by in own and row.person_id in own),
        named[:300],
        reason[: conflicts.REASON_LENGTH],
        problems or {},
    )


def declare_own(named: str, reason: str, *, actor: Actor) -> Mapping[str, str]:
    """Declare that the actor should be kept apart from somebody; return what is wrong, by field."""
    problems = {}
    if not named.strip():
        problems["named"] = conflicts.ConflictNameError().text
    if not reason.strip():
        problems["reason"] = conflicts.ConflictReasonError().text
    if not problems:
        with transaction():
            try:
                conflicts.declare_own(named, reason, actor=actor)
            except conflicts.ConflictNameError as error:
                problems["named"] = error.text
            except conflicts.ConflictReasonError as error:
                problems["reason"] = error.text
    return problems
