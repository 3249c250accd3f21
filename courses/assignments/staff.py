"""An institute's coaches, as a coordinator sees them: how many people they have, what they bring along."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select

from courses.coaches import qualifying
from courses.coaches.models import CoachProfile
from courses.coaches.periods import institute_day
from courses.coaches.standings import Standing
from courses.cohorts.assigning import IS_THERE, assigned_on
from courses.cohorts.coordinating import WHOLE, Scope, in_scope, scope_of
from courses.cohorts.models import CoachAssignment, Cohort, Enrolment
from courses.cohorts.tracks import USUAL_CASELOAD, tracks_of
from courses.frameworks.queries import Named, named
from institute.actors import Actor, PersonId
from institute.db import db
from institute.errors import NotFoundError
from institute.folding import fold
from institute.i18n import Localised
from institute.people.models import Organisation, OrganisationId, Person
from institute.people.naming import name_or_number
from institute.web.asking import once_a_page


@dataclass(frozen=True, slots=True)
class CoachLine:
    """A coach: ``people`` is how many they coach today, of whom the ``ratio`` says how many are usual."""

    person_id: PersonId
    name: str
    people: int
    ratio: int
    languages: tuple[str, ...]
    specialties: tuple[str, ...]
    organisation_id: OrganisationId | None
    organisation: Localised | None
    accepting: bool
    coaches_since: date | None
    note: str = ""


@dataclass(frozen=True, slots=True)
class StaffLine:
    """A coach in the list, with how they stand."""

    coach: CoachLine
    standing: Standing


@dataclass(frozen=True, slots=True)
class StaffPage:
    """The coaches whom a coordinator sees. ``asks`` tells whether the institute asks anything of them."""

    lines: tuple[StaffLine, ...]
    asks: bool
    search: str


@once_a_page
def staff_page(actor: Actor, search: str = "") -> StaffPage:
    """Return the coaches that a coordinator sees, by name; those who lack something first."""
    words = fold(search.replace("\0", "")[:100]).split()[:5]
    lines = [line for line in coach_lines(actor) if all(word in fold(line.name) for word in words)]
    standings = qualifying.standings_of([line.person_id for line in lines], institute_id=actor.institute_id)
    staff = [StaffLine(line, standings[line.person_id]) for line in lines]
    staff.sort(key=lambda one: (not one.standing.missing, not one.standing.expiring, one.coach.name))
    asks = bool(qualifying.requirements_of(actor.institute_id))
    return StaffPage(tuple(staff), asks, search)


def find_coach(person_id: PersonId, *, actor: Actor) -> CoachLine:
    """Return one coach whom the coordinator sees. Raises NotFoundError."""
    for line in coach_lines(actor):
        if line.person_id == person_id:
            return line
    raise NotFoundError


def own_line(person_id: PersonId, *, actor: Actor) -> CoachLine:
    """Return what is known of the actor as a coach."""
    profile = qualifying.own_profile(person_id)
    people, ratios = _caseloads(actor, institute_day(actor.institute_id))
    name = db.session.get_one(Person, person_id).name
    names = _organisation_names(actor)
    return _line(person_id, name, profile, people[person_id], ratio=ratios[person_id], names=names)


def coach_lines(actor: Actor) -> list[CoachLine]:
    """Return everybody who coaches, coached or was entered as a coach, as far as the coordinator sees them.

    Who works for some organisations sees the coaches employed there, and those who coach somebody there.
    """
    scope = scope_of(actor)
    day = institute_day(actor.institute_id)
    people, ratios = _caseloads(actor, day)
    profiles = {
        row.person_id: row
        for row in db.session.scalars(
            select(CoachProfile).where(CoachProfile.institute_id == actor.institute_id)
        )
    }
    seen = _coaching(actor, scope) | {
        person_id for person_id, row in profiles.items() if scope is WHOLE or row.organisation_id in scope
    }
    organisations = _organisation_names(actor)
    rows = db.session.execute(
        select(Person.id, Person.name)
        .where(Person.id.in_(seen), Person.institute_id == actor.institute_id)
        .order_by(Person.name, Person.id)
    )
    return [
        _line(
            row.id, row.name, profiles.get(row.id), people[row.id], ratio=ratios[row.id], names=organisations
        )
        for row in rows
    ]


def specialty_names(line: CoachLine, actor: Actor) -> dict[str, Named]:
    """Return what a coach's specialties are called, by address."""
    return named(actor.institute_id, line.specialties)


def _line(
    person_id: PersonId,
    name: str,
    profile: CoachProfile | None,
    people: int,
    *,
    ratio: int,
    names: dict[OrganisationId, Localised],
) -> CoachLine:
    where = profile.organisation_id if profile else None
    return CoachLine(
        person_id=person_id,
        name=name_or_number(name, person_id),
        people=people,
        ratio=ratio,
        languages=tuple(profile.languages) if profile else (),
        specialties=tuple(profile.specialties) if profile else (),
        organisation_id=where,
        organisation=names.get(where) if where else None,
        accepting=profile.accepting if profile else True,
        coaches_since=profile.coaches_since if profile else None,
        note=profile.note if profile else "",
    )


def _coaching(actor: Actor, scope: Scope) -> set[PersonId]:
    return set(
        db.session.scalars(
            select(CoachAssignment.coach_id)
            .join(Enrolment, Enrolment.id == CoachAssignment.enrolment_id)
            .where(CoachAssignment.institute_id == actor.institute_id, in_scope(actor.institute_id, scope))
            .distinct()
        )
    )


def _caseloads(actor: Actor, day: date) -> tuple[dict[PersonId, int], dict[PersonId, int]]:
    """Return how many people each coach has, and the strictest ratio of the programmes that they coach in."""
    rows = db.session.execute(
        select(
            CoachAssignment.coach_id, Cohort.programme_id, func.count(Enrolment.id.distinct()).label("people")
        )
        .join(Enrolment, Enrolment.id == CoachAssignment.enrolment_id)
        .join(Cohort, Cohort.id == Enrolment.cohort_id)
        .where(CoachAssignment.institute_id == actor.institute_id, assigned_on(day), *IS_THERE)
        .group_by(CoachAssignment.coach_id, Cohort.programme_id)
    )
    tracks = tracks_of(actor.institute_id)
    people: dict[PersonId, int] = defaultdict(int)
    ratios: dict[PersonId, int] = {}
    for row in rows:
        people[row.coach_id] += row.people
        track = tracks.get(row.programme_id)
        ratio = track.caseload if track else USUAL_CASELOAD
        ratios[row.coach_id] = min(ratio, ratios.get(row.coach_id, ratio))
    usual = min((track.caseload for track in tracks.values()), default=USUAL_CASELOAD)
    return people, defaultdict(lambda: usual, ratios)


def _organisation_names(actor: Actor) -> dict[OrganisationId, Localised]:
    rows = db.session.execute(
        select(Organisation.id, Organisation.name).where(Organisation.institute_id == actor.institute_id)
    )
    return {row.id: row.name for row in rows}
