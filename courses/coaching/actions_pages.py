"""What was agreed on, as both sides see it: on a log, on a person's page, and on a page of its own."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from courses.coaching.actions import coached_by
from courses.cohorts.assigning import local_day
from courses.cohorts.models import Cohort, Enrolment, EnrolmentId
from courses.cohorts.queries import find_enrolment
from courses.sessions.actions import ActionLine, actions_of, actions_of_logs, open_actions
from courses.sessions.models import SessionLog, SessionLogId, Side
from institute.actors import Actor, PersonId
from institute.db import db
from institute.errors import NotFoundError
from institute.people.models import Person
from institute.people.naming import name_or_number


@dataclass(frozen=True, slots=True)
class Agreements:
    """What was agreed on with somebody, as one ``side`` sees it. ``ended`` is what was done or dropped."""

    enrolment_id: EnrolmentId
    name: str
    side: Side
    today: date
    open: tuple[ActionLine, ...]
    ended: tuple[ActionLine, ...] = ()


def agreements_with(enrolment_id: EnrolmentId, *, actor: Actor) -> Agreements:
    """Return what the actor, who coaches somebody today, agreed on with them. Raises NotFoundError."""
    row = db.session.execute(
        select(Person.id, Person.name, Cohort.timezone, Cohort.id)
        .select_from(Enrolment)
        .join(Person, Person.id == Enrolment.person_id)
        .join(Cohort, Cohort.id == Enrolment.cohort_id)
        .where(
            Enrolment.id == enrolment_id,
            Enrolment.institute_id == actor.institute_id,
            coached_by(actor.person_id, local_day("UTC")),
        )
    ).one_or_none()
    if row is None or actor.place not in {None, row[3]}:
        raise NotFoundError
    return _agreements(enrolment_id, name_or_number(row[1], row[0]), Side.COACH, local_day(row[2]), actor)


def own_agreements(actor: Actor) -> Agreements | None:
    """Return what a participant agreed on with their coach; None for somebody who is not enrolled."""
    enrolment = find_enrolment(actor)
    if enrolment is None:
        return None
    return _agreements(enrolment.id, "", Side.PARTICIPANT, local_day(enrolment.timezone), actor)


def section_on_log(actor: Actor, log_id: int) -> Agreements | None:
    """Return what a log of the actor's agreed on, for its page; None where it agreed on nothing."""
    row = db.session.execute(
        select(
            SessionLog.enrolment_id, SessionLog.coach_id, SessionLog.participant_id, SessionLog.zone
        ).where(SessionLog.id == SessionLogId(log_id), SessionLog.institute_id == actor.institute_id)
    ).one_or_none()
    if row is None or actor.person_id not in {row.coach_id, row.participant_id}:
        return None
    lines = actions_of_logs([SessionLogId(log_id)], institute_id=actor.institute_id).get(
        SessionLogId(log_id), []
    )
    side = Side.COACH if _coaches(row.enrolment_id, actor) else Side.PARTICIPANT
    if not lines or (side is Side.PARTICIPANT and actor.person_id != row.participant_id):
        return None  # whoever coached before reads the steps in the log itself
    return Agreements(row.enrolment_id, "", side, local_day(row.zone), tuple(lines))


def section_on_person(actor: Actor, enrolment_id: int) -> Agreements | None:
    """Return what is still to do, for the page of somebody whom the actor coaches; None where nothing is."""
    whose = EnrolmentId(enrolment_id)
    if not _coaches(whose, actor):
        return None
    lines = open_actions(whose, institute_id=actor.institute_id)
    return Agreements(whose, "", Side.COACH, local_day("UTC"), tuple(lines)) if lines else None


def _coaches(enrolment_id: EnrolmentId, actor: Actor) -> bool:
    person_id: PersonId | None = actor.person_id
    found = db.session.scalar(
        select(Enrolment.id).where(
            Enrolment.id == enrolment_id,
            Enrolment.institute_id == actor.institute_id,
            coached_by(person_id, local_day("UTC")),
        )
    )
    return found is not None


def _agreements(enrolment_id: EnrolmentId, name: str, side: Side, today: date, actor: Actor) -> Agreements:
    ended = [line for line in actions_of(enrolment_id, institute_id=actor.institute_id) if not line.open]
    still_open = open_actions(enrolment_id, institute_id=actor.institute_id)
    return Agreements(enrolment_id, name, side, today, tuple(still_open), tuple(ended))
