"""What media bring to an application."""

from __future__ import annotations

from typing import Final

from flask import Flask

from courses.media import clips, letters, linking, own, picturing, places
from courses.media.views import coach, participant, public, trainer
from courses.media.wording import (
    COMMENT_ICONS,
    MEDIUM_ICONS,
    say_comment_kind,
    say_consent,
    say_medium,
    say_shown,
)
from institute.actors import Role
from institute.web import panels, sections
from institute.web.panels import Panel
from institute.web.sections import Section

FOLDER: Final = "courses/media"


def init_app(app: Flask) -> None:
    """Attach the pages of both sides and of those who are asked, what the worker does, and the own clips."""
    for view in (participant, coach, trainer):
        app.register_blueprint(view.blueprint)
    for attach in (public, places, clips, picturing, letters, linking):
        attach.init_app(app)
    places.provide(app, Role.PARTICIPANT, own.PLACE, own.own_sight)
    places.provide(app, Role.COACH, own.PLACE, own.coached_sight)
    app.jinja_env.globals.update(
        comment_icons=COMMENT_ICONS,
        medium_icons=MEDIUM_ICONS,
        say_comment_kind=say_comment_kind,
        say_consent=say_consent,
        say_medium=say_medium,
        say_shown=say_shown,
    )
    panels.add(app, Panel(Role.PARTICIPANT, 60, f"{FOLDER}/_panel.html", own.own_panel))
    sections.add(app, Section("coached.member", 15, f"{FOLDER}/_shown.html", own.shown_section))
