"""What issuing many at once brings to an application."""

from __future__ import annotations

from flask import Flask

from certificates.awards.batches import running
from certificates.awards.batches.making import JOB_KIND, go_on_with_key
from certificates.awards.batches.queries import count_under_way
from certificates.awards.batches.wording import LINE_SIGNS, say_batch_state, say_line_state
from certificates.awards.views import batches
from institute import events
from institute.actors import Role
from institute.jobs import worker
from institute.keys.events import KeyRotated
from institute.web import panels
from institute.web.panels import Panel


def init_app(app: Flask) -> None:
    """Attach the pages, the worker's part and a word on the administrator's home."""
    worker.handle(app, JOB_KIND, running.work_batch)
    events.subscribe(app, KeyRotated, go_on_with_key)
    app.register_blueprint(batches.blueprint)
    app.jinja_env.globals.update(
        say_batch_state=say_batch_state,
        say_batch_line_state=say_line_state,
        batch_line_sign=LINE_SIGNS.__getitem__,
    )
    panels.add(app, Panel(Role.ADMINISTRATOR, 12, "certificates/awards/_batches.html", count_under_way))
