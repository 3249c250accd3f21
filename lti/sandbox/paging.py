"""Pages of a long list: ``limit`` and ``from`` in the query, the next page in the Link header."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, TypeVar
from urllib.parse import urlencode

from flask import request

from lti.sandbox.bodies import bad_request
from lti.sandbox.state import current_sandbox

Number = TypeVar("Number", int, None)

LONGEST_NUMBER: Final = 9
"""So many digits are enough for a position, and fit into the database."""


@dataclass(frozen=True)
class Page:
    """A page of ``limit`` rows, after ``start`` rows that came before."""

    limit: int
    start: int


def read_page(largest: int | None = None) -> Page:
    """Return the page that the request asks for. Never more rows than this platform gives at once."""
    largest = largest or current_sandbox().profile.page_size
    limit = read_number("limit", largest)
    if limit == 0:
        raise bad_request("limit must be at least 1.")
    return Page(min(limit, largest), read_number("from", 0))


def link_next(
    page: Page, total: int, *, curly: bool = False, more: Mapping[str, int] | None = None
) -> dict[str, str]:
    """Return the headers that name the next page; none on the last one."""
    if page.start + page.limit >= total:
        return {}
    kept = {
        name: value for name, value in request.args.items() if name not in {"limit", "from", *(more or {})}
    }
    query = urlencode({**kept, **(more or {}), "limit": page.limit, "from": page.start + page.limit})
    address = current_sandbox().address(f"{request.path}?{query}")
    if curly:
        # The header's bytes are UTF-8; WSGI hands them on as Latin-1.
        value = f"<{address.replace('&', '&amp;')}>; rel=“next”".encode().decode("latin-1")
    else:
        value = f'<{address}>; rel="next"'
    return {"Link": value}


def read_number(name: str, default: Number) -> int | Number:
    """Return a whole number of the query, or the default where it is absent."""
    value = request.args.get(name)
    if value is None:
        return default
    if not value.isascii() or not value.isdigit() or len(value) > LONGEST_NUMBER:
        raise bad_request(f"{name} must be a whole number.")
    return int(value)
