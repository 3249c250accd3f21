"""A programme as those read it who know its script: its modules, each segment, each material.

Coaches, facilitators and administrators read it, each in their own area; participants never do.
"""

from __future__ import annotations

from collections.abc import Callable

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from courses.catalogue.queries import ProgrammeLine
from courses.guides.programmes import guide_of_material, guide_of_programme, guide_of_segment
from institute.actors import Actor, Role
from institute.web.areas import AreaBlueprint, area_blueprint, current_actor


def programmes_blueprint(role: Role, readable: Callable[[Actor], list[ProgrammeLine]]) -> AreaBlueprint:
    """Make the pages of programmes for a role; ``readable`` returns the programmes that an actor may read."""
    blueprint = area_blueprint(role, "programmes", __name__)

    @blueprint.get("/")
    def index() -> ResponseReturnValue:
        programmes = readable(current_actor())
        if len(programmes) == 1:
            return redirect(url_for(".programme", programme=programmes[0].slug))
        return render_template("courses/guides/programmes.html", programmes=programmes)

    @blueprint.get("/<programme>")
    def programme(programme: str) -> ResponseReturnValue:
        page = guide_of_programme(programme, readable=readable, actor=current_actor())
        return render_template("courses/guides/programme.html", guide=page)

    @blueprint.get("/<programme>/<module>/<segment>")
    def segment(programme: str, module: str, segment: str) -> ResponseReturnValue:
        page = guide_of_segment(programme, module, segment, readable=readable, actor=current_actor())
        return render_template("courses/guides/segment.html", guide=page)

    @blueprint.get("/<programme>/<module>/<segment>/materials/<key>")
    def material(programme: str, module: str, segment: str, key: str) -> ResponseReturnValue:
        page = guide_of_material(programme, module, segment, key, readable=readable, actor=current_actor())
        return render_template("courses/guides/material.html", guide=page)

    return blueprint
