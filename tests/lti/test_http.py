"""The way out to platforms: it cannot hang, be led astray or be flooded."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_network
from pathlib import Path

import pytest
import requests

from lti import http
from lti.http import AnswerTooLargeError, PlatformSession, RedirectRefusedError

Serve = Callable[[str], str]
LOOPBACK = (ip_network("127.0.0.0/8"),)
BIG = b"x" * (http.MAX_ANSWER_BYTES + 1)


class Handler(BaseHTTPRequestHandler):
    """Answers as the path says."""

    seen: list[dict[str, str]]

    def do_GET(self) -> None:
        self.seen.append(dict(self.headers))
        if self.path == "/elsewhere":
            self.send_response(302)
            self.send_header("Location", "https://127.0.0.1:1/")
            self.end_headers()
            return
        if self.path == "/near":
            self.send_response(302)
            self.send_header("Location", "/plain")
            self.end_headers()
            return
        body = BIG if self.path == "/big" else b'{"ok": true}'
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def address() -> Iterator[str]:
    """The address of a server that answers as the path says."""
    Handler.seen = []
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def session() -> Iterator[PlatformSession]:
    """A session with platforms."""
    with PlatformSession(LOOPBACK) as made:
        yield made


def test_request_says_who_asks(address: str, session: PlatformSession) -> None:
    assert session.get(f"{address}/plain").json() == {"ok": True}
    assert Handler.seen[0]["User-Agent"] == http.USER_AGENT


def test_redirect_within_the_scheme_is_followed_and_to_another_refused(
    address: str, session: PlatformSession
) -> None:
    assert session.get(f"{address}/near").json() == {"ok": True}
    with pytest.raises(RedirectRefusedError):
        session.get(f"{address}/elsewhere")


def test_answer_that_is_too_long_is_not_read(address: str, session: PlatformSession) -> None:
    with pytest.raises(AnswerTooLargeError):
        session.get(f"{address}/big")


def test_server_that_never_answers_is_given_up(
    session: PlatformSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(http, "READ_TIMEOUT_S", 0.2)
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)  # listens and never accepts
    with pytest.raises(requests.Timeout):
        session.get(f"http://127.0.0.1:{server.server_port}/")
    server.server_close()


def test_bearer_token_is_not_replaced_by_a_netrc_file(
    address: str, session: PlatformSession, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "netrc"
    file.write_text("machine 127.0.0.1 login somebody password secret\n")
    file.chmod(0o600)
    monkeypatch.setenv("NETRC", str(file))
    session.get(f"{address}/plain", headers={"Authorization": "Bearer right"})
    assert Handler.seen[0]["Authorization"] == "Bearer right"


@pytest.mark.parametrize(
    ("start", "drop"),
    [
        (b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n", b"x"),
        (b"HTTP/1.1 200 OK\r\nX-Slow: ", b"x"),
        (b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
    ],
    ids=["body", "headers", "continue"],
)
@pytest.mark.parametrize("own_time", [None, (1.0, 0.5)])
def test_answer_that_comes_in_drops_is_given_up(
    session: PlatformSession,
    monkeypatch: pytest.MonkeyPatch,
    start: bytes,
    drop: bytes,
    own_time: tuple[float, float] | None,
) -> None:
    """Each drop comes before the time for a piece is over: the whole has a time, too."""
    monkeypatch.setattr(http, "WHOLE_ANSWER_S", 0.5)
    with socket.create_server(("127.0.0.1", 0)) as server, dropping(server, start, drop):
        began = time.monotonic()
        with pytest.raises(requests.RequestException):
            session.get(f"http://127.0.0.1:{server.getsockname()[1]}/", timeout=own_time)
        assert time.monotonic() - began < 8


@contextmanager
def dropping(server: socket.socket, start: bytes, drop: bytes) -> Iterator[None]:
    """Answer the next request with ``start`` and then a drop every 50 ms, for ten seconds or until it hangs up."""

    def answer() -> None:
        connection, _ = server.accept()
        with connection, suppress(OSError):
            connection.recv(65536)
            connection.sendall(start)
            for _ in range(200):
                connection.sendall(drop)
                time.sleep(0.05)

    thread = threading.Thread(target=answer, daemon=True)
    thread.start()
    yield
    thread.join()


def test_connection_is_kept_open_after_an_answer_within_its_time(
    address: str, session: PlatformSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(http, "WHOLE_ANSWER_S", 1.5)
    for _ in range(2):
        assert session.get(f"{address}/plain").json() == {"ok": True}
        time.sleep(1.6)
