"""Where the tool may go: the public internet and what an operator named, however an address is written or given."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address, ip_network
from typing import Any

import pytest
import requests
from hypothesis import given
from hypothesis import strategies as st

from institute.config import Settings, SettingsError
from lti.http import NetworkRefusedError, PlatformSession, may_be_reached

LOOPBACK = (ip_network("127.0.0.0/8"), ip_network("::1/128"))
Answers = dict[str, list[list[str]]]


@pytest.mark.parametrize(
    "text",
    [
        "127.0.0.1", "127.9.9.9", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1",
        "0.0.0.0",  # noqa: S104  (nobody listens there)
        "255.255.255.255", "224.0.0.1", "240.0.0.1", "192.0.0.1", "192.0.2.1", "198.18.0.1", "192.88.99.1",
        "192.0.0.192", "168.63.129.16",
        "::", "::1", "fe80::1", "fe80::1%eth0", "fc00::1", "fec0::1", "ff02::1", "2001:db8::1", "100::1", "3fff::1",
        "::127.0.0.1", "::ffff:10.0.0.1", "::ffff:127.0.0.1", "64:ff9b::10.0.0.1", "64:ff9b:1::1",
        "2002:a00:1::", "2002:7f00:1::1", "2001:0:4136:e378:8000:63bf:3fff:fdd2",
    ],
)  # fmt: skip
def test_addresses_off_the_public_internet_are_refused(text: str) -> None:
    assert not may_be_reached(ip_address(text))


@pytest.mark.parametrize(
    "text", ["8.8.8.8", "1.1.1.1", "2606:4700::1111", "::ffff:8.8.8.8", "64:ff9b::8.8.8.8", "2002:808:808::1"]
)
def test_addresses_of_the_public_internet_are_let_through(text: str) -> None:
    assert may_be_reached(ip_address(text))


@given(st.ip_addresses(v=4))
def test_address_is_judged_alike_however_it_is_wrapped(address: Any) -> None:
    bare = may_be_reached(address)
    assert may_be_reached(ip_address(f"::ffff:{address}")) == bare
    assert may_be_reached(ip_address(f"64:ff9b::{address}")) == bare
    wrapped = int.from_bytes(b"\x20\x02" + address.packed + bytes(10), "big")
    assert may_be_reached(ip_address(wrapped)) == bare


def test_named_networks_are_let_through_and_nothing_beside_them() -> None:
    named = (ip_network("10.20.0.0/16"), ip_network("fd12::/48"))
    assert may_be_reached(ip_address("10.20.3.4"), named)
    assert may_be_reached(ip_address("::ffff:10.20.3.4"), named)
    assert may_be_reached(ip_address("fd12::5"), named)
    assert not may_be_reached(ip_address("10.21.0.1"), named)
    assert not may_be_reached(ip_address("127.0.0.1"), named)


@pytest.mark.parametrize(
    "wrong", ["everything", "10.0.0.1/8", "10.0.0.0/33", "loopback,x", "::/129", "10.0.0"]
)
def test_wrong_networks_stop_the_start_with_a_sentence(wrong: str, tmp_path: Any) -> None:
    with pytest.raises(SettingsError, match="PLATFORM_NETWORKS"):
        Settings.from_environment({"DATA_DIR": str(tmp_path), "PLATFORM_NETWORKS": wrong})


def test_loopback_is_a_word_of_the_setting(tmp_path: Any) -> None:
    given_ = {"DATA_DIR": str(tmp_path), "PLATFORM_NETWORKS": " loopback , 10.20.0.0/16,"}
    assert Settings.from_environment(given_).platform_networks == (*LOOPBACK, ip_network("10.20.0.0/16"))
    assert Settings.from_environment({"DATA_DIR": str(tmp_path)}).platform_networks == ()


class Handler(BaseHTTPRequestHandler):
    """Answers, or leads to where the query says."""

    seen: list[str]
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self.seen.append(self.path)
        _, _, away = self.path.partition("?to=")
        self.send_response(302 if away else 200)
        if away:
            self.send_header("Location", away)
        self.send_header("Set-Cookie", "kept=1")
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"{}")

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def port() -> Iterator[int]:
    """The port of a server on 127.0.0.1."""
    Handler.seen = []
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    yield server.server_port
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def name_server(monkeypatch: pytest.MonkeyPatch) -> Answers:
    """What names resolve to: one list of addresses for each time it is asked; the last stays."""
    known: Answers = {}
    real: Callable[..., Any] = socket.getaddrinfo

    def look_up(host: str, *more: Any, **named: Any) -> Any:
        if host not in known:
            return real(host, *more, **named)
        answers = known[host].pop(0) if len(known[host]) > 1 else known[host][0]
        return [found for answer in answers for found in real(answer, *more, **named)]

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    return known


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "localhost", "2130706433", "0x7f000001", "0177.0.0.1", "127.1", "0", "[::1]",
             "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[0:0:0:0:0:0:0:1]"],
)  # fmt: skip
def test_no_spelling_of_this_machine_is_reached(host: str, port: int) -> None:
    with PlatformSession() as session, pytest.raises(NetworkRefusedError):
        session.get(f"http://{host}:{port}/")
    assert Handler.seen == []


def test_redirect_to_what_may_not_be_reached_is_refused(port: int) -> None:
    with PlatformSession(LOOPBACK) as session, pytest.raises(NetworkRefusedError):
        session.get(f"http://127.0.0.1:{port}/?to=http://10.255.255.1/")
    assert len(Handler.seen) == 1


def test_name_that_resolves_to_a_private_address_is_refused(name_server: Answers, port: int) -> None:
    name_server["lms.example"] = [["127.0.0.1"]]
    with PlatformSession() as session, pytest.raises(NetworkRefusedError):
        session.get(f"http://lms.example:{port}/")
    assert Handler.seen == []


def test_name_with_several_addresses_is_reached_at_an_allowed_one_only(
    name_server: Answers, port: int
) -> None:
    name_server["lms.example"] = [["10.255.255.1", "169.254.169.254", "127.0.0.1"]]
    with PlatformSession(LOOPBACK) as session:
        assert session.get(f"http://lms.example:{port}/").status_code == 200
    assert Handler.seen == ["/"]


def test_name_that_changes_after_it_was_looked_at_leads_nowhere_else(name_server: Answers, port: int) -> None:
    name_server["lms.example"] = [["127.0.0.1"], ["10.255.255.1"]]
    with PlatformSession(LOOPBACK) as session:
        assert session.get(f"http://lms.example:{port}/", headers={"Connection": "close"}).status_code == 200
        with pytest.raises(NetworkRefusedError):  # a new connection, looked at anew
            session.get(f"http://lms.example:{port}/")
    assert Handler.seen == ["/"]


def test_pool_that_threads_share_is_guarded_as_well_and_keeps_connections(port: int) -> None:
    with PlatformSession(LOOPBACK) as session:
        manager = session.get_adapter("http://").poolmanager  # type: ignore[attr-defined]
        for _ in range(3):
            assert manager.request("GET", f"http://127.0.0.1:{port}/").status == 200
        assert manager.connection_from_url(f"http://127.0.0.1:{port}/").num_connections == 1
        with pytest.raises(Exception, match="no network that platforms may be in"):
            manager.request("GET", "http://10.255.255.1/", retries=False)


def test_no_cookie_of_a_platform_is_kept(port: int) -> None:
    with PlatformSession(LOOPBACK) as session:
        session.get(f"http://127.0.0.1:{port}/")
        assert len(session.cookies) == 0


def test_unknown_name_and_closed_port_fail_as_connections_do(port: int) -> None:
    with PlatformSession(LOOPBACK) as session:
        for address in ("http://nobody.invalid/", "http://127.0.0.1:1/", f"http://{'a' * 70}.example/"):
            with pytest.raises((requests.RequestException, ValueError)) as caught:
                session.get(address)
            assert not isinstance(caught.value, NetworkRefusedError)
