"""The OpenID Connect authentication endpoint: judges the tool's request and posts an id_token or an error to it."""

import sqlite3
from collections.abc import Mapping
from typing import Final

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from lti.sandbox.claims import make_claims
from lti.sandbox.minting import mint_token
from lti.sandbox.opening import find_opening, use_opening
from lti.sandbox.registrations import RegisteredTool, find_client
from lti.sandbox.state import Sandbox, current_sandbox

bp = Blueprint("authentication", __name__)

FIXED: Final = {
    "scope": "openid",
    "response_type": "id_token",
    "response_mode": "form_post",
    "prompt": "none",
}
ERRORS: Final = {"scope": "invalid_scope", "response_type": "unsupported_response_type"}
TOLD: Final = frozenset({"response_mode", "prompt"})
"""The fields whose errors Moodle tells the tool; others end on a page of its own."""
NEEDED: Final = ("state", "nonce", "login_hint", "lti_message_hint")
LONGEST: Final = 4000


class UntrustedRequestError(Exception):
    """A request whose answer may not be sent to the address that it names. The message is a sentence."""


class AuthenticationError(Exception):
    """A request that is answered with an error of OpenID Connect."""

    def __init__(self, code: str, sentence: str, *, field: str = "") -> None:
        super().__init__(sentence)
        self.code = code
        self.field = field


@bp.route("/auth", methods=["GET", "POST"])
def authenticate() -> ResponseReturnValue:
    sandbox = current_sandbox()
    asked = request.form if request.method == "POST" else request.args
    try:
        tool = _check_address(sandbox, asked)
    except UntrustedRequestError as error:
        return render_template(
            "sandbox/refused.html", title="The login was refused", sentence=str(error)
        ), 400
    try:
        with sandbox.store.writing() as db:
            fields = {"id_token": _issue_token(db, sandbox, tool, asked)}
    except AuthenticationError as error:
        if sandbox.profile.refuses_at_home and error.field not in TOLD and error.code != "access_denied":
            return render_template("sandbox/refused.html", title="Invalid request", sentence=str(error)), 404
        fields = {"error": error.code, "error_description": str(error)}
    if asked.get("state"):
        fields["state"] = asked["state"]
    return render_template(
        "sandbox/form_post.html", action=asked["redirect_uri"], method="post", fields=fields
    )


def _check_address(sandbox: Sandbox, asked: MultiDict[str, str]) -> RegisteredTool:
    """Return the tool that asks, at an address of its own."""
    for name in ("client_id", "redirect_uri"):
        if len(asked.getlist(name)) != 1:
            raise UntrustedRequestError(f"The tool's request must name {name} once.")
    with sandbox.store.reading() as db:
        tool = find_client(db, sandbox, asked["client_id"])
    if tool is None:
        raise UntrustedRequestError("The tool's request names a client that is not registered here.")
    if asked["redirect_uri"] not in tool.redirect_uris:
        raise UntrustedRequestError("The tool's request names a redirect_uri that is not registered here.")
    return tool


def _issue_token(
    db: sqlite3.Connection, sandbox: Sandbox, tool: RegisteredTool, asked: MultiDict[str, str]
) -> str:
    _check_fields(asked)
    opening = find_opening(db, sandbox, asked["lti_message_hint"])
    if opening is None:
        raise AuthenticationError("invalid_request", "The lti_message_hint is not ours.")
    if opening.tool.client_id != tool.client_id:
        raise AuthenticationError("access_denied", "The lti_message_hint belongs to another tool.")
    if asked["login_hint"] != opening.person.sub:
        raise AuthenticationError("access_denied", "The login_hint names somebody else.")
    if not use_opening(db, sandbox, asked["lti_message_hint"]):
        raise AuthenticationError("login_required", "The lti_message_hint was used before or is too old.")
    _keep_nonce(db, tool, asked)
    return mint_token(db, make_claims(db, sandbox, opening, asked["nonce"]), sandbox.take_order())


def _check_fields(asked: MultiDict[str, str]) -> None:
    for name, value in asked.items(multi=True):
        if len(asked.getlist(name)) > 1 or len(value) > LONGEST:
            raise AuthenticationError("invalid_request", f"{name} is repeated or too long.")
    _check_fixed(asked)
    for name in NEEDED:
        if not asked.get(name):
            raise AuthenticationError("invalid_request", f"{name} is missing.")


def _check_fixed(asked: Mapping[str, str]) -> None:
    for name, value in FIXED.items():
        if asked.get(name) != value:
            raise AuthenticationError(
                ERRORS.get(name, "invalid_request"), f"{name} must be {value}.", field=name
            )


def _keep_nonce(db: sqlite3.Connection, tool: RegisteredTool, asked: Mapping[str, str]) -> None:
    kept = db.execute(
        "INSERT INTO nonce (client_id, value) VALUES (?, ?) ON CONFLICT DO NOTHING",
        (tool.client_id, asked["nonce"]),
    )
    if kept.rowcount != 1:
        raise AuthenticationError("invalid_request", "The nonce was used before.")
