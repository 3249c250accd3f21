"""What authoring brings to an application."""

from __future__ import annotations

from typing import Final

from flask import Flask

from courses.authoring import aligning, uses
from courses.authoring.kinds import purposes, say_what
from courses.authoring.listing import author_home
from courses.authoring.spoken import say_languages
from courses.authoring.views import core, instrument, preview, segment
from courses.authoring.wording import say_lack, say_language, say_path
from institute.actors import Role
from institute.i18n import lazy_gettext
from institute.web import navigation, panels
from institute.web.navigation import NavItem
from institute.web.panels import Panel

# The pages of one programme, also those of rooms above this one.
_OF_A_PROGRAMME: Final = tuple(
    f"author_{name}" for name in ("segments", "instruments", "preview", "packages", "versions", "guides")
)


def init_app(app: Flask) -> None:
    """Attach the pages on which authors write, and the words that their templates need."""
    for blueprint in (core.blueprint, segment.blueprint, instrument.blueprint, preview.blueprint):
        app.register_blueprint(blueprint)
    uses.init_app(app)
    app.jinja_env.globals.update(say_lack=say_lack, say_path=say_path, say_language=say_language)
    app.jinja_env.globals.update(say_languages=say_languages, say_what=say_what, purposes=purposes)
    navigation.add(
        app,
        NavItem(Role.AUTHOR, 10, lazy_gettext("Programmes"), "author_programmes.index", also=_OF_A_PROGRAMME),
    )
    aligning.init_app(app)
    panels.add(app, Panel(Role.AUTHOR, 10, "courses/authoring/_home.html", author_home))
