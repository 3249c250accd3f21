"""A participant's certificates."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue

from certificates.awards.models import AwardId
from certificates.awards.pages import own_awards, own_document
from institute.actors import Role
from institute.files.reading import send_file_response
from institute.web.areas import area_blueprint, current_actor

blueprint = area_blueprint(Role.PARTICIPANT, "certificates", __name__)


@blueprint.get("/")
def index() -> ResponseReturnValue:
    """List the person's certificates."""
    return render_template("certificates/awards/own.html", awards=own_awards(current_actor()))


@blueprint.get("/<int:award_id>/document")
def document(award_id: int) -> ResponseReturnValue:
    """Send the document of an own certificate."""
    return send_file_response(own_document(AwardId(award_id), current_actor()))
