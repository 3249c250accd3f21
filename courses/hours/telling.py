"""Telling the other rooms that a participant's hours are others now."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from courses.cohorts.events import RecipientChanged
from courses.cohorts.models import Enrolment, EnrolmentId
from courses.hours.events import HoursChanged
from courses.hours.recounting import recount
from institute import events
from institute.db import transaction


def tell_hours_changed(enrolment_id: EnrolmentId, *, session: Session) -> None:
    """Recount an enrolment and publish that its hours changed: after each change to a log, or to what is asked."""
    recount([enrolment_id], session=session)
    row = session.execute(
        select(Enrolment.institute_id, Enrolment.cohort_id, Enrolment.person_id).where(
            Enrolment.id == enrolment_id
        )
    ).one()
    events.publish(HoursChanged(row.institute_id, row.cohort_id, enrolment_id, row.person_id))


def tell_need_changed(event: RecipientChanged) -> None:
    """Let what is asked of somebody follow their need level, in gradebooks too."""
    with transaction() as session:
        tell_hours_changed(event.enrolment_id, session=session)
