"""What the work brings to an application."""

from __future__ import annotations

from flask import Flask

from courses.activities.attending import tick_attended
from courses.activities.sharing import shared_section
from courses.activities.views import coach, participant
from courses.activities.wording import say_saved
from courses.hours.events import HoursChanged
from institute import events
from institute.web import sections
from institute.web.sections import Section


def init_app(app: Flask) -> None:
    """Attach the pages, what a coach sees of them beside a person, and the ticks that sessions prove."""
    for blueprint in (participant.blueprint, coach.blueprint):
        app.register_blueprint(blueprint)
    app.jinja_env.globals.update(say_saved=say_saved)
    events.subscribe(app, HoursChanged, tick_attended)
    sections.add(app, Section("coached.member", 10, "courses/activities/_shared.html", shared_section))
