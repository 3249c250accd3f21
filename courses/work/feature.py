"""What the work brings to an application."""

from __future__ import annotations

from flask import Flask

from courses.coaching.events import HoursChanged
from courses.work.attending import tick_attended
from courses.work.sharing import shared_section
from courses.work.views import coach, participant
from courses.work.wording import say_mean, say_saved
from institute import events
from institute.web import sections
from institute.web.sections import Section


def init_app(app: Flask) -> None:
    """Attach the pages, what a coach sees of them beside a person, and the ticks that sessions prove."""
    for blueprint in (participant.blueprint, coach.blueprint):
        app.register_blueprint(blueprint)
    app.jinja_env.globals.update(say_saved=say_saved, say_mean=say_mean)
    events.subscribe(app, HoursChanged, tick_attended)
    sections.add(app, Section("coached.member", 10, "courses/work/_shared.html", shared_section))
