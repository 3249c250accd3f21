"""What the cohorts bring to an application."""

from __future__ import annotations

from flask import Flask

from courses.cohorts import aligning, assigning, folding, opening, uses
from courses.cohorts.doors import participant_doors
from courses.cohorts.listing import cohort_panel
from courses.cohorts.pages import next_step_panel
from courses.cohorts.rosters import find_coached
from courses.cohorts.versions import cohorts_section
from courses.cohorts.views import author, coach, facilitator, participant
from courses.cohorts.wording import say_change, say_show, say_state
from institute import actors
from institute.actors import Role
from institute.i18n import lazy_gettext
from institute.messages import doors
from institute.people import standing
from institute.web import navigation, panels, sections
from institute.web.navigation import NavItem
from institute.web.panels import Panel
from institute.web.sections import Section


def init_app(app: Flask) -> None:
    """Attach the coach's role, the conflicts that coaching makes, pages, panels and what links may open."""
    folding.init_app(app)
    actors.provide(app, assigning.COACHES)
    standing.report(app, assigning.report_conflicts)
    doors.add(app, participant_doors)
    for blueprint in (participant.blueprint, coach.blueprint, facilitator.blueprint, author.blueprint):
        app.register_blueprint(blueprint)
    app.jinja_env.globals.update(say_state=say_state, say_change=say_change, say_show=say_show)
    opening.init_app(app)
    uses.init_app(app)
    aligning.init_app(app)
    sections.add(app, Section("authoring.publish", 10, "courses/cohorts/_versions.html", cohorts_section))
    _add_pages(app)
    _add_panels(app)


def _add_pages(app: Flask) -> None:
    navigation.add(app, NavItem(Role.PARTICIPANT, 10, lazy_gettext("Modules"), "participant_modules.index"))
    navigation.add(app, NavItem(Role.COACH, 10, lazy_gettext("Participants"), "coach_participants.index"))
    navigation.add(app, NavItem(Role.FACILITATOR, 10, lazy_gettext("Cohort"), "facilitator_cohort.index"))


def _add_panels(app: Flask) -> None:
    folder = "courses/cohorts"
    panels.add(app, Panel(Role.PARTICIPANT, 10, f"{folder}/_next_step.html", next_step_panel))
    panels.add(app, Panel(Role.COACH, 10, f"{folder}/_coached.html", find_coached))
    panels.add(app, Panel(Role.FACILITATOR, 10, f"{folder}/_cohort.html", cohort_panel))
