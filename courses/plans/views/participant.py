"""A participant's own plan."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from courses.plans import handing, queries, versions, writing
from courses.plans.handing import ReviewSheet
from courses.plans.models import PlanActionId, PlanGoalId, PlanKind, PlanVersionId
from courses.plans.sheets import ActionSheet, GoalSheet
from courses.plans.views.goals import goal_page
from courses.plans.writing import Written
from institute.actors import Role
from institute.i18n import gettext
from institute.web.areas import area_blueprint, current_actor

blueprint = area_blueprint(Role.PARTICIPANT, "plan", __name__)


@blueprint.get("/")
def index() -> ResponseReturnValue:
    """Show the development plan."""
    return _plan(PlanKind.PDP)


@blueprint.get("/leadership")
def leadership() -> ResponseReturnValue:
    """Show the leadership plan."""
    return _plan(PlanKind.ILP)


@blueprint.post("/goals")
def add_goal() -> ResponseReturnValue:
    """Add a goal in one's own words."""
    sheet = GoalSheet.of(request.form, request.form.getlist("elements"))
    written = writing.add_goal(sheet, actor=current_actor())
    if written.whole:
        return redirect(_url(sheet.kind), 303)
    return _plan(sheet.kind, goal_sheet=sheet, written=written), 422


@blueprint.post("/submitted")
def submit() -> ResponseReturnValue:
    """Hand one of the plans to the coach."""
    kind, words = GoalSheet.of(request.form).kind, request.form.get("words", "")
    written = handing.submit_plan(kind, words, actor=current_actor())
    if written.whole:
        flash(gettext("Your plan is handed in. Your coach reads it and writes to you."), "success")
        return redirect(_url(kind), 303)
    return _plan(kind, words=words, written=written), 422


@blueprint.get("/versions/<int:plan_version_id>")
def version(plan_version_id: int) -> ResponseReturnValue:
    """Show a version that was handed in."""
    here = versions.own_version(PlanVersionId(plan_version_id), actor=current_actor())
    return render_template("courses/plans/version.html", here=here, sheet=ReviewSheet())


@blueprint.get("/goals/<int:plan_goal_id>")
def goal(plan_goal_id: int) -> ResponseReturnValue:
    """Show one goal."""
    return _goal(PlanGoalId(plan_goal_id))


@blueprint.post("/goals/<int:plan_goal_id>")
def word_goal(plan_goal_id: int) -> ResponseReturnValue:
    """Word a goal anew."""
    sheet = GoalSheet.of(request.form, request.form.getlist("elements"))
    written = writing.word_goal(PlanGoalId(plan_goal_id), sheet, actor=current_actor())
    if written.whole:
        return redirect(url_for(".goal", plan_goal_id=plan_goal_id), 303)
    return _goal(PlanGoalId(plan_goal_id), goal_sheet=sheet, written=written), 422


@blueprint.post("/goals/<int:plan_goal_id>/reached")
def reach_goal(plan_goal_id: int) -> ResponseReturnValue:
    """Say that a goal is reached, or take that back."""
    reached = bool(request.form.get("done"))
    writing.reach_goal(PlanGoalId(plan_goal_id), reached=reached, actor=current_actor())
    if reached:
        flash(gettext("One more goal reached."), "success")
    return redirect(url_for(".index"), 303)


@blueprint.post("/goals/<int:plan_goal_id>/removed")
def remove_goal(plan_goal_id: int) -> ResponseReturnValue:
    """Take a goal out of the plan."""
    writing.remove_goal(PlanGoalId(plan_goal_id), actor=current_actor())
    flash(gettext("The goal was taken out of your plan."), "success")
    return redirect(url_for(".index"), 303)


@blueprint.post("/goals/<int:plan_goal_id>/actions")
def add_action(plan_goal_id: int) -> ResponseReturnValue:
    """Add an action to a goal."""
    sheet = ActionSheet.of(request.form)
    written = writing.add_action(PlanGoalId(plan_goal_id), sheet, actor=current_actor())
    if written.whole:
        return redirect(url_for(".goal", plan_goal_id=plan_goal_id), 303)
    return _goal(PlanGoalId(plan_goal_id), action_sheet=sheet, written=written), 422


@blueprint.get("/actions/<int:plan_action_id>")
def action(plan_action_id: int) -> ResponseReturnValue:
    """Show one action."""
    return _action(PlanActionId(plan_action_id))


@blueprint.post("/actions/<int:plan_action_id>")
def word_action(plan_action_id: int) -> ResponseReturnValue:
    """Change an action."""
    sheet = ActionSheet.of(request.form)
    written = writing.word_action(PlanActionId(plan_action_id), sheet, actor=current_actor())
    if written.whole:
        return redirect(url_for(".index"), 303)
    return _action(PlanActionId(plan_action_id), sheet, written), 422


@blueprint.post("/actions/<int:plan_action_id>/done")
def finish_action(plan_action_id: int) -> ResponseReturnValue:
    """Tick an action off, or take the tick back."""
    done = bool(request.form.get("done"))
    writing.finish_action(PlanActionId(plan_action_id), done=done, actor=current_actor())
    return redirect(url_for(".index", _anchor=f"action-{plan_action_id}"), 303)


@blueprint.post("/actions/<int:plan_action_id>/removed")
def remove_action(plan_action_id: int) -> ResponseReturnValue:
    """Take an action out of the plan."""
    writing.remove_action(PlanActionId(plan_action_id), actor=current_actor())
    flash(gettext("The action was taken out of your plan."), "success")
    return redirect(url_for(".index"), 303)


def _url(kind: PlanKind) -> str:
    return url_for(".leadership" if kind is PlanKind.ILP else ".index")


def _plan(
    kind: PlanKind, goal_sheet: GoalSheet | None = None, words: str = "", written: Written | None = None
) -> str:
    return render_template(
        "courses/plans/plan.html",
        here=queries.plan_page(current_actor(), kind),
        sheet=goal_sheet or GoalSheet(),
        words=words,
        written=written or Written(),
    )


def _goal(
    goal_id: PlanGoalId,
    *,
    goal_sheet: GoalSheet | None = None,
    action_sheet: ActionSheet | None = None,
    written: Written | None = None,
) -> str:
    return goal_page(
        queries.goal_page(goal_id, actor=current_actor()),
        goal_sheet=goal_sheet,
        action_sheet=action_sheet,
        written=written,
    )


def _action(action_id: PlanActionId, sheet: ActionSheet | None = None, written: Written | None = None) -> str:
    here = queries.action_page(action_id, actor=current_actor())
    due = here.action.due.isoformat() if here.action.due else ""
    return render_template(
        "courses/plans/action.html",
        here=here,
        sheet=sheet or ActionSheet(here.action.text, due, here.action.revision),
        written=written or Written(),
    )
