"""An older browser: Chromium behind a proxy that takes ``Partitioned`` out of every cookie, so frames keep none."""

from __future__ import annotations

import http.client
import re
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final
from urllib.parse import urlsplit

from tests.serving import until_done

PARTITIONED: Final = re.compile(r";\s*Partitioned", re.IGNORECASE)
HOP: Final = frozenset(
    {"connection", "proxy-connection", "keep-alive", "transfer-encoding", "content-length"}
)
PATIENCE_SECONDS: Final = 30


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        """Ask the server that is meant, and pass its answer on."""
        parts = urlsplit(self.path)
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        kept = {name: value for name, value in self.headers.items() if name.lower() not in HOP}
        target = f"{parts.path}?{parts.query}" if parts.query else parts.path
        with closing(http.client.HTTPConnection(parts.netloc, timeout=PATIENCE_SECONDS)) as asked:
            asked.request(self.command, target or "/", body or None, kept)
            answer = asked.getresponse()
            found = answer.read()
        with suppress(ConnectionError):  # the browser leaves a page while it loads
            self._pass_on(answer, found)

    def do_POST(self) -> None:
        """Do the same with a form."""
        self.do_GET()

    def log_message(self, *_given: Any) -> None:
        """Say nothing."""

    def _pass_on(self, answer: http.client.HTTPResponse, found: bytes) -> None:
        self.send_response_only(answer.status, answer.reason)
        for name, value in answer.getheaders():
            if name.lower() not in HOP:
                plain = PARTITIONED.sub("", value) if name.lower() == "set-cookie" else value
                self.send_header(name, plain)
        self.send_header("Content-Length", str(len(found)))
        self.end_headers()
        self.wfile.write(found)


class _Proxy(ThreadingHTTPServer):
    request_queue_size = 128  # a page asks for many files at once


@contextmanager
def serve_older() -> Iterator[str]:
    """Serve the proxy and return its address, for ``browser.new_context(proxy=…)``."""
    server = _Proxy(("127.0.0.1", 0), _Handler)
    with until_done(server):
        yield f"http://127.0.0.1:{server.server_port}"
