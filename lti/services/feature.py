"""Attaches the services: hears of what people do, wishes for grades, delivers them, shows what did not arrive."""

from __future__ import annotations

from flask import Flask

from institute.actors import Role
from institute.i18n import lazy_gettext
from institute.web import navigation
from institute.web.navigation import NavItem
from lti.services import (
    arrivals,
    connected,
    delivery,
    evidence,
    learners,
    notices,
    queries,
    rewishing,
    tokens,
    wire,
    wishes,
    wording,
)
from lti.services.views import grades


def init_app(app: Flask) -> None:
    """Attach tables, handlers and panels."""
    wire.init_app(app)
    tokens.init_app(app)
    learners.init_app(app)
    wishes.init_app(app)
    arrivals.init_app(app)
    rewishing.init_app(app)
    evidence.init_app(app)
    connected.init_app(app)
    delivery.init_app(app)
    queries.init_app(app)
    wording.init_app(app)
    grades.init_app(app)
    navigation.add(app, NavItem(Role.FACILITATOR, 40, lazy_gettext("Grades"), "facilitator_grades.index"))
    notices.init_app(app)
