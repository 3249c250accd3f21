"""Evidence of the goals of one's own plan."""

from __future__ import annotations

from typing import BinaryIO, cast

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from courses.plans import proving, queries, versions
from courses.plans.models import PlanEvidenceId, PlanGoalId
from courses.plans.proving import EvidenceSheet
from courses.plans.views.goals import goal_page
from institute.actors import Role
from institute.files.checking import LARGEST_UPLOAD
from institute.files.reading import send_file_response
from institute.i18n import gettext
from institute.web.areas import area_blueprint, current_actor

blueprint = area_blueprint(
    Role.PARTICIPANT, "evidence_of_goals", __name__, url_prefix="/participant/plan/goals"
)


def _take_in(plan_goal_id: int) -> EvidenceSheet:
    """Check and keep what the form brought, before the view's transaction."""
    queries.goal_page(PlanGoalId(plan_goal_id), actor=current_actor())
    uploads = [file for file in request.files.getlist("file") if file.filename]
    files = [(file.filename or "", cast("BinaryIO", file.stream)) for file in uploads[:1]]
    return proving.take_in(request.form.to_dict(), files)


@blueprint.post("/<int:plan_goal_id>/evidence", prepare=_take_in, largest=LARGEST_UPLOAD)
def add(plan_goal_id: int, prepared: EvidenceSheet) -> ResponseReturnValue:
    """Put evidence beside a goal."""
    goal_id = PlanGoalId(plan_goal_id)
    written = proving.add_evidence(goal_id, prepared, actor=current_actor())
    if written.whole:
        flash(gettext("It stands beside your goal now."), "success")
        return redirect(url_for("participant_plan.goal", plan_goal_id=plan_goal_id, _anchor="evidence"), 303)
    here = queries.goal_page(goal_id, actor=current_actor())
    return goal_page(here, evidence_sheet=prepared, written=written), 422


@blueprint.post("/<int:plan_goal_id>/evidence/<int:plan_evidence_id>/removed")
def remove(plan_goal_id: int, plan_evidence_id: int) -> ResponseReturnValue:
    """Take evidence out of the plan."""
    proving.remove_evidence(PlanGoalId(plan_goal_id), PlanEvidenceId(plan_evidence_id), actor=current_actor())
    flash(gettext("It was taken out of your plan. Versions that you handed in keep it."), "success")
    return redirect(url_for("participant_plan.goal", plan_goal_id=plan_goal_id, _anchor="evidence"), 303)


@blueprint.get("/evidence/<int:plan_evidence_id>")
def download(plan_evidence_id: int) -> ResponseReturnValue:
    """Send a file of one's own plan."""
    file = versions.own_evidence(PlanEvidenceId(plan_evidence_id), actor=current_actor())
    return send_file_response(file)
