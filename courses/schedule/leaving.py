"""Plans end with what they stand on: nobody is expected by a coach who no longer coaches them."""

from __future__ import annotations

from datetime import date
from typing import Final

from flask import Flask
from sqlalchemy import exists, or_, select

from courses.cohorts.assigning import IS_THERE, local_day
from courses.cohorts.models import CoachAssignment, Enrolment
from courses.schedule import letters
from courses.schedule.models import PlannedMember, PlannedSession, PlanState
from institute import audit
from institute.actors import Actor
from institute.clock import now
from institute.db import transaction
from institute.jobs import daily

TASK: Final = "schedule.left"


def cancel_left(_day: date) -> None:
    """Cancel the sessions to come whose coach coaches none of those who would come, and tell these."""
    with transaction() as session:
        coming = session.scalars(
            select(PlannedSession)
            .where(PlannedSession.state == PlanState.PLANNED, PlannedSession.start_utc > now())
            .order_by(PlannedSession.id)
        ).all()
        for planned in coming:
            day = local_day(planned.zone, planned.start_utc)
            stands = (
                exists()
                .where(
                    PlannedMember.planned_id == planned.id,
                    Enrolment.id == PlannedMember.enrolment_id,
                    *IS_THERE,
                    CoachAssignment.enrolment_id == Enrolment.id,
                    CoachAssignment.coach_id == planned.coach_id,
                    CoachAssignment.since <= day,
                    or_(CoachAssignment.until.is_(None), CoachAssignment.until >= day),
                )
                .select()
            )
            if session.scalar(stands):
                continue
            planned.state = PlanState.CANCELLED
            planned.sequence += 1
            planned.changed_at = now()
            session.flush()
            actor = Actor(institute_id=planned.institute_id, person_id=None)
            audit.record("session.cancelled", actor=actor, subject=("planned_session", planned.id))
            letters.tell_cancelled(planned.id, institute_id=planned.institute_id)


def init_app(app: Flask) -> None:
    """Look once a day."""
    daily.add(app, TASK, cancel_left)
