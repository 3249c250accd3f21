"""Whoever logged a session stays its coach until it is settled, also when somebody else coaches by then."""

from __future__ import annotations

from typing import Final

from sqlalchemy import Integer, cast, exists, literal, or_, select

from courses.coaching.models import SessionLog
from courses.coaching.states import OPEN
from courses.cohorts.assigning import IS_THERE
from courses.cohorts.models import Enrolment
from institute.actors import PERSON, PLACE, Role

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
