"""What the roster brings to an application: the worker's part, the launches that ask for it."""

from __future__ import annotations

from flask import Flask

from lti.roster import asking, reading


def init_app(app: Flask) -> None:
    """Attach everything."""
    reading.init_app(app)
    asking.init_app(app)
