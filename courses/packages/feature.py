"""What packages bring to an application."""

from __future__ import annotations

from flask import Flask

from courses.packages import uploading
from courses.packages.views import author
from courses.packages.wording import say_carried
from institute.jobs import worker


def init_app(app: Flask) -> None:
    """Attach the pages, and what forgets packages after a day."""
    app.register_blueprint(author.blueprint)
    app.jinja_env.globals.update(say_carried=say_carried)
    worker.handle(app, uploading.FORGET, uploading.forget_when_due)
