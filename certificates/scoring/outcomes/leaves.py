"""Leave to try once more: a coordinator gives it to somebody whose attempts or whose time are over."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from sqlalchemy import Select, exists, select
from sqlalchemy.orm import aliased

from certificates.evidence.models import Requirement, Submission, SubmissionId
from certificates.evidence.states import SENT_BACK
from certificates.scoring.errors import LeaveInvalidError
from certificates.scoring.events import ScoresReleased
from certificates.scoring.outcomes.results import RetakeLeave, ScoreRelease
from certificates.scoring.outcomes.retaking import Retake, retake_of
from courses.cohorts.coordinating import coordinators_of, seen_by
from courses.cohorts.models import Cohort, Enrolment, EnrolmentState
from institute import audit
from institute.actors import Actor, PersonId
from institute.clock import now
from institute.db import db, transaction
from institute.errors import NotFoundError
from institute.i18n import Localised, gettext
from institute.messages import mail
from institute.people.models import Person

STUCK_MAIL: Final = "retake.stuck"
LEAVE_MAIL: Final = "retake.leave"
MOST_SHOWN: Final = 200
LONGEST: Final = 1000
LONGEST_LEAVE: Final = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class StuckLine:
    """Somebody who can send no new version of what they still owe: their attempts were made, or the time is over."""

    submission_id: SubmissionId
    person_id: PersonId
    name: str
    cohort: Localised
    title: Localised
    attempt: int
    used_up: bool
    until: date
    today: date


def stuck(actor: Actor) -> tuple[StuckLine, ...]:
    """Return whom a coordinator can give leave to, by name."""
    rows = db.session.execute(_standing(actor).order_by(Person.name, Submission.id).limit(MOST_SHOWN)).all()
    found = []
    for submission, person, cohort, title in rows:
        retake = retake_of(db.session(), submission.id)
        if retake is not None and not retake.open:
            found.append(_line(submission, person, cohort, title, retake))
    return tuple(found)


def stuck_panel(actor: Actor) -> int | None:
    """Return how many there are, None where there is nobody."""
    return len(stuck(actor)) or None


def find_stuck(submission_id: SubmissionId, *, actor: Actor) -> StuckLine:
    """Return one of them. Raises NotFoundError for who is not the coordinator's or can go on without."""
    row = db.session.execute(_standing(actor).where(Submission.id == submission_id)).one_or_none()
    if row is None:
        raise NotFoundError
    retake = retake_of(db.session(), submission_id)
    if retake is None or retake.open:
        raise NotFoundError
    return _line(*row, retake)


def give_leave(submission_id: SubmissionId, until: date | None, reason: str, *, actor: Actor) -> None:
    """Let somebody send another version until a day, and tell them.

    Raises NotFoundError as ``find_stuck``, LeaveInvalidError for a day that is missing, past or more than a year away,
    or a reason that is missing or too long.
    """
    with transaction() as session:
        line = find_stuck(submission_id, actor=actor)
        words, faults = reason.strip(), {}
        if until is None or not line.today <= until <= line.today + LONGEST_LEAVE:
            faults["until"] = gettext("Choose a day from today on, within a year.")
        if not words or len(words) > LONGEST:
            faults["reason"] = gettext("Say why, in %(most)s characters at most.", most=LONGEST)
        if faults or until is None or actor.person_id is None:
            raise LeaveInvalidError(faults)
        submission = session.get_one(Submission, submission_id, with_for_update=True)
        session.add(
            RetakeLeave(
                institute_id=submission.institute_id,
                submission_id=_released(submission),
                until=until,
                reason=words,
                given_by=actor.person_id,
                given_at=now(),
            )
        )
        session.flush()
        audit.record(
            "retake.leave",
            actor=actor,
            subject=("submission", submission_id),
            details={"until": until.isoformat()},
        )
        about = {"submission_id": submission_id}
        mail.tell(submission.person_id, LEAVE_MAIL, about, institute_id=submission.institute_id)


def tell_coordinators(event: ScoresReleased) -> None:
    """Tell whoever coordinates somebody that all attempts were made, in the transaction that releases the last one."""
    if event.passed:
        return
    with transaction() as session:
        retake = retake_of(session, event.submission_id)
        if retake is None or not retake.used_up:
            return
        for person_id in coordinators_of(event.enrolment_id):
            about = {"submission_id": event.submission_id}
            mail.tell(person_id, STUCK_MAIL, about, institute_id=event.institute_id)


def _standing(actor: Actor) -> Select[Submission, Person, Localised, Localised]:
    """Select latest attempts that came back, of people who take part and are the coordinator's to see."""
    later = aliased(Submission)
    newer = exists().where(
        later.requirement_id == Submission.requirement_id,
        later.enrolment_id == Submission.enrolment_id,
        later.attempt > Submission.attempt,
    )
    return (
        select(Submission, Person, Cohort.name, Requirement.title)
        .join(Enrolment, Enrolment.id == Submission.enrolment_id)
        .join(Cohort, Cohort.id == Enrolment.cohort_id)
        .join(Person, Person.id == Submission.person_id)
        .join(Requirement, Requirement.id == Submission.requirement_id)
        .where(
            Submission.institute_id == actor.institute_id,
            Submission.state.in_(SENT_BACK),
            Enrolment.state == EnrolmentState.ACTIVE,
            Requirement.retired_at.is_(None),
            ~newer,
            seen_by(actor),
        )
    )


def _line(
    submission: Submission, person: Person, cohort: Localised, title: Localised, retake: Retake
) -> StuckLine:
    return StuckLine(
        submission_id=submission.id,
        person_id=person.id,
        name=person.name,
        cohort=cohort,
        title=title,
        attempt=submission.attempt,
        used_up=retake.used_up,
        until=retake.until,
        today=retake.today,
    )


def _released(submission: Submission) -> SubmissionId:
    """Return the attempt whose scores limit the next one: the latest that was released."""
    return db.session.scalars(
        select(ScoreRelease.submission_id)
        .join(Submission, Submission.id == ScoreRelease.submission_id)
        .where(
            Submission.requirement_id == submission.requirement_id,
            Submission.enrolment_id == submission.enrolment_id,
        )
        .order_by(Submission.attempt.desc())
        .limit(1)
    ).one()
