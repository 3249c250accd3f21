"""What stored files bring to an application: their storage, and the sweep of what nobody refers to."""

from __future__ import annotations

from flask import Flask

from institute.files import models as _tables  # noqa: F401  (its table belongs to every application)
from institute.files import storage


def init_app(app: Flask) -> None:
    """Attach the storage below DATA_DIR."""
    storage.init_app(app)
