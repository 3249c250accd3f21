"""Putting one's name to a month's log: each side for itself, under what it has seen."""

from __future__ import annotations

from courses.logbook import errors
from courses.logbook.models import MonthSignOff
from courses.logbook.months import MonthLog
from courses.sessions.wording import say_day
from institute import audit
from institute.actors import Actor
from institute.clock import now
from institute.db import insert_into, transaction
from institute.errors import NotFoundError


def sign_month(log: MonthLog, *, seen: str, actor: Actor) -> None:
    """Sign a month's log as the reader's side; the same a second time changes nothing.

    ``seen`` is the digest of what the reader looked at. Belongs into a transaction in which ``log`` was read. Raises
    NotFoundError for who has no side, MonthRunningError, MonthUnsettledError, MonthEmptyError, MonthChangedError.
    """
    side = log.book.side
    if side is None or actor.person_id is None:
        raise NotFoundError
    if not log.over:
        raise errors.MonthRunningError(day=say_day(log.last_day))
    if log.unsettled:
        raise errors.MonthUnsettledError
    if not log.agreed:
        raise errors.MonthEmptyError
    if seen != log.digest:
        raise errors.MonthChangedError
    values = {
        "institute_id": log.book.institute_id,
        "enrolment_id": log.book.enrolment_id,
        "month": log.month,
        "side": side,
        "person_id": actor.person_id,
        "digest": log.digest,
        "minutes": log.counted,
        "sessions": len(log.agreed),
        "at": now(),
    }
    with transaction() as session:
        statement = insert_into(session, MonthSignOff).on_conflict_do_nothing().returning(MonthSignOff.id)
        made = session.execute(statement, [values]).all()
        if made:
            audit.record(
                "month.signed",
                actor=actor,
                subject=("enrolment", log.book.enrolment_id),
                details={"month": log.month.isoformat(), "side": side, "digest": log.digest},
            )
