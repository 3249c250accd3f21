"""Where a field of a draft stands in its TOML file, for rules that speak of fields."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from courses.packages.lines import Place

# Fields that are called otherwise in a file, in the order in which they are looked for.
_NAMES: Final[Mapping[str, tuple[str, ...]]] = {
    "activities": ("activity", "preparation"),
    "areas": ("area",),
    "coaching": ("coaching_minutes",),
    "items": ("item",),
    "least": ("min",),
    "materials": ("material",),
    "most": ("max",),
    "objectives": ("objective",),
    "questions": ("question",),
    "reading": ("reading_minutes",),
    "session_number": ("session",),
    "steps": ("step",),
}


def place_of(path: str, data: Mapping[str, Any]) -> Place:
    """Return the place of a field (a path of courses.catalogue.fields), or of the nearest thing that holds it.

    Of two members with one key it is the later one: the first is right.
    """
    found: Place = ()
    parts = path.split("/")
    for name in _NAMES.get(parts[0], parts[:1]):
        below = _below((name,), data.get(name), parts[1:]) if name in data else ()
        if len(below) >= len(found):
            found = below
    return found


def _below(here: Place, value: Any, parts: list[str]) -> Place:
    if not parts:
        return here
    if isinstance(value, list):
        number = _number(value, parts[0])
        return _below((*here, number), value[number - 1], parts[1:]) if number else here
    if isinstance(value, dict):
        for name in _NAMES.get(parts[0], tuple(parts[:1])):
            if name in value:
                return _below((*here, name), value[name], parts[1:])
    return here


def _number(members: list[Any], name: str) -> int | None:
    """Return the place, from 1, of a member that is named by its key or by its place."""
    for number in range(len(members), 0, -1):
        member = members[number - 1]
        if isinstance(member, dict) and member.get("key") == name:
            return number
    return int(name) if name.isdecimal() and 0 < int(name) <= len(members) else None
