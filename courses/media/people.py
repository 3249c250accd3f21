"""Who is shown in a clip: named by the participant, each an adult or a child, and declared to be all."""

from __future__ import annotations

from typing import Final

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from courses.media import errors
from courses.media.clips import own_clip
from courses.media.models import (
    LABEL_LENGTH,
    Clip,
    ClipId,
    Consent,
    ConsentLink,
    ConsentState,
    PersonShown,
    PersonShownId,
    ShownKind,
)
from institute import audit
from institute.actors import Actor
from institute.clock import now
from institute.db import db, transaction
from institute.errors import DomainError, NotFoundError

MOST_PEOPLE: Final = 40


def check_person(clip_id: ClipId, label: str, kind: str, *, actor: Actor) -> dict[str, DomainError]:
    """Return what a new person lacks, by field. Raises NotFoundError."""
    clip = own_clip(clip_id, actor=actor)
    problems: dict[str, DomainError] = {}
    same = select(PersonShown.id).where(PersonShown.clip_id == clip.id, PersonShown.label == label)
    if not 1 <= len(label) <= LABEL_LENGTH or db.session.scalar(same.limit(1)):
        problems["label"] = errors.LabelError(most=LABEL_LENGTH)
    if kind not in list(ShownKind):
        problems["kind"] = errors.ShownKindError()
    return problems


def name_person(clip_id: ClipId, label: str, kind: ShownKind, *, actor: Actor) -> PersonShownId:
    """Name somebody who is shown; from then on the clip waits for what they say.

    Raises NotFoundError, PeopleFullError.
    """
    with transaction() as session:
        clip = own_clip(clip_id, actor=actor, session=session)
        count = session.scalar(select(func.count()).where(PersonShown.clip_id == clip.id)) or 0
        if count >= MOST_PEOPLE:
            raise errors.PeopleFullError(most=MOST_PEOPLE)
        row = PersonShown(institute_id=clip.institute_id, clip_id=clip.id, label=label, kind=kind)
        session.add(row)
        session.flush()
        audit.record("clip.person-named", actor=actor, subject=("clip", clip.id), details={"person": row.id})
        return row.id


def drop_person(clip_id: ClipId, person_id: PersonShownId, *, actor: Actor) -> None:
    """Take somebody off the list who has not answered. Raises NotFoundError, PersonAnsweredError."""
    with transaction() as session:
        person = find_person(clip_id, person_id, actor=actor, session=session)
        consent = session.scalar(select(Consent).where(Consent.person_shown_id == person.id))
        if consent is not None:
            if consent.state is not ConsentState.ASKED:
                raise errors.PersonAnsweredError
            session.execute(delete(ConsentLink).where(ConsentLink.consent_id == consent.id))
            session.delete(consent)
            session.flush()
        session.delete(person)
        audit.record(
            "clip.person-dropped", actor=actor, subject=("clip", clip_id), details={"person": person_id}
        )


def declare(clip_id: ClipId, *, actor: Actor) -> None:
    """Say that everybody who is seen or heard is named: nobody else than the participant, where nobody is.

    Saying it again changes nothing. Raises NotFoundError.
    """
    with transaction() as session:
        clip = own_clip(clip_id, actor=actor, session=session)
        if clip.declared_at is None:
            clip.declared_at = now()
            audit.record("clip.declared", actor=actor, subject=("clip", clip.id))


def find_person(
    clip_id: ClipId, person_id: PersonShownId, *, actor: Actor, session: Session | None = None
) -> PersonShown:
    """Return somebody shown in a clip of the actor's own. Raises NotFoundError."""
    clip: Clip = own_clip(clip_id, actor=actor, session=session)
    person = (session or db.session).get(PersonShown, person_id)
    if person is None or person.clip_id != clip.id:
        raise NotFoundError
    return person
