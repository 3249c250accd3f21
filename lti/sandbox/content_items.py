"""The content of a deep linking answer, judged item by item before anything is made of it."""

import re
from collections.abc import Callable, Mapping
from typing import Any, Final
from urllib.parse import urlsplit

from lti.sandbox.instants import read_instant

HOST: Final = re.compile(r"([A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\])(:[0-9]{1,5})?")
"""A host as a header may name it: other scripts are written in their ASCII form."""
LONGEST: Final = 4000
LONGEST_VALUE: Final = 255
MOST_ITEMS: Final = 200
LARGEST: Final = 10.0**12
NEEDED: Final = {"link": "url", "image": "url", "file": "url", "html": "html"}
STATES: Final = frozenset(
    {"None", "InProgress", "Submitted", "Graded", "Initialized", "Started", "Completed"}
)
"""The states in which a result may be reviewed: the specification's own, and activityProgress."""


class BadContentError(Exception):
    """Content that this platform does not take. The message is a sentence that names the item."""


def check_items(items: object, settings: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the items, each as the request's settings allow it. Raises BadContentError."""
    if not isinstance(items, list) or len(items) > MOST_ITEMS:
        raise BadContentError(f"content_items must be a list of {MOST_ITEMS} items at most.")
    if settings.get("accept_multiple") is False and len(items) > 1:
        raise BadContentError("Only one item was asked for (accept_multiple is false).")
    for number, item in enumerate(items, 1):
        try:
            _check_item(item, settings)
        except BadContentError as error:
            raise BadContentError(f"Item {number}: {error}") from error
    return items


def _check_item(item: object, settings: Mapping[str, Any]) -> None:
    if not isinstance(item, dict):
        raise BadContentError("it must be an object.")
    kind = item.get("type")
    if kind not in settings["accept_types"]:
        raise BadContentError(f"its type {kind!r} is not among the accept_types.")
    for name, value in item.items():
        if value is None:
            raise BadContentError(f"{name} is null; what is absent is left out.")
        if name in CHECKS:
            CHECKS[name](name, value)
    needed = NEEDED.get(str(kind))
    if needed is not None and needed not in item:
        raise BadContentError(f"{needed} is missing.")
    _check_places(item, settings)
    if "lineItem" in item and settings.get("accept_lineitem") is False:
        raise BadContentError("a lineItem was not asked for (accept_lineitem is false).")


def _check_places(item: Mapping[str, Any], settings: Mapping[str, Any]) -> None:
    targets = settings["accept_presentation_document_targets"]
    for name in ("iframe", "window"):
        if name in item and name not in targets:
            raise BadContentError(f"{name} is not among the accept_presentation_document_targets.")


def _check_text(name: str, value: object) -> None:
    if not isinstance(value, str) or len(value) > LONGEST or "\0" in value:
        raise BadContentError(f"{name} must be a text of {LONGEST} characters at most.")
    if any("\ud800" <= sign <= "\udfff" for sign in value):
        raise BadContentError(f"{name} holds half a character.")


def _check_value(name: str, value: object) -> None:
    _check_text(name, value)
    if len(str(value)) > LONGEST_VALUE:
        raise BadContentError(f"{name} must be at most {LONGEST_VALUE} characters long.")


def check_address(name: str, value: object) -> None:
    """Raise BadContentError unless the value is an address of the web with a host."""
    _check_text(name, value)
    try:
        parts = urlsplit(str(value))
        right = parts.scheme in {"http", "https"} and HOST.fullmatch(parts.netloc) is not None
    except ValueError:
        right = False
    if not right or any(sign.isspace() for sign in str(value)):
        raise BadContentError(f"{name} must be an address that begins with http:// or https://.")


def _check_custom(name: str, value: object) -> None:
    if not isinstance(value, dict):
        raise BadContentError(f"{name} must be an object.")
    for key, entry in value.items():
        _check_text(f"{name}.{key}", key)
        _check_text(f"{name}.{key}", entry)


def _check_number(name: str, value: object) -> None:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value <= LARGEST:
        raise BadContentError(f"{name} must be a number above zero.")


def _check_picture(name: str, value: object) -> None:
    fields = _check_object(name, value)
    check_address(f"{name}.url", fields.get("url"))
    for edge in ("width", "height"):
        if edge in fields:
            _check_number(f"{name}.{edge}", fields[edge])


def _check_place(name: str, value: object) -> None:
    fields = _check_object(name, value)
    for edge in ("width", "height"):
        if edge in fields:
            _check_number(f"{name}.{edge}", fields[edge])
    for text in ("targetName", "windowFeatures"):
        if text in fields:
            _check_value(f"{name}.{text}", fields[text])


def _check_period(name: str, value: object) -> None:
    fields = _check_object(name, value)
    for edge in ("startDateTime", "endDateTime"):
        if edge in fields and read_instant(fields[edge]) is None:
            raise BadContentError(f"{name}.{edge} must be an instant with a zone, in ISO 8601.")


def _check_line_item(name: str, value: object) -> None:
    fields = _check_object(name, value)
    _check_number(f"{name}.scoreMaximum", fields.get("scoreMaximum"))
    for text in ("label", "resourceId", "tag"):
        if text in fields:
            _check_value(f"{name}.{text}", fields[text])
    if not isinstance(fields.get("gradesReleased", True), bool):
        raise BadContentError(f"{name}.gradesReleased must be true or false.")
    if "submissionReview" in fields:
        _check_review(f"{name}.submissionReview", fields["submissionReview"])


def _check_review(name: str, value: object) -> None:
    fields = _check_object(name, value)
    states = fields.get("reviewableStatus", [])
    if not isinstance(states, list) or not all(isinstance(one, str) and one in STATES for one in states):
        raise BadContentError(f"{name}.reviewableStatus must be a list of states.")
    for field, check in (("label", _check_value), ("url", check_address), ("custom", _check_custom)):
        if field in fields:
            check(f"{name}.{field}", fields[field])


def _check_object(name: str, value: object) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise BadContentError(f"{name} must be an object.")
    for field, entry in value.items():
        if entry is None:
            raise BadContentError(f"{name}.{field} is null; what is absent is left out.")
    return value


CHECKS: Final[dict[str, Callable[[str, object], None]]] = {
    "title": _check_value,
    "text": _check_text,
    "html": _check_text,
    "url": check_address,
    "icon": _check_picture,
    "thumbnail": _check_picture,
    "custom": _check_custom,
    "window": _check_place,
    "iframe": _check_place,
    "available": _check_period,
    "submission": _check_period,
    "lineItem": _check_line_item,
}
