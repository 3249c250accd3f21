"""What a browser keeps: whether it keeps cookies at all, and whether it is the one that was let in.

One small cookie remembers the last launches of a browser.

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
from lti.launches.library import COOKIE_OPTIONS, PREFIX

COOKIE: Final = "lti_recent"
PROBE: Final = "lti_here"
PROBE_SECONDS: Final = 600
FRAMES: Final = frozenset({"iframe", "frame", "embed", "object"})
KEPT: Final = 8
MARK_LENGTH: Final = 32


def mark_browser(response: Response, session_id: str) -> None:
    """Let the browser remember that it was let into a session."""
    marks = [_mark(session_id), *_marks()][:KEPT]
    response.set_cookie(COOKIE, ".".join(marks), **COOKIE_OPTIONS)


def is_same_browser(session_id: str) -> bool:
    """Tell whether this browser was let into a session, as one of its last few."""
    return any(hmac.compare_digest(mark.encode(), _mark(session_id).encode()) for mark in _marks())


def leave_probe(response: Response) -> None:
    """Leave a cookie that means nothing: if it comes back, others will."""
    response.set_cookie(PROBE, "1", max_age=PROBE_SECONDS, **COOKIE_OPTIONS)


def is_framed() -> bool:
    """Tell whether the page that is asked for will stand in a frame. Browsers that do not say count as no."""
    return request.headers.get("Sec-Fetch-Dest", "") in FRAMES


def may_lose_cookies(storage_target: str | None) -> bool:
    """Tell whether the page stands in a frame where no cookie was brought.

    A browser that does not say where a page will stand counts as framed where the platform offers a storage, which
    it does for frames.
    """
    framed = is_framed() or (bool(storage_target) and "Sec-Fetch-Dest" not in request.headers)
    return framed and not has_kept_cookies()


def has_kept_cookies() -> bool:
    """Tell whether this browser brought any cookie of the door, so that it is known to keep them here."""
    return any(name in {COOKIE, PROBE} or name.startswith(PREFIX) for name in request.cookies)


def _marks() -> list[str]:
    return [mark for mark in request.cookies.get(COOKIE, "").split(".")[:KEPT] if len(mark) == MARK_LENGTH]


def _mark(session_id: str) -> str:
    key = current_settings().secret_key.encode()
    return hmac.new(key, f"launched:{session_id}".encode(), hashlib.sha256).hexdigest()[:MARK_LENGTH]
