"""Columns of a platform's gradebook (AGS 2.0, "Line item service"): found again, or made where that is allowed."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlencode, urlsplit, urlunsplit

from lti.platforms.models import MAX_URL_LENGTH
from lti.services.connector import PlatformConnector
from lti.services.errors import MissingError, NoLineItemError, UnreadableError
from lti.services.scopes import LINE_ITEM, LINE_ITEM_READONLY, LINE_ITEM_TYPE, LINE_ITEMS_TYPE

MOST_PAGES: Final = 100


@dataclass(frozen=True, slots=True)
class Column:
    """What makes a column ours: the link it belongs to at the platform (None: to the course), and our names for it."""

    resource_link_id: str | None
    resource_id: str
    tag: str
    label: str
    score_maximum: int


def append_to_path(url: str, step: str, **query: str) -> str:
    """Return ``url`` with ``/step`` after its path; its query stays (Moodle: ``…/lineitem?type_id=2``)."""
    parts = urlsplit(url)
    path = parts.path.rstrip("/") + f"/{step}" if step else parts.path
    more = "&".join(piece for piece in (parts.query, urlencode(query)) if piece)
    return urlunsplit((parts.scheme, parts.netloc, path, more, ""))


def may_read(scopes: Collection[str]) -> bool:
    """Tell whether columns may be looked for. Moodle wants the read-only scope by name."""
    return LINE_ITEM_READONLY in scopes or LINE_ITEM in scopes


def column_exists(connector: PlatformConnector, url: str, granted: Collection[str]) -> bool:
    """Ask whether the column at ``url`` is still there. Raises ServiceError if the platform does not tell."""
    try:
        connector.request("GET", url, scopes=_reading(granted), accept=LINE_ITEM_TYPE, read=False)
    except MissingError:
        return False
    return True


def find_or_create(
    connector: PlatformConnector, lineitems_url: str, column: Column, granted: Collection[str]
) -> str:
    """Return the address of ``column``, made if it is not there and ``granted`` has the scope for it.

    Looking comes first: Moodle makes a second column with the same names without a word.
    Raises NoLineItemError if there is none and none may be made, or another ServiceError.
    """
    found = find(connector, lineitems_url, column, granted) if may_read(granted) else None
    if found is not None:
        return found
    if LINE_ITEM not in granted:
        raise NoLineItemError
    return _create(connector, lineitems_url, column)


def find(
    connector: PlatformConnector, lineitems_url: str, column: Column, granted: Collection[str]
) -> str | None:
    """Return the address of ``column`` or None.

    Ours is the one with our resource id and tag, bound to the link or (in a copied course) to none; else the
    platform's own column of the link, which has no names of ours. A column of the course itself may also be bound to
    a link that nobody has opened yet: the platform made it when somebody chose the link.
    """
    named = append_to_path(lineitems_url, "", resource_id=column.resource_id, tag=column.tag)
    ours: dict[bool, str] = {}  # by whether it is bound to a link, the first of each
    for url, item in _items(connector, named, granted):
        if (item.get("resourceId"), item.get("tag")) != (column.resource_id, column.tag):
            continue
        link = item.get("resourceLinkId") or item.get("ltiLinkId")
        if link and link == column.resource_link_id:
            return url
        ours.setdefault(bool(link), url)
    if column.resource_link_id is None:
        return ours.get(False) or ours.get(True)
    if False in ours:
        return ours[False]
    linked = append_to_path(lineitems_url, "", resource_link_id=column.resource_link_id)
    for url, item in _items(connector, linked, granted):
        if item.get("resourceLinkId") == column.resource_link_id and not (
            item.get("resourceId") or item.get("tag")
        ):
            return url
    return None


def _items(
    connector: PlatformConnector, url: str, granted: Collection[str]
) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the address and the facts of each column, page after page. No ``limit``: Moodle's paging breaks by it."""
    page: str | None = url
    seen: set[str] = set()
    while page and page not in seen and len(seen) < MOST_PAGES:
        seen.add(page)
        answer = connector.request("GET", page, scopes=_reading(granted), accept=LINE_ITEMS_TYPE)
        if not isinstance(answer.body, list):
            raise UnreadableError(answer.status)
        for item in answer.body:
            if isinstance(item, dict) and _is_address(item.get("id")):
                yield item["id"], item
        page = answer.next_page


def _create(connector: PlatformConnector, lineitems_url: str, column: Column) -> str:
    facts = {
        "label": column.label,
        "scoreMaximum": column.score_maximum,
        "resourceId": column.resource_id,
        "tag": column.tag,
    }
    if column.resource_link_id is not None:
        facts["resourceLinkId"] = column.resource_link_id
    answer = connector.request(
        "POST",
        lineitems_url,
        scopes=(LINE_ITEM,),
        accept=LINE_ITEM_TYPE,
        content=json.dumps(facts).encode(),
        content_type=LINE_ITEM_TYPE,
    )
    if not isinstance(answer.body, dict) or not _is_address(answer.body.get("id")):
        raise UnreadableError(answer.status)
    return str(answer.body["id"])


def _reading(granted: Collection[str]) -> tuple[str, ...]:
    return (LINE_ITEM_READONLY,) if LINE_ITEM_READONLY in granted else (LINE_ITEM,)


def _is_address(value: Any) -> bool:
    if not isinstance(value, str) or not 0 < len(value) <= MAX_URL_LENGTH:
        return False
    try:
        parts = urlsplit(value)
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(parts.hostname)
