"""Attaches the services: hears of progress and released scores, delivers them, shows what did not arrive."""

from __future__ import annotations

from flask import Flask

from lti.services import delivery, evidence, notices, progress, queries, tokens


def init_app(app: Flask) -> None:
    """Attach tables, handlers and panels."""
    tokens.init_app(app)
    progress.init_app(app)
    evidence.init_app(app)
    delivery.init_app(app)
    queries.init_app(app)
    notices.init_app(app)
