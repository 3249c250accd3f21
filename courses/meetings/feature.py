"""What the meetings bring to an application."""

from __future__ import annotations

from typing import Final

from flask import Flask

from courses.calendar import entries
from courses.cohorts.events import EnrolmentMoved
from courses.meetings import letters, panels, reminding, verifying
from courses.meetings.audience import REGISTERED_COACHES
from courses.meetings.making_up import note_answered
from courses.meetings.registering import leave_when_gone
from courses.meetings.trainers import grant_when_completed
from courses.meetings.views import programmes, public
from courses.meetings.views.attending import attending_blueprint
from courses.meetings.views.leading import leading_blueprint
from courses.meetings.wording import (
    say_audience,
    say_make_up,
    say_meeting_kind,
    say_presence,
    say_registration,
    say_when,
)
from institute import actors, events
from institute.actors import Role
from institute.i18n import lazy_gettext
from institute.web import navigation
from institute.web import panels as homes
from institute.web.navigation import NavItem
from institute.web.panels import Panel

FOLDER: Final = "courses/meetings"
LEADING: Final = (Role.FACILITATOR, Role.COORDINATOR, Role.ADMINISTRATOR)
TAKING_PART: Final = (Role.PARTICIPANT, Role.COACH)


def init_app(app: Flask) -> None:
    """Attach the pages of both sides and of the public, panels, mails, calendar entries and what completion grants."""
    for role in LEADING:
        app.register_blueprint(leading_blueprint(role))
    for role in TAKING_PART:
        app.register_blueprint(attending_blueprint(role))
    app.register_blueprint(programmes.blueprint)
    public.init_app(app)
    letters.init_app(app)
    verifying.init_app(app, note_answered)
    reminding.init_app(app)
    entries.provide(app, panels.calendar_entries)
    actors.provide(app, REGISTERED_COACHES)
    events.subscribe(app, EnrolmentMoved, grant_when_completed)
    events.subscribe(app, EnrolmentMoved, leave_when_gone)
    app.jinja_env.globals.update(
        say_audience=say_audience,
        say_make_up=say_make_up,
        say_meeting_kind=say_meeting_kind,
        say_presence=say_presence,
        say_registration=say_registration,
        say_when=say_when,
    )
    navigation.add(app, NavItem(Role.COORDINATOR, 35, lazy_gettext("Meetings"), "coordinator_meetings.index"))
    homes.add(app, Panel(Role.PARTICIPANT, 30, f"{FOLDER}/_own.html", panels.participant_panel))
    homes.add(app, Panel(Role.COACH, 20, f"{FOLDER}/_own.html", panels.coach_panel))
    homes.add(app, Panel(Role.FACILITATOR, 20, f"{FOLDER}/_led.html", panels.facilitator_panel))
    homes.add(app, Panel(Role.COORDINATOR, 30, f"{FOLDER}/_led.html", panels.coordinator_panel))
    homes.add(app, Panel(Role.ADMINISTRATOR, 60, f"{FOLDER}/_led.html", panels.administrator_panel))
