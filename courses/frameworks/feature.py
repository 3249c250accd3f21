"""What frameworks and vocabularies bring to an application."""

from __future__ import annotations

from typing import Final

from flask import Flask

from courses.frameworks import alignments
from courses.frameworks.pages import in_use, named_here
from courses.frameworks.views import author
from courses.frameworks.views.reading import reading_blueprint
from courses.frameworks.wording import say_aligned, say_audience, say_part
from institute.actors import Role
from institute.i18n import OWN_NAMES, lazy_gettext
from institute.web import navigation
from institute.web.navigation import NavItem

READERS: Final = (Role.PARTICIPANT, Role.COACH, Role.FACILITATOR, Role.TRAINER)


def init_app(app: Flask) -> None:
    """Attach what rooms above tell of alignments, and the pages."""
    alignments.init_app(app)
    app.register_blueprint(author.blueprint)
    for role in READERS:
        app.register_blueprint(reading_blueprint(role))
    navigation.add(app, NavItem(Role.AUTHOR, 30, lazy_gettext("Frameworks"), "author_frameworks.index"))
    app.jinja_env.globals.update(named_here=named_here)
    app.jinja_env.globals.update(say_aligned=say_aligned, say_part=say_part, language_names=OWN_NAMES)
    app.jinja_env.filters.update(in_use=in_use, audience_name=say_audience)
