"""Text from outside: what may become an id, what may be shown, what is a web address."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Final
from urllib.parse import urlsplit

_CONTROL: Final = frozenset({"Cc", "Cs", "Co", "Cn"})
_HOST: Final = re.compile(r"[a-z0-9._-]+|[0-9a-f:.]+")
_WHITE: Final = frozenset("\t\n\r")
# Marks that turn the direction of all that follows: a name could make a page lie.
_OVERRIDES: Final = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def is_clean(text: str) -> bool:
    """Tell whether ``text`` can be stored and compared: no control characters, no halves of characters."""
    return text.isprintable() or not any(
        unicodedata.category(character) in {"Cc", "Cs"} for character in text
    )


def clean_text(text: str | None, longest: int) -> str:
    """Return ``text`` as it may be shown: one line, no control or direction characters, cut at ``longest``."""
    given = (text or "")[: longest * 4]
    if not given.isprintable():  # every text that is has nothing to be taken out
        given = "".join(
            " " if character in _WHITE else character
            for character in given
            if character in _WHITE
            or (unicodedata.category(character) not in _CONTROL and character not in _OVERRIDES)
        )
    return " ".join(given.split())[:longest].strip()


@lru_cache(maxsize=1024)
def web_address(text: str | None) -> str | None:
    """Return ``text`` if it is an absolute http or https address with a plain host, else None.

    The host may become part of a header (``frame-ancestors``), so it holds nothing that could end one.
    """
    if not text or not is_clean(text) or any(character.isspace() for character in text):
        return None
    try:
        parts = urlsplit(text)
        usable = (
            parts.scheme in {"http", "https"}
            and bool(_HOST.fullmatch(parts.hostname or ""))
            and parts.port != 0
        )
    except ValueError:
        return None
    return text if usable and parts.username is None and "\\" not in text else None


@lru_cache(maxsize=1024)
def origin(address: str) -> str:
    """Return the origin of an address that ``web_address`` accepted, such as ``https://lms.example.org:8443``."""
    parts = urlsplit(address)
    host = f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname
    default = {"http": 80, "https": 443}[parts.scheme]
    return f"{parts.scheme}://{host}" + (f":{parts.port}" if parts.port not in {None, default} else "")
