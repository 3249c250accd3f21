"""Two small sites, to prove what this browser does with the cookies of one in a frame of the other."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from tests.serving import until_done


@dataclass(frozen=True, slots=True)
class CookieSite:
    """``top`` shows ``framed``, which is another site, in a frame named ``framed``."""

    top: str
    framed: str


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        if self.path == "/top":
            host, _, port = self.headers["Host"].partition(":")
            assert host == "localhost"
            self._say(f'<iframe name="framed" src="http://127.0.0.1:{port}/framed"></iframe>')
        elif self.path == "/framed":
            self.send_header("Set-Cookie", "plain=1; Path=/; Secure; SameSite=None")
            self.send_header("Set-Cookie", "partitioned=1; Path=/; Secure; SameSite=None; Partitioned")
            self._say('<a href="/back">What came back</a>')
        else:
            self._say(f"<p>{self.headers.get('Cookie', 'nothing')}</p>")

    def log_message(self, *_given: Any) -> None:
        """Say nothing."""

    def _say(self, body: str) -> None:
        self.end_headers()
        self.wfile.write(f'<!doctype html><link rel="icon" href="data:,">{body}'.encode())


@contextmanager
def serve_cookies() -> Iterator[CookieSite]:
    """Serve both."""
    server = ThreadingHTTPServer(("", 0), _Handler)
    with until_done(server):
        port = server.server_port
        yield CookieSite(f"http://localhost:{port}/top", f"http://127.0.0.1:{port}/framed")
