"""Entering coaches, what they bring along and what was verified, as far as a coordinator sees them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final

from sqlalchemy import select

from courses.assignments import errors
from courses.assignments.staff import CoachLine, find_coach
from courses.assignments.uploading import Letter
from courses.coaches import qualifying, recording
from courses.coaches.languages import language_choices
from courses.coaches.models import CoachQualification, CoachRecordId
from courses.coaches.periods import institute_day
from courses.coaches.profiles import ProfileDraft, put_profile, specialty_choices
from courses.coaches.recording import RecordChecked, RecordSheet
from courses.coaches.standings import Standing
from courses.cohorts.assigning import IS_THERE, assigned_on
from courses.cohorts.coordinating import WHOLE, scope_of, seen_by
from courses.cohorts.models import CoachAssignment, Cohort, Enrolment, EnrolmentId
from courses.frameworks.queries import Choice
from institute.actors import Actor, PersonId
from institute.db import db, transaction
from institute.errors import DomainError, NotFoundError
from institute.files.models import StoredFile
from institute.files.reading import find_file
from institute.folding import fold
from institute.i18n import Localised
from institute.people.models import Organisation, OrganisationId, Person
from institute.people.naming import name_or_number
from institute.web.forms import storable

MOST_SHOWN: Final = 200


@dataclass(frozen=True, slots=True)
class Entered:
    """Who was entered as a coach, or why nobody was."""

    person_id: PersonId | None
    problem: str = ""


@dataclass(frozen=True, slots=True)
class CoachedLine:
    """Somebody whom a coach has today."""

    enrolment_id: EnrolmentId
    name: str
    cohort: Localised
    since: date
    ends_on: date | None


@dataclass(frozen=True, slots=True)
class CoachPage:
    """A coach with everything that is asked of them. ``hidden`` have people whom the coordinator does not see."""

    coach: CoachLine
    standing: Standing
    granted: tuple[CoachQualification, ...]
    people: tuple[CoachedLine, ...]
    hidden: int
    verifiers: dict[PersonId, str]
    organisations: list[tuple[OrganisationId, Localised]]
    languages: list[tuple[str, str]]
    specialties: tuple[Choice, ...]
    today: date
    oneself: bool


def coach_page(person_id: PersonId, *, actor: Actor) -> CoachPage:
    """Return the page of a coach whom the coordinator sees. Raises NotFoundError."""
    coach = find_coach(person_id, actor=actor)
    people = _people(person_id, actor)
    standing = qualifying.standing_of(person_id)
    return CoachPage(
        coach=coach,
        standing=standing,
        granted=tuple(qualifying.qualifications_of(person_id)),
        people=people,
        hidden=max(coach.people - len(people), 0),
        verifiers=verifiers_of(standing),
        organisations=_places(actor),
        languages=language_choices(),
        specialties=specialty_choices(actor.institute_id),
        today=institute_day(actor.institute_id),
        oneself=person_id == actor.person_id,
    )


def enter_coach(typed: str, *, actor: Actor) -> Entered:
    """Enter a person as a coach, found by their address or, for the whole institute, by their name.

    Who works for some organisations enters people by their whole address alone, into the first of them.
    """
    scope = scope_of(actor)
    with transaction():
        found = _called(" ".join(storable(typed).split())[:300], actor, by_name=scope is WHOLE)
        if len(found) != 1:
            return Entered(None, errors.PersonUnknownError().text)
        place = None if scope is WHOLE else min(scope, default=None)
        if qualifying.own_profile(found[0]) is None:
            put_profile(found[0], ProfileDraft(organisation_id=place), actor=actor)
        try:
            find_coach(found[0], actor=actor)
        except NotFoundError:
            return Entered(None, errors.PersonUnknownError().text)
        return Entered(found[0])


def save_profile(
    person_id: PersonId,
    *,
    organisation: str,
    languages: Iterable[str],
    specialties: Iterable[str],
    note: str,
    accepting: bool,
    actor: Actor,
) -> None:
    """Keep what a coach brings along. Raises NotFoundError for a coach or place that the coordinator does not see."""
    with transaction():
        find_coach(person_id, actor=actor)
        places = {str(one): one for one, _ in _places(actor)}
        if (organisation or scope_of(actor) is not WHOLE) and organisation not in places:
            raise NotFoundError
        draft = ProfileDraft(
            organisation_id=places.get(organisation),
            languages=tuple(languages)[:50],
            specialties=tuple(specialties)[:200],
            note=note,
            accepting=accepting,
        )
        put_profile(person_id, draft, actor=actor)


def record(person_id: PersonId, sheet: RecordSheet, file: Letter, *, actor: Actor) -> RecordChecked:
    """Write down what was verified of a coach whom the coordinator sees.

    Raises NotFoundError, OwnQualificationError.
    """
    with transaction():
        find_coach(person_id, actor=actor)
        if file.refused is not None:
            refused: dict[str, DomainError] = {"file": file.refused}
            return RecordChecked(sheet, refused)
        return recording.record_qualification(person_id, sheet, file.kept, actor=actor)


def end_record(record_id: CoachRecordId, reason: str, *, actor: Actor) -> PersonId:
    """End a record of a coach whom the coordinator sees. Raises as ``courses.coaches.recording.end_record``."""
    with transaction() as session:
        row = recording.find_record(record_id, actor=actor, session=session)
        find_coach(row.person_id, actor=actor)
        return recording.end_record(record_id, reason, actor=actor)


def find_evidence(record_id: CoachRecordId, *, actor: Actor) -> StoredFile:
    """Return the file of a record of a coach whom the coordinator sees. Raises NotFoundError."""
    row = recording.find_record(record_id, actor=actor, session=db.session())
    find_coach(row.person_id, actor=actor)
    if row.file_id is None:
        raise NotFoundError
    return find_file(row.file_id, institute_id=actor.institute_id)


def verifiers_of(standing: Standing) -> dict[PersonId, str]:
    """Return the names of those who verified what stands there."""
    ids = {
        one
        for line in standing.lines
        for row in line.records
        for one in (row.verified_by, row.ended_by)
        if one is not None
    }
    rows = db.session.execute(select(Person.id, Person.name).where(Person.id.in_(ids))) if ids else ()
    return {row.id: name_or_number(row.name, row.id) for row in rows}


def _people(person_id: PersonId, actor: Actor) -> tuple[CoachedLine, ...]:
    rows = db.session.execute(
        select(
            Enrolment.id,
            Enrolment.person_id,
            Person.name,
            Cohort.name.label("cohort"),
            CoachAssignment.since,
            CoachAssignment.ends_on,
        )
        .join(Enrolment, Enrolment.id == CoachAssignment.enrolment_id)
        .join(Cohort, Cohort.id == Enrolment.cohort_id)
        .join(Person, Person.id == Enrolment.person_id)
        .where(
            CoachAssignment.coach_id == person_id,
            assigned_on(institute_day(actor.institute_id)),
            seen_by(actor),
            *IS_THERE,
        )
        .order_by(Person.name, Enrolment.id)
        .limit(MOST_SHOWN)
    )
    return tuple(
        CoachedLine(row.id, name_or_number(row.name, row.person_id), row.cohort, row.since, row.ends_on)
        for row in rows
    )


def _places(actor: Actor) -> list[tuple[OrganisationId, Localised]]:
    scope = scope_of(actor)
    rows = db.session.execute(
        select(Organisation.id, Organisation.name)
        .where(Organisation.institute_id == actor.institute_id)
        .order_by(Organisation.id)
    )
    return [(row.id, row.name) for row in rows if scope is WHOLE or row.id in scope]


def _called(typed: str, actor: Actor, *, by_name: bool) -> list[PersonId]:
    mine = select(Person.id, Person.name).where(Person.institute_id == actor.institute_id)
    if not typed:
        return []
    found = [row.id for row in db.session.execute(mine.where(Person.email == typed.lower()).limit(2))]
    if found or not by_name:
        return found
    return [row.id for row in db.session.execute(mine) if row.name and fold(row.name) == fold(typed)][:2]


@dataclass(frozen=True, slots=True)
class OwnStanding:
    """How a coach stands, for themselves."""

    standing: Standing
    granted: tuple[CoachQualification, ...]
    verifiers: dict[PersonId, str]


def own_standing(actor: Actor) -> OwnStanding:
    """Return how the actor stands as a coach. Raises NotFoundError for nobody."""
    if actor.person_id is None:
        raise NotFoundError
    standing = qualifying.standing_of(actor.person_id)
    return OwnStanding(standing, tuple(qualifying.qualifications_of(actor.person_id)), verifiers_of(standing))
