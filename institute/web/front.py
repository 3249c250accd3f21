"""The root of the site, for somebody who comes without a link, and the static files."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

from flask import Flask, current_app, render_template
from flask.typing import ResponseReturnValue

from institute.i18n import LazyText
from institute.web import account, sessions
from institute.web.areas import public_blueprint
from institute.web.assets import asset_file


@dataclass(frozen=True, slots=True)
class Way:
    """What somebody without a course may do here: a public page."""

    label: LazyText
    endpoint: str


def add_way(app: Flask, way: Way) -> None:
    """Offer a public page at the root of the site."""
    cast("list[Way]", app.extensions["ways"]).append(way)


def index() -> ResponseReturnValue:
    """Say what this address is for; inside a session, where it is the same path, begin there."""
    if sessions.requested_session_id() is not None:
        return account.start()
    return render_template("front.html", ways=current_app.extensions["ways"])


def init_app(app: Flask) -> None:
    """Mount both; which further pages are offered is told later."""
    app.extensions["ways"] = []
    blueprint = public_blueprint("front", __name__)
    blueprint.add_url_rule("/", "index", index)
    blueprint.add_url_rule("/static/<digest>/<path:path>", "asset_file", asset_file)
    app.register_blueprint(blueprint)
