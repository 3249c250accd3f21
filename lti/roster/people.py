"""From the people whom a list names to our identities and persons, a page of them in a handful of statements."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, cast

from sqlalchemy import Connection, Table, and_, bindparam, func, insert, select, update

from courses.cohorts.models import CohortId, Enrolment
from institute.actors import InstituteId, PersonId
from institute.clock import now
from institute.people.models import Person
from lti.launches.models import ContextId, IdentityId, LtiIdentity
from lti.launches.people import claimable
from lti.platforms.models import RegistrationId
from lti.roster.listing import Listed
from lti.roster.models import Member

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
    roles: list[str]
    learns: bool
    seen_pass: int | None
    has_left: bool
    is_enrolled: bool
    is_gone: bool


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
_NEW_PEOPLE: Final = insert(_PERSON).returning(_PERSON.c.id, sort_by_parameter_order=True)
_NEW_IDENTITIES: Final = insert(_IDENTITY).returning(_IDENTITY.c.id, sort_by_parameter_order=True)
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
    at = now()
    people: dict[str, PersonId] = dict(taken)
    if unknown:
        rows = [
            {
                "institute_id": course.institute_id,
                "name": one.name,
                "email": one.email,
                "provisioned": False,
                "created_at": at,
            }
            for one in unknown
        ]
        made = connection.scalars(_NEW_PEOPLE, rows)
        people.update(zip((one.sub for one in unknown), made, strict=True))
    identities = connection.scalars(
        _NEW_IDENTITIES,
        [
            {
                "institute_id": course.institute_id,
                "registration_id": course.registration_id,
                "sub": one.sub,
                "person_id": people[one.sub],
                "created_at": at,
            }
            for one in fresh
        ],
    )
    known = find_known(connection, course, taken) if taken else {}
    refresh_people(connection, [(one, known[one.sub]) for one in fresh if one.sub in taken])
    new = {
        one.sub: Known(
            identity_id, people[one.sub], one.name, one.email, [], False, None, False, False, False
        )
        for one, identity_id in zip(fresh, identities, strict=True)
    }
    return new | known


def _take_over(connection: Connection, course: Course, fresh: Sequence[Listed]) -> dict[str, PersonId]:
    """Find those whom the institute entered beforehand by their e-mail, as a first launch does.

    An address that two of the list or two of the institute share finds nobody.
    """
    counted = Counter(one.email for one in fresh if one.email)
    unique = {one.email: one.sub for one in fresh if counted[one.email] == 1}
    if not unique:
        return {}
    waiting: dict[str, list[PersonId]] = {}
    finding = claimable(course.institute_id, list(unique), with_grants=course.claims_grants)
    for row in connection.execute(finding):
        waiting.setdefault(row[1], []).append(row[0])
    single = {found[0]: unique[email] for email, found in waiting.items() if len(found) == 1}
    if not single:
        return {}
    taken: Any = connection.scalars(_TAKE, {"people": list(single)})
    return {single[person_id]: person_id for person_id in taken}
