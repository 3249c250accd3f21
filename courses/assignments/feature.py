"""What assignments bring to an application: the coordinator's area, concerns, a coach's qualification."""

from __future__ import annotations

from flask import Flask

from courses.assignments import concerns, letters, panels
from courses.assignments.views import (
    administrator,
    apart,
    assignments,
    coaches,
    own_concerns,
    people,
    qualification,
)
from courses.assignments.views import concerns as concern_views
from courses.assignments.wording import (
    say_concern_state,
    say_date,
    say_hindrance,
    say_met,
    say_months,
    say_need,
    say_recipient_type,
    say_requirement_kind,
    say_setting,
)
from courses.coaches import languages
from institute.actors import Role
from institute.i18n import lazy_gettext
from institute.jobs import worker
from institute.web import navigation, sections
from institute.web import panels as homes
from institute.web.navigation import NavItem
from institute.web.panels import Panel
from institute.web.sections import Section

FOLDER = "courses/assignments"


def init_app(app: Flask) -> None:
    """Attach pages, panels, mails and the jobs that pass concerns on and warn of ends."""
    languages.init_app(app)
    letters.init_app(app)
    worker.handle(app, concerns.JOB_KIND, concerns.pass_on_when_due)
    for blueprint in (
        assignments.blueprint,
        people.blueprint,
        coaches.blueprint,
        concern_views.blueprint,
        apart.coordinator,
        own_concerns.coach,
        own_concerns.participant,
        qualification.blueprint,
        apart.own,
        administrator.blueprint,
    ):
        app.register_blueprint(blueprint)
    app.jinja_env.globals.update(
        say_concern_state=say_concern_state,
        say_date=say_date,
        say_hindrance=say_hindrance,
        say_met=say_met,
        say_months=say_months,
        say_need=say_need,
        say_recipient_type=say_recipient_type,
        say_requirement_kind=say_requirement_kind,
        say_setting=say_setting,
    )
    _add_pages(app)


def _add_pages(app: Flask) -> None:
    also = ("coordinator_concerns", "coordinator_apart")
    listed = lazy_gettext("Assignments")
    work = ("coordinator_effort",)
    navigation.add(app, NavItem(Role.COORDINATOR, 10, listed, "coordinator_assignments.index", also))
    navigation.add(app, NavItem(Role.COORDINATOR, 20, lazy_gettext("People"), "coordinator_people.index"))
    navigation.add(
        app, NavItem(Role.COORDINATOR, 30, lazy_gettext("Coaches"), "coordinator_coaches.index", work)
    )
    homes.add(app, Panel(Role.COORDINATOR, 10, f"{FOLDER}/_next.html", panels.next_panel))
    homes.add(app, Panel(Role.COORDINATOR, 20, f"{FOLDER}/_waiting.html", panels.waiting_panel))
    homes.add(app, Panel(Role.COORDINATOR, 30, f"{FOLDER}/_ending.html", panels.ending_panel))
    homes.add(app, Panel(Role.COORDINATOR, 90, f"{FOLDER}/_glance.html", panels.glance_panel))
    homes.add(app, Panel(Role.COACH, 80, f"{FOLDER}/_own.html", panels.own_panel))
    homes.add(app, Panel(Role.PARTICIPANT, 80, f"{FOLDER}/_own.html", panels.own_panel))
    homes.add(app, Panel(Role.ADMINISTRATOR, 60, f"{FOLDER}/_settings.html", panels.settings_panel))
    sections.add(app, Section("coached.member", 80, f"{FOLDER}/_raise.html", panels.raise_section))
