"""What stored files bring to an application: their storage, and the sweep of what nobody refers to."""

from __future__ import annotations

from flask import Flask

from institute.files import storage, storing, sweeping
from institute.jobs import worker


def init_app(app: Flask) -> None:
    """Attach the storage below DATA_DIR."""
    storage.init_app(app)
    worker.handle(app, storing.SWEEP, sweeping.sweep_when_due)
