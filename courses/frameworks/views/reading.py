"""The pages on which a role reads frameworks and vocabularies, and what belongs to them."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue

from courses.frameworks.pages import framework_page, shelf_page, vocabulary_page
from institute.actors import Role
from institute.web.areas import AreaBlueprint, area_blueprint, current_actor


def reading_blueprint(role: Role) -> AreaBlueprint:
    """Make the pages of a role, named ``<role>_frameworks``."""
    blueprint = area_blueprint(role, "frameworks", __name__)

    @blueprint.get("/")
    def index() -> ResponseReturnValue:
        shelf = shelf_page(current_actor(), retired=False)
        return render_template("courses/frameworks/shelf.html", shelf=shelf)

    @blueprint.get("/<framework>")
    def framework(framework: str) -> ResponseReturnValue:
        here = framework_page(framework, role, actor=current_actor())
        return render_template("courses/frameworks/framework.html", here=here)

    @blueprint.get("/vocabularies/<vocabulary>")
    def vocabulary(vocabulary: str) -> ResponseReturnValue:
        here = vocabulary_page(vocabulary, role, actor=current_actor())
        return render_template("courses/frameworks/vocabulary.html", here=here)

    return blueprint
