"""The institute's coaches, as a coordinator sees and qualifies them."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from courses.assignments import staffing
from courses.assignments.staff import staff_page
from courses.assignments.uploading import Letter, take_letter
from courses.coaches.models import CoachRecordId
from courses.coaches.recording import RecordChecked, RecordSheet
from institute.actors import PersonId, Role
from institute.files.checking import LARGEST_FILE, LARGEST_UPLOAD
from institute.files.reading import send_file_response
from institute.i18n import gettext
from institute.web.areas import area_blueprint, current_actor

blueprint = area_blueprint(Role.COORDINATOR, "coaches", __name__)


@blueprint.get("/")
def index() -> ResponseReturnValue:
    """Show the coaches, those who lack something first."""
    return render_template(
        "courses/assignments/coaches.html",
        listing=staff_page(current_actor(), request.args.get("q", "")),
        typed="",
        error="",
    )


@blueprint.post("/")
def enter() -> ResponseReturnValue:
    """Enter somebody as a coach."""
    actor, typed = current_actor(), request.form.get("person", "")
    found = staffing.enter_coach(typed, actor=actor)
    if found.person_id is None:
        return render_template(
            "courses/assignments/coaches.html",
            listing=staff_page(actor),
            typed=typed[:300],
            error=found.problem,
        ), 422
    flash(gettext("Entered as a coach. Say what they bring along, and what was verified."), "success")
    return redirect(url_for(".show", coach_person_id=found.person_id), 303)


@blueprint.get("/<int:coach_person_id>")
def show(coach_person_id: int) -> ResponseReturnValue:
    """Show one coach."""
    return _page(PersonId(coach_person_id))


@blueprint.post("/<int:coach_person_id>/profile")
def profile(coach_person_id: int) -> ResponseReturnValue:
    """Keep what a coach brings along."""
    form = request.form
    staffing.save_profile(
        PersonId(coach_person_id),
        organisation=form.get("organisation", ""),
        languages=form.getlist("language"),
        specialties=form.getlist("specialty"),
        note=form.get("note", ""),
        accepting="accepting" in form,
        actor=current_actor(),
    )
    flash(gettext("Saved."), "success")
    return redirect(url_for(".show", coach_person_id=coach_person_id), 303)


@blueprint.post("/<int:coach_person_id>/records", prepare=take_letter, largest=LARGEST_UPLOAD)
def record(coach_person_id: int, prepared: Letter) -> ResponseReturnValue:
    """Write down what was verified, or a waiver."""
    sheet = RecordSheet.read(request.form)
    checked = staffing.record(PersonId(coach_person_id), sheet, prepared, actor=current_actor())
    if checked.problems:
        return _page(PersonId(coach_person_id), checked), 422
    flash(gettext("Recorded."), "success")
    return redirect(
        url_for(".show", coach_person_id=coach_person_id, _anchor=f"asked-{sheet.requirement}"), 303
    )


@blueprint.post("/records/<int:coach_record_id>/end")
def end(coach_record_id: int) -> ResponseReturnValue:
    """End what does not hold any more."""
    actor = current_actor()
    ended = staffing.end_record(CoachRecordId(coach_record_id), request.form.get("reason", ""), actor=actor)
    flash(gettext("It does not hold any more. Present assignments go on."), "success")
    return redirect(url_for(".show", coach_person_id=ended), 303)


@blueprint.get("/records/<int:coach_record_id>/files/evidence")
def evidence(coach_record_id: int) -> ResponseReturnValue:
    """Send the evidence of a record."""
    return send_file_response(staffing.find_evidence(CoachRecordId(coach_record_id), actor=current_actor()))


def _page(person_id: PersonId, checked: RecordChecked | None = None) -> str:
    here = staffing.coach_page(person_id, actor=current_actor())
    return render_template(
        "courses/assignments/coach.html", here=here, checked=checked, largest_file=LARGEST_FILE
    )
