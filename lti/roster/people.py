"""From the people whom a list names to our identities and persons, a page of them in a handful of statements."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Final, cast

from sqlalchemy import (
    Connection,
    Insert,
    Integer,
    String,
    Table,
    and_,
    bindparam,
    false,
    func,
    insert,
    select,
    update,
)

from courses.cohorts.models import CohortId, Enrolment
from institute.actors import InstituteId, PersonId
from institute.clock import now
from institute.db import UtcDateTime
from institute.people.models import Person
from lti.launches.models import ContextId, IdentityId, LtiIdentity
from lti.launches.people import claimable
from lti.platforms.models import RegistrationId
from lti.roster.listing import Listed
from lti.roster.models import Member
from lti.roster.rows import reserve_ids, rows_of

_IDENTITY: Final = cast("Table", LtiIdentity.__table__)
_PERSON: Final = cast("Table", Person.__table__)
_MEMBER: Final = cast("Table", Member.__table__)
_ENROLMENT: Final = cast("Table", Enrolment.__table__)


@dataclass(frozen=True, slots=True)
class Course:
    """The course that a list is of, and what its registration and binding say about its people."""

    context_id: ContextId
    institute_id: InstituteId
    registration_id: RegistrationId
    cohort_id: CohortId | None
    enrols: bool
    claims_grants: bool
    """Whether an e-mail finds somebody with a grant: only where the platform's administrators are trusted."""
    overrides: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Known:
    """What is stored of somebody: ``seen_pass`` is None for who was no member of the course before this page."""

    identity_id: IdentityId
    person_id: PersonId
    name: str
    email: str
    roles: list[str] | None = None
    learns: bool | None = None
    seen_pass: int | None = None
    has_left: bool = False
    is_enrolled: bool = False
    is_gone: bool = False
    existed: bool = True
    """Whether the account was known before this page."""

    @property
    def is_new_here(self) -> bool:
        """Whether the list names them for the first time, or again."""
        return self.seen_pass is None or self.has_left


# Written once: making a statement costs more than asking the database.
_KNOWN: Final = (
    select(
        _IDENTITY.c.sub,
        _IDENTITY.c.id,
        _IDENTITY.c.person_id,
        _PERSON.c.name,
        _PERSON.c.email,
        _MEMBER.c.roles,
        _MEMBER.c.learns,
        _MEMBER.c.seen_pass,
        _MEMBER.c.left_at.is_not(None),
        _ENROLMENT.c.id.is_not(None),
        _ENROLMENT.c.left_at.is_not(None),
    )
    .join(_PERSON, _PERSON.c.id == _IDENTITY.c.person_id)
    .outerjoin(
        _MEMBER, and_(_MEMBER.c.identity_id == _IDENTITY.c.id, _MEMBER.c.context_id == bindparam("context"))
    )
    .outerjoin(
        _ENROLMENT,
        and_(_ENROLMENT.c.person_id == _PERSON.c.id, _ENROLMENT.c.cohort_id == bindparam("cohort")),
    )
    .where(
        _IDENTITY.c.registration_id == bindparam("registration"),
        _IDENTITY.c.institute_id == bindparam("institute"),
        _IDENTITY.c.sub.in_(bindparam("subs", expanding=True)),
    )
)
_RENAME: Final = (
    update(_PERSON)
    .where(_PERSON.c.id == bindparam("of_person"))
    .values(name=bindparam("new_name"), email=bindparam("new_email"))
)
_TAKE: Final = (
    update(_PERSON)
    .where(_PERSON.c.id.in_(bindparam("people", expanding=True)), _PERSON.c.provisioned.is_(True))
    .values(provisioned=False)
    .returning(_PERSON.c.id)
)
_OF_SEVERAL: Final = (
    select(_IDENTITY.c.person_id)
    .where(_IDENTITY.c.person_id.in_(bindparam("people", expanding=True)))
    .group_by(_IDENTITY.c.person_id)
    .having(func.count() > 1)
)


def find_known(connection: Connection, course: Course, subs: Iterable[str]) -> dict[str, Known]:
    """Return what is stored of the people of these subjects."""
    asked = {
        "context": course.context_id,
        "cohort": course.cohort_id,
        "registration": course.registration_id,
        "institute": course.institute_id,
        "subs": list(subs),
    }
    return {row[0]: Known(*row[1:]) for row in connection.execute(_KNOWN, asked)}


