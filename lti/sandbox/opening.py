"""Openings: somebody opens a link. The hint that stands for it is opaque, short-lived and good for one token."""

import secrets
import sqlite3
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode

from lti.sandbox.records import Link, Person
from lti.sandbox.state import Sandbox

HINT_SECONDS: Final = 300


@dataclass(frozen=True)
class Opening:
    """Who opens which link, and where it will be shown (``iframe`` or ``window``)."""

    sub: str
    link_id: str
    document_target: str


def start_opening(
    db: sqlite3.Connection, sandbox: Sandbox, *, person: Person, link: Link, document_target: str
) -> dict[str, str]:
    """Remember the opening and return the fields of the tool's login request."""
    hint = secrets.token_urlsafe(24)
    db.execute(
        "INSERT INTO opening (hint, sub, link_id, document_target, expires_at) VALUES (?, ?, ?, ?, ?)",
        (hint, person.sub, link.id, document_target, sandbox.second() + HINT_SECONDS),
    )
    return {
        "iss": sandbox.settings.public_url,
        "login_hint": person.sub,
        "target_link_uri": sandbox.redirect_uri,
        "lti_message_hint": hint,
        "client_id": sandbox.settings.client_id,
        "lti_deployment_id": sandbox.settings.deployment_id,
    }


def find_opening(db: sqlite3.Connection, hint: str) -> Opening | None:
    """Return the opening that a hint stands for, used or not, or None."""
    row = db.execute("SELECT sub, link_id, document_target FROM opening WHERE hint = ?", (hint,)).fetchone()
    return Opening(**dict(row)) if row else None


def use_opening(db: sqlite3.Connection, sandbox: Sandbox, hint: str) -> bool:
    """Use the hint up. Return False where it was used before or is too old."""
    at = sandbox.second()
    used = db.execute(
        "UPDATE opening SET used_at = ? WHERE hint = ? AND used_at IS NULL AND expires_at >= ?",
        (at, hint, at),
    )
    return used.rowcount == 1


def make_login_address(sandbox: Sandbox, fields: dict[str, str]) -> str:
    """Return the tool's login address with the fields in its query."""
    return f"{sandbox.login_uri}?{urlencode(fields)}"
