"""The plan of somebody whom one coaches."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from courses.cohorts.models import EnrolmentId
from courses.plans import advising, handing, queries, versions
from courses.plans.handing import ReviewSheet
from courses.plans.models import PlanEvidenceId, PlanGoalId, PlanKind, PlanVersionId
from courses.plans.sheets import ActionSheet, GoalSheet
from courses.plans.writing import Written
from institute.actors import Role
from institute.files.reading import send_file_response
from institute.i18n import gettext
from institute.web.areas import area_blueprint, current_actor

blueprint = area_blueprint(Role.COACH, "plans", __name__)


@blueprint.get("/<int:enrolment_id>")
def show(enrolment_id: int) -> ResponseReturnValue:
    """Show the development plan of somebody whom the coach accompanies."""
    return _plan(enrolment_id)


@blueprint.get("/<int:enrolment_id>/leadership")
def leadership(enrolment_id: int) -> ResponseReturnValue:
    """Show their leadership plan."""
    return _plan(enrolment_id, kind=PlanKind.ILP)


@blueprint.get("/<int:enrolment_id>/versions/<int:plan_version_id>")
def version(enrolment_id: int, plan_version_id: int) -> ResponseReturnValue:
    """Show a version that they handed in."""
    return _version(enrolment_id, plan_version_id)


@blueprint.post("/<int:enrolment_id>/versions/<int:plan_version_id>/review")
def review(enrolment_id: int, plan_version_id: int) -> ResponseReturnValue:
    """Say what one thinks of it."""
    sheet = ReviewSheet.of(request.form)
    if sheet.problems:
        return _version(enrolment_id, plan_version_id, sheet), 422
    version_id = PlanVersionId(plan_version_id)
    handing.review_plan(EnrolmentId(enrolment_id), version_id, sheet, actor=current_actor())
    flash(gettext("Your words stand beside the plan now."), "success")
    return redirect(url_for(".version", enrolment_id=enrolment_id, plan_version_id=plan_version_id), 303)


@blueprint.get("/<int:enrolment_id>/evidence/<int:plan_evidence_id>")
def evidence(enrolment_id: int, plan_evidence_id: int) -> ResponseReturnValue:
    """Send a file of their plan."""
    file = versions.coached_evidence(
        EnrolmentId(enrolment_id), PlanEvidenceId(plan_evidence_id), actor=current_actor()
    )
    return send_file_response(file)


@blueprint.post("/<int:enrolment_id>/goals/<int:plan_goal_id>/actions")
def advise(enrolment_id: int, plan_goal_id: int) -> ResponseReturnValue:
    """Add an action to one of their goals."""
    sheet, goal_id = ActionSheet.of(request.form), PlanGoalId(plan_goal_id)
    kind = GoalSheet.of(request.form).kind
    written = advising.advise(EnrolmentId(enrolment_id), goal_id, sheet, actor=current_actor())
    if written.whole:
        flash(gettext("The action stands in the plan now."), "success")
        endpoint = ".leadership" if kind is PlanKind.ILP else ".show"
        return redirect(url_for(endpoint, enrolment_id=enrolment_id, _anchor=f"goal-{plan_goal_id}"), 303)
    return _plan(enrolment_id, plan_goal_id, sheet, written, kind=kind), 422


def _plan(
    enrolment_id: int,
    plan_goal_id: int | None = None,
    sheet: ActionSheet | None = None,
    written: Written | None = None,
    *,
    kind: PlanKind = PlanKind.PDP,
) -> str:
    return render_template(
        "courses/plans/coached.html",
        here=queries.coached_plan(EnrolmentId(enrolment_id), kind, actor=current_actor()),
        typed_for=plan_goal_id,
        sheet=sheet or ActionSheet(),
        written=written or Written(),
    )


def _version(enrolment_id: int, plan_version_id: int, sheet: ReviewSheet | None = None) -> str:
    here = versions.coached_version(
        EnrolmentId(enrolment_id), PlanVersionId(plan_version_id), actor=current_actor()
    )
    return render_template("courses/plans/version.html", here=here, sheet=sheet or ReviewSheet())
