"""The people whom a coordinator sees, cohort by cohort."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from courses.assignments import people
from courses.assignments.people import RecipientSheet
from courses.assignments.uploading import Letter, take_letter
from courses.assignments.views.persons import person_html
from courses.coaches.periods import typed_number
from courses.cohorts.models import CohortId, EnrolmentId
from institute.actors import Role
from institute.files.checking import LARGEST_UPLOAD
from institute.files.reading import send_file_response
from institute.i18n import gettext
from institute.web.areas import area_blueprint, current_actor

LAST_PAGE = 99_999
blueprint = area_blueprint(Role.COORDINATOR, "people", __name__)


@blueprint.get("/")
def index() -> ResponseReturnValue:
    """Show the cohorts."""
    return render_template("courses/assignments/cohorts.html", cohorts=people.cohort_lines(current_actor()))


@blueprint.get("/cohorts/<int:people_cohort_id>")
def cohort(people_cohort_id: int) -> ResponseReturnValue:
    """Show the people of one cohort, a page at a time."""
    page = typed_number(request.args.get("page", ""), most=LAST_PAGE) or 1
    here = people.cohort_people(CohortId(people_cohort_id), page, actor=current_actor())
    return render_template("courses/assignments/cohort.html", here=here)


@blueprint.get("/member/<int:enrolment_id>")
def member(enrolment_id: int) -> ResponseReturnValue:
    """Show one person."""
    return person_html(EnrolmentId(enrolment_id))


@blueprint.post("/member/<int:enrolment_id>/recipient")
def record(enrolment_id: int) -> ResponseReturnValue:
    """Record what is known of a person as a recipient."""
    sheet = RecipientSheet.read(request.form)
    checked = people.record(EnrolmentId(enrolment_id), sheet, actor=current_actor())
    if checked.problems:
        return person_html(EnrolmentId(enrolment_id), checked=checked), 422
    said = gettext("Recorded.") if checked.changed else gettext("Nothing was different from what is known.")
    flash(said, "success")
    return redirect(url_for(".member", enrolment_id=enrolment_id), 303)


@blueprint.post("/member/<int:enrolment_id>/confidential", prepare=take_letter, largest=LARGEST_UPLOAD)
def confidential(enrolment_id: int, prepared: Letter) -> ResponseReturnValue:
    """Keep a name out of lists by a letter, or let it stand in them again."""
    actor = current_actor()
    if request.form.get("wish") == "end":
        people.end_confidential(EnrolmentId(enrolment_id), actor=actor)
        flash(gettext("The name stands in lists again."), "success")
    elif prepared.refused is not None or prepared.kept is None:
        return person_html(EnrolmentId(enrolment_id), letter=prepared), 422
    else:
        people.keep_confidential(EnrolmentId(enrolment_id), prepared.kept, actor=actor)
        flash(gettext("The name is kept out of lists."), "success")
    return redirect(url_for(".member", enrolment_id=enrolment_id), 303)


@blueprint.get("/member/<int:enrolment_id>/files/letter")
def letter(enrolment_id: int) -> ResponseReturnValue:
    """Send the letter of the organisation."""
    return send_file_response(people.find_letter(EnrolmentId(enrolment_id), actor=current_actor()))
