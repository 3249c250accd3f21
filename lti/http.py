"""The one way out to platforms: an HTTP session that cannot hang, be led astray or be flooded."""

from __future__ import annotations

import time
from typing import Any, Final, cast
from urllib.parse import urlsplit

import requests
from flask import Flask, current_app

CONNECT_TIMEOUT_S: Final = 3.05
READ_TIMEOUT_S: Final = 10.0
WHOLE_ANSWER_S: Final = 30.0
MAX_ANSWER_BYTES: Final = 5 * 1024 * 1024
CHUNK_BYTES: Final = 64 * 1024
MAX_REDIRECTS: Final = 3
USER_AGENT: Final = "coaching-institute-lti/1.0"
"""Some Moodle sites answer 403 where a request carries no User-Agent."""


class AnswerTooLargeError(requests.RequestException):
    """A platform's answer is longer, or takes longer, than any right answer would."""


class RedirectRefusedError(requests.RequestException):
    """A platform's answer leads to another scheme than the request had."""


class _OwnHeadersOnly(requests.auth.AuthBase):
    """Keep requests from replacing a bearer token by what a .netrc file of the machine says."""

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        return request


class PlatformSession(requests.Session):
    """A requests session with timeouts, a limit on the answer's size, and no change of scheme."""

    def __init__(self) -> None:
        super().__init__()
        self.max_redirects = MAX_REDIRECTS
        self.headers["User-Agent"] = USER_AGENT
        self.auth = _OwnHeadersOnly()

    def send(self, request: requests.PreparedRequest, **kwargs: Any) -> requests.Response:
        """Send within the limits. Raises requests.RequestException for all that can go wrong."""
        if kwargs.get("timeout") is None:
            kwargs["timeout"] = (CONNECT_TIMEOUT_S, READ_TIMEOUT_S)
        kwargs["stream"] = True
        response = super().send(request, **kwargs)
        try:
            _read_within_limits(response)
        except BaseException:
            response.close()
            raise
        return response

    def get_redirect_target(self, resp: requests.Response) -> str | None:
        """Return where ``resp`` leads. Raises RedirectRefusedError if the scheme would change."""
        target = super().get_redirect_target(resp)
        if target is None:
            return None
        _read_within_limits(resp)
        scheme = urlsplit(target).scheme
        if scheme and scheme != urlsplit(str(resp.url)).scheme:
            raise RedirectRefusedError("the answer leads to another scheme", response=resp)
        return target


def _read_within_limits(response: requests.Response) -> None:
    if cast("Any", response)._content_consumed:
        return
    deadline = time.monotonic() + WHOLE_ANSWER_S
    body = bytearray()
    for chunk in response.iter_content(CHUNK_BYTES):
        body += chunk
        if len(body) > MAX_ANSWER_BYTES or time.monotonic() > deadline:
            raise AnswerTooLargeError("the answer is too long", response=response)
    response._content = bytes(body)  # requests offers no public way to set a limit


def platform_session() -> PlatformSession:
    """Return the running application's session with platforms."""
    session: PlatformSession = current_app.extensions["lti_http"]
    return session


def init_app(app: Flask) -> None:
    """Give the application its one session with platforms."""
    app.extensions["lti_http"] = PlatformSession()
