"""The worker's part: each line is checked, and issued, in a transaction of its own, wherever the worker is killed.

The award and the line that says so are written together: a line is issued once or not yet.
"""

from __future__ import annotations

import logging
import time
from typing import Final

from sqlalchemy import select, update
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from certificates.awards.applications.applying import recheck
from certificates.awards.applications.duties import find_objection
from certificates.awards.applications.stepping import move, open_application
from certificates.awards.batches.making import JOB_KIND
from certificates.awards.batches.models import (
    BatchId,
    BatchLineId,
    BatchState,
    IssueBatch,
    IssueBatchLine,
    LineState,
)
from certificates.awards.errors import ApplicationStateError, ClockBackwardsError, NotEligibleError
from certificates.awards.issuing.issuing import decision_of, issue, refuse_second, require_fit, require_name
from certificates.awards.lifetime.errors import KeyExpiredError
from certificates.awards.models import Application
from certificates.awards.states import ApplicationState
from certificates.levels.eligibility import all_met
from institute import audit
from institute.actors import Actor
from institute.clock import now
from institute.db import transaction
from institute.errors import DomainError
from institute.jobs import outbox
from institute.jobs.outbox import LeasedJob
from institute.jobs.outcomes import is_disk_full
from institute.jobs.worker import Done, Outcome

log = logging.getLogger(__name__)
FAULT: Final = "FAULT"
"""The code of what nobody foresaw: the log holds it."""
SPELL_SECONDS: Final = 15.0
"""How long one turn lasts: well within a lease, and so short that documents are made in between."""
MOST_REFUSED: Final = 5
"""After so many refusals in a row somebody looks before it goes on."""
# What no other line would be issued with either.
OF_ALL: Final = (ClockBackwardsError, KeyExpiredError)


def work_batch(job: LeasedJob) -> Outcome:
    """Check or issue lines of a batch until a turn is over; wish for the next turn where lines are left."""
    batch_id, ends = BatchId(int(job.key)), time.monotonic() + SPELL_SECONDS
    while time.monotonic() < ends:
        if not (_check_next(batch_id) or _issue_next(batch_id)):
            return Done()
    outbox.put(kind=JOB_KIND, key=job.key)
    return Done()


def _check_next(batch_id: BatchId) -> bool:
    """Check the next line of a batch that is being checked; tell whether there was something to do."""
    line_id: BatchLineId | None = None
    try:
        with transaction() as session:
            batch = _locked(batch_id, BatchState.CHECKING, session)
            if batch is None:
                return False
            line = _next(batch_id, LineState.WAITING, session)
            if line is None:
                batch.state = BatchState.READY
                return False
            line_id = line.id
            _look_at(line, batch, session)
    except OperationalError:
        raise  # the database does not answer: the job is tried again, and nothing was written
    except Exception as error:
        if is_disk_full(error):
            raise
        log.warning("a line of a batch could not be checked", exc_info=error)
        _set_aside(line_id)
    return True


def _look_at(line: IssueBatchLine, batch: IssueBatch, session: Session) -> None:
    application = session.get_one(Application, line.application_id)
    line.name, line.locale = application.name, application.locale
    line.second_locale = application.second_locale
    try:
        line.minutes = _check(application, session, _actor(batch))
    except DomainError as error:
        line.state, line.code = LineState.UNFIT, error.code
    else:
        line.state, line.mark = LineState.READY, decision_of(application, line.minutes).mark


def _set_aside(line_id: BatchLineId | None) -> None:
    """Let a line that cannot even be checked keep back no other."""
    with transaction() as session:
        session.execute(
            update(IssueBatchLine)
            .where(IssueBatchLine.id == line_id, IssueBatchLine.state == LineState.WAITING)
            .values(state=LineState.UNFIT, code=FAULT)
        )


