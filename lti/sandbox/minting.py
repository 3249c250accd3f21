"""Turns claims into an id_token: the right one, or one spoilt in the way that a suite orders."""

import sqlite3
from collections.abc import Mapping
from typing import Any, Final

from lti.sandbox.keys import PlatformKey, find_signing_key, make_key, sign_compact

ORDER_NAMES: Final = frozenset({"patch", "set", "remove", "header", "key", "payload", "parts"})


class BadOrderError(Exception):
    """An order for a token that names something unknown. The message says what."""


def check_order(order: Mapping[str, Any]) -> None:
    """Raise BadOrderError unless each part of the order is known and of the right kind."""
    unknown = order.keys() - ORDER_NAMES
    if unknown:
        raise BadOrderError(f"An order has no {', '.join(sorted(unknown))}.")
    for name in ("patch", "set", "header"):
        if not isinstance(order.get(name, {}), dict):
            raise BadOrderError(f"{name} must be an object.")
    if not isinstance(order.get("remove", []), list) or not isinstance(order.get("parts", 3), int):
        raise BadOrderError("remove must be a list and parts a number.")
    if order.get("key", "right") not in {"right", "wrong"}:
        raise BadOrderError("key is right or wrong.")
    if order.get("header", {}).get("alg", "RS256") not in {"RS256", "HS256", "none"}:
        raise BadOrderError("alg is RS256, HS256 or none.")


def mint_token(db: sqlite3.Connection, claims: dict[str, Any], order: Mapping[str, Any]) -> str:
    """Sign the claims as ordered; an empty order signs them as they are.

    - ``patch`` is merged into the claims (RFC 7396: null removes), ``set`` writes values verbatim;
    - ``remove`` lists claims to leave out, ``payload`` replaces everything;
    - ``header`` is merged into the header;
    - ``key: wrong`` signs with a key that nobody published, under the right name;
    - ``parts`` cuts the token after so many parts.
    """
    check_order(order)
    key = find_signing_key(db)
    payload: Any = _merge(claims, order.get("patch", {})) | order.get("set", {})
    for name in order.get("remove", []):
        payload.pop(name, None)
    if "payload" in order:
        payload = order["payload"]
    header = _merge({"alg": "RS256", "typ": "JWT", "kid": key.kid}, order.get("header", {}))
    signing = PlatformKey(key.kid, make_key().private) if order.get("key") == "wrong" else key
    token = sign_compact(header, payload, signing)
    return ".".join(token.split(".")[: order.get("parts", 3)])


def _merge(target: dict[str, Any], patch: Mapping[str, Any]) -> dict[str, Any]:
    merged = dict(target)
    for name, value in patch.items():
        if value is None:
            merged.pop(name, None)
        elif isinstance(value, dict):
            former = merged.get(name)
            merged[name] = _merge(former if isinstance(former, dict) else {}, value)
        else:
            merged[name] = value
    return merged
