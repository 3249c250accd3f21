"""What the catalogue brings to an application."""

from __future__ import annotations

from flask import Flask

from courses.catalogue import queries
from courses.catalogue.durations import say_minutes, say_range
from courses.catalogue.markdown import render
from courses.catalogue.queries import ProgrammeLine, list_programmes
from courses.catalogue.reading import read_here
from courses.catalogue.views.guide import guide_blueprint
from institute.actors import Actor, Role
from institute.i18n import lazy_gettext
from institute.web import navigation, panels
from institute.web.navigation import NavItem
from institute.web.panels import Panel


def init_app(app: Flask) -> None:
    """Attach the administrator's view of the programmes, and the words that templates need."""
    queries.init_app(app)
    app.register_blueprint(guide_blueprint(Role.ADMINISTRATOR, _every_programme))
    navigation.add(
        app, NavItem(Role.ADMINISTRATOR, 10, lazy_gettext("Programmes"), "administrator_programmes.index")
    )
    panels.add(app, Panel(Role.ADMINISTRATOR, 50, "courses/catalogue/_programmes.html", _every_programme))
    app.jinja_env.globals.update(
        say_minutes=say_minutes, say_range=say_range, read_here=read_here, render_markdown=render
    )


def _every_programme(actor: Actor) -> list[ProgrammeLine]:
    return list_programmes(actor.institute_id)
