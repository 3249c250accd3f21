"""The audit entries of one award with their places in the chain, and whether the chain holds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import aliased

from certificates.awards.models import Award
from institute.audit.models import AuditEvent, AuditHead, AuditSeal
from institute.audit.sealing import GENESIS, first_broken_position
from institute.clock import now
from institute.db import db


@dataclass(frozen=True, slots=True)
class Entry:
    """One decision: what, when, by whom (a number; null where the house did it), and its links of the chain.

    ``before`` and ``digest`` are null until the worker has sealed it.
    """

    id: int
    at: datetime
    action: str
    person_id: int | None
    door: str
    subject: tuple[str, int | None]
    details: dict[str, Any]
    position: int | None
    before: str | None
    digest: str | None


@dataclass(frozen=True, slots=True)
class Head:
    """The signed end of a day of the chain, the first that covers the last entry."""

    day: str
    position: int
    digest: str
    signature: str
    public_key: str


@dataclass(frozen=True, slots=True)
class Chain:
    """The entries of an award, oldest first. ``broken`` is the first place where the whole chain does not follow."""

    entries: Sequence[Entry]
    broken: int | None
    checked_at: datetime
    head: Head | None


def chain_of(award: Award) -> Chain:
    """Return the audit entries of an award and its application, after walking the whole chain."""
    seal, before = aliased(AuditSeal), aliased(AuditSeal)
    rows = db.session.execute(
        select(AuditEvent, seal.position, seal.digest, before.digest)
        .outerjoin(seal, seal.event_id == AuditEvent.id)
        .outerjoin(before, before.position == seal.position - 1)
        .where(
            AuditEvent.institute_id == award.institute_id,
            or_(
                and_(AuditEvent.subject_kind == "award", AuditEvent.subject_id == award.id),
                and_(AuditEvent.subject_kind == "application", AuditEvent.subject_id == award.application_id),
            ),
        )
        .order_by(AuditEvent.at, AuditEvent.id)
    )
    entries = [_entry(*row) for row in rows]
    last = max((one.position for one in entries if one.position is not None), default=None)
    return Chain(entries, first_broken_position(), now(), _head(last))


def written(chain: Chain, institute_id: int) -> dict[str, Any]:
    """Return the entries as software reads them: with these fields each digest can be worked out anew."""
    return {
        "checked_at": chain.checked_at.isoformat(),
        "first_broken_position": chain.broken,
        "digest": "sha256 of the JSON list [before, id, institute, at, action, person, door, subject kind,"
        " subject id, details], keys sorted, ASCII only",
        "entries": [
            {
                "id": one.id,
                "institute": institute_id,
                "at": one.at.isoformat(),
                "action": one.action,
                "person": one.person_id,
                "door": one.door,
                "subject": list(one.subject),
                "details": one.details,
                "position": one.position,
                "before": one.before,
                "digest": one.digest,
            }
            for one in chain.entries
        ],
        "head": None
        if chain.head is None
        else {
            "day": chain.head.day,
            "position": chain.head.position,
            "digest": chain.head.digest,
            "signature": chain.head.signature,
            "public_key": chain.head.public_key,
        },
    }


def _entry(event: AuditEvent, position: int | None, digest: str | None, earlier: str | None) -> Entry:
    return Entry(
        event.id,
        event.at,
        event.action,
        event.person_id,
        event.door,
        (event.subject_kind, event.subject_id),
        event.details,
        position,
        None if position is None else earlier or GENESIS,
        digest,
    )


def _head(last: int | None) -> Head | None:
    if last is None:
        return None
    row = db.session.scalar(
        select(AuditHead).where(AuditHead.position >= last).order_by(AuditHead.position).limit(1)
    )
    return Head(row.day, row.position, row.digest, row.signature, row.public_key) if row else None
