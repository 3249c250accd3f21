"""The door: the routes that a platform opens, without a session."""

from __future__ import annotations

from typing import Final

from flask import Flask, g, jsonify, make_response, redirect, render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from institute.clock import now
from institute.web import errors, sessions
from institute.web.areas import public_blueprint
from lti.launches.browsers import has_kept_cookies, is_same_browser, mark_browser
from lti.launches.entering import enter
from lti.launches.errors import (
    AT_THE_DOOR,
    AtTheDoorError,
    LoginRequiredError,
    PlatformAnsweredError,
    ReplayError,
    TokenFormatError,
)
from lti.launches.handlers import want_notices
from lti.launches.launch import LaunchMessage
from lti.launches.library import FormRequest, Platforms
from lti.launches.login import show_platform_of
from lti.launches.logins import note_refusal, session_of_replay, used_up
from lti.launches.views import frames
from lti.launches.windows import give_up_token
from lti.platforms.keys import ensure_key

SIGNED_OUT: Final = frozenset({"login_required", "interaction_required", "account_selection_required"})
KEYS_FRESH_FOR_S: Final = 300


def login() -> ResponseReturnValue:
    """Answer a platform's request for a login by sending the browser to the platform's own."""
    return frames.start_login(_sent())


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
        keeper = message.can_be_proven
        if keeper is not None:
            return frames.ask_for_proof(message, keeper)
        return frames.offer_window(give_up_token(message.login_id, token=message.token))
    return _let_in(message)


def _let_in(message: LaunchMessage) -> Response:
    with used_up(message.login_id, token=message.token):
        message.validate()
        entrance = enter(message.claims, message.platform, message.login_id, token=message.token)
    want_notices(message.notice_service, message.platform.id, message.claims.deployment_id)
    if not has_kept_cookies():
        return frames.hand_over(message)
    response = redirect(entrance.path, 303)
    sessions.set_cookie(response, entrance.session_id, entrance.secret)
    mark_browser(response, entrance.session_id)
    message.cookies.update_response(response)
    return response


def _land_again(session_id: str, path: str) -> Response:
    if not is_same_browser(session_id):
        raise ReplayError
    return redirect(sessions.session_path(session_id, path), 303)


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


def _sent() -> dict[str, str]:
    return (request.form if request.method == "POST" else request.args).to_dict()


def init_app(app: Flask) -> None:
    """Mount the door at /lti."""
    blueprint = public_blueprint("lti", __name__, url_prefix="/lti", template_folder="../../templates")
    blueprint.add_url_rule("/login", "login", login, methods=["GET", "POST"])
    blueprint.add_url_rule("/launch", "launch", launch, methods=["GET", "POST"])
    blueprint.add_url_rule("/deep-link", "deep_link", launch, methods=["GET", "POST"])
    blueprint.add_url_rule("/window", "window", frames.window)
    blueprint.add_url_rule("/enter", "enter", frames.enter, methods=["POST"])
    blueprint.add_url_rule("/jwks", "jwks", jwks)
    for kind in AT_THE_DOOR:
        blueprint.register_error_handler(kind, refuse)
    app.register_blueprint(blueprint)
