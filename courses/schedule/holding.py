"""From planned to held: a log says what came of a plan, whether its form began with the plan or not."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from courses.cohorts.models import EnrolmentId
from courses.schedule.models import PlannedMember, PlannedSession, PlannedSessionId, PlanState
from courses.sessions.models import SessionLog, SessionLogId, SessionState
from institute.actors import Actor
from institute.db import transaction


def note_held(
    planned_id: PlannedSessionId, enrolment_id: EnrolmentId, log_id: SessionLogId, *, actor: Actor
) -> bool:
    """Note that a planned session of the actor's became a log; tell whether there is such a plan for that enrolment.

    Belongs into the transaction that writes the log. A session that has another log already keeps it.
    """
    with transaction() as session:
        member = session.scalar(
            select(PlannedMember)
            .join(PlannedSession, PlannedSession.id == PlannedMember.planned_id)
            .where(
                PlannedMember.planned_id == planned_id,
                PlannedMember.enrolment_id == enrolment_id,
                PlannedSession.institute_id == actor.institute_id,
                PlannedSession.coach_id == actor.person_id,
                PlannedSession.state != PlanState.CANCELLED,
            )
        )
        if member is None or member.log_id not in {None, log_id}:
            return False
        _hold(member, log_id, session)
        return True


def match_logs(enrolment_id: EnrolmentId) -> None:
    """Bring plans and logs of an enrolment together after its logs changed, in the transaction of the change.

    A log that was taken back frees its plan; a log of the same coach that meets a plan's time is what it became.
    """
    with transaction() as session:
        _free_voided(enrolment_id, session)
        waiting = session.execute(
            select(PlannedMember, PlannedSession)
            .join(PlannedSession, PlannedSession.id == PlannedMember.planned_id)
            .where(
                PlannedMember.enrolment_id == enrolment_id,
                PlannedMember.log_id.is_(None),
                PlannedSession.state != PlanState.CANCELLED,
            )
            .order_by(PlannedSession.start_utc)
        ).all()
        for member, planned in waiting:
            log_id = _log_of(planned, enrolment_id, session)
            if log_id is not None:
                _hold(member, log_id, session)


def _log_of(planned: PlannedSession, enrolment_id: EnrolmentId, session: Session) -> SessionLogId | None:
    taken = select(PlannedMember.log_id).where(
        PlannedMember.enrolment_id == enrolment_id, PlannedMember.log_id.is_not(None)
    )
    met = (
        select(SessionLog.id)
        .where(
            SessionLog.enrolment_id == enrolment_id,
            SessionLog.coach_id == planned.coach_id,
            SessionLog.state != SessionState.VOIDED,
            SessionLog.id.not_in(taken),
            SessionLog.start_utc < planned.end_utc,
            SessionLog.end_utc > planned.start_utc,
        )
        .order_by(SessionLog.start_utc)
        .limit(1)
    )
    return session.scalar(met)


def _free_voided(enrolment_id: EnrolmentId, session: Session) -> None:
    freed = session.execute(
        select(PlannedMember, PlannedSession)
        .join(PlannedSession, PlannedSession.id == PlannedMember.planned_id)
        .join(SessionLog, SessionLog.id == PlannedMember.log_id)
        .where(PlannedMember.enrolment_id == enrolment_id, SessionLog.state == SessionState.VOIDED)
    ).all()
    for member, planned in freed:
        member.log_id = None
        session.flush()
        others = session.scalar(
            select(PlannedMember.enrolment_id)
            .where(PlannedMember.planned_id == planned.id, PlannedMember.log_id.is_not(None))
            .limit(1)
        )
        if others is None:
            planned.state = PlanState.PLANNED
    session.flush()


def _hold(member: PlannedMember, log_id: SessionLogId, session: Session) -> None:
    member.log_id = log_id
    session.get_one(PlannedSession, member.planned_id).state = PlanState.HELD
    session.flush()
