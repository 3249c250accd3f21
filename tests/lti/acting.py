"""A platform that a test holds in its hands: its keys, its tokens, and an HTTP server that publishes them."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import lru_cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from flask.testing import FlaskClient
from joserfc import jws
from joserfc.jwk import ECKey, OctKey, RSAKey
from werkzeug.test import Cookie, TestResponse

from courses.cohorts.models import CohortId
from institute.clock import now

CLAIM = "https://purl.imsglobal.org/spec/lti/claim/"
AGS = "https://purl.imsglobal.org/spec/lti-ags/claim/endpoint"
NRPS = "https://purl.imsglobal.org/spec/lti-nrps/claim/namesroleservice"
CONTEXT_ROLE = "http://purl.imsglobal.org/vocab/lis/v2/membership#"
ISSUER = "https://lms.example.test"
CLIENT = "client-1"
DEPLOYMENT = "deployment-1"
TARGET_LINK_URI = "http://127.0.0.1:8000/lti/launch"

Key = RSAKey | ECKey | OctKey
Answer = Callable[[], tuple[int, str, bytes]]


@lru_cache(maxsize=8)
def rsa_key(kid: str) -> RSAKey:
    """Return the test's RSA key of that name; made once for all tests, because making one is slow."""
    return RSAKey.generate_key(2048, {"kid": kid})


@lru_cache(maxsize=8)
def ec_key(kid: str, curve: str = "P-256") -> ECKey:
    """Return the test's EC key of that name."""
    return ECKey.generate_key(curve, {"kid": kid})


@dataclass
class Platform:
    """A platform: what it publishes, and how it signs."""

    jwks_url: str = ""
    issuer: str = ISSUER
    client_id: str = CLIENT
    deployment_id: str = DEPLOYMENT
    auth_url: str = f"{ISSUER}/auth"
    keys: list[Key] = field(default_factory=lambda: [rsa_key("key-1")])
    answer: Answer | None = None
    fetches: int = 0

    def published(self) -> tuple[int, str, bytes]:
        """Return status, media type and body of its key set."""
        self.fetches += 1
        if self.answer is not None:
            return self.answer()
        keys = [key.as_dict(private=False) for key in self.keys]
        return 200, "application/json", json.dumps({"keys": keys}).encode()

    def claims(self, nonce: str, /, *, role: str = "Learner", **changed: Any) -> dict[str, Any]:
        """Return the claims of a right launch, changed as given; ``...`` takes a claim away.

        Names of LTI claims may be given without their prefix.
        """
        at = int(now().timestamp())
        claims: dict[str, Any] = {
            "iss": self.issuer,
            "aud": self.client_id,
            "sub": "person-1",
            "iat": at,
            "exp": at + 300,
            "nonce": nonce,
            "name": "Lucía Ortega",
            "email": "lucia@example.test",
            CLAIM + "version": "1.3.0",
            CLAIM + "message_type": "LtiResourceLinkRequest",
            CLAIM + "deployment_id": self.deployment_id,
            CLAIM + "target_link_uri": TARGET_LINK_URI,
            CLAIM + "resource_link": {"id": "link-1", "title": "Module 1"},
            CLAIM + "context": {"id": "course-1", "title": "Coaching 2026", "label": "C26"},
            CLAIM + "roles": [CONTEXT_ROLE + role],
        }
        plain = {
            "iss",
            "aud",
            "azp",
            "sub",
            "iat",
            "exp",
            "nbf",
            "nonce",
            "name",
            "given_name",
            "family_name",
        }
        for name, value in changed.items():
            full = name if name in plain | {"email", "locale"} or "/" in name else CLAIM + name
            claims.pop(full, None)
            if value is not ...:
                claims[full] = value
        return claims

    def sign(self, claims: Any, *, key: Key | None = None, **header: Any) -> str:
        """Return a token; header fields may be changed, and ``...`` takes one away."""
        signing = key or self.keys[0]
        fields = {"alg": "ES256" if isinstance(signing, ECKey) else "RS256", "kid": signing.kid, "typ": "JWT"}
        fields = {name: value for name, value in {**fields, **header}.items() if value is not ...}
        payload = claims if isinstance(claims, bytes) else json.dumps(claims).encode()
        return jws.serialize_compact(
            fields, payload, signing, algorithms=["RS256", "ES256", "HS256", "RS384"]
        )

    def login(self, client: FlaskClient, **changed: Any) -> TestResponse:
        """Ask for a login, as the platform's page does in the browser; ``...`` leaves a parameter out."""
        sent = {
            "iss": self.issuer,
            "client_id": self.client_id,
            "login_hint": "hint-1",
            "target_link_uri": TARGET_LINK_URI,
            "lti_message_hint": "message-1",
            "lti_deployment_id": self.deployment_id,
            **changed,
        }
        return client.post(
            "/lti/login", data={name: value for name, value in sent.items() if value is not ...}
        )

    def begin(self, client: FlaskClient, **changed: Any) -> tuple[str, str]:
        """Do a login and return its state and nonce, as the platform's login page reads them."""
        answer = self.login(client, **changed)
        assert answer.status_code == 302, answer.text
        asked = parse_qs(urlsplit(answer.location).query)
        return asked["state"][0], asked["nonce"][0]

    def launch(
        self,
        client: FlaskClient,
        *,
        key: Key | None = None,
        header: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
        **changed: Any,
    ) -> TestResponse:
        """Do a login and a launch whose claims are changed as given."""
        hint = changed.get("deployment_id", self.deployment_id)
        state, nonce = self.begin(
            client, lti_deployment_id=hint if isinstance(hint, str) and 0 < len(hint) < 256 else ...
        )
        token = self.sign(self.claims(nonce, **changed), key=key, **(header or {}))
        return client.post("/lti/launch", data={"state": state, "id_token": token}, headers=headers)


@dataclass(frozen=True)
class Course:
    """A course of a registered platform that is bound to a cohort, and a browser in front of it."""

    platform: Platform
    browser: FlaskClient
    cohort_id: CohortId

    def launch(self, **changed: Any) -> TestResponse:
        """Do a login and a launch; see Platform.launch."""
        return self.platform.launch(self.browser, **changed)

    def enter(self, **changed: Any) -> TestResponse:
        """Do a login and a launch that is let in, and return the first page."""
        answer = self.launch(**changed)
        assert answer.status_code == 303, answer.text
        return follow(self.browser, answer)


def cookies_of(client: FlaskClient) -> list[Cookie]:
    """Return the cookies that a browser holds."""
    return list((client._cookies or {}).values())


@contextmanager
def serving(platform: Platform) -> Iterator[Platform]:
    """Publish a platform's keys over HTTP on loopback, and close the server afterwards."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            status, media_type, body = platform.published()
            self.send_response(status)
            self.send_header("Content-Type", media_type)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    platform.jwks_url = f"http://127.0.0.1:{server.server_port}/jwks"
    try:
        yield platform
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def follow(client: FlaskClient, answer: TestResponse) -> TestResponse:
    """Go where an answer leads, as a browser does, up to five times."""
    for _ in range(5):
        if answer.status_code not in {302, 303}:
            break
        answer = client.get(answer.location)
    return answer
