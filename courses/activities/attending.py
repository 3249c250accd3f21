"""Steps that are done by meeting: ticked once a session about their segment is confirmed by both."""

from __future__ import annotations

from sqlalchemy import select

from courses.catalogue.models import Activity, ActivityKind, Segment
from courses.coaching.answering import AGREED
from courses.cohorts.models import ActivityCompletion, Enrolment
from courses.cohorts.ticking import tick_by_fact
from courses.hours.events import HoursChanged
from courses.sessions.models import SessionLog
from institute.db import transaction


def tick_attended(event: HoursChanged) -> None:
    """Tick the meetings that confirmed sessions of this enrolment prove.

    What was ever ticked is left alone: who took the tick back keeps it back.
    """
    with transaction() as session:
        met = (
            select(Segment.part_id)
            .join(SessionLog, SessionLog.segment_id == Segment.id)
            .where(SessionLog.enrolment_id == event.enrolment_id, SessionLog.state.in_(AGREED))
        )
        ticked = select(ActivityCompletion.step_id).where(
            ActivityCompletion.enrolment_id == event.enrolment_id
        )
        steps = session.scalars(
            select(Activity.step_id)
            .join(Segment, Segment.id == Activity.segment_id)
            .join(Enrolment, Enrolment.version_id == Activity.version_id)
            .where(
                Enrolment.id == event.enrolment_id,
                Activity.kind == ActivityKind.ATTEND,
                Segment.part_id.in_(met),
                Activity.step_id.not_in(ticked),
            )
        ).all()
        for step_id in steps:
            tick_by_fact(event.enrolment_id, step_id)
