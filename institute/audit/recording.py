"""Writing a decision down, in the transaction that decides."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from institute.actors import Actor
from institute.audit.models import AuditEvent
from institute.db import transaction


def record(
    action: str,
    *,
    actor: Actor,
    subject: tuple[str, int | None],
    institute_id: int | None = None,
    details: Mapping[str, Any] | None = None,
) -> None:
    """Insert one event: ``action`` such as "cohort.bound", ``subject`` as (kind, id), ``details`` without names.

    The institute is the actor's unless given.
    """
    kind, subject_id = subject
    with transaction() as session:
        session.add(
            AuditEvent(
                institute_id=institute_id or actor.institute_id,
                action=action,
                person_id=actor.person_id,
                door=actor.door,
                subject_kind=kind,
                subject_id=subject_id,
                details=dict(details or {}),
            )
        )
