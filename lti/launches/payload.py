"""Reading a token's payload: objects, ids, texts, lists and truth values, each of the right type or refused."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from lti.launches.errors import ClaimError
from lti.platforms.models import MAX_ID_LENGTH
from lti.platforms.strings import is_clean

CLAIM: Final = "https://purl.imsglobal.org/spec/lti/claim/"

Claims = Mapping[str, Any]


def read_object(claims: Claims, name: str) -> Claims:
    """Return a claim that is an object, or an empty one where it is absent. Raises ClaimError."""
    value = claims.get(name)
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise wrong(name)
    return value


def read_identifier(claims: Claims, name: str) -> str:
    """Return a required id: 1 to 255 characters, none of them a control character. Raises ClaimError."""
    value = claims.get(name)
    if not isinstance(value, str) or not 0 < len(value) <= MAX_ID_LENGTH or not is_clean(value):
        raise wrong(name)
    return value


def read_text(claims: Claims, name: str, longest: int | None = None) -> str | None:
    """Return a text, or None where it is absent. Raises ClaimError if it is no text or longer than ``longest``."""
    value = claims.get(name)
    if value is None:
        return None
    if not isinstance(value, str) or (longest is not None and len(value) > longest):
        raise wrong(name)
    return value


def read_texts(claims: Claims, name: str, most: int) -> tuple[str, ...]:
    """Return a required list of at most ``most`` texts, without empty ones. Raises ClaimError."""
    value = claims.get(name)
    if not isinstance(value, list) or len(value) > most or not all(isinstance(one, str) for one in value):
        raise wrong(name)
    return tuple(one for one in value if one)


def read_truth(claims: Claims, name: str) -> bool | None:
    """Return whether something holds, None where the platform does not say. Raises ClaimError."""
    value = claims.get(name)
    if value is not None and not isinstance(value, bool):
        raise wrong(name)
    return value


def wrong(name: str) -> ClaimError:
    """Return the refusal of a claim, which is called by the last part of its name."""
    return ClaimError(claim=name.rpartition("/")[2])
