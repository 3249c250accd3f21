"""A slug or a key for what an author names in any language: written once, when a part is made, and kept."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Container
from itertools import count
from typing import Final

from courses.frameworks.naming import LONGEST, is_slug

_GAP: Final = re.compile(r"[^a-z0-9]+")
_ROOM_FOR_NUMBER: Final = 6


def key_for(text: str, taken: Container[str], *, otherwise: str) -> str:
    """Return a slug made of ``text`` that is not ``taken``; of ``otherwise`` where the text has no Latin letters.

    ``otherwise`` must itself be a slug, such as "activity". A second one of the same name gets a number.
    """
    plain = unicodedata.normalize("NFKD", text[: 4 * LONGEST]).lower()
    base = _GAP.sub("-", "".join(one for one in plain if not unicodedata.combining(one))).strip("-")
    base = base[: LONGEST - _ROOM_FOR_NUMBER].rstrip("-")
    base = base if is_slug(base) else otherwise
    if base not in taken:
        return base
    return next(made for number in count(2) if (made := f"{base}-{number}") not in taken)
