"""What somebody shares with their coach."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue

from courses.activities import sharing
from courses.activities.models import WorkId
from courses.cohorts.models import EnrolmentId
from institute.actors import Role
from institute.files.reading import send_file_response
from institute.web.areas import area_blueprint, current_actor

blueprint = area_blueprint(Role.COACH, "activities", __name__)


@blueprint.get("/<int:enrolment_id>")
def index(enrolment_id: int) -> ResponseReturnValue:
    """List what somebody shares."""
    here = sharing.shared_list(EnrolmentId(enrolment_id), actor=current_actor())
    return render_template("courses/activities/shared_list.html", here=here)


@blueprint.get("/<int:enrolment_id>/<int:work_id>")
def show(enrolment_id: int, work_id: int) -> ResponseReturnValue:
    """Show one thing that somebody shares."""
    here = sharing.shared_page(EnrolmentId(enrolment_id), WorkId(work_id), actor=current_actor())
    return render_template("courses/activities/shared.html", here=here)


@blueprint.get("/<int:enrolment_id>/<int:work_id>/files/<int:work_file_id>")
def download(enrolment_id: int, work_id: int, work_file_id: int) -> ResponseReturnValue:
    """Send a file that somebody shares."""
    file = sharing.shared_file(
        EnrolmentId(enrolment_id), WorkId(work_id), work_file_id, actor=current_actor()
    )
    return send_file_response(file)
