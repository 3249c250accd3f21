"""Free ports: asked for before anything starts, so that a busy one is a sentence and not a stack of errors."""

from __future__ import annotations

import errno
import socket
from collections.abc import Mapping

from institute.running.table import RefusalError

# "localhost" is both: a browser may try the second one first.
LOOPBACKS = ((socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1"))


def check_ports(ports: Mapping[str, int]) -> None:
    """Raise RefusalError for the first port, given by the name of its setting, that cannot be listened on."""
    for name, port in ports.items():
        for family, address in LOOPBACKS:
            _check(name, port, family, address)


def _check(name: str, port: int, family: socket.AddressFamily, address: str) -> None:
    try:
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            # A port whose last connection closed a moment ago is free.
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((address, port))
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise RefusalError(
                f"Port {port} is in use by another program. Choose a free one: {name}={port + 10} make run"
            ) from error
        if error.errno == errno.EACCES:
            raise RefusalError(
                f"Port {port} may not be used by this account. Choose one above 1023: {name}=8010 make run"
            ) from error
        if family == socket.AF_INET6 and error.errno in {errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT}:
            return
        raise
