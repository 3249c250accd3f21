"""Attaches the services: hears of progress, delivers scores, shows administrators what did not arrive."""

from __future__ import annotations

from flask import Flask

from lti.services import delivery, progress, queries, tokens


def init_app(app: Flask) -> None:
    """Attach tables, handlers and panels."""
    tokens.init_app(app)
    progress.init_app(app)
    delivery.init_app(app)
    queries.init_app(app)
