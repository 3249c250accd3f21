"""The tools that this platform knows: the one of the command line, and those that registered themselves."""

import json
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

from lti.sandbox.state import Sandbox
from lti.sandbox.vocabulary import (
    CANVAS,
    DEEP_LINKING,
    RESOURCE_LINK,
    SCOPE_NOTICE,
    SCOPES,
    SUBMISSION_REVIEW,
    TOOL_CONFIGURATION,
)

FIRST: Final = 0
"""The number of the tool that the command line names."""
NAMES: Final = frozenset({"name", "given_name", "family_name"})
LEVELS: Final[dict[str, frozenset[str]]] = {
    "public": NAMES | {"email", "locale"},
    "name_only": NAMES | {"locale"},
    "email_only": frozenset({"email", "locale"}),
    "anonymous": frozenset({"locale"}),
}


@dataclass(frozen=True)
class RegisteredTool:
    """A tool as it was granted: addresses compared exactly, scopes, custom values, one target for each message."""

    number: int
    client_id: str
    name: str
    login_uri: str
    redirect_uris: tuple[str, ...]
    jwks_uri: str
    target: str
    scopes: tuple[str, ...]
    custom: dict[str, Any]
    messages: dict[str, dict[str, Any]]
    deployments: tuple[str, ...]
    active: bool = True
    start_url: str = ""
    configuration: dict[str, Any] = field(default_factory=dict)
    claims: frozenset[str] | None = None
    """The claims about people that the tool may get; None for all."""

    @property
    def deployment_id(self) -> str:
        """Return the first deployment; empty where there is none yet."""
        return self.deployments[0] if self.deployments else ""

    def target_of(self, message: str) -> str:
        """Return the target_link_uri that the tool gave for a kind of message."""
        return str(self.messages.get(message, {}).get("target_link_uri") or self.target)

    def custom_of(self, message: str) -> dict[str, Any]:
        """Return the custom values that the tool asked for with a kind of message."""
        return self.custom | dict(self.messages.get(message, {}).get("custom_parameters") or {})


def list_granted_scopes(sandbox: Sandbox) -> tuple[str, ...]:
    """Return every scope that this platform can grant."""
    return (*SCOPES, SCOPE_NOTICE) if sandbox.profile.notices else SCOPES


def describe_first_tool(sandbox: Sandbox) -> RegisteredTool:
    """Return the tool of the command line, registered by hand with everything granted."""
    home = sandbox.tool_url
    return RegisteredTool(
        number=FIRST,
        client_id=sandbox.settings.client_id,
        name="The tool of the command line",
        login_uri=sandbox.login_uri,
        redirect_uris=(sandbox.redirect_uri,),
        jwks_uri=f"{home}/lti/jwks",
        target=sandbox.redirect_uri,
        scopes=list_granted_scopes(sandbox),
        custom=dict(sandbox.settings.custom),
        messages={
            RESOURCE_LINK: {},
            DEEP_LINKING: {"target_link_uri": f"{home}/lti/deep-link"},
            SUBMISSION_REVIEW: {},
        },
        deployments=(sandbox.settings.deployment_id,),
        start_url=f"{home}/lti/register",
    )


def _read_first(db: sqlite3.Connection, sandbox: Sandbox) -> RegisteredTool:
    first = describe_first_tool(sandbox)
    return replace(first, deployments=(*first.deployments, *_list_deployments(db, FIRST)))


def _list_deployments(db: sqlite3.Connection, number: int) -> tuple[str, ...]:
    rows = db.execute("SELECT id FROM deployment WHERE tool_id = ? ORDER BY rowid", (number,)).fetchall()
    return tuple(row["id"] for row in rows)


def find_tool(db: sqlite3.Connection, sandbox: Sandbox, number: int) -> RegisteredTool | None:
    """Return the tool of that number, pending or not, or None."""
    if number == FIRST:
        return _read_first(db, sandbox)
    row = db.execute("SELECT * FROM tool WHERE id = ?", (min(number, 2**62),)).fetchone()
    return _read(db, sandbox, row) if row else None


def find_client(db: sqlite3.Connection, sandbox: Sandbox, client_id: object) -> RegisteredTool | None:
    """Return the active tool with that client id, or None."""
    if client_id == sandbox.settings.client_id:
        return _read_first(db, sandbox)
    if not isinstance(client_id, str):
        return None
    row = db.execute("SELECT * FROM tool WHERE client_id = ? AND state = 'active'", (client_id,)).fetchone()
    return _read(db, sandbox, row) if row else None


def list_tools(db: sqlite3.Connection, sandbox: Sandbox) -> list[RegisteredTool]:
    """Return all tools, the first one first."""
    rows = db.execute("SELECT * FROM tool ORDER BY id").fetchall()
    return [_read_first(db, sandbox), *(_read(db, sandbox, row) for row in rows)]


def list_ready_tools(db: sqlite3.Connection, sandbox: Sandbox) -> list[RegisteredTool]:
    """Return the tools that people can open: active and deployed."""
    return [tool for tool in list_tools(db, sandbox) if tool.active and tool.deployments]


def _read_claims(sandbox: Sandbox, lti: Mapping[str, Any]) -> frozenset[str]:
    """Return what people's data a tool may get: what it asked for, on Canvas also what its privacy level allows."""
    asked = frozenset(lti["claims"])
    if sandbox.profile.family != "canvas":
        return asked
    return asked & LEVELS[lti.get(f"{CANVAS}privacy_level", "anonymous")]


def _read(db: sqlite3.Connection, sandbox: Sandbox, row: sqlite3.Row) -> RegisteredTool:
    granted = json.loads(row["configuration_json"])
    lti: Mapping[str, Any] = granted[TOOL_CONFIGURATION]
    return RegisteredTool(
        number=row["id"],
        client_id=row["client_id"],
        name=granted["client_name"],
        login_uri=granted["initiate_login_uri"],
        redirect_uris=tuple(granted["redirect_uris"]),
        jwks_uri=granted["jwks_uri"],
        target=lti["target_link_uri"],
        scopes=tuple(granted["scope"].split()),
        custom=dict(lti.get("custom_parameters") or {}),
        messages={message["type"]: message for message in lti["messages"]},
        deployments=_list_deployments(db, row["id"]),
        active=row["state"] == "active",
        start_url=row["start_url"],
        configuration=granted,
        claims=_read_claims(sandbox, lti),
    )
