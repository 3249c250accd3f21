"""What the rulebook brings to an application."""

from __future__ import annotations

from flask import Flask

from certificates.rulebook.views import levels
from certificates.rulebook.wording import say_track
from institute.actors import Actor, Role
from institute.web import panels
from institute.web.panels import Panel


def init_app(app: Flask) -> None:
    """Attach the pages on which levels and their rules are written."""
    app.register_blueprint(levels.blueprint)
    app.jinja_env.globals.update(say_track=say_track)
    panels.add(app, Panel(Role.ADMINISTRATOR, 32, "certificates/rulebook/_panel.html", panel))


def panel(_actor: Actor) -> bool:
    """Show the way to the levels on an administrator's home: the bar above has no room for it."""
    return True
