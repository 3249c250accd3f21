"""What the roster brings to an application."""

from __future__ import annotations

from flask import Flask

from lti.roster import models


def init_app(app: Flask) -> None:
    """Attach the tables."""
    assert models
