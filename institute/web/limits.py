"""Rate limits per address, for pages that anybody can open."""

from __future__ import annotations

from typing import Final, cast

from flask import Flask
from flask.typing import RouteCallable
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from limits import RateLimitItemPerHour
from limits.errors import ConfigurationError

from institute.config import SHARED, SettingsError, current_settings
from institute.web import counts

STORAGE_SENTENCE: Final = (
    "RATE_LIMIT_STORAGE must be left out, or redis://host:6379; install Python's redis then."
)

limiter = Limiter(get_remote_address, headers_enabled=True)


SELDOM: Final = RateLimitItemPerHour(5)


def few(view: RouteCallable, *, a_minute: int = 30) -> RouteCallable:
    """Allow so many requests a minute from one address to ``view``."""
    return cast("RouteCallable", limiter.limit(f"{a_minute} per minute")(view))


def seldom(purpose: str, key: str) -> bool:
    """Count one use for ``purpose`` and ``key`` (a digest, never a name); tell whether it is among five in an hour."""
    return bool(limiter.limiter.hit(SELDOM, purpose, key))


def init_app(app: Flask) -> None:
    """Attach the limiter with its storage: a file that this machine's processes share, or Redis for several machines.

    A view that is limited counts by itself. What the limiter would do before every other request is left out: it looks
    for limits of the whole site, of which there are none. Raises SettingsError for a storage that is none.
    """
    with app.app_context():
        storage = current_settings().rate_limit_storage
        if storage == SHARED:
            storage += str(current_settings().data_dir / counts.FILE)
        app.config["RATELIMIT_STORAGE_URI"] = storage
    before = list(app.before_request_funcs[None])
    try:
        limiter.init_app(app)
    except ConfigurationError as error:
        raise SettingsError(STORAGE_SENTENCE) from error
    app.before_request_funcs[None] = before
