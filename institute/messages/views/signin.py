"""Signing in by e-mail: write your address, look into your mail."""

from __future__ import annotations

from typing import Final

from flask import Flask, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from institute.db import db
from institute.i18n import gettext, lazy_gettext
from institute.messages import mail
from institute.messages.addresses import parse_address
from institute.messages.asking import ask_for_link
from institute.web import limits, sessions
from institute.web.areas import public_blueprint
from institute.web.models import LaunchSession

UNPROCESSABLE: Final = 422


def ask() -> ResponseReturnValue:
    """Show the field for the address."""
    return _form("", "")


def send() -> ResponseReturnValue:
    """Mail a link if the address is known, and answer alike if it is not."""
    typed = request.form.get("email", "")
    address = parse_address(typed)
    if address is None:
        return _form(typed, gettext("Write your e-mail address, such as name@example.org.")), UNPROCESSABLE
    ask_for_link(address)
    return redirect(url_for("signin.sent", lang=request.args.get("lang")), 303)


def sent() -> ResponseReturnValue:
    """Say where to look now."""
    again_url = url_for("signin.ask", lang=request.args.get("lang"))
    return render_template("signin/sent.html", again_url=again_url)


def offer_mail() -> None:
    """Before each request: whoever came by mail and whose visit has ended is offered the way by mail again."""
    session_id = sessions.requested_session_id()
    if session_id is None or g.get("launch_session") is not None:
        return
    row = db.session.get(LaunchSession, session_id)
    if row is not None and row.door == "link":
        g.error_action = (lazy_gettext("Sign in by e-mail"), mail.path_to("signin.ask"))


def _form(typed: str, error: str) -> str:
    send_url = url_for("signin.send", lang=request.args.get("lang"))
    return render_template("signin/ask.html", send_url=send_url, typed=typed, error=error)


def init_app(app: Flask) -> None:
    """Mount them, and offer them where a visit that began by mail has ended."""
    app.before_request(offer_mail)
    blueprint = public_blueprint("signin", __name__, url_prefix="/sign-in")
    blueprint.add_url_rule("", "ask", ask)
    blueprint.add_url_rule("", "send", limits.few(send, a_minute=10), methods=["POST"])
    blueprint.add_url_rule("/sent", "sent", sent)
    app.register_blueprint(blueprint)
