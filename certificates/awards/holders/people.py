"""Who holds certificates behind an e-mail address, and the address of a holder's own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import delete, or_, select

from certificates.awards.holders.models import HolderAddress
from certificates.awards.models import Award
from institute import audit
from institute.actors import Actor, InstituteId, PersonId
from institute.db import db, transaction
from institute.errors import NotFoundError
from institute.i18n import Localised
from institute.messages.addresses import Address
from institute.people.linking import rows_of, same_person
from institute.people.models import Institute, Person

MOST_PEOPLE: Final = 10


@dataclass(frozen=True, slots=True)
class Holder:
    """Somebody with certificates of one institute. ``name`` is the one on the newest of them."""

    person_id: PersonId
    institute_id: InstituteId
    institute_name: Localised
    name: str
    locale: str | None


def holders_at(address: Address) -> Sequence[Holder]:
    """Return whoever holds certificates and has this address on file, or confirmed it as their own.

    Several accounts of one person count once; an institute that was removed has no holders.
    """
    own = select(HolderAddress.person_id).where(HolderAddress.address.in_(address.spellings))
    here = set(
        db.session.scalars(
            select(Person.id)
            .where(
                Person.institute_id.in_(select(Institute.id).where(Institute.removed_at.is_(None))),
                or_(Person.email.in_(address.spellings), Person.id.in_(own)),
            )
            .order_by(Person.id)
            .limit(MOST_PEOPLE)
        )
    )
    everybody = rows_of(here) if here else frozenset[PersonId]()
    rows = db.session.execute(
        select(Award, Institute.name, Person.locale)
        .join(Institute, Institute.id == Award.institute_id)
        .join(Person, Person.id == Award.person_id)
        .where(Award.person_id.in_(everybody))
        .order_by(Award.institute_id, Award.id.desc())
    ).all()
    found: dict[PersonId, Holder] = {}
    for award, name, locale in rows:
        if not same_person(award.person_id) & found.keys():
            found[award.person_id] = Holder(
                award.person_id, award.institute_id, name, award.name_frozen, locale or award.locale
            )
    return list(found.values())


def own_address(actor: Actor) -> str:
    """Return the address that the actor confirmed as their own, empty where there is none."""
    row = _row(actor)
    return row.address if row is not None else ""


def keep_address(person_id: PersonId, institute_id: InstituteId, address: str) -> None:
    """Keep a confirmed address in the place of the one before, in the caller's transaction."""
    with transaction() as session:
        person = session.get(Person, person_id, with_for_update=True)
        if person is None or person.institute_id != institute_id:
            raise NotFoundError
        session.execute(delete(HolderAddress).where(HolderAddress.person_id.in_(same_person(person_id))))
        session.add(HolderAddress(person_id=person_id, institute_id=institute_id, address=address))
        session.flush()
        actor = Actor(institute_id=institute_id, person_id=person_id, door="holder")
        audit.record("holder.address", actor=actor, subject=("person", person_id), details={"kept": True})


def forget_address(*, actor: Actor) -> None:
    """Forget the actor's own address: only the one on file opens their certificates then. Twice is once."""
    with transaction() as session:
        row = _row(actor)
        if row is None:
            return
        session.delete(row)
        session.flush()
        audit.record(
            "holder.address", actor=actor, subject=("person", row.person_id), details={"kept": False}
        )


def _row(actor: Actor) -> HolderAddress | None:
    if actor.person_id is None:
        raise NotFoundError
    return db.session.scalar(
        select(HolderAddress).where(
            HolderAddress.person_id.in_(same_person(actor.person_id)),
            HolderAddress.institute_id == actor.institute_id,
        )
    )
