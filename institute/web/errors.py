"""Error pages: one table from kinds of refusal to HTTP, one number to quote, nothing typed is lost."""

from __future__ import annotations

import logging
import secrets
from typing import Final

from flask import Flask, g, render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException

from institute.clock import now
from institute.errors import (
    ConflictError,
    DeniedError,
    DomainError,
    InvalidError,
    NotFoundError,
    TooManyError,
    UnavailableError,
)
from institute.web.forms import typed
from institute.web.sessions import SessionEndedError

log = logging.getLogger(__name__)

STATUS: Final[dict[type[DomainError], int]] = {
    SessionEndedError: 401,
    NotFoundError: 404,
    DeniedError: 403,
    ConflictError: 409,
    InvalidError: 422,
    UnavailableError: 503,
    TooManyError: 429,
}
OWN_MISTAKE: Final = 500
ALPHABET: Final = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"


CODES: Final = {
    400: "BAD-REQUEST",
    404: "NOT-FOUND",
    405: "METHOD",
    413: "TOO-LARGE",
    415: "MEDIA-TYPE",
    429: "TOO-MANY",
    500: "UNEXPECTED",
}


def status_of(error: DomainError) -> int:
    """Return the HTTP status of a refusal's kind."""
    return next((status for kind, status in STATUS.items() if isinstance(error, kind)), 400)


def error_number(code: str) -> str:
    """Return a number that a person can quote and an operator can find in the log."""
    return f"{code}-" + "".join(secrets.choice(ALPHABET) for _ in range(4))


def refuse(error: DomainError) -> ResponseReturnValue:
    """Answer a refusal with its sentence, and give back what was typed."""
    status = status_of(error)
    number = error_number(error.code)
    log.info("refused %s at %s with %s", number, request.endpoint, status)
    page = render_template(
        "errors/refused.html",
        error=error,
        error_number=number,
        error_time=now(),
        kept=typed(),
        action=g.get("error_action"),
    )
    return page, status


def fail(error: Exception) -> ResponseReturnValue:
    """Answer a plain HTTP error, or a mistake of ours, which is logged with its trace."""
    status = (error.code or 500) if isinstance(error, HTTPException) else 500
    if isinstance(error, HTTPException) and error.response is not None:
        return error.response
    number = error_number(CODES.get(status, f"HTTP-{status}"))
    if status >= OWN_MISTAKE:
        log.error("failed %s at %s", number, request.endpoint, exc_info=error)
        _forget_session()
    page = render_template(
        "errors/unexpected.html",
        status=status,
        error_number=number,
        error_time=now(),
        kept=typed(),
    )
    given = dict(error.get_headers()) if isinstance(error, HTTPException) else {}
    return page, status, {name: value for name, value in given.items() if name in {"Allow", "Retry-After"}}


def _forget_session() -> None:
    """Write the page without a header that needs the database: it may be the database that failed."""
    g.launch_session = None
    g.pop("page", None)


def init_app(app: Flask) -> None:
    """Answer every error with a page."""
    app.register_error_handler(DomainError, refuse)
    app.register_error_handler(Exception, fail)
