"""From a platform's subject to a person of the institute."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

from sqlalchemy import Select, bindparam, func, select, update
from sqlalchemy.orm import Session

from institute.actors import PersonId
from institute.people.models import Grant, Person
from lti.launches.claims import PersonClaim
from lti.launches.known import KnownDeployment, KnownPerson
from lti.launches.models import LtiIdentity
from lti.platforms.models import PlatformFacts


def note_person(
    claim: PersonClaim,
    known: KnownPerson | None,
    *,
    platform: PlatformFacts,
    deployment: KnownDeployment,
    may_claim: bool,
    session: Session,
) -> KnownPerson:
    """Return the person behind a launch, with the name and address that it shares.

    A subject ``known`` from before is the same person, whatever name or e-mail comes along. A new one is a new person,
    or, with ``may_claim``, somebody whom the institute entered beforehand under this e-mail: that works once. An
    anonymous launch is always somebody new.
    """
    if known is not None:
        return _refresh(known, claim, session)
    if claim.sub is None:
        return _known(_make(claim, deployment, session), None)
    waiting = None
    if may_claim:
        trusted = deployment.trusts_administrators(platform)
        waiting = _claim_provisioned(claim, deployment, session, with_grants=trusted)
    person = waiting or _make(claim, deployment, session)
    identity = LtiIdentity(
        institute_id=deployment.institute_id,
        registration_id=platform.id,
        sub=claim.sub,
        person_id=person.id,
    )
    session.add(identity)
    session.flush()
    return _refresh(_known(person, identity), claim, session)


def _known(person: Person, identity: LtiIdentity | None) -> KnownPerson:
    identity_id = identity.id if identity else None
    return KnownPerson(person.id, identity_id, person.name, person.email, person.locale, person.linked)


def _make(claim: PersonClaim, deployment: KnownDeployment, session: Session) -> Person:
    person = Person(institute_id=deployment.institute_id, name=claim.name, email=claim.email.lower())
    session.add(person)
    session.flush()
    return person


def _claim_provisioned(
    claim: PersonClaim, deployment: KnownDeployment, session: Session, *, with_grants: bool
) -> Person | None:
    """Take over the one person who was entered with this e-mail; the row itself decides between two at once."""
    if not claim.email:
        return None
    asked = {"institute": deployment.institute_id, "emails": [claim.email.lower()]}
    found: list[PersonId] = list(session.scalars(claimable(with_grants=with_grants), asked))
    if len(found) != 1:
        return None
    taken = session.execute(
        update(Person)
        .where(Person.id == found[0], Person.provisioned.is_(True))
        .values(provisioned=False)
        .returning(Person.id)
    ).one_or_none()
    return session.get_one(Person, found[0]) if taken is not None else None


@cache
def claimable(*, with_grants: bool) -> Select[PersonId, str]:
    """Return the query for who was entered beforehand under one of these addresses and waits: id and address.

    Its parameters are ``institute`` and ``emails``, in lower case. Somebody with a grant is found only through a
    platform whose administrators are trusted: elsewhere people may choose their own e-mail, and a grant must not be
    theirs for the asking.
    """
    waiting = select(Person.id, func.lower(Person.email)).where(
        Person.institute_id == bindparam("institute"),
        func.lower(Person.email).in_(bindparam("emails", expanding=True)),
        Person.provisioned.is_(True),
    )
    if with_grants:
        return waiting
    granted = select(Grant.person_id).where(Grant.ended_at.is_(None))
    return waiting.where(Person.id.not_in(granted))


def _refresh(known: KnownPerson, claim: PersonClaim, session: Session) -> KnownPerson:
    """Keep the name and address that the platform shares; what it does not share stays."""
    name, email = claim.name or known.name, claim.email.lower() or known.email
    if name == known.name and email.lower() == known.email.lower():
        return known
    session.execute(update(Person).where(Person.id == known.id).values(name=name, email=email))
    return replace(known, name=name, email=email)
