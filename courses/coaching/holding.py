"""Plans follow the logs: whatever changes somebody's sessions brings their plans along."""

from __future__ import annotations

from flask import Flask

from courses.hours.events import HoursChanged
from courses.schedule.holding import match_logs
from institute import events


def init_app(app: Flask) -> None:
    """Bring plans and logs together after each change of an enrolment's hours."""
    events.subscribe(app, HoursChanged, _match)


def _match(event: HoursChanged) -> None:
    match_logs(event.enrolment_id)
