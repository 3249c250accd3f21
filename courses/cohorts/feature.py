"""What the cohorts bring to an application."""

from __future__ import annotations

from flask import Flask

from courses.cohorts import assigning
from institute import actors
from institute.people import standing


def init_app(app: Flask) -> None:
    """Attach the coach's role and the conflicts that coaching makes."""
    actors.provide(app, assigning.select_coach_role)
    standing.report(app, assigning.report_conflicts)
