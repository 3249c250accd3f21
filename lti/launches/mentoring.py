"""Mentors: they see how far those people are whom their launch names, in the cohort that it opened, and nobody else."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Select, select

from courses.catalogue.queries import load_outline
from courses.cohorts.acting import acting_row
from courses.cohorts.models import Cohort, CohortId, Enrolment, EnrolmentId, EnrolmentState
from courses.cohorts.queries import LEFT, Standing, done_steps
from institute.actors import Actor, PersonId, Role
from institute.db import db
from institute.errors import NotFoundError
from institute.i18n import Localised
from institute.people.models import Person
from lti.launches.models import LtiIdentity, LtiLaunch
from lti.platforms.models import Deployment


@dataclass(frozen=True, slots=True)
class Mentored:
    """Somebody whom a mentor accompanies. The name is empty where the platform shares none."""

    enrolment_id: EnrolmentId
    person_id: PersonId
    name: str
    state: EnrolmentState
    cohort_name: Localised
    standing: Standing


def find_mentored(actor: Actor) -> list[Mentored]:
    """Return whom the actor's launch names, of those who are in the cohort, by name."""
    if not _may_look(actor):
        return []
    rows = db.session.execute(_named(actor))
    return [_mentored(enrolment, cohort, name) for enrolment, cohort, name in rows]


def mentored_person(enrolment_id: EnrolmentId, *, actor: Actor) -> Mentored:
    """Return one of them. Raises NotFoundError for anybody whom the launch does not name."""
    if not _may_look(actor):
        raise NotFoundError
    row = db.session.execute(_named(actor).where(Enrolment.id == enrolment_id)).one_or_none()
    if row is None:
        raise NotFoundError
    enrolment, cohort, name = row
    return _mentored(enrolment, cohort, name)


def _may_look(actor: Actor) -> bool:
    return actor.has(Role.MENTOR) and actor.place is not None


def _named(actor: Actor) -> Select[Enrolment, Cohort, str]:
    """Return the people of the launch's claim, read from the launch of this very session: it ends with it."""
    claim = db.session.execute(
        select(LtiLaunch.mentored, Deployment.registration_id)
        .join(Deployment, Deployment.id == LtiLaunch.deployment_id)
        .where(LtiLaunch.session_id == actor.session_id, LtiLaunch.institute_id == actor.institute_id)
    ).one_or_none()
    subs, registration_id = claim if claim is not None else ([], None)
    known = select(LtiIdentity.person_id).where(
        LtiIdentity.registration_id == registration_id,
        LtiIdentity.institute_id == actor.institute_id,
        LtiIdentity.sub.in_(subs),
    )
    several = db.session.scalars(select(Person.id).where(Person.linked, Person.id.in_(known))).all()
    acting = [found.person_id for one in several if (found := acting_row(one, CohortId(actor.place or 0)))]
    return (
        select(Enrolment, Cohort, Person.name)
        .join(Cohort, Cohort.id == Enrolment.cohort_id)
        .join(Person, Person.id == Enrolment.person_id)
        .where(
            Enrolment.institute_id == actor.institute_id,
            Enrolment.cohort_id == actor.place,
            Enrolment.state.not_in(LEFT),
            Enrolment.person_id.in_(known) & Enrolment.person_id.not_in(several)
            | Enrolment.person_id.in_(acting),
        )
        .order_by(Person.name, Enrolment.id)
    )


def _mentored(enrolment: Enrolment, cohort: Cohort, name: str) -> Mentored:
    outline = load_outline(enrolment.institute_id, enrolment.version_id)
    return Mentored(
        enrolment_id=enrolment.id,
        person_id=enrolment.person_id,
        name=name,
        state=enrolment.state,
        cohort_name=cohort.name,
        standing=Standing(outline, done_steps(enrolment.id)),
    )
