"""The token endpoint: only a fresh assertion, signed by the tool, for this endpoint, once."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from joserfc.jwk import ECKey, RSAKey

from lti.sandbox.keys import PlatformKey, sign_compact
from lti.sandbox.vocabulary import SCOPE_LINE_ITEM_READ, SCOPE_SCORE
from tests.lti.sandbox.conftest import COURSE, Tool

HOUR = 3600


def test_a_right_assertion_gets_a_token_for_an_hour(tool: Tool) -> None:
    answer = tool.ask_token(scope=f"{SCOPE_SCORE} {SCOPE_LINE_ITEM_READ}")
    assert answer.status_code == 200
    granted = answer.json()
    assert (granted["token_type"], granted["expires_in"]) == ("Bearer", HOUR)
    assert set(granted["scope"].split()) == {SCOPE_SCORE, SCOPE_LINE_ITEM_READ}
    assert answer.headers["Cache-Control"] == "no-store"


def test_only_scopes_of_this_platform_are_granted(tool: Tool) -> None:
    assert tool.ask_token(scope=f"{SCOPE_SCORE} https://example.test/nope").json()["scope"] == SCOPE_SCORE
    answer = tool.ask_token(scope="https://example.test/nope")
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_scope")


def test_an_assertion_is_good_for_one_token(tool: Tool) -> None:
    assertion = tool.sign()
    assert tool.ask_token(assertion).status_code == 200
    answer = tool.ask_token(assertion)
    assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client")
    assert tool.ask_token(tool.sign(jti="again")).status_code == 200
    assert tool.ask_token(tool.sign(jti="again")).status_code == 401


@pytest.mark.parametrize(
    ("form", "error"),
    [
        ({"grant_type": "password"}, "unsupported_grant_type"),
        ({"client_assertion_type": "jwt"}, "invalid_request"),
    ],
)
def test_another_kind_of_grant_is_refused(tool: Tool, form: dict[str, str], error: str) -> None:
    answer = tool.ask_token(**form)
    assert (answer.status_code, answer.json()["error"]) == (400, error)


@pytest.mark.parametrize(
    "changed",
    [
        {"aud": "{issuer}"},
        {"aud": "{issuer}/token/"},
        {"aud": ["{issuer}/token"]},
        {"aud": None},
        {"iss": "somebody-else"},
        {"sub": "somebody-else"},
        {"sub": None},
        {"jti": None},
        {"jti": ""},
        {"jti": 7},
        {"exp": None},
        {"exp": "tomorrow"},
        {"iat": None},
        {"iat": True},
        {"header": {"kid": "another"}},
        {"header": {"kid": ""}},
    ],
)
def test_a_wrong_assertion_is_refused(tool: Tool, changed: dict[str, Any]) -> None:
    issuer = tool.running.url
    aud = changed.get("aud")
    if isinstance(aud, str):
        changed = {"aud": aud.format(issuer=issuer)}
    elif aud:
        changed = {"aud": [entry.format(issuer=issuer) for entry in aud]}
    answer = tool.ask_token(tool.sign(**changed))
    assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client")


@pytest.mark.parametrize(
    ("issued", "expires"), [(-120, -1), (60, 120), (0, HOUR + 1), (-HOUR, 60), (HOUR, 2 * HOUR)]
)
def test_an_assertion_outside_its_hour_is_refused(tool: Tool, issued: int, expires: int) -> None:
    at = int(time.time())
    answer = tool.ask_token(tool.sign(iat=at + issued, exp=at + expires))
    assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client")


def test_another_key_under_the_right_name_is_refused(tool: Tool) -> None:
    forged = tool.sign(key=RSAKey.generate_key(2048))
    assert tool.ask_token(forged).status_code == 401


def test_a_shared_secret_is_no_signature(tool: Tool, tool_key: RSAKey) -> None:
    private = tool_key.private_key
    assert private is not None
    for algorithm in ("HS256", "none"):
        header = {"alg": algorithm, "kid": "tool-key"}
        forged = sign_compact(header, tool.claim(), PlatformKey("tool-key", private))
        assert tool.ask_token(forged).status_code == 401


@pytest.mark.parametrize("assertion", ["x", "a.b.c", "....", "e30.e30.", "é.é.é", "W10.W10.W10"])
def test_what_is_no_token_is_refused_in_peace(tool: Tool, assertion: str) -> None:
    assert tool.ask_token(assertion).status_code == 401


def test_an_elliptic_key_signs_as_well(start: Callable[..., Tool]) -> None:
    tool = start(key=ECKey.generate_key("P-256"), algorithm="ES256")
    assert tool.ask_token().status_code == 200
    assert (
        tool.ask_token(tool.sign(header={"alg": "RS256"}, key=RSAKey.generate_key(2048))).status_code == 401
    )


@pytest.mark.parametrize(
    "header",
    [{}, {"Authorization": "Bearer made-up"}, {"Authorization": "Basic eDp5"}, {"Authorization": "Bearer "}],
)
def test_services_open_to_bearers_only(tool: Tool, header: dict[str, str]) -> None:
    answer = tool.call("GET", f"/courses/{COURSE}/lineitems", headers=header)
    assert (answer.status_code, answer.headers["WWW-Authenticate"]) == (401, "Bearer")


def test_a_token_expires_after_an_hour(tool: Tool) -> None:
    header = tool.bear()
    tool.control("clock", seconds=HOUR - 5)
    assert tool.call("GET", f"/courses/{COURSE}/lineitems", headers=header).status_code == 200
    tool.control("clock", seconds=HOUR + 1)
    assert tool.call("GET", f"/courses/{COURSE}/lineitems", headers=header).status_code == 401


class KeyServer(ThreadingHTTPServer):
    """A tool of which only the key set is there."""

    key_set: Mapping[str, Any]
    asked = 0


class KeyHandler(BaseHTTPRequestHandler):
    """Answers each request with the key set."""

    server: KeyServer

    def do_GET(self) -> None:
        """Answer with the key set."""
        self.server.asked += 1
        self.send_response(200 if self.path == "/lti/jwks" else 404)
        self.end_headers()
        self.wfile.write(json.dumps(self.server.key_set).encode())

    def log_message(self, *_said: object) -> None:
        """Say nothing."""


@pytest.fixture
def key_server(tool_key: RSAKey) -> Iterator[KeyServer]:
    """A tool that publishes its key over HTTP."""
    with KeyServer(("127.0.0.1", 0), KeyHandler) as server:
        server.key_set = {"keys": [tool_key.as_dict(private=False)]}
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def test_the_tools_keys_are_fetched_once_and_again_for_an_unknown_name(
    start: Callable[..., Tool], key_server: KeyServer
) -> None:
    tool = start(tool_keys=None, tool_url=f"http://127.0.0.1:{key_server.server_port}")
    assert [tool.ask_token().status_code for _ in range(3)] == [200, 200, 200]
    assert key_server.asked == 1
    fresh = RSAKey.generate_key(2048, parameters={"kid": "second"})
    key_server.key_set = {"keys": [fresh.as_dict(private=False)]}
    assert tool.ask_token(tool.sign(key=fresh, header={"kid": "second"})).status_code == 200
    assert key_server.asked == 2


@pytest.mark.parametrize(
    "key_set",
    [{}, {"keys": [{"kty": "oct", "k": "c2VjcmV0", "kid": "tool-key"}]}, {"keys": [{"kty": "RSA"}]}, []],
)
def test_an_unreadable_key_set_is_a_refusal(
    start: Callable[..., Tool], key_server: KeyServer, key_set: Any
) -> None:
    tool = start(tool_keys=None, tool_url=f"http://127.0.0.1:{key_server.server_port}")
    key_server.key_set = key_set
    answer = tool.ask_token()
    assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client")


def test_a_tool_that_is_not_there_is_a_refusal(start: Callable[..., Tool]) -> None:
    answer = start(tool_keys=None).ask_token()
    assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client")
