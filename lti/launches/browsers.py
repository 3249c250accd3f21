"""Whether a repeated launch comes from the browser that was let in: one small cookie remembers its last launches.

A launch that is sent twice (the back button, an impatient click) then lands on its session. The cookie opens
nothing: the session has a secret of its own.
"""

from __future__ import annotations

import hashlib
import hmac
from typing import Final

from flask import request
from werkzeug.wrappers import Response

from institute.config import current_settings
from lti.launches.library import COOKIE_OPTIONS

COOKIE: Final = "lti_recent"
KEPT: Final = 8
MARK_LENGTH: Final = 32


def mark_browser(response: Response, session_id: str) -> None:
    """Let the browser remember that it was let into a session."""
    marks = [_mark(session_id), *_marks()][:KEPT]
    response.set_cookie(COOKIE, ".".join(marks), **COOKIE_OPTIONS)


def is_same_browser(session_id: str) -> bool:
    """Tell whether this browser was let into a session, as one of its last few."""
    return any(hmac.compare_digest(mark.encode(), _mark(session_id).encode()) for mark in _marks())


def _marks() -> list[str]:
    return [mark for mark in request.cookies.get(COOKIE, "").split(".")[:KEPT] if len(mark) == MARK_LENGTH]


def _mark(session_id: str) -> str:
    key = current_settings().secret_key.encode()
    return hmac.new(key, f"launched:{session_id}".encode(), hashlib.sha256).hexdigest()[:MARK_LENGTH]
