"""What translating brings to an application."""

from __future__ import annotations

from flask import Flask

from courses.translating.pages import waiting_texts
from courses.translating.views import translator
from institute.actors import Role
from institute.i18n import lazy_gettext
from institute.web import navigation, panels
from institute.web.navigation import NavItem
from institute.web.panels import Panel


def init_app(app: Flask) -> None:
    """Attach the pages of translators, the way to them from the authors' pages, and what waits on their home."""
    app.register_blueprint(translator.blueprint)
    for role, order in ((Role.TRANSLATOR, 10), (Role.AUTHOR, 40)):
        navigation.add(app, NavItem(role, order, lazy_gettext("Translations"), "translator_texts.index"))
    panels.add(app, Panel(Role.TRANSLATOR, 10, "courses/translating/_home.html", waiting_texts))
