"""A platform's registration side on loopback: it answers as a test says, or as a recorded Moodle did."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlencode

from institute.paths import ROOT

RECORDINGS = ROOT / "tests" / "recordings" / "moodle-4.5"
MOODLE = "http://127.0.0.1:8081"
PLATFORM = "https://purl.imsglobal.org/spec/lti-platform-configuration"
TOOL = "https://purl.imsglobal.org/spec/lti-tool-configuration"


@dataclass
class Asked:
    """One request that the tool made."""

    method: str
    path: str
    headers: dict[str, str]
    body: Any


@dataclass
class Reply:
    """One answer."""

    status: int = 200
    body: Any = None
    media_type: str = "application/json; charset=utf-8"
    headers: dict[str, str] = field(default_factory=dict)

    def written(self) -> bytes:
        """Return the body as bytes: objects as JSON, text as it is."""
        if isinstance(self.body, bytes):
            return self.body
        return (self.body if isinstance(self.body, str) else json.dumps(self.body)).encode()


@dataclass
class Registrar:
    """The registration side of a platform. ``before`` is called before a registration is answered."""

    url: str = ""
    asked: list[Asked] = field(default_factory=list)
    configuration: dict[str, Any] = field(default_factory=dict)
    answer: Reply | None = None
    before: Callable[[], object] | None = None
    pages: dict[str, Reply] = field(default_factory=dict)

    def set_out(self) -> None:
        """Answer as the recorded Moodle does where nothing goes wrong."""
        self.configuration = self.here(recorded("dynreg-2-openid-configuration")["response"]["body"])
        self.replay("dynreg-3-registration")

    def replay(self, name: str) -> None:
        """Answer the registration as Moodle did in a recording."""
        response = recorded(name)["response"]
        body = response["body"]
        if isinstance(body, dict) and "html_excerpt" in body:
            body = body["html_excerpt"]
        self.answer = Reply(response["status"], self.here(body), response["headers"]["Content-Type"])

    def here(self, value: Any) -> Any:
        """Return a recorded value with Moodle's address replaced by this server's."""
        return json.loads(json.dumps(value).replace(MOODLE, self.url))

    def address(self, **more: str) -> str:
        """Return the path of the registration address as the platform opens it."""
        sent = {"openid_configuration": f"{self.url}/mod/lti/openid-configuration.php", **more}
        return f"/lti/register?{urlencode({name: value for name, value in sent.items() if value})}"

    @property
    def posted(self) -> list[Asked]:
        """Return the registrations that the tool asked for."""
        return [one for one in self.asked if one.method == "POST"]

    def reply(self, asked: Asked) -> Reply:
        """Return the answer to a request."""
        self.asked.append(asked)
        if asked.path in self.pages:
            return self.pages[asked.path]
        if asked.method == "GET" and asked.path.endswith("openid-configuration.php"):
            return Reply(body=self.configuration)
        if asked.method == "POST" and asked.path.endswith("openid-registration.php"):
            if self.before is not None:
                self.before()
            return self.answer or Reply(500)
        return Reply(404)


def recorded(name: str) -> dict[str, Any]:
    """Return one recorded exchange."""
    found: dict[str, Any] = json.loads((RECORDINGS / f"{name}.json").read_text())
    return found


@contextmanager
def registrar() -> Iterator[Registrar]:
    """Serve a registration side on loopback."""
    platform = Registrar()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.do_POST()

        def do_POST(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            body = self.rfile.read(length)
            given = json.loads(body) if body else None
            reply = platform.reply(Asked(self.command, self.path, dict(self.headers), given))
            written = reply.written()
            self.send_response(reply.status)
            for name, value in {"Content-Type": reply.media_type, **reply.headers}.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(written)))
            self.end_headers()
            self.wfile.write(written)

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    platform.url = f"http://127.0.0.1:{server.server_port}"
    platform.set_out()
    try:
        yield platform
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
