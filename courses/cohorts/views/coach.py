"""The people a coach accompanies."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue

from courses.cohorts.members import coached_member
from courses.cohorts.models import EnrolmentId
from courses.cohorts.rosters import find_coached
from institute.actors import Role
from institute.web.areas import area_blueprint, current_actor

blueprint = area_blueprint(Role.COACH, "participants", __name__)


@blueprint.get("/")
def index() -> ResponseReturnValue:
    """Show whom the coach accompanies."""
    return render_template("courses/cohorts/coached.html", members=find_coached(current_actor()))


@blueprint.get("/<int:enrolment_id>")
def member(enrolment_id: int) -> ResponseReturnValue:
    """Show one participant."""
    here = coached_member(EnrolmentId(enrolment_id), actor=current_actor())
    return render_template("courses/cohorts/member.html", here=here, change_endpoint=None)
