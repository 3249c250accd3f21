"""A coach's paid time beside sessions."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from courses.coaching import planning
from courses.coaching.terms import FUNDING, term_choices
from courses.sessions.planning import PlanningTimeId
from institute.actors import Role
from institute.i18n import gettext
from institute.web.areas import area_blueprint, current_actor

blueprint = area_blueprint(Role.COACH, "planning", __name__)


@blueprint.get("/")
def index() -> ResponseReturnValue:
    """Show the time that was noted, and the form for more."""
    return _show(planning.planning_page(current_actor()))


@blueprint.post("/")
def note() -> ResponseReturnValue:
    """Note some time."""
    actor, sheet = current_actor(), planning.PlanningSheet.of(request.form)
    problems = planning.note_planning(sheet, actor=actor)
    if problems:
        return _show(planning.planning_page(actor, sheet, problems)), 422
    flash(gettext("Noted."), "success")
    return redirect(url_for(".index"), 303)


@blueprint.post("/<int:planning_id>/take-back")
def take_back(planning_id: int) -> ResponseReturnValue:
    """Take some time back."""
    planning.take_planning_back(PlanningTimeId(planning_id), actor=current_actor())
    flash(gettext("Taken back."), "success")
    return redirect(url_for(".index"), 303)


def _show(here: planning.PlanningPage) -> str:
    choices = term_choices(current_actor().institute_id)[FUNDING]
    return render_template("courses/coaching/planning.html", here=here, funding=choices)
