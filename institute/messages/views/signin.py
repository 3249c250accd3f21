"""Signing in by e-mail: write your address, look into your mail."""

from __future__ import annotations

from flask import Flask, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from institute.i18n import gettext
from institute.messages.addresses import parse_address
from institute.messages.asking import ask_for_link
from institute.web import limits
from institute.web.areas import public_blueprint

UNPROCESSABLE: int = 422


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


def _form(typed: str, error: str) -> str:
    send_url = url_for("signin.send", lang=request.args.get("lang"))
    return render_template("signin/ask.html", send_url=send_url, typed=typed, error=error)


def init_app(app: Flask) -> None:
    """Mount them."""
    blueprint = public_blueprint("signin", __name__, url_prefix="/sign-in")
    blueprint.add_url_rule("", "ask", ask)
    blueprint.add_url_rule("", "send", limits.few(send, a_minute=10), methods=["POST"])
    blueprint.add_url_rule("/sent", "sent", sent)
    app.register_blueprint(blueprint)