def _check(application: Application, session: Session, actor: Actor) -> int:
    """Return the minutes that count. Raises why the application could not be issued now, as a DomainError."""
    if application.state is not ApplicationState.UNDER_REVIEW:
        raise ApplicationStateError
    objection = find_objection(
        actor, application.person_id, application.enrolment_id, application.rule_set_id
    )
    if objection is not None:
        raise objection
    require_name(application)
    gathered, results, _ = recheck(application, session)
    if not all_met(results):
        raise NotEligibleError
    refuse_second(application, session)
    require_fit(application, session)
    return gathered.facts.counted


def _issue_next(batch_id: BatchId) -> bool:
    """Issue the next line of a running batch; tell whether there is more to do."""
    line_id: BatchLineId | None = None
    try:
        with transaction() as session:
            batch = _locked(batch_id, BatchState.RUNNING, session)
            if batch is None:
                return False
            line = _next(batch_id, LineState.READY, session)
            if line is None:
                batch.state, batch.ended_at = BatchState.DONE, now()
                audit.record("award.batch_done", actor=_actor(batch), subject=("issue_batch", batch_id))
                return False
            line_id = line.id
            actor = _actor(batch)
            application = open_application(line.application_id, session=session, actor=actor)
            move(application, ApplicationState.APPROVED, actor=actor)
            award_id = issue(application, seen=line.mark, actor=actor)
            session.execute(
                update(IssueBatchLine)
                .where(IssueBatchLine.id == line_id)
                .values(state=LineState.ISSUED, award_id=award_id, ended_at=now())
            )
    except OF_ALL as error:
        return _pause(batch_id, error.code)
    except DomainError as error:
        return _refuse(batch_id, line_id, error.code)
    except OperationalError:
        raise
    except Exception as error:
        if is_disk_full(error):
            raise
        log.warning("a line of a batch failed", exc_info=error)
        _refuse(batch_id, line_id, FAULT)  # so that going on begins with the next
        return _pause(batch_id, FAULT)
    return True


def _refuse(batch_id: BatchId, line_id: BatchLineId | None, code: str) -> bool:
    with transaction() as session:
        batch = _locked(batch_id, BatchState.RUNNING, session)
        if batch is None:
            return False
        session.execute(
            update(IssueBatchLine)
            .where(IssueBatchLine.id == line_id, IssueBatchLine.state == LineState.READY)
            .values(state=LineState.REFUSED, code=code, ended_at=now())
        )
        last = session.scalars(
            select(IssueBatchLine.state)
            .where(IssueBatchLine.batch_id == batch_id, IssueBatchLine.ended_at >= batch.started_at)
            .order_by(IssueBatchLine.position.desc())
            .limit(MOST_REFUSED)
        ).all()
        if len(last) == MOST_REFUSED and all(state is LineState.REFUSED for state in last):
            return _pause(batch_id, "REFUSALS")
        return True


def _pause(batch_id: BatchId, cause: str) -> bool:
    with transaction() as session:
        batch = _locked(batch_id, BatchState.RUNNING, session)
        if batch is not None:
            batch.state, batch.cause = BatchState.PAUSED, cause
            details = {"cause": cause}
            audit.record(
                "award.batch_paused", actor=_actor(batch), subject=("issue_batch", batch_id), details=details
            )
        return False


def _locked(batch_id: BatchId, state: BatchState, session: Session) -> IssueBatch | None:
    batch = session.get(IssueBatch, batch_id, with_for_update=True)
    return batch if batch is not None and batch.state is state else None


def _next(batch_id: BatchId, state: LineState, session: Session) -> IssueBatchLine | None:
    return session.scalar(
        select(IssueBatchLine)
        .where(IssueBatchLine.batch_id == batch_id, IssueBatchLine.state == state)
        .order_by(IssueBatchLine.position)
        .limit(1)
    )


def _actor(batch: IssueBatch) -> Actor:
    """Return whoever started the batch, by the worker's door."""
    return Actor(institute_id=batch.institute_id, person_id=batch.person_id, door="worker")
