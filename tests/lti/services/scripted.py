"""A platform of a few lines that says exactly what a test or a recording tells it to say."""

from __future__ import annotations

import json
import threading
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

RECORDINGS = Path(__file__).parents[2] / "recordings" / "moodle-4.5"


@dataclass(frozen=True)
class Say:
    """One answer. A ``body`` that is no bytes is written as JSON; headers are written as Latin-1, as HTTP does."""

    status: int = 200
    body: Any = b""
    headers: dict[str, str] = field(default_factory=dict)
    reason: str | None = None
    meanwhile: Callable[[], None] | None = None
    """What happens before the answer goes out."""

    @classmethod
    def recorded(cls, name: str, **replaced: str) -> Say:
        """Say what a Moodle said. ``replaced`` exchanges texts, such as its address."""
        text = (RECORDINGS / f"{name}.json").read_text()
        for old, new in replaced.items():
            text = text.replace(old, new)
        answer = json.loads(text)["response"]
        headers = {
            key: value
            for key, value in answer["headers"].items()
            if key in {"Content-Type", "Link", "Retry-After"}
        }
        return cls(answer["status"], answer["body"] or b"", headers, answer.get("reason"))


@dataclass(frozen=True)
class Asked:
    """One request as it arrived."""

    method: str
    path: str
    query: dict[str, list[str]]
    headers: dict[str, str]
    body: bytes

    @property
    def form(self) -> dict[str, str]:
        """The fields of a form."""
        return {name: values[0] for name, values in parse_qs(self.body.decode()).items()}

    @property
    def json(self) -> Any:
        """The body as JSON."""
        return json.loads(self.body)


class ScriptedPlatform:
    """Answers each (method, path) with the next of what it was told; the last one stays."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.asked: list[Asked] = []
        self.tokens = 0
        self._answers: dict[tuple[str, str], list[Say]] = defaultdict(list)
        self._lock = threading.Lock()

    def tell(self, method: str, path: str, *answers: Say) -> None:
        """Set what is answered there from now on."""
        with self._lock:
            self._answers[method, path] = list(answers)

    def asked_for(self, path: str) -> list[Asked]:
        """Return the requests for a path."""
        return [asked for asked in self.asked if asked.path == path]

    def answer(self, asked: Asked) -> Say:
        """Find the answer; without a script the token endpoint gives a new token each time."""
        with self._lock:
            self.asked.append(asked)
            told = self._answers[asked.method, asked.path]
            if told:
                return told.pop(0) if len(told) > 1 else told[0]
            if asked.path == "/token":
                self.tokens += 1
                return Say(
                    200, {"access_token": f"token-{self.tokens}", "token_type": "Bearer", "expires_in": 3600}
                )
            return Say(404, {"error": "nothing was told"})

    @classmethod
    @contextmanager
    def serving(cls) -> Iterator[ScriptedPlatform]:
        """Serve on loopback until the block ends."""
        server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
        platform = cls(f"http://127.0.0.1:{server.server_port}")
        server.platform = platform  # type: ignore[attr-defined]
        thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        try:
            yield platform
        finally:
            server.shutdown()
            server.server_close()
            thread.join()


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self._respond()

    def do_POST(self) -> None:
        self._respond()

    def do_PUT(self) -> None:
        self._respond()

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  (the library's own name)
        """Write nothing."""

    def _respond(self) -> None:
        parts = urlsplit(self.path)
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        asked = Asked(self.command, parts.path, parse_qs(parts.query), dict(self.headers), body)
        said = self.server.platform.answer(asked)  # type: ignore[attr-defined]
        if said.meanwhile is not None:
            said.meanwhile()
        content = said.body if isinstance(said.body, bytes) else json.dumps(said.body).encode()
        self.send_response(said.status, said.reason)
        for name, value in {"Content-Type": "application/json", **said.headers}.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)
