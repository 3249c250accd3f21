"""The levels, as a participant reads them."""

from __future__ import annotations

from flask import Flask, render_template
from flask.typing import ResponseReturnValue

from certificates.levels.queries import levels_of
from institute.actors import Role
from institute.i18n import lazy_gettext
from institute.web import navigation
from institute.web.areas import area_blueprint, current_actor


def index() -> ResponseReturnValue:
    """List the levels, lowest first."""
    return render_template("certificates/levels/index.html", levels=levels_of(current_actor().institute_id))


def init_app(app: Flask) -> None:
    """Mount the page."""
    blueprint = area_blueprint(Role.PARTICIPANT, "levels", __name__, template_folder="../../templates")
    blueprint.add_url_rule("/", "index", index)
    app.register_blueprint(blueprint)
    navigation.add(
        app, navigation.NavItem(Role.PARTICIPANT, 50, lazy_gettext("Levels"), "participant_levels.index")
    )
