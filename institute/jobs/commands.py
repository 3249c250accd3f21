"""Commands of the jobs: ``flask --app wsgi institute worker``."""

from __future__ import annotations

import click
from flask import current_app
from flask.cli import with_appcontext

from institute.jobs import worker


@click.command("worker")
@with_appcontext
def work() -> None:
    """Deliver what waits in the outbox, until told to stop."""
    worker.run_forever(current_app._get_current_object())  # type: ignore[attr-defined]
