"""What a mailed link opens for somebody who asks for one: features say which rooms a person has without a launch."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import cast

from flask import Flask, current_app

from institute.actors import AREA_ORDER, Role, live_roles
from institute.people.models import Person
from institute.web.pages import AREA_NAMES


@dataclass(frozen=True, slots=True)
class Door:
    """Roles and place of a session that a person may open. ``label`` tells it from the person's other doors."""

    roles: tuple[Role, ...]
    place: int | None
    label: str


FindDoors = Callable[[Person], Sequence[Door]]


def init_app(app: Flask) -> None:
    """Give the application an empty list of finders."""
    app.extensions["doors"] = []


def add(app: Flask, find: FindDoors) -> None:
    """Let ``find`` tell a person's doors, in the language that is spoken at the moment."""
    cast("list[FindDoors]", app.extensions["doors"]).append(find)


def doors_of(person: Person) -> list[Door]:
    """Return what a person may open without a launch: what features found, then the live roles that hold anywhere.

    Empty for whoever has no role outside a launch.
    """
    finders = cast("list[FindDoors]", current_app.extensions["doors"])
    found = [door for find in finders for door in find(person)]
    held = live_roles(person.id, None)
    if held and not any(held <= live_roles(person.id, door.place) for door in found):
        first = next(role for role in AREA_ORDER if role in held)
        found.append(Door((), None, str(AREA_NAMES[first])))
    return found
