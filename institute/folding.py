"""Text as people look for it: without case, and without the marks that not every keyboard has."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Final

MARKS: Final = re.compile("[\u0300-\u036f]")
# Letters of their own that no decomposition takes apart.
BARRED: Final = {"đ": "d", "ł": "l", "ø": "o", "ħ": "h", "ı": "i"}
_TABLE: Final = str.maketrans(BARRED)


@lru_cache(maxsize=32_768)
def fold(text: str) -> str:
    """Return ``text`` without case and marks. For names and words: what was folded is remembered."""
    return fold_text(text)


def fold_text(text: str) -> str:
    """Return a text of any length without case and marks."""
    return MARKS.sub("", unicodedata.normalize("NFKD", text)).lower().translate(_TABLE)
