"""What the roster brings to an application: the worker's part, launches that ask for it, what pages say of it."""

from __future__ import annotations

from flask import Flask

from institute.web import sections
from institute.web.sections import Section
from lti.roster import asking, commands, reading
from lti.roster.queries import roster_section
from lti.roster.views import facilitator


def init_app(app: Flask) -> None:
    """Attach everything."""
    reading.init_app(app)
    asking.init_app(app)
    commands.init_app(app)
    app.register_blueprint(facilitator.blueprint)
    sections.add(app, Section("cohort.members", 10, "lti/roster/_roster.html", roster_section))
