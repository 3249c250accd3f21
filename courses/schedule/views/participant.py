"""A participant's schedule: what is planned, and asking for another time."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from courses.schedule import pages
from courses.schedule.models import PlannedSessionId
from courses.schedule.planning import ask_for_another_time
from courses.schedule.queries import joined_planned
from institute.actors import Role
from institute.i18n import gettext
from institute.web.areas import area_blueprint, current_actor

blueprint = area_blueprint(Role.PARTICIPANT, "schedule", __name__)


@blueprint.get("/")
def index() -> ResponseReturnValue:
    """Show what is planned."""
    agenda = pages.participant_agenda(current_actor())
    return render_template("courses/schedule/participant.html", agenda=agenda)


@blueprint.get("/<int:planned_id>")
def detail(planned_id: int) -> ResponseReturnValue:
    """Show one planned session."""
    return _page(planned_id, "", {})


@blueprint.post("/<int:planned_id>/ask")
def ask(planned_id: int) -> ResponseReturnValue:
    """Ask for another time."""
    word = request.form.get("word", "")
    problems = ask_for_another_time(PlannedSessionId(planned_id), word, actor=current_actor())
    if problems:
        return _page(planned_id, word, {name: one.text for name, one in problems.items()}), 422
    flash(gettext("Your coach is told. The session stays as it is until they move it."), "success")
    return redirect(url_for(".detail", planned_id=planned_id), 303)


def _page(planned_id: int, word: str, problems: dict[str, str]) -> str:
    actor = current_actor()
    planned = joined_planned(planned_id, actor=actor)
    mine = next(one for one in planned.members if one.person_id == actor.person_id)
    return render_template(
        "courses/schedule/joined.html", planned=planned, mine=mine, word=word, problems=problems
    )
