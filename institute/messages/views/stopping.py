"""Stopping messages from a message: a page with a button, and the one POST that mail programs send (RFC 8058)."""

from __future__ import annotations

from flask import Flask, render_template, url_for
from flask.typing import ResponseReturnValue

from institute.clock import now
from institute.messages import choosing
from institute.messages.stopping import Stop, read_stop
from institute.messages.topics import Cadence
from institute.web import limits
from institute.web.areas import public_blueprint
from institute.web.errors import error_number

NO_LONGER = 422


def ask(token: str) -> ResponseReturnValue:
    """Show the button. Looking stops nothing: programs that look at links for viruses do, too."""
    return _page(token, stopped=False)


def stop(token: str) -> ResponseReturnValue:
    """Stop them. Who knows the address needs no session; it can do nothing else."""
    found = read_stop(token)
    if found is not None:
        choosing.stop(found)
    return _page(token, stopped=True, found=found)


def resume(token: str) -> ResponseReturnValue:
    """Bring them back, for who pressed by mistake."""
    found = read_stop(token)
    if found is not None:
        choosing.stop(found, instead=Cadence.AT_ONCE)
    return _page(token, stopped=False, found=found)


def _page(token: str, *, stopped: bool, found: Stop | None = None) -> ResponseReturnValue:
    named = found or read_stop(token)
    if named is None:
        page = render_template(
            "messages/stop_gone.html",
            signin_url=url_for("signin.ask"),
            error_number=error_number("MAIL-STOP"),
            error_time=now(),
        )
        return page, NO_LONGER
    return render_template(
        "messages/stop.html",
        topics=choosing.topics_named(named.topics),
        stopped=stopped,
        stop_url=url_for(".stop", token=token),
        resume_url=url_for(".resume", token=token),
        signin_url=url_for("signin.ask"),
    )


def init_app(app: Flask) -> None:
    """Mount them."""
    blueprint = public_blueprint("stopping", __name__, url_prefix="/mail/stop")
    blueprint.add_url_rule("/<token>", "ask", limits.few(ask))
    blueprint.add_url_rule("/<token>", "stop", limits.few(stop, a_minute=60), methods=["POST"])
    blueprint.add_url_rule("/<token>/back", "resume", limits.few(resume), methods=["POST"])
    app.register_blueprint(blueprint)
