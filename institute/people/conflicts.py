"""Conflicts that people declare: who should not coach, rate or direct whom, whatever else speaks for it."""

from __future__ import annotations

from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from institute import audit, events
from institute.actors import Actor, InstituteId, PersonId
from institute.clock import now
from institute.db import db, transaction
from institute.errors import ConflictError, InvalidError, NotFoundError
from institute.folding import fold
from institute.i18n import lazy_gettext
from institute.people.events import DutyBegun
from institute.people.linking import same_person
from institute.people.models import ConflictDeclaration, ConflictDeclarationId, Person
from institute.web.forms import storable

REASON_LENGTH = 2000
NAME_LENGTH = 300


class ConflictReasonError(InvalidError):
    """Who declares a conflict says why."""

    code = "CONFLICT-REASON"
    sentence = lazy_gettext("Write in a sentence why the two should be kept apart.")


class ConflictNameError(InvalidError):
    """A conflict is with somebody else."""

    code = "CONFLICT-NAME"
    sentence = lazy_gettext("Say who the other person is.")


class ConflictPlacedError(ConflictError):
    """It was said before who is meant."""

    code = "CONFLICT-PLACED"
    sentence = lazy_gettext("It was said before who is meant.")


def declare_own(named: str, reason: str, *, actor: Actor) -> ConflictDeclarationId:
    """Declare that the actor should be kept apart from somebody whom they name, from today on.

    A name or address that only one person of the institute has is that person; else it waits for a coordinator. The
    answer is the same: nobody learns who is here. Raises ConflictNameError, ConflictReasonError.
    """
    if actor.person_id is None:
        raise NotFoundError
    with transaction() as session:
        words, name = _reason(reason), " ".join(storable(named).split())[:NAME_LENGTH]
        if not name:
            raise ConflictNameError
        own = same_person(actor.person_id)
        other = _only_one_called(name, actor.institute_id, session)
        return _keep(
            ConflictDeclaration(
                institute_id=actor.institute_id,
                person_id=actor.person_id,
                other_id=other if other not in own else None,
                named=name,
                reason=words,
                since=now().date(),
                declared_by=actor.person_id,
            ),
            actor=actor,
            session=session,
        )


def declare_between(
    person_id: PersonId, other_id: PersonId, reason: str, *, since: date | None = None, actor: Actor
) -> ConflictDeclarationId:
    """Declare that two people of the actor's institute should be kept apart, from a day on (today, unless given).

    Raises NotFoundError, ConflictNameError for one and the same person, ConflictReasonError.
    """
    with transaction() as session:
        _both(person_id, other_id, actor, session)
        return _keep(
            ConflictDeclaration(
                institute_id=actor.institute_id,
                person_id=person_id,
                other_id=other_id,
                reason=_reason(reason),
                since=since or now().date(),
                declared_by=actor.person_id,
            ),
            actor=actor,
            session=session,
        )


def place(declaration_id: ConflictDeclarationId, other_id: PersonId, *, actor: Actor) -> None:
    """Say who is meant by a name that somebody declared a conflict with.

    Raises NotFoundError, ConflictPlacedError, ConflictNameError for the person themselves.
    """
    with transaction() as session:
        row = _find(declaration_id, actor, session)
        if row.other_id is not None:
            raise ConflictPlacedError
        _both(row.person_id, other_id, actor, session)
        row.other_id = other_id
        session.flush()
        audit.record(
            "conflict.placed",
            actor=actor,
            subject=("conflict_declaration", row.id),
            details={"other": other_id},
        )
        events.publish(DutyBegun(actor.institute_id, row.person_id, other_id))


def end_conflict(declaration_id: ConflictDeclarationId, *, actor: Actor) -> None:
    """End a declaration with yesterday: from today on it keeps nobody apart. Twice changes nothing.

    Raises NotFoundError.
    """
    with transaction() as session:
        row = _find(declaration_id, actor, session)
        if row.until is None:
            row.until, row.ended_by = max(now().date(), row.since), actor.person_id
            audit.record("conflict.ended", actor=actor, subject=("conflict_declaration", row.id))


def report_conflicts(institute_id: int, one: int, other: int, relation: str) -> list[str]:
    """Tell every room that two people declared a conflict, whichever of them did.

    One is to coach or rate the other, or to decide about their award. Of raters it is asked whether it was ever so.
    """
    if relation not in {"coach", "rater", "issuer"}:
        return []
    query = select(ConflictDeclaration.id).where(
        ConflictDeclaration.institute_id == institute_id,
        or_(
            (ConflictDeclaration.person_id == one) & (ConflictDeclaration.other_id == other),
            (ConflictDeclaration.person_id == other) & (ConflictDeclaration.other_id == one),
        ),
    )
    if relation != "rater":
        query = query.where(ConflictDeclaration.until.is_(None))
    return [] if db.session.scalar(query.limit(1)) is None else ["declared"]


def declared_by(person_id: PersonId) -> list[ConflictDeclaration]:
    """Return what a person declared, or what was declared about them, newest first: what runs and what ended."""
    own = same_person(person_id)
    return list(
        db.session.scalars(
            select(ConflictDeclaration)
            .where(or_(ConflictDeclaration.person_id.in_(own), ConflictDeclaration.other_id.in_(own)))
            .order_by(ConflictDeclaration.id.desc())
        )
    )


def running(institute_id: InstituteId) -> list[ConflictDeclaration]:
    """Return the declarations of an institute that hold, those that wait for a name first."""
    return list(
        db.session.scalars(
            select(ConflictDeclaration)
            .where(ConflictDeclaration.institute_id == institute_id, ConflictDeclaration.until.is_(None))
            .order_by(ConflictDeclaration.other_id.is_not(None), ConflictDeclaration.id.desc())
        )
    )


def _keep(row: ConflictDeclaration, *, actor: Actor, session: Session) -> ConflictDeclarationId:
    session.add(row)
    session.flush()
    audit.record(
        "conflict.declared",
        actor=actor,
        subject=("conflict_declaration", row.id),
        details={"person": row.person_id, "other": row.other_id},
    )
    if row.other_id is not None:
        events.publish(DutyBegun(actor.institute_id, row.person_id, row.other_id))
    return row.id


def _reason(text: str) -> str:
    words = storable(text).strip()[:REASON_LENGTH]
    if not words:
        raise ConflictReasonError
    return words


def _both(person_id: PersonId, other_id: PersonId, actor: Actor, session: Session) -> None:
    for one in (person_id, other_id):
        person = session.get(Person, one)
        if person is None or person.institute_id != actor.institute_id:
            raise NotFoundError
    if other_id in same_person(person_id):
        raise ConflictNameError


def _find(declaration_id: ConflictDeclarationId, actor: Actor, session: Session) -> ConflictDeclaration:
    row = session.get(ConflictDeclaration, declaration_id, with_for_update=True)
    if row is None or row.institute_id != actor.institute_id:
        raise NotFoundError
    return row


def _only_one_called(name: str, institute_id: InstituteId, session: Session) -> PersonId | None:
    by_address = select(Person.id).where(Person.institute_id == institute_id, Person.email == name.lower())
    found = list(session.scalars(by_address.limit(2)))
    if not found:
        people = session.execute(
            select(Person.id, Person.name)
            .where(Person.institute_id == institute_id, Person.name == name)
            .limit(9)
        )
        found = [one.id for one in people if fold(one.name) == fold(name)]
    return found[0] if len(found) == 1 else None
