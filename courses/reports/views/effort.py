"""A coach's work, as the coordinator and the coach see it alike."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue

from courses.reports.effort import coach_effort, own_effort
from institute.actors import PersonId, Role
from institute.web.areas import area_blueprint, current_actor

coordinator = area_blueprint(Role.COORDINATOR, "effort", __name__)
coach = area_blueprint(Role.COACH, "effort", __name__)


@coordinator.get("/<int:coach_person_id>")
def show(coach_person_id: int) -> ResponseReturnValue:
    """Show a coach's work."""
    here = coach_effort(PersonId(coach_person_id), actor=current_actor())
    return render_template("courses/reports/effort.html", here=here, own=False)


@coach.get("/")
def mine() -> ResponseReturnValue:
    """Show one's own."""
    return render_template("courses/reports/effort.html", here=own_effort(current_actor()), own=True)
