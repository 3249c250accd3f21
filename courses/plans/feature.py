"""What the plans bring to an application."""

from __future__ import annotations

from flask import Flask

from courses.plans import letters, queries, versions
from courses.plans.goals import goals_for_log
from courses.plans.views import coach, evidence, participant
from courses.plans.wording import say_outcome, say_plan
from courses.sessions import goals
from institute.actors import Role
from institute.web import panels, sections
from institute.web.panels import Panel
from institute.web.sections import Section


def init_app(app: Flask) -> None:
    """Attach the pages, the ways to them from homes, the mails, and what a session's log takes from a plan."""
    for blueprint in (participant.blueprint, evidence.blueprint, coach.blueprint):
        app.register_blueprint(blueprint)
    app.jinja_env.globals.update(say_plan=say_plan, say_outcome=say_outcome)
    letters.init_app(app)
    goals.provide(app, goals_for_log)
    panels.add(app, Panel(Role.COACH, 50, "courses/plans/_waiting.html", versions.waiting_plans))
    panels.add(app, Panel(Role.PARTICIPANT, 40, "courses/plans/_panel.html", queries.plan_panel))
    sections.add(
        app, Section("guides.look_back", 20, "courses/plans/_open_actions.html", queries.open_actions)
    )
