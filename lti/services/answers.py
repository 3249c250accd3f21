"""Reading what a service answered: which error it means, and JSON whatever its media type says."""

from __future__ import annotations

import math
import re
from datetime import UTC
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import Any, Final

from institute.clock import now
from lti.services.errors import (
    BusyError,
    MissingError,
    NotAllowedError,
    RefusedError,
    ServiceError,
    StaleError,
    UnreadableError,
)
from lti.services.wire import HttpAnswer

LONGEST_WAIT_SECONDS: Final = 6 * 60 * 60
# How much of an error's text is searched for a reason; none of it is kept.
SEARCHED_CHARACTERS: Final = 4000
BUSY_STATUSES: Final = frozenset({408, 425, 429})
BY_STATUS: Final[dict[int, type[ServiceError]]] = {
    401: NotAllowedError,
    403: NotAllowedError,
    404: MissingError,
    410: MissingError,
}
RATE_LIMIT: Final = re.compile(r"rate limit", re.IGNORECASE)
TIMESTAMP: Final = re.compile(r"timestamp", re.IGNORECASE)


def retry_after(response: HttpAnswer) -> int | None:
    """Return the seconds of a ``Retry-After`` header (a number or a date), at most six hours."""
    value = response.headers.get("Retry-After", "").strip()
    if value.isascii() and value.isdigit():
        return min(int(value[:9]), LONGEST_WAIT_SECONDS)
    try:
        at = parsedate_to_datetime(value)
    except (ValueError, TypeError, OverflowError):
        return None
    seconds = ((at if at.tzinfo else at.replace(tzinfo=UTC)) - now()).total_seconds()
    return min(max(math.ceil(seconds), 0), LONGEST_WAIT_SECONDS)


def is_busy(response: HttpAnswer) -> bool:
    """Tell whether the platform is over its limits or broken for now.

    Canvas said 403 with "Rate Limit Exceeded" in its text before it said 429.
    """
    status = response.status_code
    if status in BUSY_STATUSES or status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return True
    return status == HTTPStatus.FORBIDDEN and (
        "Retry-After" in response.headers or RATE_LIMIT.search(_text(response)) is not None
    )


def error_in(response: HttpAnswer) -> ServiceError | None:
    """Return the error that ``response`` means, or None for a success. Nothing of its body is kept."""
    status = response.status_code
    if HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES:
        return None
    if is_busy(response):
        return BusyError(status, retry_after=retry_after(response))
    if _is_stale(response):
        return StaleError(status)
    # A redirect is unreadable: sites under maintenance send everybody to a page.
    return BY_STATUS.get(status, UnreadableError if status < HTTPStatus.BAD_REQUEST else RefusedError)(status)


def _is_stale(response: HttpAnswer) -> bool:
    """Moodle says 409; Canvas and Open edX say 400 with a text that names the timestamp."""
    return response.status_code == HTTPStatus.CONFLICT or (
        response.status_code == HTTPStatus.BAD_REQUEST and TIMESTAMP.search(_text(response)) is not None
    )


def json_of(response: HttpAnswer) -> Any:
    """Return the answer's JSON, whatever its media type says (Moodle's token endpoint says ``text/html``).

    Raises UnreadableError if it is not JSON.
    """
    try:
        return response.json(parse_constant=_refuse_constant)
    except (ValueError, RecursionError):
        raise UnreadableError(response.status_code) from None


def _refuse_constant(name: str) -> float:
    raise ValueError(name)


def _text(response: HttpAnswer) -> str:
    return response.content[:SEARCHED_CHARACTERS].decode("utf-8", "replace")
