"""What courses bring to an application: the catalogue and the cohorts, their pages and commands."""

from __future__ import annotations

from flask import Blueprint, Flask

from courses import commands
from courses.activities import feature as activities
from courses.authoring import feature as authoring
from courses.catalogue import feature as catalogue
from courses.coaching import feature as coaching
from courses.cohorts import feature as cohorts
from courses.frameworks import feature as frameworks
from courses.guides import feature as guides
from courses.library import feature as library
from courses.loading.history import HistoryTold
from courses.loading.plans import tell_plans
from courses.loading.works import tell_work
from courses.packages import feature as packages
from courses.plans import feature as plans
from courses.translating import feature as translating
from institute import events


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
    coaching.init_app(app)
    plans.init_app(app)
    activities.init_app(app)
    guides.init_app(app)
    events.subscribe(app, HistoryTold, tell_work)
    events.subscribe(app, HistoryTold, tell_plans)
    commands.init_app(app)
