"""A coordinator's assignments."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from courses.assignments import deciding, pages
from courses.assignments.deciding import AssignSheet
from courses.assignments.listing import Asked, list_assignments
from courses.assignments.models import ConcernId
from courses.assignments.views.persons import person_html
from courses.coaches.periods import typed_number
from courses.cohorts.models import CoachAssignmentId, EnrolmentId
from institute.actors import Role
from institute.i18n import gettext
from institute.web.areas import area_blueprint, current_actor

MOST_ID = 2**31 - 1
blueprint = area_blueprint(Role.COORDINATOR, "assignments", __name__)


@blueprint.get("/")
def index() -> ResponseReturnValue:
    """Show who coaches whom, those without a coach first."""
    asked = Asked.read(*(request.args.get(name, "") for name in ("show", "q", "page")))
    return render_template(
        "courses/assignments/assignments.html", listing=list_assignments(current_actor(), asked)
    )


@blueprint.get("/<int:enrolment_id>")
def show(enrolment_id: int) -> ResponseReturnValue:
    """Show whom one may choose as somebody's coach."""
    here = pages.assign_page(
        EnrolmentId(enrolment_id),
        concern_id=_concern(request.args.get("concern", "")),
        coach=request.args.get("coach", "")[:10],
        actor=current_actor(),
    )
    return render_template("courses/assignments/assign.html", here=here)


@blueprint.post("/<int:enrolment_id>")
def assign(enrolment_id: int) -> ResponseReturnValue:
    """Assign a coach, or another one."""
    actor, sheet = current_actor(), AssignSheet.read(request.form)
    concern_id = _concern(request.form.get("concern", ""))
    checked = deciding.assign(EnrolmentId(enrolment_id), sheet, concern_id=concern_id, actor=actor)
    if checked.problems:
        here = pages.assign_page(
            EnrolmentId(enrolment_id), checked=checked, concern_id=concern_id, actor=actor
        )
        return render_template("courses/assignments/assign.html", here=here), 422
    flash(gettext("The coach is assigned. Both are told by mail."), "success")
    return redirect(url_for("coordinator_people.member", enrolment_id=enrolment_id), 303)


@blueprint.post("/<int:assignment_id>/end")
def end(assignment_id: int) -> ResponseReturnValue:
    """End an assignment."""
    actor, number = current_actor(), CoachAssignmentId(assignment_id)
    enrolment_id = deciding.enrolment_of_assignment(number, actor=actor)
    checked = deciding.end(number, AssignSheet.read(request.form), actor=actor)
    if checked.problems:
        return person_html(enrolment_id, ending=checked), 422
    flash(gettext("The assignment has its end."), "success")
    return redirect(url_for("coordinator_people.member", enrolment_id=enrolment_id), 303)


@blueprint.post("/<int:assignment_id>/extend")
def extend(assignment_id: int) -> ResponseReturnValue:
    """Agree on another end of the span."""
    actor, number = current_actor(), CoachAssignmentId(assignment_id)
    enrolment_id = deciding.enrolment_of_assignment(number, actor=actor)
    checked = deciding.extend(number, AssignSheet.read(request.form), actor=actor)
    if checked.problems:
        return person_html(enrolment_id, ending=checked), 422
    flash(gettext("The span is saved."), "success")
    return redirect(url_for("coordinator_people.member", enrolment_id=enrolment_id), 303)


def _concern(text: str) -> ConcernId | None:
    number = typed_number(text, most=MOST_ID) if text else None
    return ConcernId(number) if number else None
