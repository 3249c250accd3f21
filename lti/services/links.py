"""Web links of an answer (RFC 8288), read leniently: platforms write the header in ways no grammar allows."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import urljoin, urlsplit

# Moodle writes rel=“next”: typographic quotes in UTF-8, which HTTP clients read as Latin-1.
CURLY: Final = str.maketrans({"“": '"', "”": '"', "„": '"', "«": '"', "»": '"'})
_PARAMETER: Final = r"""\s*;\s*([\w!#$&+.^`|~*-]+)\s*(?:=\s*("(?:\\.|[^"\\])*"|'[^']*'|[^\s;,"']*))?"""
PARAMETER: Final = re.compile(_PARAMETER)
LINK: Final = re.compile(rf"<([^<>]*)>((?:{_PARAMETER}|\s*;)*)")


@dataclass(frozen=True, slots=True)
class Link:
    """One link of the header: its absolute address and its parameters (names in lower case, first one wins)."""

    url: str
    parameters: Mapping[str, str]

    @property
    def relations(self) -> frozenset[str]:
        """The relation types, in lower case."""
        return frozenset(self.parameters.get("rel", "").lower().split())


def parse_links(header: str, *, base: str) -> list[Link]:
    """Read a ``Link`` header. Relative targets are resolved against ``base``; what makes no sense is left out.

    The case of addresses is kept and ``&amp;`` in them is read as ``&``. Source: RFC 8288 §3, and Moodle's line
    items and results for what it does instead.
    """
    text = _as_meant(header).translate(CURLY)
    links = [Link(_resolve(base, found[1]), _parameters(found[2])) for found in LINK.finditer(text)]
    return [link for link in links if link.url]


def next_page(header: str, *, base: str) -> str | None:
    """Return the address of the next page, or None if this is the last one."""
    return linked(header, "next", base=base)


def linked(header: str, relation: str, *, base: str) -> str | None:
    """Return the address that a ``Link`` header names for a relation, such as ``differences``, or None.

    An address that leaves the platform's host, or https for http, is none: the token goes with the request.
    """
    for link in parse_links(header, base=base):
        if relation in link.relations and _same_place(base, link.url):
            return link.url
    return None


def _as_meant(header: str) -> str:
    try:
        return header.encode("latin-1").decode("utf-8")
    except (UnicodeEncodeError, UnicodeDecodeError):
        return header


def _resolve(base: str, target: str) -> str:
    try:
        return urljoin(base, target.strip().replace("&amp;", "&"))
    except ValueError:
        return ""


def _parameters(text: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for name, value in PARAMETER.findall(text):
        plain = value[1:-1] if value[:1] in {'"', "'"} and len(value) > 1 else value
        found.setdefault(name.lower(), re.sub(r"\\(.)", r"\1", plain))
    return found


def _same_place(base: str, url: str) -> bool:
    try:
        here, there = urlsplit(base), urlsplit(url)
    except ValueError:
        return False
    if there.scheme not in {"http", "https"} or (here.scheme == "https" and there.scheme == "http"):
        return False
    return here.hostname == there.hostname
