"""Attaches the services: hears of what people do, wishes for grades, delivers them, shows what did not arrive."""

from __future__ import annotations

from flask import Flask

from lti.services import (
    arrivals,
    delivery,
    evidence,
    learners,
    notices,
    queries,
    rewishing,
    tokens,
    wire,
    wishes,
)


def init_app(app: Flask) -> None:
    """Attach tables, handlers and panels."""
    wire.init_app(app)
    tokens.init_app(app)
    learners.init_app(app)
    wishes.init_app(app)
    arrivals.init_app(app)
    rewishing.init_app(app)
    evidence.init_app(app)
    delivery.init_app(app)
    queries.init_app(app)
    notices.init_app(app)
