"""What a participant is asked, and the growth that their reflections show."""

from __future__ import annotations

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from courses.surveys import answering, pages
from courses.surveys.seats import own_seat
from courses.surveys.views.answering import page, take
from institute.actors import Role
from institute.web.areas import area_blueprint, current_actor

blueprint = area_blueprint(Role.PARTICIPANT, "surveys", __name__)


@blueprint.get("/")
def index() -> ResponseReturnValue:
    """Show what is asked, and one's reflections."""
    return render_template("courses/surveys/own.html", here=pages.own_surveys(current_actor()))


@blueprint.get("/<survey_round>")
def show(survey_round: str) -> ResponseReturnValue:
    """Show one round."""
    return page(own_seat(current_actor()), survey_round)


@blueprint.post("/<survey_round>")
def answer(survey_round: str) -> ResponseReturnValue:
    """Save or send the answers."""
    again = url_for(".show", survey_round=survey_round)
    return take(own_seat(current_actor()), survey_round, back=url_for(".index"), again=again)


@blueprint.post("/<survey_round>/again")
def reopen(survey_round: str) -> ResponseReturnValue:
    """Take back that it was sent."""
    actor = current_actor()
    answering.reopen_answers(own_seat(actor), survey_round, actor=actor)
    return redirect(url_for(".show", survey_round=survey_round), 303)
