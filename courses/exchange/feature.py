"""What bringing in and taking out brings to an application."""

from __future__ import annotations

from flask import Flask

from courses.exchange import batches, letters
from courses.exchange.pages import exchange_panel
from courses.exchange.views import administrator
from institute.actors import Role
from institute.jobs import worker
from institute.web import panels
from institute.web.panels import Panel


def init_app(app: Flask) -> None:
    """Attach the pages, the mail to participants, and what forgets files after a day."""
    app.register_blueprint(administrator.blueprint)
    letters.init_app(app)
    worker.handle(app, batches.FORGET, batches.forget_when_due)
    panels.add(app, Panel(Role.ADMINISTRATOR, 60, "courses/exchange/_exchange.html", exchange_panel))
