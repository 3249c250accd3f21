"""What the work brings to an application."""

from __future__ import annotations

from flask import Flask

from courses.work import models as _models  # noqa: F401


def init_app(app: Flask) -> None:
    """Attach the tables."""
