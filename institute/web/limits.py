"""Rate limits per address, for pages that anybody can open."""

from __future__ import annotations

from typing import cast

from flask import Flask
from flask.typing import RouteCallable
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address

from institute.config import current_settings

limiter = Limiter(get_remote_address, headers_enabled=True)


def few(view: RouteCallable) -> RouteCallable:
    """Allow 30 requests a minute from one address to ``view``."""
    return cast("RouteCallable", limiter.limit("30 per minute")(view))


def init_app(app: Flask) -> None:
    """Attach the limiter with its storage (memory, or Redis where there are several processes)."""
    with app.app_context():
        app.config["RATELIMIT_STORAGE_URI"] = current_settings().rate_limit_storage
    limiter.init_app(app)
