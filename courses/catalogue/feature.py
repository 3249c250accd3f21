"""What the catalogue brings to an application."""

from __future__ import annotations

from flask import Flask

from courses.catalogue import queries
from courses.catalogue.durations import say_minutes, say_range
from courses.catalogue.markdown import render
from courses.catalogue.queries import ProgrammeLine, list_programmes
from courses.catalogue.reading import read_here
from institute.actors import Actor, Role
from institute.web import panels
from institute.web.panels import Panel


def init_app(app: Flask) -> None:
    """Attach the administrator's panel of the programmes, and the words that templates need."""
    queries.init_app(app)
    panels.add(app, Panel(Role.ADMINISTRATOR, 50, "courses/catalogue/_programmes.html", _every_programme))
    app.jinja_env.globals.update(
        say_minutes=say_minutes, say_range=say_range, read_here=read_here, render_markdown=render
    )


def _every_programme(actor: Actor) -> list[ProgrammeLine]:
    return list_programmes(actor.institute_id)
