"""Attaches the pages about accounts, and the way to them from a participant's and a coach's home."""

from __future__ import annotations

from typing import Final

from flask import Flask

from institute.actors import Role
from institute.i18n import lazy_gettext
from institute.web import navigation, panels
from institute.web.navigation import NavItem
from institute.web.panels import Panel
from lti.accounts.queries import has_several_platforms
from lti.accounts.views import administrator, own

AT_THE_END: Final = 90


def init_app(app: Flask) -> None:
    """Attach pages, navigation and panels."""
    app.register_blueprint(own.blueprint)
    app.register_blueprint(administrator.blueprint)
    navigation.add(
        app,
        NavItem(Role.ADMINISTRATOR, 60, lazy_gettext("Accounts"), "administrator_accounts.index"),
    )
    for role in (Role.PARTICIPANT, Role.COACH, Role.FACILITATOR):
        panels.add(app, Panel(role, AT_THE_END, "lti/accounts/_panel.html", has_several_platforms))
