"""The published JSON-LD contexts, kept beside this module: nothing is ever fetched to sign or to verify.

``credentials-v2.json`` is the W3C's (Verifiable Credentials Data Model 2.0), ``open-badges-3.0.3.json`` is
1EdTech's, both as published at the addresses below.
"""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

CREDENTIALS: Final = "https://www.w3.org/ns/credentials/v2"
OPEN_BADGES: Final = "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"
IDENTIFIERS: Final = "https://www.w3.org/ns/cid/v1"
CONTEXTS: Final = (CREDENTIALS, OPEN_BADGES)

_FOLDER: Final = Path(__file__).parent / "contexts"
_FILES: Final = {CREDENTIALS: "credentials-v2.json", OPEN_BADGES: "open-badges-3.0.3.json"}


class UnknownContextError(Exception):
    """A document refers to a context that is not kept here."""


def load(url: str, options: object = None) -> dict[str, Any]:
    """Return a context as PyLD's document loaders do. Raises UnknownContextError for any other address."""
    return {
        "contextUrl": None,
        "documentUrl": url,
        "contentType": "application/ld+json",
        "document": _context(url),
    }


@lru_cache(maxsize=len(_FILES))
def _context(url: str) -> dict[str, Any]:
    if url not in _FILES:
        raise UnknownContextError(url)
    read: dict[str, Any] = json.loads((_FOLDER / _FILES[url]).read_text("utf-8"))
    return read
