"""Serves the sandbox on loopback: for good from the command line, for a while inside a test."""

import errno
import logging
import socket
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from typing import Final

from flask import Flask
from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

from lti.sandbox.app import create_sandbox
from lti.sandbox.settings import SandboxSettings
from lti.sandbox.state import Sandbox, sandbox_of

IPV4: Final = "127.0.0.1"
IPV6: Final = "::1"
BACKLOG: Final = 128
POLL_SECONDS: Final = 0.05
"""How long the end of a sandbox may go unnoticed."""

logger = logging.getLogger(__name__)


class PortBusyError(Exception):
    """Somebody else listens on the port."""


@dataclass(frozen=True)
class RunningSandbox:
    """A platform that listens: its address, which is also the issuer, its app, and what it holds."""

    url: str
    app: Flask
    sandbox: Sandbox


class _QuietHandler(WSGIRequestHandler):
    """Writes no line per request: addresses carry hints, and a suite has the log of calls."""

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        logger.debug("%s %s", self.command, code)


def listen(port: int) -> list[socket.socket]:
    """Bind the port on the loopback addresses that this machine has; 0 takes a free one.

    Raises PortBusyError. Without IPv6 there is only 127.0.0.1, which browsers try for ``localhost`` as well.
    """
    first = _bind(socket.AF_INET, IPV4, port)
    if not socket.has_ipv6:
        return [first]
    try:
        return [first, _bind(socket.AF_INET6, IPV6, first.getsockname()[1])]
    except PortBusyError:
        if port == 0:
            return [first]
        first.close()
        raise
    except OSError:
        return [first]


@contextmanager
def serve(settings: SandboxSettings, *, port: int = 0) -> Iterator[RunningSandbox]:
    """Serve a sandbox in threads of this process until the block ends.

    The public address becomes ``http://localhost:<port>`` where a free port is asked for (0); the tool's address can
    be told later with ``running.sandbox.point_at(url)``.
    """
    with ExitStack() as until_served:
        sockets = [until_served.enter_context(bound) for bound in listen(port)]
        if port == 0:
            settings = replace(settings, public_url=f"http://localhost:{sockets[0].getsockname()[1]}")
        app = create_sandbox(settings)
        servers = [_make_server(app, bound) for bound in sockets]
    threads = [
        threading.Thread(target=server.serve_forever, args=(POLL_SECONDS,), daemon=True) for server in servers
    ]
    for thread in threads:
        thread.start()
    try:
        yield RunningSandbox(settings.public_url, app, sandbox_of(app))
    finally:
        for server in servers:
            server.shutdown()
            server.server_close()
        for thread in threads:
            thread.join()


def _make_server(app: Flask, bound: socket.socket) -> BaseWSGIServer:
    """Return a server that listens on a copy of the socket."""
    host, port = bound.getsockname()[:2]
    return make_server(host, port, app, threaded=True, request_handler=_QuietHandler, fd=bound.fileno())


def _bind(family: socket.AddressFamily, host: str, port: int) -> socket.socket:
    bound = socket.socket(family, socket.SOCK_STREAM)
    try:
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        bound.bind((host, port))
        bound.listen(BACKLOG)
    except OSError as error:
        bound.close()
        if error.errno == errno.EADDRINUSE:
            raise PortBusyError(f"Port {port} on {host} is in use.") from error
        raise
    return bound
