"""Beginning a batch, leaving lines out of it, starting it as it was looked at, pausing, going on, stopping."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Final

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from certificates.awards.batches.models import (
    BatchId,
    BatchLineId,
    BatchState,
    IssueBatch,
    IssueBatchLine,
    LineState,
)
from certificates.awards.batches.wording import say_batch_state
from certificates.awards.errors import (
    BatchEmptyError,
    BatchOwnerError,
    BatchStateError,
    BatchTooLargeError,
    PreviewChangedError,
)
from certificates.awards.lifetime.errors import KeyExpiredError
from certificates.awards.models import Application, ApplicationId
from certificates.awards.states import ApplicationState
from certificates.levels.models import LevelId
from certificates.levels.rules import digest
from courses.cohorts.models import CohortId, Enrolment
from institute import audit
from institute.actors import Actor
from institute.clock import now
from institute.db import transaction
from institute.errors import NotFoundError
from institute.jobs import outbox
from institute.keys.events import KeyRotated
from institute.keys.models import KeyPurpose
from institute.parting import parts_of
from institute.people.models import Person
from institute.people.naming import name_or_number

_AT_ONCE: Final = 500
JOB_KIND: Final = "award.batch"
MOST_LINES: Final = 2000
ASKED: Final = "ASKED"
"""The cause of a pause that somebody asked for."""
UNDER_WAY: Final = frozenset({BatchState.CHECKING, BatchState.READY, BatchState.RUNNING, BatchState.PAUSED})


def begin_batch(
    chosen: Collection[int] | None = None,
    *,
    level_id: LevelId | None = None,
    cohort_id: CohortId | None = None,
    actor: Actor,
) -> BatchId:
    """Begin a batch of the applications that wait, ``chosen`` ones or all of a level and cohort; return its id.

    The worker checks each of them next. Raises NotFoundError, BatchEmptyError, BatchTooLargeError.
    """
    if chosen is not None and len(chosen) > MOST_LINES:
        raise BatchTooLargeError(most=MOST_LINES)
    with transaction() as session:
        if actor.person_id is None:
            raise NotFoundError
        found = _waiting(chosen, level_id, cohort_id, session, actor)
        if not found:
            raise BatchEmptyError
        if len(found) > MOST_LINES:
            raise BatchTooLargeError(most=MOST_LINES)
        batch = IssueBatch(
            institute_id=actor.institute_id, level_id=level_id, cohort_id=cohort_id, person_id=actor.person_id
        )
        session.add(batch)
        session.flush()
        rows = [
            {
                "institute_id": actor.institute_id,
                "batch_id": batch.id,
                "position": position,
                "application_id": application_id,
            }
            for position, application_id in enumerate(found, start=1)
        ]
        session.execute(insert(IssueBatchLine), rows)
        outbox.put(kind=JOB_KIND, key=str(batch.id))
        audit.record(
            "award.batch_begun", actor=actor, subject=("issue_batch", batch.id), details={"lines": len(rows)}
        )
        return batch.id


def leave_out(batch_id: BatchId, line_ids: Collection[int], *, actor: Actor) -> None:
    """Leave lines out of a batch that was checked and not started. Raises NotFoundError, BatchStateError."""
    with transaction() as session:
        batch = open_batch(batch_id, session=session, actor=actor)
        _require(batch, {BatchState.READY})
        # In parts, because databases limit the values of one statement.
        for part in parts_of([BatchLineId(one) for one in line_ids], _AT_ONCE):
            session.execute(
                update(IssueBatchLine)
                .where(
                    IssueBatchLine.batch_id == batch.id,
                    IssueBatchLine.state == LineState.READY,
                    IssueBatchLine.id.in_(part),
                )
                .values(state=LineState.LEFT_OUT)
            )


def start_batch(batch_id: BatchId, *, seen: str, actor: Actor) -> None:
    """Start to issue what was looked at; ``seen`` is the mark of the whole.

    Raises NotFoundError, BatchOwnerError, BatchStateError, PreviewChangedError, BatchEmptyError.
    """
    with transaction() as session:
        batch = open_batch(batch_id, session=session, actor=actor)
        _require_own(batch, actor, session)
        _require(batch, {BatchState.READY})
        mark, lines = mark_of(batch.id, session)
        if mark != seen:
            raise PreviewChangedError
        if not lines:
            raise BatchEmptyError
        batch.seen = mark
        _go(batch, actor, "award.batch_started")


def resume_batch(batch_id: BatchId, *, actor: Actor) -> None:
    """Go on with a paused batch where it stopped. Raises NotFoundError, BatchOwnerError, BatchStateError."""
    with transaction() as session:
        batch = open_batch(batch_id, session=session, actor=actor)
        _require_own(batch, actor, session)
        _require(batch, {BatchState.PAUSED})
        batch.cause = ""
        _go(batch, actor, "award.batch_resumed")


def go_on_with_key(event: KeyRotated) -> None:
    """Go on with the batches of an institute that rest because a key expired: nobody chose to pause them."""
    if event.purpose is not KeyPurpose.DOCUMENT:
        return
    with transaction() as session:
        resting = (
            select(IssueBatch)
            .where(
                IssueBatch.institute_id == event.institute_id,
                IssueBatch.state == BatchState.PAUSED,
                IssueBatch.cause == KeyExpiredError.code,
            )
            .with_for_update()
        )
        for batch in session.scalars(resting).all():
            batch.cause = ""
            _go(batch, Actor(institute_id=batch.institute_id, person_id=None), "award.batch_resumed")


def pause_batch(batch_id: BatchId, *, actor: Actor) -> None:
    """Let a running batch rest after the line at hand. Raises NotFoundError, BatchStateError."""
    with transaction() as session:
        batch = open_batch(batch_id, session=session, actor=actor)
        _require(batch, {BatchState.RUNNING})
        batch.state, batch.cause = BatchState.PAUSED, ASKED
        audit.record("award.batch_paused", actor=actor, subject=("issue_batch", batch.id))


def stop_batch(batch_id: BatchId, *, actor: Actor) -> None:
    """End a batch: what was issued stays, the rest waits as before. Raises NotFoundError, BatchStateError."""
    with transaction() as session:
        batch = open_batch(batch_id, session=session, actor=actor)
        _require(batch, UNDER_WAY)
        batch.state, batch.cause, batch.ended_at = BatchState.STOPPED, "", now()
        audit.record("award.batch_stopped", actor=actor, subject=("issue_batch", batch.id))


def open_batch(batch_id: BatchId, *, session: Session, actor: Actor) -> IssueBatch:
    """Return a batch of the actor's institute, locked. Raises NotFoundError."""
    batch = session.get(IssueBatch, batch_id, with_for_update=True)
    if batch is None or batch.institute_id != actor.institute_id:
        raise NotFoundError
    return batch


