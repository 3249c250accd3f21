"""E-mail addresses: as people type them, as mail servers want them."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Final

import idna

LONGEST: Final = 254
LONGEST_LOCAL: Final = 64
_LOCAL: Final = re.compile(r"[^\s@<>()\[\],;:\"\\\x00-\x20\x7f]+")


@dataclass(frozen=True, slots=True)
class Address:
    """An address that mail can be sent to: ``local`` in Unicode, ``domain`` in ASCII (IDNA 2008)."""

    local: str
    domain: str

    def __str__(self) -> str:
        return f"{self.local}@{self.domain}"

    @property
    def international(self) -> bool:
        """Whether the server must know SMTPUTF8 to take it."""
        return not self.local.isascii()

    @property
    def spellings(self) -> tuple[str, ...]:
        """How the address may stand on file: in lower case, its domain in ASCII or in letters of its own."""
        local = self.local.lower()
        return tuple(dict.fromkeys((f"{local}@{self.domain}", f"{local}@{idna.decode(self.domain)}")))


def parse_address(text: str) -> Address | None:
    """Return the address that ``text`` is, or None if no mail can be sent to it.

    Quoted local parts, addresses of numbers, and what a header would show as something else ("=?utf-8?q?…?=") are not
    taken; nothing that comes back holds a control character.
    """
    plain = unicodedata.normalize("NFC", text[: 2 * LONGEST].strip())
    local, _, domain = plain.rpartition("@")
    if len(plain) > LONGEST or not plain.isprintable() or not _is_local_part(local):
        return None
    try:
        ascii_domain = idna.encode(domain, uts46=True).decode()
    except UnicodeError:  # idna's own errors are of this kind
        return None
    host, _, top = ascii_domain.rstrip(".").rpartition(".")
    return Address(local, f"{host}.{top}") if host and not top.isdigit() else None


def ascii_host(host: str) -> str:
    """Return a host's name as protocols want it; one that has no such form is returned as it is."""
    try:
        return idna.encode(host, uts46=True).decode()
    except UnicodeError:
        return host


def _is_local_part(local: str) -> bool:
    dotted_right = not local.startswith(".") and not local.endswith(".") and ".." not in local
    return (
        "=?" not in local
        and dotted_right
        and bool(_LOCAL.fullmatch(local))
        and len(local.encode()) <= LONGEST_LOCAL
    )
