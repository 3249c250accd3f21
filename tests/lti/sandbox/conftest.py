"""A running sandbox, and a small tool that speaks to it over HTTP."""

from __future__ import annotations

import shutil
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
import requests
from joserfc import jwt
from joserfc.jwk import ECKey, KeySet, RSAKey

from lti.sandbox.app import create_sandbox
from lti.sandbox.server import RunningSandbox, serve
from lti.sandbox.settings import SandboxSettings
from lti.sandbox.vocabulary import ASSERTION_TYPE, LINE_ITEM, LINE_ITEMS, SCOPES, SCORE

TOOL = "http://127.0.0.1:9"
COURSE = "leadership-2026"
TIMEOUT = 30


class FormReader(HTMLParser):
    """The one form of a page: where it goes and its hidden fields."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.action = ""
        self.fields: dict[str, str] = {}
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep a form's address and its fields."""
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.action = given["action"]
        elif tag == "input":
            self.fields[given["name"]] = given["value"]


@dataclass
class Tool:
    """A tool as the sandbox sees it: a key, assertions, requests with a bearer's token."""

    running: RunningSandbox
    key: RSAKey | ECKey
    algorithm: str = "RS256"
    bearing: dict[str, str] = field(default_factory=dict)
    """The header of requests that name no other: a token for every scope, asked for once."""

    def address(self, path: str) -> str:
        """Return an address of the sandbox."""
        return f"{self.running.url}{path}"

    def sign(self, *, header: dict[str, Any] | None = None, key: Any = None, **changed: Any) -> str:
        """Return a client assertion; a claim given as None is left out."""
        given = {name: value for name, value in {**self.claim(), **changed}.items() if value is not None}
        head = {"alg": self.algorithm, "kid": "tool-key", **(header or {})}
        return jwt.encode(head, given, key or self.key, algorithms=[head["alg"]])

    def claim(self) -> dict[str, Any]:
        """Return the claims of a right assertion."""
        at = int(time.time())
        return {
            "iss": "sandbox-client",
            "sub": "sandbox-client",
            "aud": self.address("/token"),
            "iat": at,
            "exp": at + 60,
            "jti": uuid.uuid4().hex,
        }

    def ask_token(
        self, assertion: str = "", *, scope: str = " ".join(SCOPES), **form: str
    ) -> requests.Response:
        """Send a token request."""
        body = {
            "grant_type": "client_credentials",
            "client_assertion_type": ASSERTION_TYPE,
            "client_assertion": assertion or self.sign(),
            "scope": scope,
            **form,
        }
        return requests.post(self.address("/token"), data=body, timeout=TIMEOUT)

    def bear(self, *scopes: str) -> dict[str, str]:
        """Return the header of a request with a token for these scopes, all by default."""
        granted = self.ask_token(scope=" ".join(scopes or SCOPES)).json()
        return {"Authorization": f"Bearer {granted['access_token']}"}

    def call(
        self, method: str, path: str, body: Any = None, *, kind: str = "", **more: Any
    ) -> requests.Response:
        """Call a service; ``path`` may be a whole address, ``kind`` is the body's media type."""
        if "headers" not in more and not self.bearing:
            self.bearing = self.bear()
        bearing = more.pop("headers", self.bearing)
        headers = {**bearing, **({"Content-Type": kind} if kind else {})}
        address = path if path.startswith("http") else self.address(path)
        data = {"data": body} if isinstance(body, str | bytes) else {"json": body}
        return requests.request(method, address, headers=headers, timeout=TIMEOUT, **data, **more)

    def add_line_item(self, **changed: Any) -> str:
        """Create a line item and return its address."""
        body = {"label": "Progress", "scoreMaximum": 100, **changed}
        made = self.call("POST", f"/courses/{COURSE}/lineitems", body, kind=LINE_ITEM)
        assert made.status_code == 201, made.text
        return str(made.json()["id"])

    def send_score(self, line_item: str, *, kind: str = SCORE, **changed: Any) -> requests.Response:
        """Send a score; a field given as None is left out."""
        body = {
            "userId": "participant-1",
            "scoreGiven": 5,
            "scoreMaximum": 10,
            "activityProgress": "InProgress",
            "gradingProgress": "FullyGraded",
            "timestamp": "2026-11-22T10:00:00+00:00",
            **changed,
        }
        given = {name: value for name, value in body.items() if value is not None}
        path, mark, query = line_item.partition("?")
        return self.call("POST", f"{path}/scores{mark}{query}", given, kind=kind)

    def list_columns(self, course: str = COURSE, query: str = "") -> requests.Response:
        """Ask for the line items of a course, by their media type."""
        self.bearing = self.bearing or self.bear()
        headers = {**self.bearing, "Accept": LINE_ITEMS}
        return self.call("GET", f"/courses/{course}/lineitems{query}", headers=headers)

    def read_results(self, line_item: str) -> list[dict[str, Any]]:
        """Return a line item's results."""
        path, mark, query = line_item.partition("?")
        results: list[dict[str, Any]] = self.call("GET", f"{path}/results{mark}{query}").json()
        return results

    def control(self, what: str, **body: Any) -> Any:
        """Use one of the platform's controls and return its answer."""
        answer = requests.post(self.address(f"/controls/{what}"), json=body, timeout=TIMEOUT)
        assert answer.ok, answer.text
        return answer.json()

    def read_log(self, service: str) -> list[dict[str, Any]]:
        """Return the calls of a service."""
        answer = requests.get(self.address("/controls/log"), params={"service": service}, timeout=TIMEOUT)
        calls: list[dict[str, Any]] = answer.json()["calls"]
        return calls

    def ask_login(self, method: str = "POST", **changed: Any) -> requests.Response:
        """Open the programme's home as the first participant and send the tool's authentication request."""
        opened = self.control("opening", sub="participant-1", link="link-home")["fields"]
        asked = {
            "scope": "openid",
            "response_type": "id_token",
            "response_mode": "form_post",
            "prompt": "none",
            "client_id": opened["client_id"],
            "redirect_uri": f"{TOOL}/lti/launch",
            "login_hint": opened["login_hint"],
            "lti_message_hint": opened["lti_message_hint"],
            "state": "a state",
            "nonce": uuid.uuid4().hex,
            **changed,
        }
        given = {name: value for name, value in asked.items() if value is not None}
        fields = {"params": given} if method == "GET" else {"data": given}
        return requests.request(method, self.address("/auth"), timeout=TIMEOUT, **fields)  # type: ignore[arg-type]

    def log_in(self, page: str, **changed: Any) -> requests.Response:
        """Answer the login request of a page with an authentication request."""
        opened = FormReader(page).fields
        asked = {
            "scope": "openid",
            "response_type": "id_token",
            "response_mode": "form_post",
            "prompt": "none",
            "client_id": opened["client_id"],
            "redirect_uri": f"{TOOL}/lti/launch",
            "login_hint": opened["login_hint"],
            "lti_message_hint": opened["lti_message_hint"],
            "state": "a state",
            "nonce": uuid.uuid4().hex,
            **changed,
        }
        return requests.post(self.address("/auth"), data=asked, timeout=TIMEOUT)

    def launch(self, path: str, **changed: Any) -> dict[str, Any]:
        """Open an address of the sandbox that starts a login, and return the claims of the id_token."""
        opened = requests.get(self.address(path), timeout=TIMEOUT)
        assert opened.status_code == 200, opened.text
        return self.read_token(FormReader(self.log_in(opened.text, **changed).text).fields["id_token"])

    def read_token(self, id_token: str) -> dict[str, Any]:
        """Return an id_token's claims, verified with the platform's published keys."""
        keys = KeySet.import_key_set(requests.get(self.address("/jwks"), timeout=TIMEOUT).json())
        return dict(jwt.decode(id_token, keys, algorithms=["RS256"]).claims)


