"""Concerns about a coaching: raised between the two, then with the coordinator, then at an end. Raters see none."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from courses.assignments import errors, letters
from courses.assignments.models import WORDS_LENGTH, Concern, ConcernId, ConcernState, ConcernStep
from courses.cohorts.assigning import local_day
from courses.cohorts.coordinating import coordinators_of, sees
from courses.cohorts.models import CoachAssignment, Enrolment, EnrolmentId
from institute import audit
from institute.actors import Actor, PersonId
from institute.db import transaction
from institute.errors import NotFoundError
from institute.jobs import outbox
from institute.jobs.outbox import LeasedJob
from institute.jobs.worker import Done, Outcome
from institute.people.linking import same_person
from institute.web.forms import storable

JOB_KIND: Final = "concern.pass-on"
BETWEEN_DAYS: Final = 7
OPEN: Final = (ConcernState.BETWEEN, ConcernState.COORDINATOR)


def raise_concern(enrolment_id: EnrolmentId, words: str, *, direct: bool = False, actor: Actor) -> ConcernId:
    """Raise a concern as one of the two sides of a coaching.

    The two have seven days between themselves; a ``direct`` one goes to the coordinator at once, and the other side
    does not see it. Raises NotFoundError for somebody else's coaching, ConcernWordsError, ConcernThereError.
    """
    with transaction() as session:
        enrolment = session.get(Enrolment, enrolment_id, with_for_update=True)
        if enrolment is None or enrolment.institute_id != actor.institute_id or actor.person_id is None:
            raise NotFoundError
        assignment, other = _sides(enrolment, actor.person_id, session)
        said = _words(words)
        there = select(Concern.id).where(
            Concern.enrolment_id == enrolment_id,
            Concern.raised_by == actor.person_id,
            Concern.state.in_(OPEN),
        )
        if session.scalar(there.limit(1)) is not None:
            raise errors.ConcernThereError
        concern = Concern(
            institute_id=actor.institute_id,
            enrolment_id=enrolment_id,
            assignment_id=assignment.id,
            raised_by=actor.person_id,
            other_id=other,
            direct=direct,
            state=ConcernState.COORDINATOR if direct else ConcernState.BETWEEN,
            between_until=local_day(enrolment.cohort.timezone) + timedelta(days=BETWEEN_DAYS),
        )
        session.add(concern)
        session.flush()
        _step(concern, concern.state, said, actor, session)
        audit.record("concern.raised", actor=actor, subject=("concern", concern.id))
        if direct:
            _tell_coordinators(concern)
        else:
            letters.tell_raised(concern.id, other, institute_id=actor.institute_id)
            due = datetime.combine(concern.between_until + timedelta(days=1), time(8), tzinfo=UTC)
            outbox.put(kind=JOB_KIND, key=str(concern.id), after=due)
        return concern.id


def add_words(concern_id: ConcernId, words: str, *, actor: Actor) -> None:
    """Add to a concern as one of its sides. Raises NotFoundError, ConcernWordsError, ConcernOverError."""
    with transaction() as session:
        concern = find_own(concern_id, actor=actor, session=session, lock=True)
        said = _words(words)
        _refuse_over(concern)
        _step(concern, concern.state, said, actor, session)


def settle(concern_id: ConcernId, words: str, *, actor: Actor) -> None:
    """Close a concern as who raised it, while it is between the two.

    Raises NotFoundError, ConcernOverError, ConcernStepError.
    """
    with transaction() as session:
        concern = find_own(concern_id, actor=actor, session=session, lock=True)
        _refuse_over(concern)
        if concern.state is not ConcernState.BETWEEN or concern.raised_by not in _rows(actor):
            raise errors.ConcernStepError
        concern.state = ConcernState.CLOSED
        _step(concern, concern.state, storable(words).strip()[:WORDS_LENGTH], actor, session)
        audit.record("concern.settled", actor=actor, subject=("concern", concern.id))


def pass_on(concern_id: ConcernId, words: str, *, actor: Actor) -> None:
    """Hand a concern to the coordinator as one of its sides, before its days are over.

    Raises NotFoundError, ConcernOverError, ConcernStepError.
    """
    with transaction() as session:
        concern = find_own(concern_id, actor=actor, session=session, lock=True)
        _refuse_over(concern)
        if concern.state is not ConcernState.BETWEEN:
            raise errors.ConcernStepError
        concern.state = ConcernState.COORDINATOR
        _step(concern, concern.state, storable(words).strip()[:WORDS_LENGTH], actor, session)
        audit.record("concern.passed-on", actor=actor, subject=("concern", concern.id))
        _tell_coordinators(concern)


def pass_on_when_due(job: LeasedJob) -> Outcome:
    """Hand a concern to the coordinator whose days between the two are over."""
    with transaction() as session:
        concern = session.get(Concern, ConcernId(int(job.key)), with_for_update=True)
        if concern is None or concern.state is not ConcernState.BETWEEN:
            return Done()
        concern.state = ConcernState.COORDINATOR
        actor = Actor(institute_id=concern.institute_id, person_id=None)
        _step(concern, concern.state, "", actor, session)
        audit.record("concern.passed-on", actor=actor, subject=("concern", concern.id))
        _tell_coordinators(concern)
    return Done()


def note(concern_id: ConcernId, words: str, *, kept_inside: bool, actor: Actor) -> None:
    """Add what the coordinator did or heard; ``kept_inside`` only coordinators read it.

    Raises NotFoundError, ConcernWordsError, ConcernOverError.
    """
    with transaction() as session:
        concern = find_heard(concern_id, actor=actor, session=session, lock=True)
        said = _words(words)
        _refuse_over(concern)
        _step(concern, concern.state, said, actor, session, kept_inside=kept_inside)


def close(concern_id: ConcernId, words: str, *, actor: Actor) -> None:
    """Close a concern as the coordinator, with what came of it. Raises as ``note``."""
    with transaction() as session:
        concern = find_heard(concern_id, actor=actor, session=session, lock=True)
        said = _words(words)
        _refuse_over(concern)
        concern.state = ConcernState.CLOSED
        _step(concern, concern.state, said, actor, session)
        audit.record("concern.closed", actor=actor, subject=("concern", concern.id))
        _tell_ended(concern)


def end_by_reassigning(concern_id: ConcernId, enrolment_id: EnrolmentId, words: str, *, actor: Actor) -> None:
    """End a concern because another coach was assigned, in that transaction. Raises NotFoundError, ConcernOverError."""
    with transaction() as session:
        concern = find_heard(concern_id, actor=actor, session=session, lock=True)
        if concern.enrolment_id != enrolment_id:
            raise NotFoundError
        _refuse_over(concern)
        concern.state = ConcernState.REASSIGNED
        _step(concern, concern.state, words, actor, session)
        audit.record("concern.reassigned", actor=actor, subject=("concern", concern.id))
        _tell_ended(concern)


def find_own(concern_id: ConcernId, *, actor: Actor, session: Session, lock: bool = False) -> Concern:
    """Return a concern of the actor as one of its sides; a direct one only as who raised it. Raises NotFoundError."""
    concern = session.get(Concern, concern_id, with_for_update=lock)
    rows = _rows(actor)
    if concern is None or concern.institute_id != actor.institute_id:
        raise NotFoundError
    if concern.raised_by not in rows and (concern.direct or concern.other_id not in rows):
        raise NotFoundError
    return concern


def find_heard(concern_id: ConcernId, *, actor: Actor, session: Session, lock: bool = False) -> Concern:
    """Return a concern that a coordinator hears: one that reached them, of somebody whom they see, not about them.

    Raises NotFoundError.
    """
    concern = session.get(Concern, concern_id, with_for_update=lock)
    if concern is None or concern.institute_id != actor.institute_id:
        raise NotFoundError
    if _rows(actor) & {concern.raised_by, concern.other_id} or not sees(concern.enrolment_id, actor):
        raise NotFoundError
    if concern.state is ConcernState.BETWEEN:
        raise NotFoundError
    return concern


def _rows(actor: Actor) -> frozenset[PersonId]:
    return same_person(actor.person_id) if actor.person_id is not None else frozenset()


def _sides(enrolment: Enrolment, person_id: PersonId, session: Session) -> tuple[CoachAssignment, PersonId]:
    """Return the coaching that somebody speaks of, and who is on its other side. Raises NotFoundError."""
    rows = same_person(person_id)
    assignments = session.scalars(
        select(CoachAssignment)
        .where(CoachAssignment.enrolment_id == enrolment.id)
        .order_by(CoachAssignment.since.desc(), CoachAssignment.id.desc())
    ).all()
    if enrolment.person_id in rows:
        begun = [one for one in assignments if one.since <= local_day(enrolment.cohort.timezone)]
        if begun:
            return begun[0], begun[0].coach_id
    for one in assignments:
        if one.coach_id in rows:
            return one, enrolment.person_id
    raise NotFoundError


def _words(text: str) -> str:
    said = storable(text).strip()
    if not said:
        raise errors.ConcernWordsError
    if len(said) > WORDS_LENGTH:
        raise errors.WordsTooLongError(length=len(said), most=WORDS_LENGTH)
    return said


def _refuse_over(concern: Concern) -> None:
    if concern.state not in OPEN:
        raise errors.ConcernOverError


def _step(
    concern: Concern,
    state: ConcernState,
    words: str,
    actor: Actor,
    session: Session,
    *,
    kept_inside: bool = False,
) -> None:
    session.add(
        ConcernStep(
            institute_id=concern.institute_id,
            concern_id=concern.id,
            state=state,
            person_id=actor.person_id,
            words=words,
            kept_inside=kept_inside,
        )
    )
    session.flush()


def _tell_coordinators(concern: Concern) -> None:
    for one in coordinators_of(concern.enrolment_id):
        if one not in {concern.raised_by, concern.other_id}:
            letters.tell_coordinator(concern.id, one, institute_id=concern.institute_id)


def _tell_ended(concern: Concern) -> None:
    told = [concern.raised_by] if concern.direct else [concern.raised_by, concern.other_id]
    for one in told:
        letters.tell_ended(concern.id, one, institute_id=concern.institute_id)
