"""What both sides' agreement brings to an application: amendments in three areas, and their mails."""

from __future__ import annotations

from flask import Flask

from courses.coaching import amending_letters
from courses.coaching.amending_pages import asked_coach_panel, asked_panel, overdue_panel
from courses.coaching.views import coordinator
from courses.coaching.views.amendments import amendments_blueprint
from courses.sessions.models import Side
from institute.actors import Role
from institute.web import panels
from institute.web.panels import Panel


def init_app(app: Flask) -> None:
    """Attach the pages of amendments and what a coordinator's home says of them."""
    for role, side, detail in (
        (Role.PARTICIPANT, Side.PARTICIPANT, "participant_hours.detail"),
        (Role.COACH, Side.COACH, "coach_sessions.detail"),
    ):
        app.register_blueprint(amendments_blueprint(role, side, detail))
    app.register_blueprint(coordinator.blueprint)
    amending_letters.init_app(app)
    for role, order, query in ((Role.PARTICIPANT, 6, asked_panel), (Role.COACH, 4, asked_coach_panel)):
        panels.add(app, Panel(role, order, "courses/coaching/_asked.html", query))
    panels.add(app, Panel(Role.COORDINATOR, 30, "courses/coaching/_overdue.html", overdue_panel))
