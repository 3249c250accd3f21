"""Grants: what the institute lets a person do, whatever the LMS says."""

from __future__ import annotations

from typing import Final

from sqlalchemy import select

from institute import audit
from institute.actors import PERSON, Actor, PersonId, Role
from institute.clock import now
from institute.db import transaction
from institute.errors import NotFoundError
from institute.people.models import Grant, Organisation, OrganisationId, Person


def grant_role(person_id: PersonId, role: Role, *, at: OrganisationId | None = None, actor: Actor) -> None:
    """Give a person of the actor's institute a role, ``at`` an organisation or for the whole of it.

    Does nothing if it is held so already. Raises NotFoundError if person or organisation is not of this institute.
    """
    with transaction() as session:
        person = session.get(Person, person_id)
        if person is None or person.institute_id != actor.institute_id:
            raise NotFoundError
        where = session.get(Organisation, at) if at is not None else None
        if at is not None and (where is None or where.institute_id != actor.institute_id):
            raise NotFoundError
        held = session.scalar(
            select(Grant.id).where(
                Grant.person_id == person_id,
                Grant.role == role,
                Grant.organisation_id.is_not_distinct_from(at),
                Grant.ended_at.is_(None),
            )
        )
        if held is None:
            session.add(
                Grant(institute_id=person.institute_id, person_id=person_id, role=role, organisation_id=at)
            )
            told = {"role": role} if at is None else {"role": role, "organisation": at}
            audit.record("grant.given", actor=actor, subject=("person", person_id), details=told)


def end_grant(person_id: PersonId, role: Role, *, actor: Actor) -> None:
    """End a role everywhere from the next request on. Raises NotFoundError if it is not held."""
    with transaction() as session:
        held = session.scalars(
            select(Grant).where(
                Grant.institute_id == actor.institute_id,
                Grant.person_id == person_id,
                Grant.role == role,
                Grant.ended_at.is_(None),
            )
        ).all()
        if not held:
            raise NotFoundError
        for grant in held:
            grant.ended_at = now()
        audit.record("grant.ended", actor=actor, subject=("person", person_id), details={"role": role})


# The roles a person is granted at this moment; see institute.actors.provide.
GRANTED: Final = select(Grant.role).where(Grant.person_id == PERSON, Grant.ended_at.is_(None))
