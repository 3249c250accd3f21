"""Concerns that reached the coordinator."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from courses.assignments import hearing, raising
from courses.assignments.models import ConcernId
from institute.actors import Role
from institute.i18n import gettext
from institute.web.areas import area_blueprint, current_actor

blueprint = area_blueprint(Role.COORDINATOR, "concerns", __name__)


@blueprint.get("/")
def index() -> ResponseReturnValue:
    """Show the concerns that reached the coordinator."""
    actor = current_actor()
    return render_template(
        "courses/assignments/heard.html",
        waiting=hearing.heard_by(actor),
        over=hearing.heard_by(actor, over=True),
    )


@blueprint.get("/<int:concern_id>")
def show(concern_id: int) -> ResponseReturnValue:
    """Show one concern."""
    return _heard(ConcernId(concern_id))


@blueprint.post("/<int:concern_id>")
def step(concern_id: int) -> ResponseReturnValue:
    """Add a note, or close the concern."""
    number, wish, words = ConcernId(concern_id), request.form.get("wish", ""), request.form.get("words", "")
    problem = raising.heard_step(
        number, wish, words, kept_inside="inside" in request.form, actor=current_actor()
    )
    if problem is not None:
        return _heard(number, words=words, error=problem), 422
    flash(gettext("The concern is closed.") if wish == "close" else gettext("Noted."), "success")
    return redirect(url_for(".show", concern_id=concern_id), 303)


def _heard(concern_id: ConcernId, *, words: str = "", error: str = "") -> str:
    here = hearing.heard_page(concern_id, actor=current_actor())
    return render_template("courses/assignments/heard_one.html", here=here, words=words, error=error)
