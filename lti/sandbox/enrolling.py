"""Registration tokens and what they are exchanged for: a tool of this platform, new or brought up to date."""

import hashlib
import json
import secrets
import sqlite3
from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import urlencode, urlsplit, urlunsplit

from lti.sandbox.metadata import grant
from lti.sandbox.registrations import FIRST, RegisteredTool, list_granted_scopes
from lti.sandbox.state import Sandbox
from lti.sandbox.vocabulary import DEEP_LINKING, GRADE_SCOPES, TOOL_CONFIGURATION

TOKEN_SECONDS: Final = 3600


class BadTokenError(Exception):
    """A registration token that opens nothing. ``used`` says that it did once."""

    def __init__(self, *, used: bool) -> None:
        super().__init__("The registration token was used before." if used else "There is no such token.")
        self.used = used


def start_registration(
    db: sqlite3.Connection, sandbox: Sandbox, start_url: str, tool: RegisteredTool | None = None
) -> str:
    """Make a single-use token and return the tool's address with it. ``tool`` is the one to bring up to date."""
    token = secrets.token_urlsafe(32)
    db.execute(
        "INSERT INTO registration_token (digest, start_url, tool_id, expires_at) VALUES (?, ?, ?, ?)",
        (_digest(token), start_url, tool.number if tool else None, sandbox.second() + TOKEN_SECONDS),
    )
    parts = urlsplit(start_url)
    added = urlencode({"openid_configuration": sandbox.configuration_url, "registration_token": token})
    return urlunsplit(parts._replace(query=f"{parts.query}&{added}" if parts.query else added))


def check_token(db: sqlite3.Connection, sandbox: Sandbox, token: str) -> sqlite3.Row:
    """Return the token's row. Raises BadTokenError for one that is unknown, too old or used up."""
    row: sqlite3.Row | None = db.execute(
        "SELECT * FROM registration_token WHERE digest = ?", (_digest(token),)
    ).fetchone()
    if row is None or row["expires_at"] <= sandbox.second():
        raise BadTokenError(used=False)
    if row["used_at"] is not None:
        raise BadTokenError(used=True)
    return row


def register(
    db: sqlite3.Connection, sandbox: Sandbox, token: str, asked: Mapping[str, Any]
) -> dict[str, Any]:
    """Use the token up and return what is granted. Raises BadTokenError and BadMetadataError; then nothing is kept."""
    profile, row = sandbox.profile, check_token(db, sandbox, token)
    granted = grant(asked, list_granted_scopes(sandbox), profile)
    number: int | None = row["tool_id"]
    kept = json.dumps(granted, ensure_ascii=False)
    if number is None:
        client_id = _make_client_id(db, sandbox)
        number = db.execute(
            "INSERT INTO tool (client_id, state, start_url, configuration_json) VALUES (?, ?, ?, ?) RETURNING id",
            (client_id, "pending" if profile.approves else "active", row["start_url"], kept),
        ).fetchone()["id"]
        if profile.gives_deployment:
            deploy(db, sandbox, number)
    else:
        db.execute("UPDATE tool SET configuration_json = ? WHERE id = ?", (kept, number))
    db.execute(
        "UPDATE registration_token SET used_at = ? WHERE digest = ?", (sandbox.second(), row["digest"])
    )
    return _describe(db, sandbox, number, granted)


def deploy(db: sqlite3.Connection, sandbox: Sandbox, number: int) -> str:
    """Make a deployment of a tool and return its id: Moodle's is the number of the tool, others' is opaque."""
    if sandbox.profile.family == "moodle" and number != FIRST:
        deployment_id = str(number + 1)
    elif sandbox.profile.family == "canvas":
        deployment_id = f"{number}:{secrets.token_hex(20)}"
    else:
        deployment_id = secrets.token_hex(8)
    db.execute("INSERT OR IGNORE INTO deployment (tool_id, id) VALUES (?, ?)", (number, deployment_id))
    return deployment_id


def activate(db: sqlite3.Connection, number: int) -> None:
    """Let a tool that waits be used."""
    db.execute("UPDATE tool SET state = 'active' WHERE id = ?", (number,))


def remove(db: sqlite3.Connection, number: int) -> None:
    """Forget a tool. Its links stay, and are broken."""
    if number != FIRST:
        db.execute("DELETE FROM access_token WHERE tool_id = ?", (number,))
        db.execute("DELETE FROM notice_handler WHERE tool_id = ?", (number,))
        db.execute("DELETE FROM deployment WHERE tool_id = ?", (number,))
        db.execute("DELETE FROM tool WHERE id = ?", (number,))


def _describe(
    db: sqlite3.Connection, sandbox: Sandbox, number: int, granted: Mapping[str, Any]
) -> dict[str, Any]:
    client_id = db.execute("SELECT client_id FROM tool WHERE id = ?", (number,)).fetchone()["client_id"]
    lti = {**granted[TOOL_CONFIGURATION], "version": "1.3.0"}
    if sandbox.profile.gives_deployment:
        first = db.execute(
            "SELECT id FROM deployment WHERE tool_id = ? ORDER BY rowid LIMIT 1", (number,)
        ).fetchone()
        lti["deployment_id"] = first["id"] if first else deploy(db, sandbox, number)
    answer = {**granted, "client_id": client_id, TOOL_CONFIGURATION: lti}
    return _boast(answer) if sandbox.profile.family == "moodle" else answer


def _boast(answer: Mapping[str, Any]) -> dict[str, Any]:
    """Return the answer as Moodle gives it: all grade scopes where one was granted, one message of all."""
    scopes, lti = answer["scope"].split(), answer[TOOL_CONFIGURATION]
    if set(scopes) & set(GRADE_SCOPES):
        scopes = [*GRADE_SCOPES, *(scope for scope in scopes if scope not in GRADE_SCOPES)]
    messages = [
        {name: message[name] for name in ("type", "target_link_uri") if name in message}
        for message in lti["messages"]
        if message["type"] == DEEP_LINKING
    ]
    return {**answer, "scope": " ".join(scopes), TOOL_CONFIGURATION: {**lti, "messages": messages}}


def _make_client_id(db: sqlite3.Connection, sandbox: Sandbox) -> str:
    if sandbox.profile.family == "canvas":
        latest = db.execute("SELECT COALESCE(MAX(id), 0) FROM tool").fetchone()[0]
        return str(10_000_000_000_001 + latest)
    return secrets.token_hex(8)


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()
