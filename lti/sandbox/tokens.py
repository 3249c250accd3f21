"""Access tokens: judges the tool's signed assertion, grants scopes, and lets only bearers of them to the services."""

import hashlib
import json
import secrets
import sqlite3
from collections.abc import Sequence
from typing import Any, Final, TypeGuard

from flask import Blueprint, Response, jsonify, request
from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, RSAKey

from lti.sandbox.refusals import ServiceRefusalError
from lti.sandbox.state import Sandbox, current_sandbox
from lti.sandbox.toolkeys import ToolKeysUnreadableError
from lti.sandbox.vocabulary import ASSERTION_TYPE, SCOPES

bp = Blueprint("tokens", __name__)

TOKEN_SECONDS: Final = 3600
LONGEST_ASSERTION: Final = 3600
SKEW_SECONDS: Final = 5
LONGEST_JTI: Final = 255
ALGORITHMS: Final[dict[str, type[RSAKey | ECKey]]] = {"RS256": RSAKey, "ES256": ECKey}


class BadAssertionError(Exception):
    """A client assertion that this platform does not believe. The message is a sentence."""


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
        claims = _read_assertion(sandbox, form.get("client_assertion", ""))
        _check_claims(sandbox, claims)
    except (BadAssertionError, ToolKeysUnreadableError) as error:
        raise ServiceRefusalError(sandbox.profile.client_status, "invalid_client", str(error)) from error
    asked = form.get("scope", "").split()
    granted = [scope for scope in SCOPES if scope in asked]
    with sandbox.store.writing() as db:
        _use_assertion(db, sandbox, claims)
        token = keep_token(db, sandbox, granted) if granted else None
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
    return answer


def require_scope(*scopes: str) -> None:
    """Let the request pass if it bears a valid token with one of ``scopes``, else refuse it."""
    sandbox = current_sandbox()
    kind, _, token = request.headers.get("Authorization", "").partition(" ")
    if kind.lower() != "bearer" or not token.strip():
        raise ServiceRefusalError(401, "invalid_token", "The request bears no access token.")
    with sandbox.store.reading() as db:
        row = db.execute(
            "SELECT scopes FROM access_token WHERE digest = ? AND expires_at > ?",
            (_digest(token.strip()), sandbox.second()),
        ).fetchone()
    if row is None:
        raise ServiceRefusalError(401, "invalid_token", "The access token is unknown or has expired.")
    if not set(scopes) & set(row["scopes"].split()):
        status = sandbox.profile.scope_status
        raise ServiceRefusalError(
            status, "insufficient_scope", f"The access token needs {' or '.join(scopes)}."
        )


def keep_token(db: sqlite3.Connection, sandbox: Sandbox, granted: Sequence[str]) -> str:
    """Make an access token for these scopes, keep its digest for an hour, and return it."""
    token = secrets.token_urlsafe(32)
    db.execute(
        "INSERT INTO access_token (digest, scopes, expires_at) VALUES (?, ?, ?)",
        (_digest(token), " ".join(granted), sandbox.second() + TOKEN_SECONDS),
    )
    return token


def _read_assertion(sandbox: Sandbox, assertion: str) -> dict[str, Any]:
    """Return the claims of an assertion that the tool has signed."""
    try:
        header = jws.extract_compact(assertion.encode()).headers()
        kid, algorithm = header.get("kid"), header.get("alg")
        if not isinstance(kid, str) or not kid:
            raise BadAssertionError("The client_assertion names no key.")
        if algorithm not in ALGORITHMS:
            raise BadAssertionError("The client_assertion must be signed with RS256 or ES256.")
        key = sandbox.tool_keys.find(kid)
        if key is None:
            raise BadAssertionError("The client_assertion names a key that the tool does not publish.")
        if not isinstance(key, ALGORITHMS[algorithm]):
            raise BadAssertionError("The client_assertion's algorithm does not fit its key.")
        claims = json.loads(jws.deserialize_compact(assertion, key, algorithms=[algorithm]).payload)
    except (JoseError, ValueError, RecursionError) as error:
        raise BadAssertionError("The client_assertion cannot be verified.") from error
    if not isinstance(claims, dict):
        raise BadAssertionError("The client_assertion's payload must be an object.")
    return claims


def _check_claims(sandbox: Sandbox, claims: dict[str, Any]) -> None:
    client_id = sandbox.settings.client_id
    if claims.get("iss") != client_id or claims.get("sub") != client_id:
        raise BadAssertionError("iss and sub must both be the client id.")
    if claims.get("aud") != sandbox.address("/token"):
        raise BadAssertionError("aud must be exactly the address of this token endpoint.")
    _check_times(sandbox.second(), claims)
    if not isinstance(claims.get("jti"), str) or not 0 < len(claims["jti"]) <= LONGEST_JTI:
        raise BadAssertionError("jti must be a text of 1 to 255 characters.")


def _check_times(at: int, claims: dict[str, Any]) -> None:
    issued, expires = claims.get("iat"), claims.get("exp")
    if not _is_instant(issued) or not _is_instant(expires):
        raise BadAssertionError("iat and exp must be numbers.")
    if issued > at + SKEW_SECONDS:
        raise BadAssertionError("iat lies in the future.")
    if expires <= at:
        raise BadAssertionError("The client_assertion has expired.")
    if expires - issued > LONGEST_ASSERTION or expires > at + LONGEST_ASSERTION + SKEW_SECONDS:
        raise BadAssertionError("The client_assertion may live for one hour at most.")


def _is_instant(value: object) -> TypeGuard[int]:
    return isinstance(value, int) and not isinstance(value, bool)


def _use_assertion(db: sqlite3.Connection, sandbox: Sandbox, claims: dict[str, Any]) -> None:
    db.execute("DELETE FROM assertion WHERE expires_at < ?", (sandbox.second() - LONGEST_ASSERTION,))
    kept = db.execute(
        "INSERT INTO assertion (client_id, jti, expires_at) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
        (claims["iss"], claims["jti"], claims["exp"]),
    )
    if kept.rowcount != 1:
        raise ServiceRefusalError(sandbox.profile.client_status, "invalid_client", "The jti was used before.")


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
