"""Error pages: one table from kinds of refusal to HTTP, one number to quote, nothing typed is lost."""

from __future__ import annotations

import logging
import secrets
from dataclasses import dataclass
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
from institute.i18n import LazyText, lazy_gettext
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
ALPHABET: Final = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"


@dataclass(frozen=True)
class Unexpected:
    """What the page for a plain HTTP error or an own mistake says."""

    title: LazyText
    text: LazyText
    code: str


UNEXPECTED: Final = {
    400: Unexpected(
        lazy_gettext("The request could not be read"),
        lazy_gettext("Your browser sent something that this page does not understand."),
        "BAD-REQUEST",
    ),
    404: Unexpected(NotFoundError.title, NotFoundError.sentence, NotFoundError.code),
    405: Unexpected(
        lazy_gettext("This page cannot be opened like that"),
        lazy_gettext("The address belongs to a form. Open the page that holds the form and send it from there."),
        "METHOD",
    ),
    413: Unexpected(
        lazy_gettext("That was too large"),
        lazy_gettext("What you sent is larger than this page accepts. Send less, or a smaller file."),
        "TOO-LARGE",
    ),
    429: Unexpected(TooManyError.title, TooManyError.sentence, TooManyError.code),
    500: Unexpected(
        lazy_gettext("Something went wrong on our side"),
        lazy_gettext("Nothing that was saved before is lost. Try again in a moment."),
        "UNEXPECTED",
    ),
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
    status = error.code or 500 if isinstance(error, HTTPException) else 500
    if isinstance(error, HTTPException) and error.response is not None:
        return error.response
    told = UNEXPECTED.get(status, UNEXPECTED[500 if status >= 500 else 400])
    number = error_number(told.code)
    if status >= 500:
        log.error("failed %s at %s", number, request.endpoint, exc_info=error)
    page = render_template(
        "errors/unexpected.html",
        title=told.title,
        text=told.text,
        code=told.code,
        error_number=number,
        error_time=now(),
        kept=typed() if request.method == "POST" and status != 413 else [],
    )
    headers = dict(error.get_headers()) if isinstance(error, HTTPException) and status in {405, 429} else {}
    kept_headers = {name: value for name, value in headers.items() if name in {"Allow", "Retry-After"}}
    return page, status, kept_headers


def init_app(app: Flask) -> None:
    """Answer every error with a page."""
    app.register_error_handler(DomainError, refuse)
    app.register_error_handler(Exception, fail)
