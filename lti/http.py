"""The one way out to platforms: an HTTP session that cannot hang, be led astray or be flooded.

Whoever registers a platform names the addresses that the tool will call. So each connection is judged where it is
made, by the address it would really go to: names that resolve to private addresses, redirects to them, numbers that
are written in other ways, and names that resolve to something else the second time are all refused alike.
"""

from __future__ import annotations

import io
import socket
import time
from collections.abc import Iterable
from http.client import HTTPResponse
from http.cookiejar import DefaultCookiePolicy
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Any, Final, cast
from urllib.parse import urlsplit

import requests
from flask import Flask, current_app
from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool, PoolManager
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import (
    ConnectTimeoutError,
    LocationParseError,
    NameResolutionError,
    NewConnectionError,
)
from urllib3.util.connection import allowed_gai_family, create_connection

from institute.config import current_settings

CONNECT_TIMEOUT_S: Final = 3.05
READ_TIMEOUT_S: Final = 10.0
WHOLE_ANSWER_S: Final = 30.0
MAX_ANSWER_BYTES: Final = 5 * 1024 * 1024
CHUNK_BYTES: Final = 64 * 1024
MAX_REDIRECTS: Final = 3
HOSTS_KEPT: Final = 32
CONNECTIONS_KEPT: Final = 64
"""Connections to one platform that are kept open: as many as threads send scores at once."""

USER_AGENT: Final = "coaching-institute-lti/1.0"
"""Some Moodle sites answer 403 where a request carries no User-Agent."""

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

# What Python counts as global and yet leads elsewhere than to a machine of the public internet.
_NOT_PUBLIC: Final = tuple(
    ip_network(text)
    for text in (
        "192.0.0.0/24",  # Oracle's cloud speaks to its machines there
        "168.63.129.16/32",  # Microsoft's there
        "192.88.99.0/24",
        "fec0::/10",
        "3fff::/20",
    )
)
_TRANSLATED: Final = IPv6Network("64:ff9b::/96")


class AnswerTooLargeError(requests.RequestException):
    """A platform's answer is longer, or takes longer, than any right answer would."""


class RedirectRefusedError(requests.RequestException):
    """A platform's answer leads to another scheme than the request had."""


class NetworkRefusedError(requests.ConnectionError):
    """An address is in no network that platforms may be in."""


class _RefusedError(NewConnectionError):
    """All that a host's name resolves to is refused."""


def may_be_reached(address: Address, networks: Iterable[Network] = ()) -> bool:
    """Tell whether platforms may be at ``address``: on the public internet, or in one of ``networks``.

    An IPv6 address that carries an IPv4 address is judged by what it carries.
    """
    carried = _carried(address)
    if carried:
        return all(may_be_reached(one, networks) for one in carried)
    if any(address in network for network in networks if network.version == address.version):
        return True
    if not address.is_global or address.is_multicast or address.is_reserved:
        return False
    return not any(address in network for network in _NOT_PUBLIC if network.version == address.version)


def _carried(address: Address) -> list[IPv4Address]:
    """Return the IPv4 addresses that a packet would go on to: mapped ones, NAT64, 6to4, Teredo."""
    if isinstance(address, IPv4Address):
        return []
    if address in _TRANSLATED:
        return [IPv4Address(int(address) & 0xFFFFFFFF)]
    return [
        one for one in (address.ipv4_mapped, address.sixtofour, *(address.teredo or ())) if one is not None
    ]


def resolve(host: str, port: int) -> list[Address]:
    """Return what a host's name, or number in any spelling, stands for. Raises OSError or UnicodeError."""
    found = socket.getaddrinfo(host.strip("[]"), port, allowed_gai_family(), socket.SOCK_STREAM)
    return list(dict.fromkeys(ip_address(str(row[4][0])) for row in found))


def is_in_own_networks(address: str) -> bool:
    """Tell whether a web address leads into PLATFORM_NETWORKS and nowhere else."""
    networks = current_settings().platform_networks
    parts = urlsplit(address)
    try:
        found = resolve(parts.hostname or "", parts.port or 80)
    except (OSError, UnicodeError, ValueError):
        return False
    return bool(found) and all(any(one in network for network in networks) for one in found)


class _HurriedReader(socket.SocketIO):
    """Reads a socket until a moment, however little comes at a time and however often."""

    def __init__(self, sock: socket.socket, whole_s: float) -> None:
        super().__init__(sock, "r")
        self._read_from, self._ends = sock, time.monotonic() + whole_s

    def readinto(self, buffer: Any) -> int | None:
        """Read what has come. Raises TimeoutError once the time is over."""
        left = self._ends - time.monotonic()
        if left <= 0:
            raise TimeoutError("the answer takes too long")
        patience = self._read_from.gettimeout()
        self._read_from.settimeout(left if patience is None else min(patience, left))
        return super().readinto(buffer)


class _HurriedResponse(HTTPResponse):
    """An answer that must have come as a whole, its headers too, within a time.

    That is WHOLE_ANSWER_S, or as long as a caller waits for each piece who named a time of their own.
    """

    def __init__(self, sock: socket.socket, *args: Any, **kwargs: Any) -> None:
        super().__init__(sock, *args, **kwargs)
        unhurried, patience = self.fp, sock.gettimeout()
        whole_s = WHOLE_ANSWER_S if patience in {None, READ_TIMEOUT_S} else patience
        reader = _HurriedReader(sock, whole_s or WHOLE_ANSWER_S)
        sock._io_refs += 1  # type: ignore[attr-defined]  # what socket.makefile does
        self.fp = io.BufferedReader(reader)
        unhurried.close()


