"""Writing private notes. Nothing of what they say goes anywhere else: neither into an event nor into the audit."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from courses.notes import sealing
from courses.notes.errors import NoteTooLongError
from courses.notes.models import NOTE_LENGTH, NotesKey, PrivateNote
from courses.notes.subjects import Subject, about, column_of, named, refuse_others
from institute.actors import Actor, InstituteId, PersonId
from institute.clock import now
from institute.db import insert_into, transaction
from institute.errors import DomainError, NotFoundError
from institute.web.forms import storable


@dataclass(frozen=True, slots=True)
class Noted:
    """What came of a note. ``newer`` is what is kept where somebody's other window was faster; nothing was written."""

    problem: DomainError | None = None
    newer: str | None = None


def keep_note(subject: Subject, key: int, text: str, *, actor: Actor, version: int | None = None) -> Noted:
    """Keep the actor's private note on a session or a person; an empty one takes it away.

    ``version`` is the one that the text was made from, 0 for none yet; without it the text takes the place of
    whatever is there. Raises NotFoundError if the thing is not the actor's, NotesKeyError.
    """
    text = storable(text).strip()
    if len(text) > NOTE_LENGTH:
        return Noted(NoteTooLongError(most=NOTE_LENGTH, length=len(text)))
    with transaction() as session:
        refuse_others(subject, key, actor)
        if actor.person_id is None:
            raise NotFoundError
        author_id = actor.person_id
        own = _own_key(author_id, actor.institute_id, session)
        note = session.scalar(
            select(PrivateNote)
            .where(PrivateNote.author_id == author_id, column_of(subject, key))
            .with_for_update()
        )
        bound = about(author_id, subject, key)
        kept = "" if note is None else sealing.open_text(own, note.ciphertext, bound)
        if kept == text:
            return Noted()
        if version is not None and version != (0 if note is None else note.version):
            return Noted(newer=kept)
        if not text:
            session.delete(note)
            session.flush()
            return Noted()
        if note is None:
            note = PrivateNote(
                institute_id=actor.institute_id, author_id=author_id, version=0, **named(subject, key)
            )
            session.add(note)
        note.ciphertext, note.version, note.changed_at = (
            sealing.seal_text(own, text, bound),
            note.version + 1,
            now(),
        )
        session.flush()
        return Noted()


def erase_notes(person_id: PersonId, *, institute_id: InstituteId) -> int:
    """Delete all private notes of somebody together with their key; return how many notes there were.

    Belongs into the transaction that erases the person.
    """
    with transaction() as session:
        mine = (PrivateNote.author_id == person_id, PrivateNote.institute_id == institute_id)
        gone = session.execute(delete(PrivateNote).where(*mine).returning(PrivateNote.id)).all()
        session.execute(
            delete(NotesKey).where(NotesKey.person_id == person_id, NotesKey.institute_id == institute_id)
        )
        return len(gone)


def key_bound(person_id: int) -> bytes:
    """Return what the wrapping of an author's key is bound to."""
    return f"key of {person_id}".encode()


def _own_key(person_id: PersonId, institute_id: InstituteId, session: Session) -> bytes:
    """Return the author's key, made with the first note. Raises NotesKeyError."""
    fresh = {
        "person_id": person_id,
        "institute_id": institute_id,
        "wrapped": sealing.wrap(sealing.new_key(), key_bound(person_id)),
        "created_at": now(),
    }
    session.execute(insert_into(session, NotesKey).on_conflict_do_nothing(), [fresh])
    wrapped = session.scalars(
        select(NotesKey.wrapped).where(NotesKey.person_id == person_id).with_for_update()
    ).one()
    return sealing.unwrap(wrapped, key_bound(person_id))
