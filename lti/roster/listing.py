"""What a page of a platform's list of people says (Names and Role Provisioning Services 2.0, section 2.2).

It is read leniently: what makes no sense is left out, and nobody's odd entry keeps the others from being read.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, Final

from lti.launches.claims import MAX_EMAIL, MAX_NAME, MAX_ROLES
from lti.platforms.models import MAX_ID_LENGTH
from lti.platforms.strings import clean_text, is_clean

PRESENT: Final = "active"
# Moodle writes its lists for HTML. Only what ends in a semicolon is an escape: "AT&T" and "R&D" are names.
ESCAPE: Final = re.compile(r"&(?:amp|lt|gt|quot|apos|nbsp|#\d{1,6}|#x[0-9a-fA-F]{1,6});")


@dataclass(frozen=True, slots=True)
class Listed:
    """Somebody whom a list names. Name and e-mail are empty where not shared; ``present`` is false for who has left."""

    sub: str
    name: str
    email: str
    roles: tuple[str, ...]
    present: bool


def read_listing(members: Iterable[Any]) -> list[Listed]:
    """Return who is named, each once: an entry that comes twice on a page adds its roles to the first."""
    found: dict[str, Listed] = {}
    for member in members:
        if not isinstance(member, dict):
            continue
        one = _read(member)
        if one is None:
            continue
        before = found.get(one.sub)
        found[one.sub] = one if before is None else _together(before, one)
    return list(found.values())


def _read(member: dict[str, Any]) -> Listed | None:
    sub = member.get("user_id")
    if isinstance(sub, int) and not isinstance(sub, bool):
        sub = str(sub)
    if not isinstance(sub, str) or not 0 < len(sub) <= MAX_ID_LENGTH or not is_clean(sub):
        return None
    status = member.get("status")
    return Listed(
        sub=sub,
        name=_name(member),
        email=_email(member.get("email")),
        roles=_roles(member.get("roles")),
        present=status is None or (isinstance(status, str) and status.lower() == PRESENT),
    )


def _together(one: Listed, other: Listed) -> Listed:
    """Return two entries of one person as one; a present one says more than one that has left."""
    if one.present != other.present:
        return one if one.present else other
    return replace(
        one, name=one.name or other.name, email=one.email or other.email, roles=one.roles + other.roles
    )


def _name(member: dict[str, Any]) -> str:
    whole = _text(member.get("name"))
    if not whole:
        parts = (_text(member.get("given_name")), _text(member.get("family_name")))
        whole = " ".join(part for part in parts if part)
    return clean_text(whole, MAX_NAME)


def _email(value: Any) -> str:
    email = clean_text(_text(value), MAX_EMAIL + 1).lower()
    return email if "@" in email and len(email) <= MAX_EMAIL else ""


def _roles(value: Any) -> tuple[str, ...]:
    if isinstance(value, str):
        value = value.split(",")
    if not isinstance(value, list):
        return ()
    return _clean_roles(tuple(one for one in value[:MAX_ROLES] if isinstance(one, str)))


@lru_cache(maxsize=1024)
def _clean_roles(names: tuple[str, ...]) -> tuple[str, ...]:
    stripped = (_text(name).strip() for name in names)
    return tuple(name[:MAX_ID_LENGTH] for name in stripped if name and is_clean(name))


def _text(value: Any) -> str:
    if not isinstance(value, str):
        return ""
    return ESCAPE.sub(lambda found: html.unescape(found[0]), value) if "&" in value else value
