"""The short way out for what is sent in great numbers: urllib3 at first hand, behind the same guard and limits.

A session of requests spends more on each request than the platform's answer costs. The connections are those of the
application's session: guarded, pooled, with the certificates and proxies of its environment.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Protocol, cast
from urllib.parse import urlsplit

import requests
from flask import Flask, current_app
from requests.adapters import HTTPAdapter
from urllib3 import BaseHTTPResponse, HTTPConnectionPool, Retry, Timeout
from urllib3.exceptions import HTTPError

from lti.http import (
    CHUNK_BYTES,
    CONNECT_TIMEOUT_S,
    MAX_ANSWER_BYTES,
    READ_TIMEOUT_S,
    USER_AGENT,
    WHOLE_ANSWER_S,
    PlatformSession,
    platform_session,
)
from lti.services.errors import UnreachableError

WAYS_KEPT: Final = 10_000
_TIMEOUT: Final = Timeout(connect=CONNECT_TIMEOUT_S, read=READ_TIMEOUT_S)
_ONCE: Final = Retry(total=False, redirect=False)


class HttpAnswer(Protocol):
    """What is read of an answer, whichever library brought it."""

    @property
    def status_code(self) -> int:
        """The HTTP status."""

    @property
    def headers(self) -> Mapping[str, str]:
        """The headers, whatever the case of their names."""

    @property
    def content(self) -> bytes:
        """The body."""

    @property
    def url(self) -> str:
        """Where the answer came from."""

    def json(self, *, parse_constant: Callable[[str], Any]) -> Any:
        """The body, read as JSON. Raises ValueError."""


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer that came by wire."""

    status_code: int
    headers: Mapping[str, str]
    content: bytes = field(repr=False)
    url: str

    def json(self, *, parse_constant: Callable[[str], Any]) -> Any:
        """The body, read as JSON. Raises ValueError."""
        return json.loads(self.content, parse_constant=parse_constant)


@dataclass(frozen=True, slots=True)
class _Way:
    """How to reach an address: the pool of connections to its host, and what is asked of it."""

    pool: HTTPConnectionPool
    target: str


class Wire:
    """Posts to platforms. Threads may share it."""

    def __init__(self, session: PlatformSession) -> None:
        self._session = session
        self._ways: dict[str, _Way] = {}

    def post(self, url: str, headers: Mapping[str, str], content: bytes | None) -> HttpAnswer:
        """Post and return the answer, whatever its status; a redirect is not followed. Raises UnreachableError."""
        try:
            way = self._ways.get(url) or self._find_way(url)
            response = way.pool.urlopen(
                "POST",
                way.target,
                body=content or b"",
                headers={"User-Agent": USER_AGENT, **headers},
                retries=_ONCE,
                redirect=False,
                assert_same_host=False,
                timeout=_TIMEOUT,
                preload_content=False,
            )
            return Reply(response.status, response.headers, _read(response), url)
        except (requests.RequestException, HTTPError, OSError, ValueError):
            raise UnreachableError from None

    def _find_way(self, url: str) -> _Way:
        asked = self._session.prepare_request(requests.Request("POST", url))
        address = str(asked.url)
        settings = self._session.merge_environment_settings(address, {}, None, None, None)
        adapter = self._session.get_adapter(address)
        if not isinstance(adapter, HTTPAdapter):
            raise requests.exceptions.InvalidSchema(urlsplit(address).scheme)
        proxies = settings["proxies"]
        pool = adapter.get_connection_with_tls_context(asked, settings["verify"], proxies, settings["cert"])
        way = _Way(cast("HTTPConnectionPool", pool), adapter.request_url(asked, proxies))
        if len(self._ways) >= WAYS_KEPT:
            self._ways.clear()
        self._ways[url] = way
        return way


def _read(response: BaseHTTPResponse) -> bytes:
    """Read a body within the limits; a connection whose answer breaks them is not used again."""
    deadline = time.monotonic() + WHOLE_ANSWER_S
    body = bytearray()
    whole = False
    try:
        while chunk := response.read1(CHUNK_BYTES, decode_content=True):
            body += chunk
            if len(body) > MAX_ANSWER_BYTES or time.monotonic() > deadline:
                break
        else:
            whole = True
    finally:
        if not whole:
            response.close()
    if not whole:
        raise HTTPError("the answer is too long")
    response.release_conn()
    return bytes(body)


def platform_wire() -> Wire:
    """Return the running application's wire to platforms."""
    wire: Wire = current_app.extensions["lti_wire"]
    return wire


def init_app(app: Flask) -> None:
    """Give the application its one wire."""
    with app.app_context():
        app.extensions["lti_wire"] = Wire(platform_session())
