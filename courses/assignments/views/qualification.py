"""A coach's own qualification, as they see it."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue

from courses.assignments.staffing import own_standing
from institute.actors import Role
from institute.web.areas import area_blueprint, current_actor

blueprint = area_blueprint(Role.COACH, "qualification", __name__)


@blueprint.get("/")
def show() -> ResponseReturnValue:
    """Show what is asked of the coach, and what was verified."""
    return render_template("courses/assignments/qualification.html", here=own_standing(current_actor()))
