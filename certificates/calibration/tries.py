"""How often somebody may try: twice, then the scoring lead opens the next two after a training."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from certificates.calibration.attempts import (
    CalibrationAttempt,
    CalibrationUnlock,
    QualificationId,
    RaterQualification,
)
from certificates.calibration.errors import NotLockedError
from certificates.calibration.events import RaterDisqualified
from certificates.calibration.telling import UNLOCKED_MAIL
from institute import audit, events
from institute.actors import Actor, InstituteId, PersonId
from institute.clock import now
from institute.db import transaction
from institute.errors import NotFoundError
from institute.messages import mail
from institute.people.linking import same_person
from institute.people.models import Person

TRIES: Final = 2


def failed_tries(session: Session, person_id: PersonId, rubric_key: str) -> int:
    """Return how many attempts at a rubric failed since the person last passed, or was let try again."""
    rows = same_person(person_id)
    unlocked = session.scalar(
        select(func.max(CalibrationUnlock.unlocked_at)).where(
            CalibrationUnlock.person_id.in_(rows), CalibrationUnlock.rubric_key == rubric_key
        )
    )
    outcomes = session.execute(
        select(CalibrationAttempt.passed, CalibrationAttempt.finished_at)
        .where(
            CalibrationAttempt.person_id.in_(rows),
            CalibrationAttempt.rubric_key == rubric_key,
            CalibrationAttempt.finished_at.is_not(None),
        )
        .order_by(CalibrationAttempt.finished_at.desc(), CalibrationAttempt.id.desc())
    )
    count = 0
    for passed, finished_at in outcomes:
        if passed or (unlocked is not None and finished_at is not None and finished_at <= unlocked):
            break
        count += 1
    return count


def tries_left(session: Session, person_id: PersonId, rubric_key: str) -> int:
    """Return how many attempts are left before training."""
    return max(TRIES - failed_tries(session, person_id, rubric_key), 0)


def unlock(person_id: PersonId, rubric_key: str, training: str, *, actor: Actor) -> None:
    """Let somebody try again after ``training``, a few words about it, and tell them.

    Raises NotFoundError for another institute's person, NotLockedError where tries are left.
    """
    with transaction() as session:
        _person(session, person_id, actor.institute_id)
        if tries_left(session, person_id, rubric_key):
            raise NotLockedError
        row = CalibrationUnlock(
            institute_id=actor.institute_id,
            person_id=person_id,
            rubric_key=rubric_key,
            training=training,
            unlocked_by=actor.person_id,
        )
        session.add(row)
        session.flush()
        audit.record(
            "calibration.unlocked",
            actor=actor,
            subject=("calibration_unlock", row.id),
            details={"person": person_id, "rubric": rubric_key},
        )
        mail.tell(person_id, UNLOCKED_MAIL, {"unlock_id": row.id}, institute_id=actor.institute_id)


def end_qualification(qualification_id: QualificationId, reason: str, *, actor: Actor) -> None:
    """End what somebody is qualified for, before its day. Raises NotFoundError; ended already, nothing changes."""
    with transaction() as session:
        held = session.scalar(
            select(RaterQualification)
            .where(
                RaterQualification.id == qualification_id,
                RaterQualification.institute_id == actor.institute_id,
            )
            .with_for_update()
        )
        if held is None:
            raise NotFoundError
        if held.ended_at is not None:
            return
        held.ended_at, held.ended_by, held.end_reason = now(), actor.person_id, reason
        audit.record(
            "calibration.qualification-ended",
            actor=actor,
            subject=("rater_qualification", held.id),
            details={"person": held.person_id},
        )
        events.publish(RaterDisqualified(held.institute_id, held.person_id, held.rubric_key))


def unlocks_of(session: Session, people: Collection[PersonId]) -> list[CalibrationUnlock]:
    """Return every unlocking of some people, newest first."""
    return list(
        session.scalars(
            select(CalibrationUnlock)
            .where(CalibrationUnlock.person_id.in_(people))
            .order_by(CalibrationUnlock.unlocked_at.desc())
        )
    )


def _person(session: Session, person_id: PersonId, institute_id: InstituteId) -> Person:
    found = session.scalar(
        select(Person).where(Person.id == person_id, Person.institute_id == institute_id).with_for_update()
    )
    if found is None:
        raise NotFoundError
    return found
