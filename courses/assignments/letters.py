"""The mails of assignments and concerns: who coaches whom now, a span that ends, a concern and what came of it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, time, timedelta
from functools import partial
from typing import Any, Final

from flask import Flask
from sqlalchemy import select

from courses.assignments.models import Concern, ConcernId, ConcernState
from courses.assignments.wording import say_date
from courses.cohorts.coordinating import coordinators_of
from courses.cohorts.events import CoachAssigned
from courses.cohorts.models import CoachAssignment, CoachAssignmentId, Enrolment
from institute import events
from institute.actors import InstituteId, PersonId, Role
from institute.clock import now
from institute.db import db, transaction
from institute.i18n import LazyText, lazy_gettext
from institute.jobs import outbox, worker
from institute.jobs.outbox import LeasedJob
from institute.jobs.worker import Done, Outcome
from institute.messages import mail
from institute.messages.composing import isolated
from institute.messages.mail import About, MailKind, SignInTo
from institute.people.models import Person

ASSIGNED: Final = "assignment.begun"
ENDING: Final = "assignment.ending"
RAISED: Final = "concern.raised"
REACHED: Final = "concern.reached"
ENDED: Final = "concern.ended"
JOB_KIND: Final = "assignment.ending"
NOTICE: Final = timedelta(days=60)
FOLDER: Final = "courses/assignments/mail"


def tell_assigned(
    assignment_id: CoachAssignmentId,
    participant_id: PersonId,
    coach_id: PersonId,
    *,
    institute_id: InstituteId,
) -> None:
    """Tell both sides by mail who coaches whom from when; belongs into the transaction that assigns."""
    for one in (participant_id, coach_id):
        mail.tell(one, ASSIGNED, {"assignment": assignment_id}, institute_id=institute_id)


def tell_raised(concern_id: ConcernId, other_id: PersonId, *, institute_id: InstituteId) -> None:
    """Tell the other side that there is something to talk about."""
    mail.tell(other_id, RAISED, {"concern": concern_id}, institute_id=institute_id)


def tell_coordinator(concern_id: ConcernId, person_id: PersonId, *, institute_id: InstituteId) -> None:
    """Tell a coordinator that a concern reached them."""
    mail.tell(person_id, REACHED, {"concern": concern_id}, institute_id=institute_id)


def tell_ended(concern_id: ConcernId, person_id: PersonId, *, institute_id: InstituteId) -> None:
    """Tell one of its sides that a concern has ended."""
    mail.tell(person_id, ENDED, {"concern": concern_id}, institute_id=institute_id)


def plan_notice(event: CoachAssigned) -> None:
    """Have the worker look at an assignment 60 days before its span ends."""
    if event.ends_on is not None:
        due = datetime.combine(event.ends_on - NOTICE, time(15), tzinfo=UTC)
        outbox.put(kind=JOB_KIND, key=str(event.assignment_id), after=max(due, now()))


def give_notice(job: LeasedJob) -> Outcome:
    """Tell the coach and the coordinators that a span ends, where it still does and that day is near."""
    with transaction() as session:
        row = session.get(CoachAssignment, CoachAssignmentId(int(job.key)))
        if row is None or row.until is not None or row.ends_on is None:
            return Done()
        if row.ends_on - NOTICE > now().date():  # it was moved; its own notice is planned
            return Done()
        for one in {row.coach_id, *coordinators_of(row.enrolment_id)}:
            mail.tell(one, ENDING, {"assignment": row.id}, institute_id=row.institute_id)
    return Done()


def init_app(app: Flask) -> None:
    """Let ``tell`` know the kinds, and the worker the notice."""
    _add(
        app,
        ASSIGNED,
        "assigned",
        lazy_gettext("About your coaching"),
        facts=_assigned,
        sign_in=_to_assignment,
    )
    _add(
        app,
        ENDING,
        "ending",
        lazy_gettext("A coaching ends soon"),
        facts=_ending,
        sign_in=_to_assignment,
    )
    _add(
        app,
        RAISED,
        "raised",
        lazy_gettext("Something about your coaching"),
        facts=_raised,
        sign_in=_to_concern,
    )
    _add(
        app, REACHED, "reached", lazy_gettext("A concern waits for you"), facts=_reached, sign_in=_to_concern
    )
    _add(app, ENDED, "ended", lazy_gettext("A concern has ended"), facts=_ended, sign_in=_to_concern)
    worker.handle(app, JOB_KIND, give_notice)
    events.subscribe(app, CoachAssigned, plan_notice)


def _add(app: Flask, kind: str, name: str, subject: LazyText, *, facts: Any, sign_in: Any) -> None:
    template = f"{FOLDER}/{name}.txt"
    action = lazy_gettext("Open the page")
    mail.add(
        app,
        MailKind(
            kind=kind,
            subject=subject,
            template=template,
            facts=facts,
            action=action,
            sign_in=sign_in,
            duty=True,
        ),
    )


def _assignment(person: Person, about: About) -> tuple[CoachAssignment, Enrolment] | None:
    row = db.session.execute(
        select(CoachAssignment, Enrolment)
        .join(Enrolment, Enrolment.id == CoachAssignment.enrolment_id)
        .where(
            CoachAssignment.id == int(about["assignment"]),
            CoachAssignment.institute_id == person.institute_id,
        )
    ).one_or_none()
    return None if row is None else (row[0], row[1])


def _assigned(person: Person, about: About) -> Mapping[str, Any] | None:
    found = _assignment(person, about)
    if found is None or found[0].until is not None:
        return None
    row, enrolment = found
    if person.id not in {row.coach_id, enrolment.person_id}:
        return None
    coaches = person.id == row.coach_id
    other = enrolment.person_id if coaches else row.coach_id
    return {
        "coaches": coaches,
        "other": isolated(db.session.get_one(Person, other).name),
        "since": say_date(row.since),
        "until": say_date(row.ends_on) if row.ends_on else "",
    }


def _ending(person: Person, about: About) -> Mapping[str, Any] | None:
    found = _assignment(person, about)
    if found is None or found[0].until is not None or found[0].ends_on is None:
        return None
    row, enrolment = found
    return {
        "mine": person.id == row.coach_id,
        "coach": isolated(db.session.get_one(Person, row.coach_id).name),
        "participant": isolated(db.session.get_one(Person, enrolment.person_id).name),
        "until": say_date(row.ends_on) if row.ends_on else "",
    }


def _to_assignment(person: Person, about: About) -> SignInTo:
    found = _assignment(person, about)
    if found is None:
        return SignInTo()
    row, enrolment = found
    if person.id == enrolment.person_id:
        home = mail.path_to("participant_home.index")
        return SignInTo(roles=(Role.PARTICIPANT,), place=enrolment.cohort_id, target=home)
    if person.id == row.coach_id:
        page = mail.path_to("coach_participants.member", enrolment_id=enrolment.id)
        return SignInTo(place=enrolment.cohort_id, target=page)
    return SignInTo(target=mail.path_to("coordinator_assignments.show", enrolment_id=enrolment.id))


def _concern(person: Person, about: About) -> Concern | None:
    return db.session.scalar(
        select(Concern).where(
            Concern.id == int(about["concern"]), Concern.institute_id == person.institute_id
        )
    )


def _said(wanted: frozenset[ConcernState], person: Person, about: About) -> Mapping[str, Any] | None:
    """Return the (few) facts of a mail about a concern: what it is about is read on its page alone."""
    concern = _concern(person, about)
    if concern is None or concern.state not in wanted:
        return None
    return {"until": say_date(concern.between_until)}


_raised = partial(_said, frozenset({ConcernState.BETWEEN}))
_reached = partial(_said, frozenset({ConcernState.COORDINATOR}))
_ended = partial(_said, frozenset({ConcernState.REASSIGNED, ConcernState.CLOSED}))


def _to_concern(person: Person, about: About) -> SignInTo:
    """Return the link to a concern; a coordinator's power is in the grant alone, so the link does not carry it."""
    concern = _concern(person, about)
    if concern is None:
        return SignInTo()
    enrolment = db.session.get_one(Enrolment, concern.enrolment_id)
    if person.id == enrolment.person_id:
        page = mail.path_to("participant_concerns.show", concern_id=concern.id)
        return SignInTo(roles=(Role.PARTICIPANT,), place=enrolment.cohort_id, target=page)
    if person.id in {concern.raised_by, concern.other_id}:
        page = mail.path_to("coach_concerns.show", concern_id=concern.id)
        return SignInTo(place=enrolment.cohort_id, target=page)
    return SignInTo(target=mail.path_to("coordinator_concerns.show", concern_id=concern.id))
