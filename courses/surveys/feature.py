"""What the surveys bring to an application."""

from __future__ import annotations

from flask import Flask

from courses.surveys import overview, pages
from courses.surveys.views import coach, coordinator, facilitator, participant
from courses.surveys.wording import say_band, say_group, say_stage, say_window
from institute.actors import Role
from institute.web import panels, sections
from institute.web.panels import Panel
from institute.web.sections import Section


def init_app(app: Flask) -> None:
    """Attach the pages, the ways to them from homes and from a person, and the words of stages and results."""
    for blueprint in (participant.blueprint, coach.blueprint, facilitator.blueprint, coordinator.blueprint):
        app.register_blueprint(blueprint)
    app.jinja_env.globals.update(
        say_stage=say_stage, say_window=say_window, say_band=say_band, say_group=say_group
    )
    panels.add(app, Panel(Role.PARTICIPANT, 45, "courses/surveys/_own_panel.html", pages.surveys_panel))
    panels.add(app, Panel(Role.COACH, 60, "courses/surveys/_coach_panel.html", pages.coach_panel))
    panels.add(
        app,
        Panel(Role.COORDINATOR, 70, "courses/surveys/_coordinator_panel.html", overview.coordinator_panel),
    )
    sections.add(
        app, Section("coached.member", 20, "courses/surveys/_person.html", pages.reflections_section)
    )
    sections.add(app, Section("cohort.members", 30, "courses/surveys/_cohort.html", _way_to_surveys))


def _way_to_surveys(_actor: object, cohort_id: int) -> int:
    return cohort_id
