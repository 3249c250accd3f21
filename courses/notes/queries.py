"""Reading private notes: only ever the actor's own."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, func, select
from sqlalchemy.orm import aliased

from courses.cohorts.models import Enrolment
from courses.notes import sealing
from courses.notes.models import NOTE_LENGTH, NotesKey, PrivateNote
from courses.notes.subjects import Subject, about, column_of, refuse_others
from courses.notes.writing import key_bound
from courses.sessions.models import SessionLog
from institute.actors import Actor, Role
from institute.db import db
from institute.errors import DomainError, NotFoundError
from institute.people.models import Person
from institute.people.naming import name_or_number


@dataclass(frozen=True, slots=True)
class NoteHere:
    """The actor's note on something, empty where there is none. ``lost`` where no key opens it any more.

    ``newer`` is what is kept by now where ``text`` was typed into an older window.
    """

    subject: Subject
    key: int
    text: str = ""
    version: int = 0
    changed_at: datetime | None = None
    lost: bool = False
    newer: str | None = None
    problem: DomainError | None = None
    most: int = NOTE_LENGTH


def note_on(subject: Subject, key: int, *, actor: Actor) -> NoteHere:
    """Return the actor's own note on a session or a person. Raises NotFoundError if that is not the actor's."""
    refuse_others(subject, key, actor)
    row = db.session.execute(
        select(PrivateNote.ciphertext, PrivateNote.version, PrivateNote.changed_at, NotesKey.wrapped)
        .join(NotesKey, NotesKey.person_id == PrivateNote.author_id)
        .where(PrivateNote.author_id == actor.person_id, column_of(subject, key))
    ).one_or_none()
    if row is None:
        return NoteHere(subject, key)
    return _opened(row, subject, key, author_id=actor.person_id or 0)


@dataclass(frozen=True, slots=True)
class NoteLine:
    """One of the actor's notes in a list. ``day`` is that of the session, None for a note on a person."""

    note: NoteHere
    name: str
    day: date | None


def own_notes(actor: Actor) -> list[NoteLine]:
    """Return all notes of the actor, the latest first."""
    of_log = aliased(SessionLog)
    rows = db.session.execute(
        select(
            PrivateNote.log_id,
            PrivateNote.enrolment_id,
            PrivateNote.ciphertext,
            PrivateNote.version,
            PrivateNote.changed_at,
            NotesKey.wrapped,
            of_log.local_day,
            Person.id,
            Person.name,
        )
        .join(NotesKey, NotesKey.person_id == PrivateNote.author_id)
        .outerjoin(of_log, of_log.id == PrivateNote.log_id)
        .join(Enrolment, Enrolment.id == func.coalesce(of_log.enrolment_id, PrivateNote.enrolment_id))
        .join(Person, Person.id == Enrolment.person_id)
        .where(PrivateNote.author_id == actor.person_id, PrivateNote.institute_id == actor.institute_id)
        .order_by(PrivateNote.changed_at.desc(), PrivateNote.id.desc())
    ).all()
    return [
        NoteLine(
            _opened(row, *_subject(row.log_id, row.enrolment_id), author_id=actor.person_id or 0),
            name_or_number(row.name, row.id),
            row.local_day,
        )
        for row in rows
    ]


def _subject(log_id: int | None, enrolment_id: int | None) -> tuple[Subject, int]:
    return (Subject.ENROLMENT, enrolment_id or 0) if log_id is None else (Subject.LOG, log_id)


def _opened(row: Row[*tuple[Any, ...]], subject: Subject, key: int, *, author_id: int) -> NoteHere:
    try:
        own = sealing.unwrap(row.wrapped, key_bound(author_id))
        text = sealing.open_text(own, row.ciphertext, about(author_id, subject, key))
    except sealing.NotesKeyError:
        return NoteHere(subject, key, version=row.version, changed_at=row.changed_at, lost=True)
    return NoteHere(subject, key, text, row.version, row.changed_at)


def section_on_log(actor: Actor, key: int) -> NoteHere | None:
    """Return the note for a page of a session; None where the session is not the reader's."""
    return _section(Subject.LOG, actor, key)


def section_on_person(actor: Actor, key: int) -> NoteHere | None:
    """Return the note for a page of a person; None where the reader never coached them."""
    return _section(Subject.ENROLMENT, actor, key)


def _section(subject: Subject, actor: Actor, key: int) -> NoteHere | None:
    if not actor.has(Role.COACH):
        return None
    try:
        return note_on(subject, key, actor=actor)
    except NotFoundError:
        return None
