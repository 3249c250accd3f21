"""Putting work into the outbox and leasing it. Leases expire, so a killed worker loses nothing."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import and_, or_, select, update

from institute.clock import now
from institute.db import insert_into, transaction
from institute.jobs.models import JobState, OutboxId, OutboxRow

LEASE: Final = timedelta(seconds=60)


@dataclass(frozen=True, slots=True)
class LeasedJob:
    """A job in the hands of one worker. ``attempts`` counts this one."""

    id: OutboxId
    kind: str
    key: str
    payload: Mapping[str, Any]
    version: int
    attempts: int
    lease: str


def put(
    *, kind: str, key: str, payload: Mapping[str, Any] | None = None, after: datetime | None = None
) -> None:
    """Wish for a job. A second wish for the same (kind, key) replaces the first, even while it is being done."""
    with transaction() as session:
        fresh = {
            "kind": kind,
            "key": key,
            "payload": dict(payload or {}),
            "version": 1,
            "state": JobState.READY,
            "attempts": 0,
            "next_at": after or now(),
            "reason": "",
            "created_at": now(),
        }
        again = {
            "payload": fresh["payload"],
            "version": OutboxRow.version + 1,
            "state": JobState.READY,
            "attempts": 0,
            "next_at": fresh["next_at"],
            "leased_until": None,
            "lease": None,
            "reason": "",
            "done_at": None,
        }
        session.execute(
            insert_into(session, OutboxRow)
            .values(fresh)
            .on_conflict_do_update(index_elements=["kind", "key"], set_=again)
        )


def lease(kinds: Sequence[str]) -> LeasedJob | None:
    """Take the job of these kinds that is due longest, or None. At most one worker gets it."""
    token = str(uuid.uuid4())
    with transaction() as session:
        due = (
            select(OutboxRow.id)
            .where(
                OutboxRow.kind.in_(kinds),
                or_(
                    and_(OutboxRow.state == JobState.READY, OutboxRow.next_at <= now()),
                    and_(OutboxRow.state == JobState.LEASED, OutboxRow.leased_until < now()),
                ),
            )
            .order_by(OutboxRow.next_at)
            .limit(1)
            .with_for_update(skip_locked=True)
        )
        row = session.execute(
            update(OutboxRow)
            .where(OutboxRow.id == due.scalar_subquery())
            .values(
                state=JobState.LEASED,
                leased_until=now() + LEASE,
                lease=token,
                attempts=OutboxRow.attempts + 1,
            )
            .returning(
                OutboxRow.id,
                OutboxRow.kind,
                OutboxRow.key,
                OutboxRow.payload,
                OutboxRow.version,
                OutboxRow.attempts,
            )
        ).one_or_none()
    return LeasedJob(**row._asdict(), lease=token) if row else None


def finish(job: LeasedJob, *, reason: str = "") -> None:
    """Mark a job done, unless a newer wish came meanwhile or the lease went to another worker."""
    _settle(job, state=JobState.DONE, done_at=now(), reason=reason[:200])


def postpone(job: LeasedJob, *, until: datetime, reason: str) -> None:
    """Give a job back, to be tried again at ``until``."""
    _settle(job, state=JobState.READY, next_at=until, reason=reason[:200])


def bury(job: LeasedJob, *, reason: str) -> None:
    """Set a job aside for a person to look at."""
    _settle(job, state=JobState.DEAD, reason=reason[:200])


def _settle(job: LeasedJob, **values: Any) -> None:
    with transaction() as session:
        session.execute(
            update(OutboxRow)
            .where(OutboxRow.id == job.id, OutboxRow.lease == job.lease, OutboxRow.version == job.version)
            .values(leased_until=None, lease=None, **values)
        )
