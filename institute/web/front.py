"""The root of the site, for somebody who comes without a link, and the static files."""

from __future__ import annotations

from flask import Flask, render_template
from flask.typing import ResponseReturnValue

from institute.web import account, sessions
from institute.web.areas import public_blueprint
from institute.web.assets import asset_file


def index() -> ResponseReturnValue:
    """Say what this address is for; inside a session, where it is the same path, begin there."""
    if sessions.requested_session_id() is not None:
        return account.start()
    return render_template("front.html")


def init_app(app: Flask) -> None:
    """Mount both."""
    blueprint = public_blueprint("front", __name__)
    blueprint.add_url_rule("/", "index", index)
    blueprint.add_url_rule("/static/<digest>/<path:path>", "asset_file", asset_file)
    app.register_blueprint(blueprint)