def refresh_people(connection: Connection, pairs: Iterable[tuple[Listed, Known]]) -> None:
    """Keep the names and addresses that the platform shares; what it does not share stays.

    Whoever is known through several accounts keeps the name they have, or two lists would rename them by turns.
    """
    wanted = [
        {
            "of_person": known.person_id,
            "new_name": listed.name or known.name,
            "new_email": listed.email or known.email,
            "fills": (listed.name in {"", known.name} or not known.name)
            and (listed.email in {"", known.email.lower()} or not known.email),
        }
        for listed, known in pairs
        if (listed.name and listed.name != known.name)
        or (listed.email and listed.email != known.email.lower())
    ]
    overwriting = [one["of_person"] for one in wanted if not one["fills"]]
    if overwriting:
        kept = set(connection.scalars(_OF_SEVERAL, {"people": overwriting}))
        wanted = [one for one in wanted if one["fills"] or one["of_person"] not in kept]
    if wanted:
        connection.execute(_RENAME, wanted)


def make_people(
    connection: Connection, course: Course, fresh: Sequence[Listed], *, testers: frozenset[str]
) -> dict[str, Known]:
    """Make identities for people whom nobody has met, and persons for those whom nobody had entered beforehand.

    ``testers`` are subjects that are nobody real: they take over nobody's place.
    """
    if not fresh:
        return {}
    taken = _take_over(connection, course, [one for one in fresh if one.sub not in testers])
    unknown = [one for one in fresh if one.sub not in taken]
    people = taken | _insert_people(connection, course, unknown)
    identities = reserve_ids(connection, _IDENTITY, len(fresh))
    entries = [
        (identity_id, one.sub, people[one.sub]) for identity_id, one in zip(identities, fresh, strict=True)
    ]
    connection.execute(
        _new_identities(connection.dialect.name),
        {
            "rows": json.dumps(entries),
            "institute": course.institute_id,
            "registration": course.registration_id,
            "at": now(),
        },
    )
    known = find_known(connection, course, taken) if taken else {}
    refresh_people(connection, [(one, known[one.sub]) for one in fresh if one.sub in taken])
    new = {
        one.sub: Known(
            cast("IdentityId", identity_id),
            people[one.sub],
            one.name,
            one.email,
            existed=False,
        )
        for one, identity_id in zip(fresh, identities, strict=True)
    }
    return new | known


def _insert_people(connection: Connection, course: Course, unknown: Sequence[Listed]) -> dict[str, PersonId]:
    ids = reserve_ids(connection, _PERSON, len(unknown))
    entries = [(person_id, one.name, one.email) for person_id, one in zip(ids, unknown, strict=True)]
    if entries:
        connection.execute(
            _new_people(connection.dialect.name),
            {"rows": json.dumps(entries), "institute": course.institute_id, "at": now()},
        )
    return {one.sub: cast("PersonId", person_id) for person_id, one in zip(ids, unknown, strict=True)}


@cache
def _new_people(dialect: str) -> Insert:
    rows, (person_id, name, email) = rows_of(dialect, Integer, String, String)
    row = (
        person_id,
        bindparam("institute", type_=Integer),
        name,
        email,
        false(),
        bindparam("at", type_=UtcDateTime),
    )
    return insert(_PERSON).from_select(
        ["id", "institute_id", "name", "email", "provisioned", "created_at"], select(*row).select_from(rows)
    )


@cache
def _new_identities(dialect: str) -> Insert:
    rows, (identity_id, sub, person_id) = rows_of(dialect, Integer, String, Integer)
    institute, registration = (bindparam(name, type_=Integer) for name in ("institute", "registration"))
    row = (identity_id, institute, registration, sub, person_id, bindparam("at", type_=UtcDateTime))
    return insert(_IDENTITY).from_select(
        ["id", "institute_id", "registration_id", "sub", "person_id", "created_at"],
        select(*row).select_from(rows),
    )


def _take_over(connection: Connection, course: Course, fresh: Sequence[Listed]) -> dict[str, PersonId]:
    """Find those whom the institute entered beforehand by their e-mail, as a first launch does.

    An address that two of the list or two of the institute share finds nobody.
    """
    counted = Counter(one.email for one in fresh if one.email)
    unique = {one.email: one.sub for one in fresh if counted[one.email] == 1}
    if not unique:
        return {}
    waiting: dict[str, list[PersonId]] = {}
    asked = {"institute": course.institute_id, "emails": list(unique)}
    for row in connection.execute(claimable(with_grants=course.claims_grants), asked):
        waiting.setdefault(row[1], []).append(row[0])
    single = {found[0]: unique[email] for email, found in waiting.items() if len(found) == 1}
    if not single:
        return {}
    taken: Any = connection.scalars(_TAKE, {"people": list(single)})
    return {single[person_id]: person_id for person_id in taken}
