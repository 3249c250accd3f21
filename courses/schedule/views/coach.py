"""A coach's schedule: plan, move, cancel, answer."""

from __future__ import annotations

from typing import Final

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from courses.schedule import pages, planning
from courses.schedule.models import PlannedSessionId
from courses.schedule.queries import own_planned
from courses.schedule.sheets import CheckedPlan, PlanSheet
from institute.actors import Role
from institute.i18n import gettext
from institute.web.areas import area_blueprint, current_actor

MOST_DIGITS: Final = 10
blueprint = area_blueprint(Role.COACH, "schedule", __name__)


@blueprint.get("/")
def index() -> ResponseReturnValue:
    """Show what is planned."""
    return render_template("courses/schedule/coach.html", agenda=pages.coach_agenda(current_actor()))


@blueprint.get("/new")
def new() -> ResponseReturnValue:
    """Show the form of a new plan, filled in for whoever ``?with=`` names."""
    chosen = request.args.get("with", "")
    form = pages.new_plan_form(current_actor(), with_id=chosen)
    return render_template("courses/schedule/plan.html", form=form)


@blueprint.post("/new")
def create() -> ResponseReturnValue:
    """Plan a session."""
    planned_id, checked = planning.plan_session(PlanSheet.of(request.form), actor=current_actor())
    if planned_id is None:
        form = pages.new_plan_form(current_actor(), checked=checked)
        return render_template("courses/schedule/plan.html", form=form), _status(checked)
    flash(gettext("The session is planned. Those who take part are told."), "success")
    return redirect(url_for(".detail", planned_id=planned_id), 303)


@blueprint.get("/<int:planned_id>")
def detail(planned_id: int) -> ResponseReturnValue:
    """Show one planned session."""
    planned = own_planned(planned_id, actor=current_actor())
    return render_template("courses/schedule/session.html", planned=planned)


@blueprint.get("/<int:planned_id>/move")
def edit(planned_id: int) -> ResponseReturnValue:
    """Show the form that moves it."""
    actor = current_actor()
    form = pages.plan_form(own_planned(planned_id, actor=actor), actor)
    return render_template("courses/schedule/plan.html", form=form)


@blueprint.post("/<int:planned_id>/move")
def move(planned_id: int) -> ResponseReturnValue:
    """Change it."""
    actor = current_actor()
    moved, checked = planning.move_session(
        PlannedSessionId(planned_id), PlanSheet.of(request.form), sequence=_sequence(), actor=actor
    )
    if not moved:
        form = pages.plan_form(own_planned(planned_id, actor=actor), actor, checked=checked)
        return render_template("courses/schedule/plan.html", form=form), _status(checked)
    flash(gettext("The session was changed. Those who take part are told."), "success")
    return redirect(url_for(".detail", planned_id=planned_id), 303)


@blueprint.post("/<int:planned_id>/cancel")
def cancel(planned_id: int) -> ResponseReturnValue:
    """Cancel it."""
    planning.cancel_session(
        PlannedSessionId(planned_id),
        request.form.get("reason", ""),
        sequence=_sequence(),
        actor=current_actor(),
    )
    flash(gettext("The session was cancelled."), "success")
    return redirect(url_for(".index"), 303)


@blueprint.post("/<int:planned_id>/keep")
def keep(planned_id: int) -> ResponseReturnValue:
    """Answer who asked for another time that it stays."""
    planning.keep_time(PlannedSessionId(planned_id), actor=current_actor())
    flash(gettext("The session stays as it is. Whoever asked is told."), "success")
    return redirect(url_for(".detail", planned_id=planned_id), 303)


def _sequence() -> int:
    typed = request.form.get("sequence", "")
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < MOST_DIGITS else -1


def _status(checked: CheckedPlan) -> int:
    return 422 if checked.problems else 409
