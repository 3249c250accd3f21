"""Saying what a programme asks for. Everybody in it is counted anew: few at once, many by the worker."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from courses.catalogue.models import Programme, ProgrammeId
from courses.cohorts.models import Cohort, Enrolment, EnrolmentId
from courses.hours.models import CoachingPolicy
from courses.hours.policies import Policy
from courses.hours.telling import tell_hours_changed
from institute import audit
from institute.actors import Actor
from institute.db import db, transaction
from institute.errors import NotFoundError
from institute.jobs import outbox
from institute.jobs.outbox import LeasedJob
from institute.jobs.outcomes import Done, Outcome, RetryPolicy
from institute.parting import parts_of

JOB_KIND: Final = "hours.recount"
RETRY: Final = RetryPolicy(first=timedelta(seconds=2), longest=timedelta(minutes=5), most_attempts=8)
AT_ONCE: Final = 100


def set_policy(programme_id: ProgrammeId, policy: Policy, *, actor: Actor) -> None:
    """Say what a programme of the actor's institute asks for. The same a second time changes nothing.

    Raises NotFoundError if the programme is not of the institute.
    """
    with transaction() as session:
        programme = session.get(Programme, programme_id)
        if programme is None or programme.institute_id != actor.institute_id:
            raise NotFoundError
        row = session.get(CoachingPolicy, programme_id)
        if row is None:
            row = CoachingPolicy(programme_id=programme_id, institute_id=actor.institute_id)
            session.add(row)
        for name, value in policy.stored().items():
            setattr(row, name, value)
        if row not in session.new and not session.is_modified(row):
            return
        session.flush()
        audit.record("coaching.policy-set", actor=actor, subject=("programme", programme_id))
        members = _members(programme_id, session)
        if len(members) > AT_ONCE:
            outbox.put(kind=JOB_KIND, key=str(programme_id), payload={})
            return
        for enrolment_id in members:
            tell_hours_changed(enrolment_id, session=session)


def recount_programme(job: LeasedJob) -> Outcome:
    """Count everybody in a programme anew, some at a time, so that nobody else waits long."""
    for some in parts_of(_members(ProgrammeId(int(job.key)), db.session()), AT_ONCE):
        with transaction() as session:
            for enrolment_id in some:
                tell_hours_changed(enrolment_id, session=session)
    return Done()


def _members(programme_id: ProgrammeId, session: Session) -> list[EnrolmentId]:
    statement = (
        select(Enrolment.id)
        .join(Cohort, Cohort.id == Enrolment.cohort_id)
        .where(Cohort.programme_id == programme_id)
        .order_by(Enrolment.id)
    )
    return list(session.scalars(statement))
