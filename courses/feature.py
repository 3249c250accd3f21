"""What courses bring to an application: the catalogue and the cohorts, their pages and commands."""

from __future__ import annotations

from flask import Blueprint, Flask

from courses import commands
from courses.activities import feature as activities
from courses.assignments import feature as assignments
from courses.authoring import feature as authoring
from courses.calendar import feature as calendar
from courses.catalogue import feature as catalogue
from courses.coaching import feature as coaching
from courses.cohorts import feature as cohorts
from courses.exchange import feature as exchange
from courses.frameworks import feature as frameworks
from courses.guides import feature as guides
from courses.hours import feature as hours
from courses.instruments import feature as instruments
from courses.library import feature as library
from courses.loading.groups import tell_groups
from courses.loading.history import HistoryTold
from courses.loading.logbook import tell_logbook
from courses.loading.meetings import load_meetings
from courses.loading.plans import tell_plans
from courses.loading.schedule import load_schedule
from courses.loading.surveys import tell_surveys
from courses.loading.works import tell_work
from courses.logbook import feature as logbook
from courses.media import feature as media
from courses.meetings import feature as meetings
from courses.notes import feature as notes
from courses.packages import feature as packages
from courses.plans import feature as plans
from courses.reports import feature as reports
from courses.schedule import feature as schedule
from courses.surveys import feature as surveys
from courses.translating import feature as translating
from institute import events
from institute.people.institutes import InstituteLoaded


def init_app(app: Flask) -> None:
    """Attach everything that is learnt and practised."""
    app.register_blueprint(Blueprint("courses", __name__, template_folder="templates"))
    frameworks.init_app(app)
    library.init_app(app)
    catalogue.init_app(app)
    authoring.init_app(app)
    packages.init_app(app)
    translating.init_app(app)
    cohorts.init_app(app)
    assignments.init_app(app)
    instruments.init_app(app)
    calendar.init_app(app)
    schedule.init_app(app)
    notes.init_app(app)
    hours.init_app(app)
    coaching.init_app(app)
    logbook.init_app(app)
    media.init_app(app)
    surveys.init_app(app)
    meetings.init_app(app)
    plans.init_app(app)
    activities.init_app(app)
    guides.init_app(app)
    exchange.init_app(app)
    reports.init_app(app)
    events.subscribe(app, HistoryTold, tell_groups)
    events.subscribe(app, InstituteLoaded, load_meetings)
    events.subscribe(app, InstituteLoaded, load_schedule)
    events.subscribe(app, HistoryTold, tell_work)
    events.subscribe(app, HistoryTold, tell_plans)
    events.subscribe(app, HistoryTold, tell_surveys)
    events.subscribe(app, HistoryTold, tell_logbook)
    commands.init_app(app)
