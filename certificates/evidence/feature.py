"""What the evidence brings to an application."""

from __future__ import annotations

from flask import Flask

from certificates.evidence import history, loading, opening, panels, renewing
from certificates.evidence.views import administrator, participant
from certificates.evidence.views.guide import guide_blueprint
from certificates.evidence.views.portfolio import portfolio_blueprint
from certificates.evidence.wording import say_owner, say_to_coach, sign_of
from courses.loading.history import HistoryTold
from institute import events
from institute.actors import Role
from institute.i18n import lazy_gettext
from institute.people.institutes import InstituteLoaded
from institute.web import navigation
from institute.web.navigation import NavItem


def init_app(app: Flask) -> None:
    """Attach the requirements of an institute's folder, the participant's pages, and what links may open."""
    events.subscribe(app, InstituteLoaded, loading.load_requirements)
    events.subscribe(app, HistoryTold, history.tell_evidence)
    app.register_blueprint(participant.blueprint)
    for role in opening.GUIDED:
        app.register_blueprint(guide_blueprint(role))
    renewing.init_app(app)
    panels.init_app(app)
    app.register_blueprint(administrator.requirements)
    app.register_blueprint(administrator.tools)
    for role in (Role.COACH, Role.COORDINATOR, Role.ADMINISTRATOR):
        app.register_blueprint(portfolio_blueprint(role))
    app.jinja_env.globals.update(sign_of=sign_of, say_owner=say_owner, say_to_coach=say_to_coach)
    navigation.add(app, NavItem(Role.PARTICIPANT, 30, lazy_gettext("Evidence"), "participant_evidence.index"))
    opening.init_app(app)
