"""What a private note is about: a session of the author's, or somebody whom the author coaches."""

from __future__ import annotations

from enum import StrEnum

from sqlalchemy import ColumnElement, exists, select

from courses.cohorts.models import CoachAssignment, EnrolmentId
from courses.notes.models import PrivateNote
from courses.sessions.models import SessionLog, SessionLogId
from institute.actors import Actor
from institute.db import db
from institute.errors import NotFoundError


class Subject(StrEnum):
    """A kind of thing that somebody notes something on."""

    LOG = "log"
    ENROLMENT = "enrolment"


def refuse_others(subject: Subject, key: int, actor: Actor) -> None:
    """Raise NotFoundError unless the thing is the actor's to note something on.

    A session is its coach's, a person is whoever's who coaches them or did.
    """
    if actor.person_id is None:
        raise NotFoundError
    mine = (
        exists().where(
            SessionLog.id == key,
            SessionLog.institute_id == actor.institute_id,
            SessionLog.coach_id == actor.person_id,
        )
        if subject is Subject.LOG
        else exists().where(
            CoachAssignment.enrolment_id == key,
            CoachAssignment.institute_id == actor.institute_id,
            CoachAssignment.coach_id == actor.person_id,
        )
    )
    if not db.session.scalar(select(mine)):
        raise NotFoundError


def column_of(subject: Subject, key: int) -> ColumnElement[bool]:
    """Return the condition that a note is about this thing."""
    return PrivateNote.log_id == key if subject is Subject.LOG else PrivateNote.enrolment_id == key


def named(subject: Subject, key: int) -> dict[str, SessionLogId | EnrolmentId]:
    """Return the columns of a note about this thing."""
    return {"log_id": SessionLogId(key)} if subject is Subject.LOG else {"enrolment_id": EnrolmentId(key)}


def about(author_id: int, subject: Subject, key: int) -> bytes:
    """Return what a note's seal is bound to."""
    return f"note of {author_id} on {subject} {key}".encode()
