"""Asking for a link by e-mail address: answered alike, and with as much work, whether the address is known or not."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Final

from sqlalchemy import select

from institute.db import db
from institute.i18n import current_locale, gettext
from institute.messages import mail
from institute.messages.addresses import Address, parse_address
from institute.messages.doors import Door, doors_of
from institute.messages.mail import About, SignInTo
from institute.people.models import Institute, Person
from institute.web import limits

SIGN_IN: Final = "sign-in"
MOST_PEOPLE: Final = 10


def ask_for_link(address: Address) -> None:
    """Mail links to whoever has this address: one message, with a link for each institute and room.

    At most five an hour for one address; more are dropped without a word.
    """
    key = hashlib.sha256(address.spellings[0].encode()).hexdigest()
    allowed = limits.seldom(SIGN_IN, key)
    found = _people_at(address)
    if allowed and found:
        mail.tell(found[0].id, SIGN_IN, {}, institute_id=found[0].institute_id)
    else:
        mail.tell_nobody(SIGN_IN)


def some_door(person: Person, _about: About) -> dict[str, object] | None:
    """Return the facts of the message with the links, or None if the address opens nothing."""
    several = len(_doors_at(person))
    return {"several": several > 1} if several else None


def open_doors(person: Person, _about: About) -> list[SignInTo]:
    """Return a link for each door of everybody who has the reader's address; named only where there are several."""
    found = _doors_at(person)
    return [
        SignInTo(
            roles=door.roles,
            place=door.place,
            person=whose,
            label=_label(whose, door) if len(found) > 1 else "",
        )
        for whose, door in found
    ]


def _label(person: Person, door: Door) -> str:
    institute = db.session.get_one(Institute, person.institute_id).name.in_(current_locale())
    facts = {"institute": institute, "door": door.label, "name": person.name}
    return gettext("%(institute)s · %(door)s · %(name)s", **facts).strip(" ·")


def _doors_at(person: Person) -> list[tuple[Person, Door]]:
    address = parse_address(person.email)
    if address is None:
        return []
    return [(whose, door) for whose in _people_at(address) for door in doors_of(whose)]


def _people_at(address: Address) -> Sequence[Person]:
    # Named by institute, so that the index on institute and address is used.
    return db.session.scalars(
        select(Person)
        .where(Person.institute_id.in_(select(Institute.id)), Person.email.in_(address.spellings))
        .order_by(Person.id)
        .limit(MOST_PEOPLE)
    ).all()
