"""The door: the routes that a platform opens, without a session."""

from __future__ import annotations

from typing import Final

from flask import Flask, g, jsonify, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from institute.clock import now
from institute.config import current_settings
from institute.web import errors, sessions
from institute.web.areas import public_blueprint
from lti.launches.browsers import is_framed, is_same_browser, mark_browser
from lti.launches.entering import enter
from lti.launches.errors import (
    AT_THE_DOOR,
    AtTheDoorError,
    LoginRequiredError,
    PlatformAnsweredError,
    ReplayError,
    TokenFormatError,
)
from lti.launches.launch import LaunchMessage
from lti.launches.library import FormRequest, Platforms
from lti.launches.login import PlatformLogin, show_platform_of
from lti.launches.logins import note_refusal, session_of_replay, used_up
from lti.launches.windows import give_up_token, make_ticket, use_ticket
from lti.platforms.keys import ensure_key

SIGNED_OUT: Final = frozenset({"login_required", "interaction_required", "account_selection_required"})
KEYS_FRESH_FOR_S: Final = 300


def login() -> ResponseReturnValue:
    """Answer a platform's request for a login by sending the browser to the platform's own."""
    return _start_login(_sent())


def window() -> ResponseReturnValue:
    """Go on with a login whose cookie came back; else offer a window, and in the window begin it again."""
    offered = use_ticket(request.args.get("ticket", ""))
    begun = PlatformLogin(FormRequest(offered.parameters())).go_on(launch_address(), offered)
    if begun is not None:
        return begun
    if is_framed():
        return _offer_window(make_ticket(offered.id))
    return _start_login(offered.parameters())


def launch() -> ResponseReturnValue:
    """Let a launch in: one redirect to the session that it opened.

    A plain GET is a platform looking whether the address answers (MoodleBot does): it gets a page, nothing happens.
    """
    sent = _sent()
    if "error" in sent:
        show_platform_of(sent.get("state", ""))
        raise LoginRequiredError if sent["error"] in SIGNED_OUT else PlatformAnsweredError
    if request.method != "POST":
        return render_template("lti/launches/address.html")
    if not sent.get("id_token") or not sent.get("state"):
        raise TokenFormatError
    message = LaunchMessage(FormRequest(sent))
    opened = session_of_replay(message.login_id, token=message.token) if message.was_sent_before else None
    if opened is not None:
        return _land_again(opened.id, opened.target)
    if not message.state_proven:
        return _offer_window(give_up_token(message.login_id, token=message.token))
    return _let_in(message)


def _let_in(message: LaunchMessage) -> Response:
    with used_up(message.login_id, token=message.token):
        message.validate()
        entrance = enter(message.claims, message.platform, message.login_id, token=message.token)
    response = redirect(entrance.path, 303)
    sessions.set_cookie(response, entrance.session_id, entrance.secret)
    mark_browser(response, entrance.session_id)
    message.cookies.update_response(response)
    return response


def _land_again(session_id: str, path: str) -> Response:
    if not is_same_browser(session_id):
        raise ReplayError
    return redirect(sessions.session_path(session_id, path), 303)


def _offer_window(ticket: str) -> ResponseReturnValue:
    """Answer a browser that kept no cookie: nothing is believed, the login can be done again in a window."""
    note_refusal("LTI-NO-COOKIE", g.lti_registration_id)
    return render_template("sessions/new_window.html", ticket_url=url_for("lti.window", ticket=ticket)), 401


def jwks() -> ResponseReturnValue:
    """Publish the tool's keys."""
    ensure_key()
    response = jsonify(Platforms().get_jwks())
    response.headers["Cache-Control"] = f"public, max-age={KEYS_FRESH_FOR_S}"
    return response


def refuse(error: AtTheDoorError) -> ResponseReturnValue:
    """Answer a refusal with a page and note it down. What was sent is not shown: it may hold a token.

    Where no platform is known the page may stand in any frame: it holds no button and nobody's data, and a frame
    that stays empty would explain nothing.
    """
    note_refusal(error.code, g.get("lti_registration_id"))
    if not g.get("frame_origins"):
        g.frame_origins = ["*"]
    number = errors.error_number(error.code)
    page = render_template("errors/refused.html", error=error, error_number=number, error_time=now(), kept=[])
    return make_response(page, error.status)


def _start_login(parameters: dict[str, str]) -> Response:
    response: Response = PlatformLogin(FormRequest(parameters)).redirect(launch_address())
    return response


def _sent() -> dict[str, str]:
    return (request.form if request.method == "POST" else request.args).to_dict()


def launch_address() -> str:
    """Return the one redirect address, which platforms compare letter by letter."""
    return f"{current_settings().public_url}/lti/launch"


def init_app(app: Flask) -> None:
    """Mount the door at /lti."""
    blueprint = public_blueprint("lti", __name__, url_prefix="/lti", template_folder="../../templates")
    blueprint.add_url_rule("/login", "login", login, methods=["GET", "POST"])
    blueprint.add_url_rule("/launch", "launch", launch, methods=["GET", "POST"])
    blueprint.add_url_rule("/window", "window", window)
    blueprint.add_url_rule("/jwks", "jwks", jwks)
    for kind in AT_THE_DOOR:
        blueprint.register_error_handler(kind, refuse)
    app.register_blueprint(blueprint)
