"""What the last session agreed on, where the next one begins: on the coach's guide."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from courses.cohorts.models import EnrolmentId
from courses.sessions.actions import ActionLine, open_actions
from courses.sessions.models import SessionLog, SessionLogId, SessionState
from institute.actors import Actor
from institute.db import db


@dataclass(frozen=True, slots=True)
class Agreed:
    """The next steps of the last session, in the words of its log, and the steps before it that are still open."""

    enrolment_id: EnrolmentId
    log_id: SessionLogId
    day: date
    next_steps: str
    still_open: tuple[ActionLine, ...] = ()


def last_agreed(actor: Actor, enrolment_id: int) -> Agreed | None:
    """Return what an actor, as the coach, last agreed on in this enrolment, or None."""
    whose = EnrolmentId(enrolment_id)
    row = db.session.execute(
        select(SessionLog.id, SessionLog.local_day, SessionLog.next_steps)
        .where(
            SessionLog.institute_id == actor.institute_id,
            SessionLog.enrolment_id == whose,
            SessionLog.coach_id == actor.person_id,
            SessionLog.state != SessionState.VOIDED,
            SessionLog.next_steps != "",
        )
        .order_by(SessionLog.start_utc.desc())
        .limit(1)
    ).one_or_none()
    if row is None:
        return None
    before = [one for one in open_actions(whose, institute_id=actor.institute_id) if one.log_id != row.id]
    return Agreed(whose, *row, still_open=tuple(before))
