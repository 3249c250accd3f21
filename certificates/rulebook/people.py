"""Whom rules can be tried on: cohorts, and the people of one who are on a level's track."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, ScalarSelect, select

from certificates.awards.applications.gathering import Candidacy, candidacy_of_person, find_candidacy
from certificates.evidence.models import Submission
from certificates.levels.models import Track
from certificates.scoring.models import ScoringTask
from courses.cohorts.models import CoachAssignment, Cohort, CohortId, Enrolment, EnrolmentId
from institute.actors import Actor, InstituteId, PersonId
from institute.db import db
from institute.i18n import Localised
from institute.people.linking import same_people
from institute.people.models import Person
from institute.people.naming import name_or_number


@dataclass(frozen=True, slots=True)
class CohortChoice:
    """A cohort to try rules on."""

    id: CohortId
    name: Localised
    starts: date


@dataclass(frozen=True, slots=True)
class Somebody:
    """One of the people that rules are tried on; without an enrolment they are held by what they do in their role."""

    person_id: PersonId
    name: str
    enrolment_id: EnrolmentId | None = None

    def candidacy(self, institute_id: InstituteId, track: Track) -> Candidacy:
        """Return what they would reach a level of a track by."""
        if self.enrolment_id is not None:
            return find_candidacy(self.enrolment_id, institute_id)
        return candidacy_of_person(self.person_id, institute_id, track)


def cohorts_of(actor: Actor) -> list[CohortChoice]:
    """Return the cohorts of the institute in which there is anybody, past ones too, the newest first."""
    rows = db.session.execute(
        select(Cohort.id, Cohort.name, Cohort.starts)
        .where(
            Cohort.institute_id == actor.institute_id,
            select(Enrolment.id).where(Enrolment.cohort_id == Cohort.id).exists(),
        )
        .order_by(Cohort.starts.desc(), Cohort.id.desc())
    )
    return [CohortChoice(*row) for row in rows]


def people_of(cohort_id: CohortId, track: Track, *, actor: Actor) -> Sequence[Somebody]:
    """Return who is on a track in a cohort, by name: its participants, who coached them, or who scored their work."""
    if track is Track.PARTICIPANT:
        rows = db.session.execute(
            select(Person.id, Person.name, Enrolment.id)
            .join(Enrolment, Enrolment.person_id == Person.id)
            .where(Enrolment.cohort_id == cohort_id, Enrolment.institute_id == actor.institute_id)
            .order_by(Person.name, Enrolment.id)
        )
        return [Somebody(one, name_or_number(name, one), enrolment) for one, name, enrolment in rows]
    inside = (Enrolment.cohort_id == cohort_id, Enrolment.institute_id == actor.institute_id)
    served = _raters(*inside) if track is Track.TRAINER else _coaches(*inside)
    found = db.session.execute(
        select(Person.id, Person.name)
        .where(Person.id.in_(served), Person.institute_id == actor.institute_id)
        .order_by(Person.name, Person.id)
    ).all()
    # Whoever has several accounts is one person, shown by the first of them.
    accounts = same_people(one for one, _ in found)
    first = {frozenset(accounts[one]): (one, name) for one, name in reversed(found)}
    return [Somebody(one, name_or_number(name, one)) for one, name in reversed(first.values())]


def _coaches(*inside: ColumnElement[bool]) -> ScalarSelect[PersonId]:
    """Return who coaches or coached anybody of a cohort; a mentor coach is a coach."""
    return (
        select(CoachAssignment.coach_id)
        .join(Enrolment, Enrolment.id == CoachAssignment.enrolment_id)
        .where(*inside)
        .scalar_subquery()
    )


def _raters(*inside: ColumnElement[bool]) -> ScalarSelect[PersonId | None]:
    """Return who scores or scored the evidence of anybody of a cohort."""
    return (
        select(ScoringTask.rater_id)
        .join(Submission, Submission.id == ScoringTask.submission_id)
        .join(Enrolment, Enrolment.id == Submission.enrolment_id)
        .where(*inside, ScoringTask.rater_id.is_not(None))
        .scalar_subquery()
    )
