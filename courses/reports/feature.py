"""What reports bring to an application."""

from __future__ import annotations

from flask import Flask

from courses.reports.effort import way_to_effort, way_to_own_effort
from courses.reports.views import dosage, effort
from institute.web import sections
from institute.web.sections import Section


def init_app(app: Flask) -> None:
    """Attach the pages."""
    app.register_blueprint(dosage.blueprint)
    app.register_blueprint(effort.coordinator)
    app.register_blueprint(effort.coach)
    link = "courses/reports/_effort.html"
    sections.add(app, Section("coordinator.coach", 10, link, way_to_effort))
    sections.add(app, Section("coach.own", 10, link, way_to_own_effort))
