"""A facilitator's cohort."""

from __future__ import annotations

from typing import Final

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from courses.catalogue.models import PartId
from courses.cohorts.dates import dates_page, set_dates
from courses.cohorts.enrolling import change_member_state
from courses.cohorts.listing import LONGEST_SEARCH, Show, Wanted, list_cohort
from courses.cohorts.members import cohort_member
from courses.cohorts.models import EnrolmentId, EnrolmentState
from courses.cohorts.overview import cohort_overview
from institute.actors import Role
from institute.errors import InvalidError
from institute.i18n import gettext
from institute.web.areas import area_blueprint, current_actor

LONGEST_PAGE: Final = 5
LONGEST_DAY: Final = 40
LONGEST_NAME: Final = 13
blueprint = area_blueprint(Role.FACILITATOR, "cohort", __name__)


@blueprint.get("/")
def index() -> ResponseReturnValue:
    """Show the cohort's members and their progress, a page at a time."""
    cohort = list_cohort(current_actor(), _wanted())
    return render_template("courses/cohorts/cohort.html", cohort=cohort)


@blueprint.get("/progress")
def progress() -> ResponseReturnValue:
    """Show how far the cohort is, segment by segment."""
    return render_template("courses/cohorts/progress.html", here=cohort_overview(current_actor()))


@blueprint.get("/dates")
def dates() -> ResponseReturnValue:
    """Show the days from which segments are open."""
    return render_template("courses/cohorts/dates.html", here=dates_page(current_actor()))


@blueprint.post("/dates")
def set_days() -> ResponseReturnValue:
    """Set them."""
    typed = {
        PartId(int(name.removeprefix("day-"))): value[:LONGEST_DAY]
        for name, value in request.form.items()
        if name.removeprefix("day-").isdecimal() and name.isascii() and len(name) <= LONGEST_NAME
    }
    refused = set_dates(typed, actor=current_actor())
    if refused is not None:
        return render_template("courses/cohorts/dates.html", here=refused), 422
    flash(gettext("The days are saved."), "success")
    return redirect(url_for(".dates"), 303)


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
