"""Access tokens: judges the tool's signed assertion, grants scopes, and lets only bearers of them to the services."""

import hashlib
import secrets
import sqlite3
from collections.abc import Sequence
from typing import Any, Final

from flask import Blueprint, Response, jsonify, request

from lti.sandbox.refusals import ServiceRefusalError
from lti.sandbox.registrations import FIRST, RegisteredTool, find_client
from lti.sandbox.signatures import LONGEST_SECONDS, BadSignatureError, check_times, peek, verify
from lti.sandbox.state import Sandbox, current_sandbox
from lti.sandbox.toolkeys import ToolKeysUnreadableError
from lti.sandbox.vocabulary import ASSERTION_TYPE

bp = Blueprint("tokens", __name__)

TOKEN_SECONDS: Final = 3600
LONGEST_JTI: Final = 255


@bp.post("/token")
def grant_token() -> Response:
    sandbox = current_sandbox()
    form = request.form
    if request.mimetype != "application/x-www-form-urlencoded":
        raise ServiceRefusalError(400, "invalid_request", "The request must be a form.")
    if form.get("grant_type") != "client_credentials":
        raise ServiceRefusalError(400, "unsupported_grant_type", "grant_type must be client_credentials.")
    if form.get("client_assertion_type") != ASSERTION_TYPE:
        raise ServiceRefusalError(400, "invalid_request", f"client_assertion_type must be {ASSERTION_TYPE}.")
    try:
        tool, claims = _read_assertion(sandbox, form.get("client_assertion", ""))
    except (BadSignatureError, ToolKeysUnreadableError) as error:
        raise ServiceRefusalError(sandbox.profile.client_status, "invalid_client", str(error)) from error
    asked = form.get("scope", "").split()
    granted = [scope for scope in tool.scopes if scope in asked]
    with sandbox.store.writing() as db:
        _use_assertion(db, sandbox, claims)
        token = keep_token(db, sandbox, granted, tool.number) if granted else None
    if token is None:
        raise ServiceRefusalError(400, "invalid_scope", "None of the scopes can be granted.")
    answer = jsonify(
        {
            "access_token": token,
            "token_type": "Bearer",
            "expires_in": TOKEN_SECONDS,
            "scope": " ".join(granted),
        }
    )
    answer.headers["Cache-Control"] = "no-store"
    answer.content_type = sandbox.profile.grant_media
    return answer


def require_scope(*scopes: str) -> int:
    """Return the number of the tool that bears a valid token with one of ``scopes``; refuse every other request."""
    sandbox = current_sandbox()
    if sandbox.profile.needs_user_agent and not request.headers.get("User-Agent"):
        raise ServiceRefusalError(403, "forbidden", "The request has no User-Agent.")
    kind, _, token = request.headers.get("Authorization", "").partition(" ")
    if kind.lower() != "bearer" or not token.strip():
        raise ServiceRefusalError(401, "invalid_token", "The request bears no access token.")
    with sandbox.store.reading() as db:
        row = db.execute(
            "SELECT scopes, tool_id FROM access_token WHERE digest = ? AND expires_at > ?",
            (_digest(token.strip()), sandbox.second()),
        ).fetchone()
    if row is None:
        raise ServiceRefusalError(401, "invalid_token", "The access token is unknown or has expired.")
    if not set(scopes) & set(row["scopes"].split()):
        status = sandbox.profile.scope_status
        raise ServiceRefusalError(
            status, "insufficient_scope", f"The access token needs {' or '.join(scopes)}."
        )
    return int(row["tool_id"])


def keep_token(db: sqlite3.Connection, sandbox: Sandbox, granted: Sequence[str], tool: int = FIRST) -> str:
    """Make an access token for these scopes, keep its digest for an hour, and return it."""
    token = secrets.token_urlsafe(32)
    db.execute(
        "INSERT INTO access_token (digest, tool_id, scopes, expires_at) VALUES (?, ?, ?, ?)",
        (_digest(token), tool, " ".join(granted), sandbox.second() + TOKEN_SECONDS),
    )
    return token


def _read_assertion(sandbox: Sandbox, assertion: str) -> tuple[RegisteredTool, dict[str, Any]]:
    """Return the tool and the claims of an assertion that it has signed."""
    with sandbox.store.reading() as db:
        tool = find_client(db, sandbox, peek(assertion).get("iss"))
    if tool is None:
        raise BadSignatureError("The client_assertion's iss is no client of this platform.")
    claims = verify(assertion, sandbox.keys_of(tool.jwks_uri))
    if claims.get("sub") != tool.client_id:
        raise BadSignatureError("iss and sub must both be the client id.")
    if claims.get("aud") != sandbox.address("/token"):
        raise BadSignatureError("aud must be exactly the address of this token endpoint.")
    check_times(sandbox.second(), claims)
    if not isinstance(claims.get("jti"), str) or not 0 < len(claims["jti"]) <= LONGEST_JTI:
        raise BadSignatureError("jti must be a text of 1 to 255 characters.")
    return tool, claims


def _use_assertion(db: sqlite3.Connection, sandbox: Sandbox, claims: dict[str, Any]) -> None:
    db.execute("DELETE FROM assertion WHERE expires_at < ?", (sandbox.second() - LONGEST_SECONDS,))
    kept = db.execute(
        "INSERT INTO assertion (client_id, jti, expires_at) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
        (claims["iss"], claims["jti"], claims["exp"]),
    )
    if kept.rowcount != 1:
        raise ServiceRefusalError(sandbox.profile.client_status, "invalid_client", "The jti was used before.")


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
