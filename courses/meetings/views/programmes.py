"""Which programmes train trainers, for administrators."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from courses.catalogue.models import ProgrammeId
from courses.meetings.trainers import list_marked, mark_programme
from institute.actors import Role
from institute.i18n import gettext
from institute.web.areas import area_blueprint, current_actor

blueprint = area_blueprint(Role.ADMINISTRATOR, "trainers", __name__)


@blueprint.get("/")
def index() -> ResponseReturnValue:
    """Show the programmes with their marks."""
    return render_template("courses/meetings/leading/trainers.html", programmes=list_marked(current_actor()))


@blueprint.post("/<int:training_programme_id>")
def mark(training_programme_id: int) -> ResponseReturnValue:
    """Mark a programme, or take the mark off."""
    marked = bool(request.form.get("done"))
    mark_programme(ProgrammeId(training_programme_id), marked=marked, actor=current_actor())
    flash(gettext("Saved."), "success")
    return redirect(url_for(".index"), 303)
