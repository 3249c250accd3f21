"""What a slug or a key may be made of."""

from __future__ import annotations

import re
from typing import Final

LONGEST: Final = 60
RESERVED: Final = frozenset({"new", "vocabularies"})
"""Words of our own addresses, which name no framework, element or term."""
_SLUG: Final = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*\Z")


def is_slug(text: str) -> bool:
    """Tell whether ``text`` may name something: lower-case letters, digits and single hyphens, 60 at most.

    Whatever is not a slug is never asked of the database, which would refuse some of it (NUL, lone surrogates).
    """
    return len(text) <= LONGEST and _SLUG.match(text) is not None


def is_free_key(text: str) -> bool:
    """Tell whether ``text`` may name a framework, a vocabulary or something in one."""
    return is_slug(text) and text not in RESERVED
