"""The steps of a check: each asks the platform one thing and says what came of it. Nothing of an answer is kept.

A finding is a stable code with the few numbers that its sentence shows; ``lti.setup.findings`` has the sentences.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any, Final

import requests

from lti.http import AnswerTooLargeError, NetworkRefusedError, RedirectRefusedError, platform_session
from lti.launches.jwks import MAX_KEYS, usable_key
from lti.platforms.models import Family
from lti.platforms.tool import NRPS_SCOPE, SCOPES
from lti.services.accounts import Account
from lti.services.answers import is_busy, json_of
from lti.services.assertions import ASSERTION_TYPE, client_assertion
from lti.services.errors import UnreadableError
from lti.services.scopes import LINE_ITEM, LINE_ITEM_READONLY, LINE_ITEMS_TYPE
from lti.setup.models import CheckState

ROSTER_SCOPE: Final = NRPS_SCOPE + "contextmembership.readonly"
ROSTER_TYPE: Final = "application/vnd.ims.lti-nrps.v2.membershipcontainer+json"
LONGEST_TOKEN: Final = 16_000
# What RFC 6749 §5.2 lets a token endpoint say; anything else that stands there is not repeated.
OAUTH_ERRORS: Final = frozenset({"invalid_client", "invalid_scope", "unauthorized_client", "invalid_grant"})

_NO_ANSWER: Final[tuple[tuple[type[Exception], str], ...]] = (
    (NetworkRefusedError, "network-refused"),
    (requests.exceptions.SSLError, "tls-failed"),
    (requests.Timeout, "timed-out"),
    (AnswerTooLargeError, "too-large"),
    (RedirectRefusedError, "redirected"),
    (requests.TooManyRedirects, "redirected"),
)


@dataclass(frozen=True, slots=True)
class Finding:
    """What came of one step. ``about`` holds counts and status codes for the sentence."""

    state: CheckState
    code: str
    about: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Target:
    """What is checked: a registration, and a course of it whose services are known. ``None``: none is known yet."""

    account: Account
    family: Family
    auth_url: str
    jwks_url: str
    roster_url: str | None
    lineitems_url: str | None


@dataclass
class Probe:
    """One check of one platform. Tokens are held while it runs and nowhere else."""

    target: Target
    tokens: dict[str, str] = field(default_factory=dict, repr=False)

    def steps(self) -> dict[str, Callable[[], Finding]]:
        """Return the steps in order, by the names under which their results are kept."""
        return {
            "keys": self.keys,
            "login": self.login,
            **{token_step(scope): _asking(self, scope) for scope in SCOPES},
            "roster": self.roster,
            "lineitems": self.lineitems,
        }

    def keys(self) -> Finding:
        """Fetch the platform's keys and see whether a launch could be checked with one of them."""
        answer = _ask("GET", self.target.jwks_url, headers={"Accept": "application/json"})
        if isinstance(answer, Finding):
            return answer
        if answer.status_code != HTTPStatus.OK:
            return _failed("keys-status", status=answer.status_code)
        try:
            body = json_of(answer)
        except UnreadableError:
            return _failed("keys-unreadable")
        listed = body.get("keys") if isinstance(body, dict) else None
        if not isinstance(listed, list):
            return _failed("keys-unreadable")
        usable = sum(usable_key(one) is not None for one in listed[:MAX_KEYS])
        if not usable:
            return _failed("keys-unusable", count=len(listed))
        return _passed("keys-usable", count=usable)

    def login(self) -> Finding:
        """See whether something answers at the login address; without a person it can only refuse."""
        answer = _ask("GET", self.target.auth_url, allow_redirects=False)
        if isinstance(answer, Finding):
            return answer
        status = answer.status_code
        # Moodle says 404 to everything that is not a whole request of a login.
        if status == HTTPStatus.NOT_FOUND and self.target.family is not Family.MOODLE:
            return _failed("login-missing", status=status)
        if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            return _failed("login-broken", status=status)
        return _passed("login-answers")

    def token(self, scope: str) -> Finding:
        """Ask for a fresh token for one scope alone."""
        form = {
            "grant_type": "client_credentials",
            "client_assertion_type": ASSERTION_TYPE,
            "client_assertion": client_assertion(self.target.account),
            "scope": scope,
        }
        answer = _ask(
            "POST",
            self.target.account.token_url,
            data=form,
            headers={"Accept": "application/json"},
            allow_redirects=False,
        )
        if isinstance(answer, Finding):
            return answer
        try:
            body = json_of(answer)
        except UnreadableError:
            body = None
        if is_busy(answer):
            return _failed("token-busy", status=answer.status_code)
        if answer.status_code != HTTPStatus.OK:
            return _refused_token(body, answer.status_code)
        text = body.get("access_token") if isinstance(body, dict) else None
        if not isinstance(body, dict) or not isinstance(text, str) or not _is_header_safe(text):
            return _failed("token-unreadable", status=answer.status_code)
        granted = body.get("scope")
        if isinstance(granted, str) and granted.split() and scope not in granted.split():
            return _failed("token-other-scope")
        self.tokens[scope] = text
        return _passed("token-granted")

    def roster(self) -> Finding:
        """Read one page of a course's roster."""
        if self.target.roster_url is None:
            return Finding(CheckState.SKIPPED, "roster-no-course")
        answer = self._read(self.target.roster_url, (ROSTER_SCOPE,), ROSTER_TYPE, "roster")
        if isinstance(answer, Finding):
            return answer
        members = answer.get("members") if isinstance(answer, dict) else None
        if not isinstance(members, list):
            return _failed("roster-unreadable")
        known = [one for one in members if isinstance(one, dict)]
        named = sum(bool(one.get("name") or one.get("given_name") or one.get("family_name")) for one in known)
        if known and not named:
            return _passed("roster-nameless", count=len(known))
        return _passed("roster-read", count=len(known))

    def lineitems(self) -> Finding:
        """Read the columns of a course's gradebook."""
        if self.target.lineitems_url is None:
            return Finding(CheckState.SKIPPED, "lineitems-no-course")
        # Moodle wants the scope for reading by name.
        scopes = (LINE_ITEM_READONLY, LINE_ITEM)
        answer = self._read(self.target.lineitems_url, scopes, LINE_ITEMS_TYPE, "lineitems")
        if isinstance(answer, Finding):
            return answer
        if not isinstance(answer, list):
            return _failed("lineitems-unreadable")
        return _passed("lineitems-read", count=len(answer))

    def _read(self, url: str, scopes: tuple[str, ...], media_type: str, what: str) -> Any:
        """Return the JSON behind an address, or the finding why it cannot be had."""
        token = next((self.tokens[scope] for scope in scopes if scope in self.tokens), None)
        if token is None:
            return Finding(CheckState.SKIPPED, f"{what}-no-token")
        answer = _ask("GET", url, headers={"Accept": media_type, "Authorization": f"Bearer {token}"})
        if isinstance(answer, Finding):
            return answer
        if answer.status_code != HTTPStatus.OK:
            return _failed(f"{what}-{_kind_of_refusal(answer)}", status=answer.status_code)
        try:
            return json_of(answer)
        except UnreadableError:
            return _failed(f"{what}-unreadable")


