"""What coaching brings to an application."""

from __future__ import annotations

from flask import Flask

from courses.coaching import duties, letters, opening
from courses.coaching.bars import lay_out_bar
from courses.coaching.board import board_panel
from courses.coaching.looking_back import last_agreed
from courses.coaching.pages import month_panel, waiting_panel
from courses.coaching.totals import COUNTED
from courses.coaching.views import coach, participant
from courses.coaching.wording import (
    say_day,
    say_difference,
    say_kind,
    say_mode,
    say_moment,
    say_month,
    say_short_day,
    say_times,
    say_zone,
)
from courses.cohorts import counted
from institute import actors
from institute.actors import Role
from institute.i18n import lazy_gettext
from institute.web import navigation, panels, sections
from institute.web.navigation import NavItem
from institute.web.panels import Panel
from institute.web.sections import Section

FOLDER = "courses/coaching"


def init_app(app: Flask) -> None:
    """Attach the pages of both sides, their panels, the mails and what links may open."""
    for blueprint in (coach.blueprint, participant.blueprint):
        app.register_blueprint(blueprint)
    app.jinja_env.globals.update(
        lay_out_bar=lay_out_bar,
        say_day=say_day,
        say_difference=say_difference,
        say_kind=say_kind,
        say_mode=say_mode,
        say_moment=say_moment,
        say_month=say_month,
        say_short_day=say_short_day,
        say_times=say_times,
        say_zone=say_zone,
    )
    actors.provide(app, duties.UNSETTLED)
    counted.provide(app, COUNTED)
    opening.init_app(app)
    letters.init_app(app)
    navigation.add(app, NavItem(Role.PARTICIPANT, 20, lazy_gettext("Hours"), "participant_hours.index"))
    navigation.add(app, NavItem(Role.COACH, 15, lazy_gettext("Sessions"), "coach_sessions.index"))
    panels.add(app, Panel(Role.PARTICIPANT, 5, f"{FOLDER}/_waiting.html", waiting_panel))
    panels.add(app, Panel(Role.PARTICIPANT, 20, f"{FOLDER}/_month.html", month_panel))
    panels.add(app, Panel(Role.COACH, 5, f"{FOLDER}/_board.html", board_panel))
    sections.add(app, Section("guides.look_back", 10, f"{FOLDER}/_look_back.html", last_agreed))
