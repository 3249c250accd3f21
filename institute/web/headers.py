"""Headers of every answer: who may frame it, what it may load, what a cache may keep."""

from __future__ import annotations

from typing import Final

from flask import Flask, Response, g

POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; media-src 'self'; manifest-src 'self'; base-uri 'none'; form-action {actions}; "
    "frame-ancestors {ancestors}"
)


def add_headers(response: Response) -> Response:
    """Add them, unless the view decided otherwise."""
    origins = [origin for origin in g.get("frame_origins", []) if origin]
    actions = " ".join(["'self'", *g.get("form_actions", [])])
    ancestors = " ".join(["'self'", *origins]) if origins else "'none'"
    response.headers.setdefault(
        "Content-Security-Policy", POLICY.format(actions=actions, ancestors=ancestors)
    )
    response.headers.setdefault("X-Content-Type-Options", "nosniff")
    response.headers.setdefault("Referrer-Policy", "no-referrer")
    response.headers.setdefault("Permissions-Policy", "camera=(), microphone=(), geolocation=()")
    response.headers.setdefault("Cache-Control", "no-store")
    return response


def init_app(app: Flask) -> None:
    """Add the headers to every answer."""
    app.after_request(add_headers)