class _Guarded(HTTPConnection):
    """A connection that goes only to addresses that were looked at, the very ones, one after the other."""

    networks: tuple[Network, ...] = ()
    response_class = _HurriedResponse

    def _new_conn(self) -> socket.socket:
        last: OSError | None = None
        for address in self._allowed():
            try:
                return create_connection(
                    (str(address), self.port or self.default_port),
                    self.timeout,
                    source_address=self.source_address,
                    socket_options=self.socket_options,
                )
            except OSError as error:
                last = error
        if isinstance(last, TimeoutError):
            raise ConnectTimeoutError(self, "the host does not answer") from last
        raise NewConnectionError(self, "the host does not answer") from last

    def _allowed(self) -> list[Address]:
        try:
            found = resolve(self._dns_host, self.port or self.default_port)
        except socket.gaierror as error:
            raise NameResolutionError(self.host, self, error) from error
        except (UnicodeError, ValueError) as error:
            raise LocationParseError(self.host) from error
        allowed = [address for address in found if may_be_reached(address, self.networks)]
        if not allowed:
            raise _RefusedError(self, "the host is in no network that platforms may be in")
        return allowed


class _GuardedTls(_Guarded, HTTPSConnection):
    """The same with TLS: the certificate is still compared with the name."""


class GuardedAdapter(HTTPAdapter):
    """Sends through guarded connections and keeps them open for the next request.

    Where the environment names a proxy, the proxy decides what may be reached.
    """

    def __init__(self, networks: Iterable[Network] = ()) -> None:
        self._networks = tuple(networks)
        super().__init__(pool_connections=HOSTS_KEPT, pool_maxsize=CONNECTIONS_KEPT)

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        """Make the pools, each of connections that know which networks are allowed."""
        super().init_poolmanager(*args, **kwargs)
        manager = cast("PoolManager", cast("Any", self).poolmanager)
        allowed = {"networks": self._networks}
        plain = type("Connection", (_Guarded,), allowed)
        tls = type("Connection", (_GuardedTls,), allowed)
        manager.pool_classes_by_scheme = {
            "http": type("Pool", (HTTPConnectionPool,), {"ConnectionCls": plain}),
            "https": type("Pool", (HTTPSConnectionPool,), {"ConnectionCls": tls}),
        }

    def send(self, *args: Any, **kwargs: Any) -> requests.Response:
        """Send one request. Raises NetworkRefusedError where its address is refused."""
        try:
            return super().send(*args, **kwargs)
        except requests.ConnectionError as error:
            reason = getattr(error.args[0] if error.args else None, "reason", None)
            if isinstance(reason, _RefusedError):
                raise NetworkRefusedError("the address is in no network of platforms") from None
            raise


class _OwnHeadersOnly(requests.auth.AuthBase):
    """Keep requests from replacing a bearer token by what a .netrc file of the machine says."""

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        return request


class PlatformSession(requests.Session):
    """A requests session with timeouts, a limit on the answer's size, no cookies, and no change of scheme."""

    def __init__(self, networks: Iterable[Network] = ()) -> None:
        super().__init__()
        self.max_redirects = MAX_REDIRECTS
        self.headers["User-Agent"] = USER_AGENT
        self.auth = _OwnHeadersOnly()
        self.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
        guarded = GuardedAdapter(networks)
        self.mount("https://", guarded)
        self.mount("http://", guarded)

    def send(self, request: requests.PreparedRequest, **kwargs: Any) -> requests.Response:
        """Send within the limits. Raises requests.RequestException for all that can go wrong."""
        if kwargs.get("timeout") is None:
            kwargs["timeout"] = (CONNECT_TIMEOUT_S, READ_TIMEOUT_S)
        kwargs["stream"] = True
        response = super().send(request, **kwargs)
        try:
            _read_within_limits(response)
        except BaseException:
            response.close()
            raise
        return response

    def get_redirect_target(self, resp: requests.Response) -> str | None:
        """Return where ``resp`` leads. Raises RedirectRefusedError if the scheme would change."""
        target = super().get_redirect_target(resp)
        if target is None:
            return None
        _read_within_limits(resp)
        scheme = urlsplit(target).scheme
        if scheme and scheme != urlsplit(str(resp.url)).scheme:
            raise RedirectRefusedError("the answer leads to another scheme", response=resp)
        return target


def _read_within_limits(response: requests.Response) -> None:
    if cast("Any", response)._content_consumed:
        return
    deadline = time.monotonic() + WHOLE_ANSWER_S
    body = bytearray()
    for chunk in response.iter_content(CHUNK_BYTES):
        body += chunk
        if len(body) > MAX_ANSWER_BYTES or time.monotonic() > deadline:
            raise AnswerTooLargeError("the answer is too long", response=response)
    response._content = bytes(body)  # requests offers no public way to set a limit


def platform_session() -> PlatformSession:
    """Return the running application's session with platforms; threads may share it."""
    session: PlatformSession = current_app.extensions["lti_http"]
    return session


def init_app(app: Flask) -> None:
    """Give the application its one session with platforms."""
    app.extensions["lti_http"] = PlatformSession(app.extensions["settings"].platform_networks)
