"""What is asked for as evidence, for those who lead or coach a course: each reads it in their own area."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue

from certificates.evidence import guides
from institute.actors import Role
from institute.web.areas import AreaBlueprint, area_blueprint, current_actor


def guide_blueprint(role: Role) -> AreaBlueprint:
    """Make the pages for a role."""
    blueprint = area_blueprint(role, "evidence", __name__)

    @blueprint.get("/")
    def index() -> ResponseReturnValue:
        return render_template("certificates/evidence/guide.html", levels=guides.asked_now(current_actor()))

    @blueprint.get("/<requirement_key>")
    def show(requirement_key: str) -> ResponseReturnValue:
        here = guides.asked_for(requirement_key, actor=current_actor())
        return render_template("certificates/evidence/guide_requirement.html", here=here)

    return blueprint
