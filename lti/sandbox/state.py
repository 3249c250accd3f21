"""What one running sandbox holds, and how its views reach it."""

import threading
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, cast

from flask import Flask, current_app

from lti.sandbox.faults import Faults
from lti.sandbox.profiles import Profile
from lti.sandbox.settings import SandboxSettings
from lti.sandbox.store import Store
from lti.sandbox.toolkeys import ToolKeys, fetch_key_set


@dataclass
class Sandbox:
    """One platform: its settings, its file, and what a suite may change while it runs."""

    settings: SandboxSettings
    store: Store
    tool_url: str
    profile: Profile
    faults: Faults = field(default_factory=Faults)
    shift: timedelta = timedelta(0)
    """How far this platform's clock stands from the true one."""
    tokens_to_spoil: list[dict[str, Any]] = field(default_factory=list)
    """Orders for the next id_tokens, first come first served."""
    lock: threading.Lock = field(default_factory=threading.Lock)

    def __post_init__(self) -> None:
        self._tool_keys: dict[str, ToolKeys] = {}

    @property
    def issuer(self) -> str:
        """Return the issuer of this platform's id_tokens."""
        return self.settings.issuer or self.settings.public_url

    @property
    def configuration_url(self) -> str:
        """Return the address of this platform's OpenID configuration; Canvas' has a query."""
        query = "?registration=1" if self.profile.family == "canvas" else ""
        return self.address(f"/.well-known/openid-configuration{query}")

    @property
    def redirect_uri(self) -> str:
        """Return the one address of the first tool to which an id_token goes."""
        return f"{self.tool_url}/lti/launch"

    @property
    def login_uri(self) -> str:
        """Return the address at which the first tool starts a login."""
        return f"{self.tool_url}/lti/login"

    def now(self) -> datetime:
        """Return this platform's present instant, in UTC."""
        return self.settings.clock() + self.shift

    def second(self) -> int:
        """Return this platform's present second since 1970."""
        return int(self.now().timestamp())

    def address(self, path: str) -> str:
        """Return the public address of a path of this platform."""
        return f"{self.settings.public_url}{path}"

    def point_at(self, tool_url: str) -> None:
        """Send people to the tool at another address from now on."""
        self.tool_url = tool_url.rstrip("/")
        with self.lock:
            self._tool_keys.clear()

    def keys_of(self, jwks_uri: str) -> ToolKeys:
        """Return the key set of a tool, kept between requests."""
        read = self.settings.tool_keys if jwks_uri == f"{self.tool_url}/lti/jwks" else None
        with self.lock:
            return self._tool_keys.setdefault(jwks_uri, ToolKeys(read or (lambda: fetch_key_set(jwks_uri))))

    def take_order(self) -> dict[str, Any]:
        """Return what a suite ordered for the next id_token, once; empty for a right one."""
        with self.lock:
            return self.tokens_to_spoil.pop(0) if self.tokens_to_spoil else {}


def sandbox_of(app: Flask) -> Sandbox:
    """Return the platform that an app serves."""
    return cast(Sandbox, app.extensions["sandbox"])


def current_sandbox() -> Sandbox:
    """Return the platform that serves this request."""
    return sandbox_of(current_app)
