"""What coaches are qualified for: who meets what is asked, and trainings and qualifications that other rooms note."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from sqlalchemy import Select, select

from courses.coaches.errors import CoachNotQualifiedError
from courses.coaches.models import (
    CoachProfile,
    CoachQualification,
    CoachRecord,
    CoachRequirement,
    RecordKind,
)
from courses.coaches.periods import institute_day, months_after
from courses.coaches.standings import Standing, judge
from institute import audit
from institute.actors import Actor, InstituteId, PersonId
from institute.clock import now
from institute.db import db, insert_into, transaction
from institute.i18n import current_locale
from institute.people.linking import same_people, same_person
from institute.people.models import Person
from institute.web.asking import once_a_page

FACILITATOR = "facilitator"
ABSENT = "–"  # nobody wrote a reason: the list of who attended was corrected


def requirements_of(institute_id: InstituteId, *, retired: bool = False) -> list[CoachRequirement]:
    """Return what an institute asks of its coaches, in its order; with ``retired`` also what it asks no more."""
    return [one for one in _requirements(institute_id) if retired or one.retired_at is None]


@once_a_page
def _requirements(institute_id: InstituteId) -> list[CoachRequirement]:
    """Return everything that an institute asks or asked, once for all parts of a page."""
    query = select(CoachRequirement).where(CoachRequirement.institute_id == institute_id)
    return list(db.session.scalars(query.order_by(CoachRequirement.position, CoachRequirement.id)))


def standing_of(person_id: PersonId, *, on: date | None = None) -> Standing:
    """Return how a person stands as a coach on a day (today, unless given), with all of their accounts.

    An institute that asks nothing has nothing missing. Raises NoResultFound for nobody.
    """
    person = db.session.get_one(Person, person_id)
    return standings_of([person_id], institute_id=person.institute_id, on=on)[person_id]


def standings_of(
    people: Iterable[PersonId], *, institute_id: InstituteId, on: date | None = None
) -> Mapping[PersonId, Standing]:
    """Return the same for several people of an institute, in few queries."""
    asked = list(people)
    requirements = requirements_of(institute_id)
    if not requirements:
        return dict.fromkeys(asked, Standing(()))
    rows = same_people(asked)
    query: Select[*tuple[Any, ...]] = (
        select(Person.id, CoachProfile.coaches_since, CoachRecord)
        .outerjoin(CoachProfile, CoachProfile.person_id == Person.id)
        .outerjoin(
            CoachRecord, (CoachRecord.person_id == Person.id) & (CoachRecord.institute_id == institute_id)
        )
        .where(Person.id.in_(frozenset().union(*rows.values())))
        .order_by(CoachRecord.on_day.desc(), CoachRecord.id.desc())
    )
    found = db.session.execute(query).all()
    first_days = {known_id: first for known_id, first, _ in found}
    records: list[CoachRecord] = [record for *_, record in found if record is not None]
    day = on or institute_day(institute_id)
    return {
        person_id: judge(
            requirements,
            [record for record in records if record.person_id in own],
            day=day,
            first_day=min((first for row in own if (first := first_days.get(row))), default=None),
        )
        for person_id, own in rows.items()
    }


def refuse_unqualified(person_id: PersonId, *, on: date) -> None:
    """Refuse somebody who is not qualified to coach from a day on. Raises CoachNotQualifiedError.

    Call it in the transaction that assigns, with the person's row locked: ending a record locks it too.
    """
    missing = standing_of(person_id, on=on).missing
    if missing:
        locale = current_locale()
        raise CoachNotQualifiedError(
            missing=", ".join(line.requirement.title.in_(locale) for line in missing)
        )


def note_first_day(person_id: PersonId, day: date) -> None:
    """Remember since when somebody coaches, in the caller's transaction: the earliest day stays."""
    with transaction() as session:
        profile = own_profile(person_id)
        if profile is None:
            person = session.get_one(Person, person_id)
            profile = CoachProfile(institute_id=person.institute_id, person_id=person_id)
            session.add(profile)
        if profile.coaches_since is None or day < profile.coaches_since:
            profile.coaches_since = day
        session.flush()


def own_profile(person_id: PersonId) -> CoachProfile | None:
    """Return what is known of a person as a coach, None where nobody entered anything."""
    return db.session.scalar(select(CoachProfile).where(CoachProfile.person_id == person_id))


def note_training(
    person_id: PersonId,
    requirement_key: str,
    *,
    on: date,
    minutes: int,
    event_ref: str,
    actor: Actor,
) -> None:
    """Note that somebody attended a training of ``minutes`` that a requirement asks for, in the caller's transaction.

    ``event_ref`` names where, such as "meeting/12": noted again, it replaces what was noted before, and with no minutes
    that holds no more. An unknown or retired requirement asks for nothing, and nothing is noted.
    """
    with transaction() as session:
        requirement = session.scalar(
            select(CoachRequirement).where(
                CoachRequirement.institute_id == actor.institute_id,
                CoachRequirement.key == requirement_key,
                CoachRequirement.retired_at.is_(None),
            )
        )
        if requirement is None:
            return
        months = requirement.renews_months
        record = session.scalar(
            select(CoachRecord).where(
                CoachRecord.person_id == person_id,
                CoachRecord.requirement_id == requirement.id,
                CoachRecord.event_ref == event_ref,
            )
        )
        if minutes <= 0:
            if record is not None and record.ended_at is None:
                record.ended_at, record.ended_by, record.end_reason = now(), actor.person_id, ABSENT
            return
        if record is None:
            record = CoachRecord(
                institute_id=actor.institute_id,
                person_id=person_id,
                requirement_id=requirement.id,
                kind=RecordKind.TRAINING,
                event_ref=event_ref,
                verified_by=actor.person_id if actor.person_id != person_id else None,
            )
            session.add(record)
        record.on_day, record.minutes = on, minutes
        record.ended_at, record.ended_by, record.end_reason = None, None, ""
        record.expires = months_after(on, months) if months else None
        session.flush()
        audit.record(
            "coach.training-noted",
            actor=actor,
            subject=("coach_record", record.id),
            details={"person": person_id, "requirement": requirement.id, "minutes": minutes},
        )


def grant(person_id: PersonId, key: str, *, on: date, source: str, actor: Actor) -> None:
    """Grant a qualification such as "facilitator", in the caller's transaction; the same again changes nothing.

    ``source`` names what it came from, such as "programme/training-of-trainers".
    """
    with transaction() as session:
        given = session.execute(
            insert_into(session, CoachQualification)
            .values(
                institute_id=actor.institute_id,
                person_id=person_id,
                key=key,
                granted_on=on,
                source=source,
                granted_by=actor.person_id if actor.person_id != person_id else None,
            )
            .on_conflict_do_nothing(index_elements=["institute_id", "person_id", "key", "source"])
            .returning(CoachQualification.id)
        ).one_or_none()
        if given is not None:
            audit.record(
                "coach.qualified", actor=actor, subject=("person", person_id), details={"qualification": key}
            )


def qualifications_of(person_id: PersonId) -> list[CoachQualification]:
    """Return what somebody was granted, with all of their accounts, newest first."""
    return list(
        db.session.scalars(
            select(CoachQualification)
            .where(CoachQualification.person_id.in_(same_person(person_id)))
            .order_by(CoachQualification.granted_on.desc(), CoachQualification.id.desc())
        )
    )