def mark_of(batch_id: BatchId, session: Session) -> tuple[str, int]:
    """Return the digest of all that a batch would issue, and how many lines that is."""
    rows = session.execute(
        select(IssueBatchLine.id, IssueBatchLine.mark)
        .where(IssueBatchLine.batch_id == batch_id, IssueBatchLine.state == LineState.READY)
        .order_by(IssueBatchLine.position)
    ).all()
    return digest([[row.id, row.mark] for row in rows]), len(rows)


def _waiting(
    chosen: Collection[int] | None,
    level_id: LevelId | None,
    cohort_id: CohortId | None,
    session: Session,
    actor: Actor,
) -> Sequence[ApplicationId]:
    query = (
        select(Application.id)
        .where(
            Application.institute_id == actor.institute_id,
            Application.state == ApplicationState.UNDER_REVIEW,
        )
        .order_by(Application.applied_at, Application.id)
        .limit(MOST_LINES + 1)
    )
    if level_id is not None:
        query = query.where(Application.level_id == level_id)
    if cohort_id is not None:
        query = query.join(Enrolment, Enrolment.id == Application.enrolment_id).where(
            Enrolment.cohort_id == cohort_id
        )
    if chosen is None:
        return session.scalars(query).all()
    return [
        one
        for part in parts_of([ApplicationId(one) for one in chosen], _AT_ONCE)
        for one in session.scalars(query.where(Application.id.in_(part)))
    ]


def _go(batch: IssueBatch, actor: Actor, action: str) -> None:
    batch.state, batch.started_at = BatchState.RUNNING, now()
    outbox.put(kind=JOB_KIND, key=str(batch.id))
    audit.record(action, actor=actor, subject=("issue_batch", batch.id), details={"seen": batch.seen})


def _require(batch: IssueBatch, states: Collection[BatchState]) -> None:
    if batch.state not in states:
        raise BatchStateError(state=say_batch_state(batch.state))


def _require_own(batch: IssueBatch, actor: Actor, session: Session) -> None:
    if batch.person_id != actor.person_id:
        name = session.get_one(Person, batch.person_id).name
        raise BatchOwnerError(name=name_or_number(name, batch.person_id))
