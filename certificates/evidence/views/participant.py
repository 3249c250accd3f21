"""A participant's evidence: where each piece stands, the drafts, what was submitted."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue

from certificates.evidence import boards
from certificates.evidence.models import Owner
from certificates.evidence.seats import tools_of
from certificates.evidence.views.handing import add_routes
from institute.actors import Role
from institute.web.areas import area_blueprint, current_actor

blueprint = area_blueprint(Role.PARTICIPANT, "evidence", __name__, template_folder="../../templates")


@blueprint.get("/")
def index() -> ResponseReturnValue:
    """List what is asked for, and where each piece stands."""
    actor = current_actor()
    return render_template(
        "certificates/evidence/index.html",
        listing=boards.evidence_list(actor),
        tools=tools_of(actor),
    )


add_routes(blueprint, Owner.CANDIDATE)
