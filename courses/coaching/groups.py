"""Group sessions: one session of one coach at one time, with a log for each who took part.

A log of the kind "group" belongs to the group of its coach that has its very times, however it was entered: through the
form of a group, alone, or from a file. So the coach's time is there once.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from courses.coaching.cases import Case
from courses.coaching.errors import OverlapAtOnceError
from courses.coaching.sheets import SessionFacts
from courses.sessions.guards import GROUP_OVERLAP
from courses.sessions.models import (
    Kind,
    SessionGroup,
    SessionGroupId,
    SessionLog,
    SessionLogId,
    SessionState,
)
from institute.clock import now


def is_same_group(facts: SessionFacts, start: datetime, end: datetime) -> bool:
    """Tell whether a group session at these times is the one that ``facts`` are of."""
    return facts.kind is Kind.GROUP and (facts.start, facts.end) == (start, end)


def join_group(
    case: Case, facts: SessionFacts, *, session: Session, leaving: SessionLog | None = None, title: str = ""
) -> SessionGroupId | None:
    """Return the group that a log with these facts belongs to, made where there is none; None for other kinds.

    ``leaving`` is the log itself where it is revised: a group that it was alone in goes with it to the new times.
    Raises OverlapAtOnceError.
    """
    if facts.kind is not Kind.GROUP:
        return None
    there = session.scalar(
        select(SessionGroup).where(
            SessionGroup.institute_id == case.institute_id,
            SessionGroup.coach_id == case.coach_id,
            SessionGroup.start_utc == facts.start,
            SessionGroup.end_utc == facts.end,
            SessionGroup.voided_at.is_(None),
        )
    )
    if there is None:
        there = _own_group(leaving, session) or SessionGroup(
            institute_id=case.institute_id, cohort_id=case.cohort_id, coach_id=case.coach_id, created_at=now()
        )
        there.title = title or there.title or ""
        move_group(there, facts)
        session.add(there)
    flush_group(session)
    return there.id


def move_group(group: SessionGroup, facts: SessionFacts) -> None:
    """Give a group the times of these facts."""
    group.start_utc, group.end_utc, group.zone, group.minutes = (
        facts.start,
        facts.end,
        facts.zone,
        facts.length,
    )


def leave_group(group_id: SessionGroupId | None, log_id: SessionLogId, *, session: Session) -> None:
    """Free the time of a group that a log left, where it was the last one that stood in it."""
    if group_id is None or _others_in(group_id, log_id, session):
        return
    group = session.get_one(SessionGroup, group_id)
    group.voided_at = now()
    session.flush()


def flush_group(session: Session) -> None:
    """Write a group. Raises OverlapAtOnceError where another one of the coach took its time meanwhile."""
    try:
        session.flush()
    except IntegrityError as error:
        if GROUP_OVERLAP in str(error.orig):
            raise OverlapAtOnceError from error
        raise


def _own_group(log: SessionLog | None, session: Session) -> SessionGroup | None:
    if log is None or log.group_id is None or _others_in(log.group_id, log.id, session):
        return None
    return session.get_one(SessionGroup, log.group_id)


def _others_in(group_id: SessionGroupId, log_id: SessionLogId, session: Session) -> int:
    return (
        session.scalar(
            select(func.count(SessionLog.id)).where(
                SessionLog.group_id == group_id,
                SessionLog.id != log_id,
                SessionLog.state != SessionState.VOIDED,
            )
        )
        or 0
    )
