"""The released scores, as their participant reads them."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue

from certificates.evidence.models import SubmissionId
from certificates.scoring.outcomes.feedback import view_of_own
from certificates.scoring.outcomes.queries import own_outcome
from institute.actors import Role
from institute.web.areas import area_blueprint, current_actor

blueprint = area_blueprint(Role.PARTICIPANT, "scores", __name__)


@blueprint.get("/<int:submission_id>")
def released(submission_id: int) -> ResponseReturnValue:
    """Show what scoring came to."""
    outcome = own_outcome(SubmissionId(submission_id), actor=current_actor())
    return render_template("certificates/scoring/released.html", outcome=outcome)


@blueprint.get("/<int:submission_id>/files/<int:said_file_id>")
def said(submission_id: int, said_file_id: int) -> ResponseReturnValue:
    """Show a file with what its readers said about moments or pages of it."""
    actor = current_actor()
    outcome = own_outcome(SubmissionId(submission_id), actor=actor)
    view = view_of_own(SubmissionId(submission_id), said_file_id, actor=actor)
    return render_template("certificates/scoring/said.html", outcome=outcome, view=view)
