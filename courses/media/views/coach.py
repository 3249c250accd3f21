"""What somebody shows to their coach, and what the coach says about it."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue

from courses.cohorts.models import EnrolmentId
from courses.media import own
from courses.media.models import ClipId
from courses.media.views.files import add_files
from institute.actors import Role
from institute.web.areas import area_blueprint, current_actor

blueprint = area_blueprint(Role.COACH, "media", __name__)
add_files(blueprint)


@blueprint.get("/<int:enrolment_id>")
def index(enrolment_id: int) -> ResponseReturnValue:
    """List what somebody shows."""
    here = own.shown_list(EnrolmentId(enrolment_id), actor=current_actor())
    return render_template("courses/media/shown_list.html", here=here)


@blueprint.get("/clips/<int:clip_id>")
def show(clip_id: int) -> ResponseReturnValue:
    """Show one clip with its comments."""
    here = own.shown_page(ClipId(clip_id), actor=current_actor())
    return render_template("courses/media/shown.html", here=here)
