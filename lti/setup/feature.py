"""What the room of setting up brings: pages of administrators, the check's job, its tables."""

from __future__ import annotations

from flask import Flask

from lti.setup import models  # noqa: F401


def init_app(app: Flask) -> None:
    """Attach the room."""
