"""A tool that takes notices: a server that keeps what it was sent and answers as it was told."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from werkzeug.serving import make_server
from werkzeug.wrappers import Request, Response


class NoticeTaker:
    """Answers every request with ``status`` and keeps the notices."""

    def __init__(self) -> None:
        self.tokens: list[list[str]] = []
        self.status = 200
        self.url = ""

    def wait(self, requests: int) -> list[list[str]]:
        """Return what came, once so many requests did."""
        deadline = time.monotonic() + 30
        while len(self.tokens) < requests:
            assert time.monotonic() < deadline, "The notice never came."
            time.sleep(0.02)
        return self.tokens

    def answer(self, request: Request) -> Response:
        """Take one request."""
        body: Any = request.get_json()
        self.tokens.append([notice["jwt"] for notice in body["notices"]])
        return Response(status=self.status)


@contextmanager
def take_notices() -> Iterator[NoticeTaker]:
    """Serve until the block ends."""
    taker = NoticeTaker()
    server = make_server("127.0.0.1", 0, Request.application(taker.answer), threaded=True)
    taker.url = f"http://127.0.0.1:{server.port}"
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    yield taker
    server.shutdown()
    server.server_close()
    thread.join()
