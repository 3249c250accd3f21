"""What a coach is asked, and the reflections of those whom they coach."""

from __future__ import annotations

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from courses.cohorts.models import EnrolmentId
from courses.surveys import answering, pages
from courses.surveys.seats import Seat, coach_seat
from courses.surveys.views.answering import page, take
from institute.actors import Role
from institute.web.areas import area_blueprint, current_actor

blueprint = area_blueprint(Role.COACH, "surveys", __name__)


@blueprint.get("/")
def index() -> ResponseReturnValue:
    """Show everybody whom one coaches, and what is asked about each."""
    return render_template("courses/surveys/coached.html", here=pages.all_coached(current_actor()))


@blueprint.get("/<int:enrolment_id>")
def person(enrolment_id: int) -> ResponseReturnValue:
    """Show the reflections that somebody sent, and what is asked about them."""
    here = pages.coached_surveys(EnrolmentId(enrolment_id), actor=current_actor())
    return render_template("courses/surveys/person.html", here=here)


@blueprint.get("/<int:enrolment_id>/<survey_round>")
def show(enrolment_id: int, survey_round: str) -> ResponseReturnValue:
    """Show one round."""
    return page(_seat(enrolment_id), survey_round)


@blueprint.post("/<int:enrolment_id>/<survey_round>")
def answer(enrolment_id: int, survey_round: str) -> ResponseReturnValue:
    """Save or send the answers."""
    again = url_for(".show", enrolment_id=enrolment_id, survey_round=survey_round)
    back = url_for(".person", enrolment_id=enrolment_id)
    return take(_seat(enrolment_id), survey_round, back=back, again=again)


@blueprint.post("/<int:enrolment_id>/<survey_round>/again")
def reopen(enrolment_id: int, survey_round: str) -> ResponseReturnValue:
    """Take back that it was sent."""
    answering.reopen_answers(_seat(enrolment_id), survey_round, actor=current_actor())
    return redirect(url_for(".show", enrolment_id=enrolment_id, survey_round=survey_round), 303)


def _seat(enrolment_id: int) -> Seat:
    return coach_seat(EnrolmentId(enrolment_id), actor=current_actor())
