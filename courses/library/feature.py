"""What the library brings to an application."""

from __future__ import annotations

from typing import Final

from flask import Flask

from courses.frameworks import alignments
from courses.library import uses
from courses.library.aligning import aligned_resources
from courses.library.captions import clock_of
from courses.library.shelf import draw_resource, linked_resources
from courses.library.views import author
from courses.library.views.reading import reading_blueprint
from courses.library.wording import ICONS, say_language, say_resource_kind, say_size, say_spoken
from institute.actors import Role
from institute.i18n import OWN_NAMES, direction, language_tag, lazy_gettext
from institute.web import navigation
from institute.web.navigation import NavItem

READERS: Final = (Role.PARTICIPANT, Role.COACH, Role.FACILITATOR, Role.TRAINER, Role.TRANSLATOR)

# A header has room for five pages, which participants have: the page of their modules leads to the library.
IN_HEADER: Final = (Role.COACH, Role.FACILITATOR, Role.TRAINER)


def init_app(app: Flask) -> None:
    """Attach the pages of those who keep the library and of those who read it, and the words of templates."""
    uses.init_app(app)
    alignments.provide(app, aligned_resources)
    app.register_blueprint(author.blueprint)
    for role in READERS:
        app.register_blueprint(reading_blueprint(role))
    navigation.add(app, NavItem(Role.AUTHOR, 20, lazy_gettext("Library"), "author_library.index"))
    for role in IN_HEADER:
        navigation.add(app, NavItem(role, 30, lazy_gettext("Library"), f"{role}_library.index"))
    app.jinja_env.globals.update(
        say_resource_kind=say_resource_kind,
        say_language=say_language,
        say_size=say_size,
        say_spoken=say_spoken,
        clock_of=clock_of,
        draw_resource=draw_resource,
        linked_resources=linked_resources,
        resource_icons=ICONS,
        language_names=OWN_NAMES,
        language_tag=language_tag,
        direction_of=direction,
    )
