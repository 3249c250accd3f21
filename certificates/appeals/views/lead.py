"""The appeals of an institute, for its scoring leads."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue

from certificates.appeals import listing
from institute.actors import Role
from institute.web.areas import area_blueprint, current_actor

blueprint = area_blueprint(Role.SCORING_LEAD, "appeals", __name__)


@blueprint.get("/")
def index() -> ResponseReturnValue:
    """List them."""
    appeals = listing.filed_appeals(current_actor())
    return render_template("certificates/appeals/appeals.html", appeals=appeals)
