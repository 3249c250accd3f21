"""Roles, and the person who acts. Roles from a door hold inside what it opened; grants hold everywhere."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final, NewType, cast

from flask import Flask, current_app
from sqlalchemy import Select, String, false, null, select, union_all
from sqlalchemy import cast as cast_sql

from institute.db import db

InstituteId = NewType("InstituteId", int)
PersonId = NewType("PersonId", int)


class Role(StrEnum):
    """What a person may be here. Each has an area of pages of the same name."""

    PARTICIPANT = "participant"
    COACH = "coach"
    FACILITATOR = "facilitator"
    TRAINER = "trainer"
    COORDINATOR = "coordinator"
    ADMINISTRATOR = "administrator"
    PLATFORM_ADMINISTRATOR = "platform_administrator"


GRANTABLE: Final = (Role.TRAINER, Role.COORDINATOR, Role.ADMINISTRATOR)

# The order in which a person's areas are offered; the first is the home page.
AREA_ORDER: Final = (
    Role.PARTICIPANT,
    Role.COACH,
    Role.FACILITATOR,
    Role.TRAINER,
    Role.COORDINATOR,
    Role.ADMINISTRATOR,
    Role.PLATFORM_ADMINISTRATOR,
)

SelectRoles = Callable[[int, int | None], Select[Any]]


@dataclass(frozen=True, slots=True)
class Actor:
    """Who does something: the person, the tenant, the roles held at this moment.

    ``place`` is the id of the cohort that the door opened, None where it opened none. ``door`` and ``door_key`` say
    how the person came in (``"lti"``, ``"registration/3"``). The command line acts without a person.
    """

    institute_id: InstituteId
    person_id: PersonId | None
    roles: frozenset[Role] = frozenset()
    session_id: str | None = None
    place: int | None = None
    door: str = "command"
    door_key: str = ""

    def has(self, role: Role) -> bool:
        """Tell whether the actor holds ``role``."""
        return role in self.roles


def init_app(app: Flask) -> None:
    """Give the application an empty list of role providers."""
    app.extensions["role_providers"] = []


def provide(app: Flask, select_roles: SelectRoles) -> None:
    """Add live roles: ``select_roles(person_id, place)`` returns a SELECT of one column of role names."""
    cast("list[SelectRoles]", app.extensions["role_providers"]).append(select_roles)


def providers(app: Flask) -> list[SelectRoles]:
    """Return what features have provided."""
    return cast("list[SelectRoles]", app.extensions["role_providers"])


def live_roles(person_id: PersonId, place: int | None) -> frozenset[Role]:
    """Return the roles a person holds at this moment beside those of the door, in one query."""
    wanted = [select(cast_sql(null(), String)).where(false())]
    wanted += [select_roles(person_id, place) for select_roles in providers(current_app)]
    return frozenset(Role(name) for name in db.session.scalars(union_all(*wanted)))
