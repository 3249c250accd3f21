"""The pages of a mailed link: the button that signs in, and the one that asks for a new link."""

from __future__ import annotations

from typing import Final

from flask import Flask, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from institute.clock import now
from institute.messages import links
from institute.web import limits, sessions
from institute.web.areas import public_blueprint
from institute.web.errors import error_number

NO_LONGER: Final = 422
OURS: Final = ("same-origin", "none")


def enter(token: str) -> ResponseReturnValue:
    """Show the button that signs in. Looking uses nothing up."""
    if not links.is_usable(token):
        return _gone(token)
    return render_template("links/enter.html", enter_url=_address("link.use", token))


def use(token: str) -> ResponseReturnValue:
    """Use the link up and go to what it opens.

    Only our own page's button does: another site's form would sign a visitor in as whoever made it.
    """
    if request.headers.get("Sec-Fetch-Site", OURS[0]) not in OURS:
        return redirect(_address("link.enter", token), 303)
    entered = links.use_link(token)
    if entered is None:
        return _gone(token)
    response = redirect(sessions.session_path(entered.session_id, entered.target), 303)
    sessions.set_cookie(response, entered.session_id, entered.secret)
    return response


def renew(token: str) -> ResponseReturnValue:
    """Mail a new link, and answer as if there had been one."""
    links.renew_link(token)
    return redirect(url_for("signin.sent", lang=request.args.get("lang")), 303)


def _gone(token: str) -> ResponseReturnValue:
    """Answer a link that was used, is too old or never existed: all three alike."""
    page = render_template(
        "links/gone.html",
        renew_url=_address("link.renew", token),
        error_number=error_number("LINK-USED"),
        error_time=now(),
    )
    return page, NO_LONGER


def _address(endpoint: str, token: str) -> str:
    return url_for(endpoint, token=token, lang=request.args.get("lang"))


def init_app(app: Flask) -> None:
    """Mount them."""
    blueprint = public_blueprint("link", __name__, url_prefix="/link")
    blueprint.add_url_rule("/<token>", "enter", limits.few(enter))
    blueprint.add_url_rule("/<token>", "use", limits.few(use), methods=["POST"])
    blueprint.add_url_rule("/<token>/new", "renew", limits.few(renew, a_minute=10), methods=["POST"])
    app.register_blueprint(blueprint)
