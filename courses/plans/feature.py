"""What the plans bring to an application."""

from __future__ import annotations

from flask import Flask

from courses.plans import queries
from courses.plans.views import coach, participant
from institute.actors import Role
from institute.web import panels, sections
from institute.web.panels import Panel
from institute.web.sections import Section


def init_app(app: Flask) -> None:
    """Attach the pages, the way to them from the start, and the open actions that a coach looks back on."""
    for blueprint in (participant.blueprint, coach.blueprint):
        app.register_blueprint(blueprint)
    panels.add(app, Panel(Role.PARTICIPANT, 40, "courses/plans/_panel.html", queries.plan_panel))
    sections.add(
        app, Section("guides.look_back", 20, "courses/plans/_open_actions.html", queries.open_actions)
    )
