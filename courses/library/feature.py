"""What the library brings to an application."""

from __future__ import annotations

from flask import Flask

from courses.library import models as _tables  # noqa: F401  (they belong to every application)
from courses.library import uses


def init_app(app: Flask) -> None:
    """Attach the tables, and the list of rooms that use resources."""
    uses.init_app(app)
