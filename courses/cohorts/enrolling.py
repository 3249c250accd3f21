"""Cohorts and enrolments: who is in, and the lawful ways from one state to the next."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from courses.catalogue.models import Programme, ProgrammeId
from courses.cohorts.errors import ProgrammeUnpublishedError, UnlawfulTransitionError
from courses.cohorts.events import EnrolmentMoved
from courses.cohorts.models import Cohort, CohortId, Enrolment, EnrolmentId, EnrolmentState
from courses.cohorts.wording import say_state
from institute import audit, events
from institute.actors import Actor, PersonId
from institute.db import transaction
from institute.errors import NotFoundError
from institute.i18n import Localised
from institute.people.models import Person

LAWFUL: Final[Mapping[EnrolmentState, frozenset[EnrolmentState]]] = {
    EnrolmentState.INVITED: frozenset({EnrolmentState.ACTIVE}),
    EnrolmentState.ACTIVE: frozenset(
        {
            EnrolmentState.PAUSED,
            EnrolmentState.COMPLETED,
            EnrolmentState.WITHDRAWN,
            EnrolmentState.TRANSFERRED,
        }
    ),
    EnrolmentState.PAUSED: frozenset(
        {
            EnrolmentState.ACTIVE,
            EnrolmentState.COMPLETED,
            EnrolmentState.WITHDRAWN,
            EnrolmentState.TRANSFERRED,
        }
    ),
    EnrolmentState.COMPLETED: frozenset(),
    EnrolmentState.WITHDRAWN: frozenset(),
    EnrolmentState.TRANSFERRED: frozenset(),
}


@dataclass(frozen=True, slots=True)
class CohortDraft:
    """A cohort, known by its slug within the institute. ``timezone`` is an IANA name."""

    slug: str
    name: Localised
    programme_id: ProgrammeId
    timezone: str
    starts: date
    enrols_learners: bool = True


def open_cohort(draft: CohortDraft, *, actor: Actor) -> CohortId:
    """Create or update the cohort with this slug in the actor's institute, and return its id.

    A new cohort studies the newest version of its programme. Raises NotFoundError if the programme is not of the
    institute, ProgrammeUnpublishedError if no version was published yet.
    """
    with transaction() as session:
        programme = session.get(Programme, draft.programme_id)
        if programme is None or programme.institute_id != actor.institute_id:
            raise NotFoundError
        cohort = session.scalar(
            select(Cohort).where(Cohort.institute_id == actor.institute_id, Cohort.slug == draft.slug)
        )
        if cohort is None:
            cohort = Cohort(institute_id=actor.institute_id, slug=draft.slug)
            session.add(cohort)
        switched = cohort.programme_id != programme.id
        if switched:
            if programme.current_version_id is None:
                raise ProgrammeUnpublishedError
            cohort.programme_id, cohort.version_id = programme.id, programme.current_version_id
        cohort.name = draft.name
        cohort.timezone, cohort.starts = draft.timezone, draft.starts
        cohort.enrols_learners = draft.enrols_learners
        changed = cohort in session.new or session.is_modified(cohort)
        session.flush()
        if switched:  # nobody stays in a version of another programme
            theirs = update(Enrolment).where(Enrolment.cohort_id == cohort.id)
            session.execute(theirs.values(version_id=cohort.version_id))
        if changed:
            audit.record("cohort.opened", actor=actor, subject=("cohort", cohort.id))
        return cohort.id


def invite(cohort_id: CohortId, person_id: PersonId, *, actor: Actor) -> EnrolmentId:
    """Enter a person who has not come yet. Changes nothing if the person is in the cohort already.

    Raises NotFoundError if cohort or person is not of the actor's institute.
    """
    with transaction() as session:
        return _enter(cohort_id, person_id, EnrolmentState.INVITED, session=session, actor=actor).id


def enrol(cohort_id: CohortId, person_id: PersonId, *, actor: Actor) -> EnrolmentId:
    """Enrol a person who is here: a new enrolment is active, an invited one becomes so, others stay as they are.

    Raises NotFoundError if cohort or person is not of the actor's institute.
    """
    with transaction() as session:
        enrolment = _enter(cohort_id, person_id, EnrolmentState.ACTIVE, session=session, actor=actor)
        if enrolment.state is EnrolmentState.INVITED:
            _move(enrolment, EnrolmentState.ACTIVE, actor=actor)
        return enrolment.id


def change_state(enrolment_id: EnrolmentId, wished: EnrolmentState, *, actor: Actor) -> None:
    """Take an enrolment of the actor's institute to another state: pause, resume, complete, withdraw, transfer.

    Raises NotFoundError if there is none, UnlawfulTransitionError if no lawful way leads there.
    """
    with transaction() as session:
        enrolment = session.get(Enrolment, enrolment_id, with_for_update=True)
        if enrolment is None or enrolment.institute_id != actor.institute_id:
            raise NotFoundError
        _move(enrolment, wished, actor=actor)


def change_member_state(enrolment_id: EnrolmentId, wished: EnrolmentState, *, facilitator: Actor) -> None:
    """Do the same for a facilitator: only in the cohort that they opened. Raises as ``change_state``."""
    with transaction() as session:
        enrolment = session.get(Enrolment, enrolment_id)
        if enrolment is None or facilitator.place is None or enrolment.cohort_id != facilitator.place:
            raise NotFoundError
        change_state(enrolment_id, wished, actor=facilitator)


def _enter(
    cohort_id: CohortId, person_id: PersonId, state: EnrolmentState, *, session: Session, actor: Actor
) -> Enrolment:
    cohort = session.get(Cohort, cohort_id)
    person = session.get(Person, person_id, with_for_update=True)  # two entrances at once wait here
    if cohort is None or person is None or {cohort.institute_id, person.institute_id} != {actor.institute_id}:
        raise NotFoundError
    found = session.scalar(
        select(Enrolment).where(Enrolment.cohort_id == cohort_id, Enrolment.person_id == person_id)
    )
    if found is not None:
        return found
    enrolment = Enrolment(
        institute_id=cohort.institute_id,
        cohort_id=cohort_id,
        person_id=person_id,
        version_id=cohort.version_id,
        state=state,
    )
    session.add(enrolment)
    session.flush()
    audit.record(f"enrolment.{state}", actor=actor, subject=("enrolment", enrolment.id))
    return enrolment


def _move(enrolment: Enrolment, wished: EnrolmentState, *, actor: Actor) -> None:
    if wished not in LAWFUL[enrolment.state]:
        raise UnlawfulTransitionError(state=say_state(enrolment.state), wished=say_state(wished))
    before, enrolment.state = enrolment.state, wished
    audit.record(
        f"enrolment.{wished}", actor=actor, subject=("enrolment", enrolment.id), details={"from": before}
    )
    moved = (enrolment.institute_id, enrolment.cohort_id, enrolment.id, enrolment.person_id)
    events.publish(EnrolmentMoved(*moved, wished))
