"""A reminder of tomorrow's meeting, for everybody it is for who did not say otherwise."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

from flask import Flask
from sqlalchemy import select

from courses.meetings.audience import invited_to
from courses.meetings.letters import REMINDER
from courses.meetings.models import Meeting
from institute.clock import now
from institute.db import db, transaction
from institute.jobs import daily
from institute.messages import mail

AHEAD: Final = timedelta(days=2)
DAY_BEFORE: Final = timedelta(days=1)


def init_app(app: Flask) -> None:
    """Look once a day for what begins soon."""
    daily.add(app, "meetings.tomorrow", remind_of_meetings)


def remind_of_meetings(_day: date) -> None:
    """Wish for a mail a day before each meeting of the next two days; the mail decides if it is needed by then."""
    near = select(Meeting.id).where(
        Meeting.cancelled_at.is_(None), Meeting.starts > now(), Meeting.starts <= now() + AHEAD
    )
    for meeting_id in db.session.scalars(near.order_by(Meeting.id)).all():
        with transaction() as session:
            meeting = session.get_one(Meeting, meeting_id)
            about = {"meeting": meeting.id, "sequence": meeting.sequence}
            for one in invited_to(meeting):
                after = max(meeting.starts - DAY_BEFORE, now())
                mail.tell_once(one.person_id, REMINDER, about, institute_id=meeting.institute_id, after=after)
