"""A coach whose time with somebody ended stays one for a while: to log what was held, to settle what was logged."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from sqlalchemy import Date, Integer, bindparam, cast, exists, literal, or_, select

from courses.cohorts.assigning import IS_THERE
from courses.cohorts.models import CoachAssignment, Enrolment
from courses.sessions.models import SessionLog
from courses.sessions.states import OPEN
from institute.actors import PERSON, PLACE, Role
from institute.clock import now

# Without it a log that comes back after the coach was relieved could be corrected by nobody.
UNSETTLED: Final = select(literal(Role.COACH.value)).where(
    exists(
        select(SessionLog.id)
        .join(Enrolment, Enrolment.id == SessionLog.enrolment_id)
        .where(
            SessionLog.coach_id == PERSON,
            or_(*(SessionLog.state == state for state in sorted(OPEN))),
            *IS_THERE,
            or_(cast(PLACE, Integer).is_(None), Enrolment.cohort_id == PLACE),
        )
    )
)

LATE_DAYS: Final = timedelta(days=30)
# Without it the last sessions of somebody who was relieved could be logged by nobody.
LATELY: Final = select(literal(Role.COACH.value)).where(
    exists(
        select(CoachAssignment.id)
        .join(Enrolment, Enrolment.id == CoachAssignment.enrolment_id)
        .where(
            CoachAssignment.coach_id == PERSON,
            CoachAssignment.until
            >= bindparam("relieved_since", type_=Date, callable_=lambda: now().date() - LATE_DAYS),
            *IS_THERE,
            or_(cast(PLACE, Integer).is_(None), Enrolment.cohort_id == PLACE),
        )
    )
)
