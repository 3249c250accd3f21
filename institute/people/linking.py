"""One person with several rows: joined by an explicit act, told apart again without a loss.

Nothing moves when two rows become one person: each keeps what was done with it, and whoever asks who somebody is asks
for all of their rows. So the act can be undone at any time.
"""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from institute import audit, events
from institute.actors import Actor, PersonId
from institute.clock import now
from institute.db import db, transaction
from institute.errors import ConflictError, NotFoundError
from institute.i18n import lazy_gettext
from institute.people.events import RowsChanged
from institute.people.models import Person, PersonLink, PersonLinkId
from institute.web import sessions
from institute.web.asking import once_a_page


class SamePersonError(ConflictError):
    """The two are one person already."""

    code = "PERSON-SAME"
    sentence = lazy_gettext("These two accounts belong together already.")


@once_a_page
def same_person(person_id: PersonId) -> frozenset[PersonId]:
    """Return all rows of the person that ``person_id`` is a row of, that one included: most people have one."""
    return rows_of({person_id})


def same_people(people: Iterable[PersonId]) -> dict[PersonId, frozenset[PersonId]]:
    """Return the same for each of several people. One query where nobody has a second row."""
    asked = frozenset(people)
    if len(asked) <= 1:
        return {person_id: same_person(person_id) for person_id in asked}
    whole: dict[PersonId, frozenset[PersonId]] = {}
    for pair in _links_of(asked):
        together = frozenset(pair).union(*(whole.get(person_id, ()) for person_id in pair))
        whole |= dict.fromkeys(together, together)
    return {person_id: whole.get(person_id, frozenset({person_id})) for person_id in asked}


def rows_of(people: Iterable[PersonId]) -> frozenset[PersonId]:
    """Return all rows of each of these people, the given ones included. One query where nobody has a second row."""
    found = frozenset(people)
    return found.union(*_links_of(found))


def _links_of(people: frozenset[PersonId]) -> list[tuple[PersonId, PersonId]]:
    """Return every link that stands between rows of these people."""
    while True:
        rows = db.session.execute(
            select(PersonLink.kept_id, PersonLink.other_id).where(
                PersonLink.undone_at.is_(None),
                or_(PersonLink.kept_id.in_(people), PersonLink.other_id.in_(people)),
            )
        )
        links = [(row.kept_id, row.other_id) for row in rows]
        more = people.union(*links)
        if more == people:
            return links
        people = more


def link_people(kept_id: PersonId, other_id: PersonId, *, actor: Actor) -> PersonLinkId:
    """Make two people of the actor's institute one person.

    Where both have been in one cohort, what was done as ``kept_id`` is shown. Raises NotFoundError for somebody of
    another institute, SamePersonError if they are one already.
    """
    with transaction() as session:
        both = session.scalars(
            select(Person)
            .where(Person.id.in_((kept_id, other_id)), Person.institute_id == actor.institute_id)
            .order_by(Person.id)
            .with_for_update()
        ).all()
        if len({person.id for person in both}) != len({kept_id, other_id}):
            raise NotFoundError
        if other_id in same_person(kept_id):
            raise SamePersonError
        for person in both:
            person.linked = True
        link = PersonLink(institute_id=actor.institute_id, kept_id=kept_id, other_id=other_id)
        session.add(link)
        session.flush()
        audit.record(
            "person.linked",
            actor=actor,
            subject=("person", kept_id),
            details={"other": other_id, "link": link.id},
        )
        events.publish(RowsChanged(actor.institute_id, same_person(kept_id)))
        return link.id


def unlink_people(link_id: PersonLinkId, *, actor: Actor) -> None:
    """Tell two people apart again; done twice it changes nothing. Raises NotFoundError.

    Whoever is inside as either of them comes in anew: a session may have been opened with the other's record.
    """
    with transaction() as session:
        link = session.get(PersonLink, link_id, with_for_update=True)
        if link is None or link.institute_id != actor.institute_id:
            raise NotFoundError
        if link.undone_at is not None:
            return
        rows = same_person(link.kept_id)
        sessions.end_sessions_of(rows)
        link.undone_at, link.undone_by_id = now(), actor.person_id
        session.flush()
        for person_id in (link.kept_id, link.other_id):
            _note_alone(session, person_id)
        audit.record(
            "person.unlinked",
            actor=actor,
            subject=("person", link.kept_id),
            details={"other": link.other_id, "link": link_id},
        )
        events.publish(RowsChanged(actor.institute_id, rows))


def _note_alone(session: Session, person_id: PersonId) -> None:
    if same_person(person_id) == {person_id}:
        session.execute(update(Person).where(Person.id == person_id).values(linked=False))
