"""The names behind an actor, for the frame of a page, and the language a person chose."""

from __future__ import annotations

from typing import Final

from sqlalchemy import bindparam, select

from institute.actors import Actor
from institute.db import db, transaction
from institute.i18n import current_locale
from institute.people.linking import same_person
from institute.people.models import Institute, Person
from institute.web.asking import know
from institute.web.pages import Identity

# Written once, of plain columns: every page asks it.
_NAMES: Final = (
    select(Person.name, Institute.name, Person.linked)
    .join(Institute, Institute.id == Person.institute_id)
    .where(Person.id == bindparam("person"), Person.institute_id == bindparam("institute"))
)


def load_identity(actor: Actor) -> Identity:
    """Return the names behind ``actor``, in one query; it tells too whether they have another account."""
    asked = {"person": actor.person_id, "institute": actor.institute_id}
    name, institute_name, linked = db.session.connection().execute(_NAMES, asked).one()
    if actor.person_id is not None and not linked:
        know(same_person, frozenset({actor.person_id}), actor.person_id)
    return Identity(person_name=name, institute_name=institute_name.in_(current_locale()))


def remember_locale(actor: Actor, locale: str) -> None:
    """Keep the language that a person chose, for visits whose LMS names none."""
    with transaction() as session:
        person = session.get_one(Person, actor.person_id)
        person.locale = locale
