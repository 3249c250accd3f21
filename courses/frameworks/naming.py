"""What a slug or a key may be made of, and how one is made where nobody typed it."""

from __future__ import annotations

import re
from collections.abc import Container
from itertools import count
from typing import Final

from institute.folding import fold_text

LONGEST: Final = 60
RESERVED: Final = frozenset({"new", "vocabularies"})
"""Words of our own addresses, which name no framework, element or term."""
_SLUG: Final = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*\Z")
_GAP: Final = re.compile(r"[^a-z0-9]+")
_ROOM_FOR_NUMBER: Final = 6


def is_slug(text: str) -> bool:
    """Tell whether ``text`` may name something: lower-case letters, digits and single hyphens, 60 at most.

    Whatever is not a slug is never asked of the database, which would refuse some of it (NUL, lone surrogates).
    """
    return len(text) <= LONGEST and _SLUG.match(text) is not None


def is_free_key(text: str) -> bool:
    """Tell whether ``text`` may name a framework, a vocabulary or something in one."""
    return is_slug(text) and text not in RESERVED


def keys_of(address: str) -> tuple[str, str] | None:
    """Return the two keys that the address of an element or a tag is made of, or None for what cannot be one."""
    group, _, key = address.partition("/")
    return (group, key) if is_slug(group) and is_slug(key) else None


def slug_of(text: str) -> str:
    """Return a slug made of a text, short enough for a number behind it; empty where the text has no Latin letter."""
    plain = _GAP.sub("-", fold_text(text[: 4 * LONGEST])).strip("-")
    return plain[: LONGEST - _ROOM_FOR_NUMBER].rstrip("-")


def not_taken(slug: str, taken: Container[str]) -> str:
    """Return a slug as it is, or with the first number from 2 with which nothing else has it."""
    if slug not in taken:
        return slug
    return next(made for number in count(2) if (made := f"{slug}-{number}") not in taken)
