"""Locking: what counted for an award stays as it is."""

from __future__ import annotations

from sqlalchemy import select, update

from courses.cohorts.models import EnrolmentId
from courses.sessions.models import SessionLog, SessionLogId, SessionState
from institute import audit
from institute.actors import Actor
from institute.db import transaction


def lock_logs(enrolment_id: EnrolmentId, *, actor: Actor) -> tuple[SessionLogId, ...]:
    """Lock all confirmed logs of an enrolment of the actor's institute, in the caller's transaction if there is one.

    Returns the ids of all logs that are locked now, those from before included. Nothing a person sees in the hours
    changes: a confirmed minute counts as a locked one does. A second time changes nothing.
    """
    with transaction() as session:
        session.flush()  # what the caller changed and has not written yet must outlive the refresh below
        mine = (SessionLog.enrolment_id == enrolment_id, SessionLog.institute_id == actor.institute_id)
        fresh = session.scalars(
            update(SessionLog)
            .where(*mine, SessionLog.state == SessionState.CONFIRMED)
            .values(state=SessionState.LOCKED, version=SessionLog.version + 1)
            .returning(SessionLog.id)
            .execution_options(synchronize_session=False)
        ).all()
        if fresh:
            session.expire_all()
            audit.record(
                "session.locked",
                actor=actor,
                subject=("enrolment", enrolment_id),
                details={"logs": sorted(fresh)},
            )
        locked = select(SessionLog.id).where(*mine, SessionLog.state == SessionState.LOCKED)
        return tuple(session.scalars(locked.order_by(SessionLog.id)))
