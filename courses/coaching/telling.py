"""Telling the other rooms that a participant's hours are others now."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from courses.coaching.events import HoursChanged
from courses.cohorts.models import Enrolment, EnrolmentId
from institute import events


def tell_hours_changed(enrolment_id: EnrolmentId, *, session: Session) -> None:
    """Publish that the counted or waiting minutes of an enrolment changed."""
    session.flush()
    row = session.execute(
        select(Enrolment.institute_id, Enrolment.cohort_id, Enrolment.person_id).where(
            Enrolment.id == enrolment_id
        )
    ).one()
    events.publish(HoursChanged(row.institute_id, row.cohort_id, enrolment_id, row.person_id))
