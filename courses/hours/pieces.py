"""Sessions as they are weighed: read from the logs of enrolments, split at midnight where the policy says so."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, time, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlalchemy import Select, bindparam, select

from courses.cohorts.models import EnrolmentId
from courses.hours.counting import SENT, Piece
from courses.hours.months import month_of
from courses.hours.policies import Policy
from courses.sessions.models import SessionLog
from institute.db import db

IS_SENT: Final = SessionLog.state.in_(sorted(SENT))
LOG_COLUMNS: Final[tuple[Any, ...]] = (
    SessionLog.enrolment_id,
    SessionLog.id,
    SessionLog.start_utc,
    SessionLog.end_utc,
    SessionLog.zone,
    SessionLog.month,
    SessionLog.state,
    SessionLog.kind,
    SessionLog.mode,
    SessionLog.minutes,
)
_LOGS: Final[Select[*tuple[Any, ...]]] = select(*LOG_COLUMNS).where(
    SessionLog.enrolment_id.in_(bindparam("enrolments", expanding=True)), IS_SENT
)


def pieces_of(enrolment_ids: Sequence[EnrolmentId], policy: Policy) -> dict[EnrolmentId, list[Piece]]:
    """Return the sessions of enrolments that were sent, in one query; the enrolments follow one policy."""
    found: dict[EnrolmentId, list[Piece]] = defaultdict(list)
    for row in db.session.execute(_LOGS, {"enrolments": list(enrolment_ids)}):
        found[row.enrolment_id].extend(read_pieces(row, policy))
    return found


def read_pieces(row: Any, policy: Policy) -> Iterable[Piece]:
    """Return a row of ``LOG_COLUMNS`` as one piece or two."""
    whole = Piece(row.id, row.start_utc, row.month, row.state, row.kind, row.mode, row.minutes)
    return split(whole, row.end_utc, row.zone) if policy.split_at_midnight else [whole]


def split(piece: Piece, end: datetime, zone: str) -> list[Piece]:
    """Return a session that lasts over the end of a month as two pieces, any other as it is.

    The minutes that count (less than elapsed, where there was a break) go to the two in the proportion of what
    elapsed before and after midnight on the clock of ``zone``.
    """
    here = ZoneInfo(zone)
    next_day = piece.at.astimezone(here).date() + timedelta(days=1)
    midnight = datetime.combine(next_day, time(), here).astimezone(UTC)
    if midnight >= end or month_of(next_day) == piece.month:
        return [piece]
    elapsed, before = end - piece.at, midnight - piece.at
    first = piece.minutes * before // elapsed
    pieces = (
        piece._replace(minutes=first),
        piece._replace(at=midnight, month=month_of(next_day), minutes=piece.minutes - first, logs=0),
    )
    return [one for one in pieces if one.minutes]
