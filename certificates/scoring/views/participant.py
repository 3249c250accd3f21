"""The released scores, as their participant reads them."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue

from certificates.evidence.models import SubmissionId
from certificates.scoring.queries import own_outcome
from institute.actors import Role
from institute.web.areas import area_blueprint, current_actor

blueprint = area_blueprint(Role.PARTICIPANT, "scores", __name__)


@blueprint.get("/<int:submission_id>")
def released(submission_id: int) -> ResponseReturnValue:
    """Show what scoring came to."""
    outcome = own_outcome(SubmissionId(submission_id), actor=current_actor())
    return render_template("certificates/scoring/released.html", outcome=outcome)