def _kind_of_refusal(answer: requests.Response) -> str:
    if is_busy(answer):
        return "busy"
    refused = {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}
    return "refused" if answer.status_code in refused else "status"


def token_step(scope: str) -> str:
    """Return the name of the step that asks for a token of one scope."""
    return f"token-{scope.rpartition('/')[2]}"


def _asking(probe: Probe, scope: str) -> Callable[[], Finding]:
    return lambda: probe.token(scope)


def _refused_token(body: Any, status: int) -> Finding:
    """Return why a token was refused, by the error's code where the platform gives one."""
    error = body.get("error") if isinstance(body, dict) else None
    if isinstance(error, str) and error in OAUTH_ERRORS:
        return _failed(f"token-{error.replace('_', '-')}", status=status)
    if status == HTTPStatus.NOT_FOUND:
        return _failed("token-missing", status=status)
    return _failed("token-refused", status=status)


def _is_header_safe(text: str) -> bool:
    return 0 < len(text) <= LONGEST_TOKEN and text.isascii() and text.isprintable() and " " not in text


def _ask(method: str, url: str, **more: Any) -> requests.Response | Finding:
    """Do one request; return the answer, or the finding why none came."""
    try:
        return platform_session().request(method, url, **more)
    except (requests.RequestException, ValueError) as error:
        return _failed(next((code for kind, code in _NO_ANSWER if isinstance(error, kind)), "unreachable"))


def _passed(code: str, **about: int) -> Finding:
    return Finding(CheckState.PASSED, code, about)


def _failed(code: str, **about: int) -> Finding:
    return Finding(CheckState.FAILED, code, about)
