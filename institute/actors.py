"""Roles, and the person who acts. Roles from a door hold inside what it opened; grants hold everywhere."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final, NewType, cast

from flask import Flask, current_app
from sqlalchemy import (
    CompoundSelect,
    Date,
    Integer,
    Select,
    String,
    bindparam,
    false,
    null,
    select,
    union_all,
)
from sqlalchemy import cast as cast_sql

from institute.clock import now
from institute.db import db

InstituteId = NewType("InstituteId", int)
PersonId = NewType("PersonId", int)


class Role(StrEnum):
    """What a person may be here. Each has an area of pages of the same name."""

    PARTICIPANT = "participant"
    COACH = "coach"
    MENTOR = "mentor"
    FACILITATOR = "facilitator"
    TRAINER = "trainer"
    SCORING_LEAD = "scoring_lead"
    COORDINATOR = "coordinator"
    AUTHOR = "author"
    TRANSLATOR = "translator"
    ADMINISTRATOR = "administrator"
    PLATFORM_ADMINISTRATOR = "platform_administrator"


GRANTABLE: Final = (
    Role.TRAINER,
    Role.SCORING_LEAD,
    Role.COORDINATOR,
    Role.ADMINISTRATOR,
    Role.AUTHOR,
    Role.TRANSLATOR,
)

# Who builds the institute also writes what is learnt there, who writes also translates, who leads scoring also scores.
IMPLIED: Final[Mapping[Role, frozenset[Role]]] = {
    Role.ADMINISTRATOR: frozenset({Role.AUTHOR, Role.TRANSLATOR}),
    Role.AUTHOR: frozenset({Role.TRANSLATOR}),
    Role.SCORING_LEAD: frozenset({Role.TRAINER}),
}

# The order in which a person's areas are offered; the first is the home page.
AREA_ORDER: Final = (
    Role.PARTICIPANT,
    Role.COACH,
    Role.MENTOR,
    Role.FACILITATOR,
    Role.TRAINER,
    Role.SCORING_LEAD,
    Role.COORDINATOR,
    Role.ADMINISTRATOR,
    Role.AUTHOR,
    Role.TRANSLATOR,
    Role.PLATFORM_ADMINISTRATOR,
)

# What a provider's SELECT is written with: the person, the open cohort (null without one), the day in UTC.
PERSON: Final = bindparam("person_id", type_=Integer)
PLACE: Final = bindparam("place", type_=Integer)
TODAY: Final = bindparam("today", type_=Date)


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


def with_implied(roles: Iterable[Role]) -> frozenset[Role]:
    """Return the roles together with those that they bring along."""
    held = frozenset(roles)
    return held.union(*(IMPLIED.get(role, frozenset()) for role in held))


@dataclass
class LiveRoles:
    """What features have provided, and all of it as one query."""

    parts: list[Select[Any]]
    whole: CompoundSelect[Any]


def init_app(app: Flask) -> None:
    """Let features provide roles; without any, nobody has one."""
    nothing = select(cast_sql(null(), String)).where(false())
    app.extensions["live_roles"] = LiveRoles([nothing], union_all(nothing))


def provide(app: Flask, select_roles: Select[Any]) -> None:
    """Add live roles: a SELECT of one column of role names, written with ``PERSON``, ``PLACE`` and ``TODAY``."""
    roles = cast("LiveRoles", app.extensions["live_roles"])
    roles.parts.append(select_roles)
    roles.whole = union_all(*roles.parts)


def live_roles(person_id: PersonId, place: int | None) -> frozenset[Role]:
    """Return the roles a person holds at this moment beside those of the door, in one query.

    The query was written when the features were attached: it is asked at every request. The day is that of UTC: a
    role may begin or end some hours early or late, never stay.
    """
    asked = cast("LiveRoles", current_app.extensions["live_roles"]).whole
    values = {PERSON.key: person_id, PLACE.key: place, TODAY.key: now().date()}
    return frozenset(Role(name) for name in db.session.connection().scalars(asked, values))
