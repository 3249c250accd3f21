"""Putting work into the outbox and leasing it. Leases expire, so a killed worker loses nothing."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, and_, or_, select, update

from institute.clock import now
from institute.db import insert_into, transaction
from institute.jobs.models import JobState, OutboxId, OutboxRow
from institute.jobs.outcomes import Dead, Done, Outcome, Retry, RetryPolicy, Wait

LEASE: Final = timedelta(seconds=60)
PUT_AT_ONCE: Final = 500
"""How many rows one statement takes: databases limit the values in it."""


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
    put_several(kind=kind, keys=[key], payload=payload, after=after)


def put_several(
    *, kind: str, keys: Sequence[str], payload: Mapping[str, Any] | None = None, after: datetime | None = None
) -> None:
    """Wish for up to ``PUT_AT_ONCE`` jobs of a kind that are alike, with different keys, in one statement."""
    at = now()
    fresh = {
        "kind": kind,
        "payload": dict(payload or {}),
        "version": 1,
        "state": JobState.READY,
        "attempts": 0,
        "next_at": after or at,
        "reason": "",
        "created_at": at,
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
    with transaction() as session:
        wished = insert_into(session, OutboxRow).on_conflict_do_update(
            index_elements=["kind", "key"], set_=again
        )
        session.execute(wished, [{**fresh, "key": key} for key in keys])


def is_known(*, kind: str, key: str) -> bool:
    """Tell whether somebody ever wished for a job, done ones included."""
    found = select(OutboxRow.id).where(OutboxRow.kind == kind, OutboxRow.key == key)
    with transaction() as session:
        return session.scalar(found) is not None


def lease(kinds: Sequence[str]) -> LeasedJob | None:
    """Take the job of these kinds that is due longest, or None. At most one worker gets it."""
    return next(iter(_lease(OutboxRow.kind.in_(kinds), 1)), None)


def lease_several(kind: str, most: int) -> list[LeasedJob]:
    """Take up to ``most`` jobs of a kind, those that are due longest. At most one worker gets each."""
    return _lease(OutboxRow.kind == kind, most)


def _lease(of_kind: ColumnElement[bool], most: int) -> list[LeasedJob]:
    token = str(uuid.uuid4())
    with transaction() as session:
        due = (
            select(OutboxRow.id)
            .where(
                of_kind,
                or_(
                    and_(OutboxRow.state == JobState.READY, OutboxRow.next_at <= now()),
                    and_(OutboxRow.state == JobState.LEASED, OutboxRow.leased_until < now()),
                ),
            )
            .order_by(OutboxRow.next_at, OutboxRow.id)
            .limit(most)
            .with_for_update(skip_locked=True)
        )
        rows = session.execute(
            update(OutboxRow)
            .where(OutboxRow.id.in_(session.scalars(due).all()))
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
        ).all()
    return [LeasedJob(**row._asdict(), lease=token) for row in rows]


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


def settle(job: LeasedJob, outcome: Outcome, policy: RetryPolicy) -> None:
    """Write down how a job went. Where ``policy`` allows no further try, it waits for a person."""
    match outcome:
        case Done(reason):
            finish(job, reason=reason)
        case Dead(reason):
            bury(job, reason=reason)
        case Wait(reason, after):
            again = {"next_at": now() + after, "attempts": job.attempts - 1}
            _settle(job, state=JobState.READY, reason=reason[:200], **again)
        case Retry(reason, _) if job.attempts >= policy.most_attempts:
            bury(job, reason=reason)
        case Retry(reason, after):
            postpone(job, until=now() + (after or policy.pause(job.attempts)), reason=reason)


def settle_several(ended: Sequence[tuple[LeasedJob, Outcome]], policy: RetryPolicy) -> None:
    """Write down how several jobs went, those that are done in one statement of one transaction.

    A row that another transaction holds is being wished for anew, and left to that wish: waiting for it with other
    rows in hand could end in a deadlock.
    """
    done: dict[str, list[OutboxId]] = {}
    others = []
    for job, outcome in ended:
        if outcome == Done():
            done.setdefault(job.lease, []).append(job.id)
        else:
            others.append((job, outcome))
    if done:
        with transaction() as session:
            for token, ids in done.items():
                free = (
                    select(OutboxRow.id)
                    .where(OutboxRow.id.in_(ids), OutboxRow.lease == token)
                    .with_for_update(skip_locked=True)
                )
                session.execute(
                    update(OutboxRow)
                    .where(OutboxRow.id.in_(session.scalars(free).all()))
                    .values(state=JobState.DONE, leased_until=None, lease=None, done_at=now(), reason="")
                )
    for job, outcome in others:
        settle(job, outcome, policy)
