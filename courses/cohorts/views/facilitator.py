"""A facilitator's cohort."""

from __future__ import annotations

from typing import Final

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from courses.cohorts.enrolling import change_member_state
from courses.cohorts.listing import LONGEST_SEARCH, Show, Wanted, list_cohort
from courses.cohorts.members import cohort_member
from courses.cohorts.models import EnrolmentId, EnrolmentState
from institute.actors import Role
from institute.errors import InvalidError
from institute.i18n import gettext
from institute.web.areas import area_blueprint, current_actor

LONGEST_PAGE: Final = 5
blueprint = area_blueprint(Role.FACILITATOR, "cohort", __name__)


@blueprint.get("/")
def index() -> ResponseReturnValue:
    """Show the cohort's members and their progress, a page at a time."""
    cohort = list_cohort(current_actor(), _wanted())
    return render_template("courses/cohorts/cohort.html", cohort=cohort)


def _wanted() -> Wanted:
    """Read what the address asks for; what makes no sense asks for nothing."""
    show, page = request.args.get("show", ""), request.args.get("page", "")
    return Wanted(
        show=Show(show) if show in list(Show) else Show.PRESENT,
        search=" ".join(request.args.get("q", "")[:LONGEST_SEARCH].split()),
        page=max(int(page), 1) if page.isascii() and page.isdigit() and len(page) <= LONGEST_PAGE else 1,
    )


@blueprint.get("/members/<int:enrolment_id>")
def member(enrolment_id: int) -> ResponseReturnValue:
    """Show one member."""
    here = cohort_member(EnrolmentId(enrolment_id), actor=current_actor())
    return render_template("courses/cohorts/member.html", here=here, change_endpoint=".change_state")


@blueprint.post("/members/<int:enrolment_id>/state")
def change_state(enrolment_id: int) -> ResponseReturnValue:
    """Take a member's enrolment to another state."""
    wished = request.form.get("state", "")
    if wished not in list(EnrolmentState):
        raise InvalidError
    change_member_state(EnrolmentId(enrolment_id), EnrolmentState(wished), facilitator=current_actor())
    flash(gettext("The enrolment was changed."), "success")
    return redirect(url_for(".member", enrolment_id=enrolment_id), 303)