@pytest.fixture(scope="session")
def tool_key() -> RSAKey:
    """The key that the tool signs its assertions with."""
    return RSAKey.generate_key(2048, parameters={"kid": "tool-key"})


@pytest.fixture(scope="session")
def first_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file of a new sandbox, made once because its key takes time."""
    folder = tmp_path_factory.mktemp("sandbox")
    create_sandbox(SandboxSettings(folder))
    return folder / "sandbox.sqlite3"


@pytest.fixture
def start(tmp_path: Path, first_file: Path, tool_key: RSAKey) -> Iterator[Callable[..., Tool]]:
    """Start a sandbox on a free port."""
    with ExitStack() as stack:

        def begin(*, key: RSAKey | ECKey = tool_key, algorithm: str = "RS256", **given: Any) -> Tool:
            folder = tmp_path / uuid.uuid4().hex
            folder.mkdir()
            shutil.copy(first_file, folder)
            given.setdefault(
                "tool_keys", lambda: {"keys": [{**key.as_dict(private=False), "kid": "tool-key"}]}
            )
            given.setdefault("tool_url", TOOL)
            running = stack.enter_context(serve(SandboxSettings(folder, controls=True, **given)))
            return Tool(running, key, algorithm)

        yield begin


@pytest.fixture
def tool(start: Callable[..., Tool]) -> Tool:
    """A tool beside a strict sandbox."""
    return start()
