"""What calendars bring to an application: who tells entries, each person's page, and the feeds."""

from __future__ import annotations

from flask import Flask

from courses.calendar import entries
from courses.calendar.models import CalendarFeed
from courses.calendar.views import blueprint, public
from institute import vault
from institute.i18n import lazy_gettext
from institute.web import navigation
from institute.web.navigation import PersonalItem


def init_app(app: Flask) -> None:
    """Attach the list of those who tell entries, the page and the feed."""
    entries.init_app(app)
    app.register_blueprint(blueprint)
    app.register_blueprint(public)
    navigation.add_personal(app, PersonalItem(10, lazy_gettext("Your calendar"), "calendar.index"))
    vault.add(app, CalendarFeed.sealed_token)
