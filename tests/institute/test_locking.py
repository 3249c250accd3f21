"""What is locked is read afresh: a use case decides on what is true now, not on what it read before it waited."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from institute.db import transaction
from institute.people.models import Person

RENAMED = text("UPDATE person SET name = 'Lucía Ortega Ruiz' WHERE id = :id")


def _read_before_somebody_renamed(session: Session, person: Person) -> Person:
    found = session.get_one(Person, person.id)
    assert found.name == "Lucía Ortega"
    session.execute(RENAMED, {"id": person.id})
    assert found.name == "Lucía Ortega"
    return found


def test_a_row_that_is_locked_says_what_is_true_now(make_person: Callable[..., Person]) -> None:
    person = make_person(name="Lucía Ortega")
    with transaction() as session:
        found = _read_before_somebody_renamed(session, person)
        session.get_one(Person, found.id, with_for_update=True)
        assert found.name == "Lucía Ortega Ruiz"
    with transaction() as session:
        session.get_one(Person, person.id).name = "Lucía Ortega"
    with transaction() as session:
        found = _read_before_somebody_renamed(session, person)
        session.scalars(select(Person).where(Person.id == found.id).with_for_update()).one()
        assert found.name == "Lucía Ortega Ruiz"


def test_what_the_use_case_wrote_itself_stays_when_the_row_is_locked_afterwards(
    make_person: Callable[..., Person],
) -> None:
    person = make_person(name="Lucía Ortega")
    with transaction() as session:
        found = session.get_one(Person, person.id)
        found.name = "Lucía"
        session.get_one(Person, person.id, with_for_update=True)
        assert found.name == "Lucía"
