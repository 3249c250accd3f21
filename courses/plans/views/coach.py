"""The plan of somebody whom one coaches."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from courses.cohorts.models import EnrolmentId
from courses.plans import advising, queries
from courses.plans.models import PlanGoalId
from courses.plans.sheets import ActionSheet
from courses.plans.writing import Written
from institute.actors import Role
from institute.i18n import gettext
from institute.web.areas import area_blueprint, current_actor

blueprint = area_blueprint(Role.COACH, "plans", __name__)


@blueprint.get("/<int:enrolment_id>")
def show(enrolment_id: int) -> ResponseReturnValue:
    """Show the plan of somebody whom the coach accompanies."""
    return _plan(enrolment_id)


@blueprint.post("/<int:enrolment_id>/goals/<int:plan_goal_id>/actions")
def advise(enrolment_id: int, plan_goal_id: int) -> ResponseReturnValue:
    """Add an action to one of their goals."""
    sheet, goal_id = ActionSheet.of(request.form), PlanGoalId(plan_goal_id)
    written = advising.advise(EnrolmentId(enrolment_id), goal_id, sheet, actor=current_actor())
    if written.whole:
        flash(gettext("The action stands in the plan now."), "success")
        return redirect(url_for(".show", enrolment_id=enrolment_id, _anchor=f"goal-{plan_goal_id}"), 303)
    return _plan(enrolment_id, plan_goal_id, sheet, written), 422


def _plan(
    enrolment_id: int,
    plan_goal_id: int | None = None,
    sheet: ActionSheet | None = None,
    written: Written | None = None,
) -> str:
    return render_template(
        "courses/plans/coached.html",
        here=queries.coached_plan(EnrolmentId(enrolment_id), actor=current_actor()),
        typed_for=plan_goal_id,
        sheet=sheet or ActionSheet(),
        written=written or Written(),
    )
