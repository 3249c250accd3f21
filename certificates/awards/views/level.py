"""A participant's way to the next level."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from certificates.awards.applying import apply_for_level
from certificates.awards.pages import level_page
from courses.cohorts.pages import own_enrolment
from institute.actors import Role
from institute.i18n import gettext
from institute.web.areas import area_blueprint, current_actor

blueprint = area_blueprint(Role.PARTICIPANT, "level", __name__)


@blueprint.get("/")
def index() -> ResponseReturnValue:
    """Show the ladder and what the next level asks."""
    return render_template("certificates/awards/level.html", here=level_page(current_actor()))


@blueprint.post("/apply")
def apply() -> ResponseReturnValue:
    """Apply for the next level."""
    actor = current_actor()
    apply_for_level(own_enrolment(actor).id, request.form.get("level", ""), actor=actor)
    flash(gettext("Sent. You need not do anything now."), "success")
    return redirect(url_for(".index"), 303)
