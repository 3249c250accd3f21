"""What the schedule brings to an application."""

from __future__ import annotations

from flask import Flask

from courses.calendar import entries
from courses.schedule import leaving, letters
from courses.schedule.entries import session_entries
from courses.schedule.views import coach, participant


def init_app(app: Flask) -> None:
    """Attach the pages of both sides, the mails, and what calendars show of sessions."""
    for blueprint in (coach.blueprint, participant.blueprint):
        app.register_blueprint(blueprint)
    letters.init_app(app)
    leaving.init_app(app)
    entries.provide(app, session_entries)
