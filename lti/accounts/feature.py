"""Attaches the pages about accounts, and the way to them from a participant's and a coach's home."""

from __future__ import annotations

from typing import Final

from flask import Flask

from institute.actors import Role
from institute.web import panels
from institute.web.panels import Panel
from lti.accounts.queries import has_several_platforms
from lti.accounts.views import administrator, own

AT_THE_END: Final = 90


def init_app(app: Flask) -> None:
    """Attach pages and panels."""
    app.register_blueprint(own.blueprint)
    app.register_blueprint(administrator.blueprint)
    for role in (Role.PARTICIPANT, Role.COACH, Role.FACILITATOR):
        panels.add(app, Panel(role, AT_THE_END, "lti/accounts/_panel.html", has_several_platforms))
