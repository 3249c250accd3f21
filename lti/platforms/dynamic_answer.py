"""Asking a platform to register the tool, and reading its answer: leniently where it agrees, closely where not."""

from __future__ import annotations

import json
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Final
from urllib.parse import urlsplit

import requests

from institute.errors import DomainError
from institute.i18n import Localised
from lti.http import NetworkRefusedError, platform_session
from lti.platforms.dynamic_configuration import PlatformConfiguration
from lti.platforms.dynamic_errors import (
    AnswerError,
    NoAnswerError,
    PlatformRefusedError,
    PrivateNetworkError,
    TokenRefusedError,
    TokenUsedError,
)
from lti.platforms.dynamic_models import MAX_DETAIL
from lti.platforms.models import MAX_ID_LENGTH
from lti.platforms.strings import clean_text, is_clean
from lti.platforms.tool_configuration import TOOL, tool_configuration

AGREED: Final = {HTTPStatus.OK, HTTPStatus.CREATED}
UNCERTAIN: Final = 500
MAX_READ: Final = 4000
TIMEOUT_S: Final = (3.05, 15.0)
"""With the configuration's, less than the 30 s after which a web server takes a process for stuck."""


@dataclass(frozen=True, slots=True)
class PlatformAnswer:
    """What the platform calls the tool, and the deployment where it made one at once (Moodle does, Canvas does not).

    The scopes of an answer are not kept: platforms claim more than they grant, and each launch says what is granted.
    """

    client_id: str
    deployment_id: str | None


def ask_platform(
    configuration: PlatformConfiguration, token: str, name: Localised | None = None
) -> PlatformAnswer:
    """Register the tool at a platform; ``name`` is the institute's, where it is known.

    Raises PrivateNetworkError, TokenRefusedError, TokenUsedError, PlatformRefusedError, NoAnswerError or AnswerError.
    """
    headers = {"Accept": "application/json", **({"Authorization": f"Bearer {token}"} if token else {})}
    host = urlsplit(configuration.registration_url).hostname or ""
    try:
        response = platform_session().post(
            configuration.registration_url,
            json=tool_configuration(configuration, name),
            headers=headers,
            allow_redirects=False,
            timeout=TIMEOUT_S,
        )
    except NetworkRefusedError:
        raise PrivateNetworkError(detail=host) from None
    except (requests.RequestException, ValueError):
        raise NoAnswerError(detail=host) from None
    if response.status_code in AGREED:
        return _read(response)
    raise _refusal(response, token, host)


def _read(response: requests.Response) -> PlatformAnswer:
    try:
        body = response.json()
    except (ValueError, RecursionError):
        body = None
    if not isinstance(body, dict):
        raise AnswerError(detail="client_id")
    about = body.get(TOOL)
    deployment = about.get("deployment_id") if isinstance(about, dict) else None
    client_id = _identifier(body.get("client_id"))
    if client_id is None:
        raise AnswerError(detail="client_id")
    return PlatformAnswer(client_id, _identifier(deployment or body.get("deployment_id")))


def _identifier(value: Any) -> str | None:
    """Return an id as text; some platforms write theirs as numbers."""
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value) if abs(value) < 10**MAX_ID_LENGTH else ""
    usable = isinstance(value, str) and 0 < len(value) <= MAX_ID_LENGTH and is_clean(value)
    return value if usable else None


def _refusal(response: requests.Response, token: str, host: str) -> DomainError:
    words = _words(response, token)
    if "already_used" in words:
        return TokenUsedError()
    if response.status_code in {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND}:
        return TokenRefusedError()
    if response.status_code >= UNCERTAIN or response.status_code < HTTPStatus.BAD_REQUEST:
        return NoAnswerError(detail=f"{host}, HTTP {response.status_code}")
    return PlatformRefusedError(detail=words or f"HTTP {response.status_code}")


def _words(response: requests.Response, token: str) -> str:
    """Return what a platform says in its refusal, as one line: an OAuth error or plain words (Moodle), never a page.

    A platform that echoes the token is not quoted.
    """
    text = response.content[:MAX_READ].decode("utf-8", "replace")
    try:
        body = json.loads(text)
    except (ValueError, RecursionError):
        body = text
    if isinstance(body, dict):
        said = [body.get(name) for name in ("error", "error_description", "errors", "message")]
        body = ": ".join(one for one in said if isinstance(one, str) and one)
    if not isinstance(body, str) or "<" in body or (token and token in text):
        return ""
    return clean_text(body, MAX_DETAIL)
