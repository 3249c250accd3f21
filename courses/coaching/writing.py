"""Logging a session: draft it, send it, revise it, take it back. Only who coaches on that day may.

Every change names the version that it changes, and the database lets one of two win.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from courses.coaching.errors import (
    NotCoachThatDayError,
    OverlapAtOnceError,
    SessionChangedError,
    SessionClosedError,
)
from courses.coaching.guards import COACH_OVERLAP, PARTICIPANT_OVERLAP
from courses.coaching.hindrances import Case, assignment_on, find_case, note_hindrances
from courses.coaching.letters import ask_to_confirm
from courses.coaching.models import SessionLog, SessionLogId, SessionRevision, SessionState
from courses.coaching.months import month_of
from courses.coaching.sheets import Checked, SessionFacts, Sheet, check_sheet
from courses.coaching.states import may_become
from courses.coaching.telling import tell_hours_changed
from courses.coaching.wording import say_session_state
from courses.cohorts.models import EnrolmentId
from institute import audit
from institute.actors import Actor, PersonId
from institute.clock import now
from institute.db import db, transaction
from institute.errors import NotFoundError
from institute.people.models import Person


@dataclass(frozen=True, slots=True)
class Written:
    """What came of a sheet: the log it became, or what has to be mended.

    ``version`` is the newer version of a log that was changed meanwhile, None where nothing stood in the way.
    """

    checked: Checked
    log_id: SessionLogId | None = None
    version: int | None = None


def check_session(
    enrolment_id: EnrolmentId, sheet: Sheet, *, actor: Actor, log_id: SessionLogId | None = None
) -> Checked:
    """Return what a sheet would become, or what has to be mended, and write nothing. Raises NotFoundError."""
    session = db.session()
    case = find_case(enrolment_id, actor=actor, session=session)
    return _check(case, sheet, but=log_id, sending=False, session=session)


def log_session(enrolment_id: EnrolmentId, sheet: Sheet, *, send: bool, actor: Actor) -> Written:
    """Log a session of somebody whom the actor coaches or coached, as a draft or sent for confirmation.

    Raises NotFoundError if there is no such enrolment, OverlapAtOnceError if another log took the time meanwhile.
    """
    with transaction() as session:
        case = find_case(enrolment_id, actor=actor, session=session)
        _take_turns(case, session)
        checked = _check(case, sheet, but=None, sending=send, session=session)
        if checked.facts is None:
            return Written(checked)
        log = SessionLog(
            institute_id=case.institute_id,
            enrolment_id=case.enrolment_id,
            coach_id=case.coach_id,
            participant_id=case.participant_id,
            author_id=case.coach_id,
            created_at=now(),
            version=1,
            **_columns(checked.facts, case, send=send, session=session),
        )
        session.add(log)
        _flush(session)
        _keep(log.id, 1, log.state, checked.facts, actor=actor, session=session)
        audit.record(
            "session.sent" if send else "session.drafted", actor=actor, subject=("session_log", log.id)
        )
        if send:
            tell_hours_changed(case.enrolment_id, session=session)
            ask_to_confirm(log.id, case.participant_id, institute_id=case.institute_id)
        return Written(checked, log.id)


def revise_session(log_id: SessionLogId, sheet: Sheet, *, version: int, send: bool, actor: Actor) -> Written:
    """Change the actor's own log that nobody confirmed yet, and keep it as a draft or send it (again).

    ``version`` is the one that the sheet was made from; where another stands meanwhile, nothing is written and the
    answer names it. Raises NotFoundError, SessionClosedError, OverlapAtOnceError.
    """
    wished = SessionState.SUBMITTED if send else SessionState.DRAFT
    with transaction() as session:
        log = own_log(log_id, actor=actor, session=session)
        refuse_unlawful(log, wished)
        case = find_case(log.enrolment_id, actor=actor, session=session)
        _take_turns(case, session)
        checked = _check(case, sheet, but=log_id, sending=send, session=session)
        if log.version != version:
            return Written(checked, version=log.version)
        if checked.facts is None:
            return Written(checked)
        values = _columns(checked.facts, case, send=send, session=session)
        change_version(log, values, session=session)
        _keep(log_id, version + 1, wished, checked.facts, actor=actor, session=session)
        audit.record(
            "session.revised", actor=actor, subject=("session_log", log_id), details={"state": wished}
        )
        if send:
            tell_hours_changed(case.enrolment_id, session=session)
            ask_to_confirm(log_id, case.participant_id, institute_id=case.institute_id)
        return Written(checked, log_id)


def void_session(log_id: SessionLogId, *, version: int, actor: Actor) -> None:
    """Take the actor's own log back: it stays readable and its time is free again.

    Taking it back twice changes nothing. Raises NotFoundError, SessionChangedError, SessionClosedError.
    """
    with transaction() as session:
        log = own_log(log_id, actor=actor, session=session)
        if log.state is SessionState.VOIDED:
            return
        refuse_unlawful(log, SessionState.VOIDED)
        if log.version != version:
            raise SessionChangedError
        was, enrolment_id = log.state, log.enrolment_id
        change_version(log, {"state": SessionState.VOIDED}, session=session)
        _keep(log_id, version + 1, SessionState.VOIDED, None, actor=actor, session=session)
        audit.record("session.voided", actor=actor, subject=("session_log", log_id), details={"from": was})
        if was is not SessionState.DRAFT:
            tell_hours_changed(enrolment_id, session=session)


def own_log(log_id: SessionLogId, *, actor: Actor, session: Session) -> SessionLog:
    """Return the coach's own log as it stands now. Raises NotFoundError."""
    log = session.scalar(
        select(SessionLog)
        .where(
            SessionLog.id == log_id,
            SessionLog.institute_id == actor.institute_id,
            SessionLog.coach_id == actor.person_id,
        )
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if log is None:
        raise NotFoundError
    return log


def refuse_unlawful(log: SessionLog, wished: SessionState) -> None:
    """Raise SessionClosedError where no lawful way leads from the log's state to ``wished``."""
    if not may_become(log.state, wished):
        raise SessionClosedError(state=say_session_state(log.state))


def change_version(log: SessionLog, values: dict[str, Any], *, session: Session) -> None:
    """Write ``values`` as the log's next version, if nobody wrote one since it was read.

    Raises SessionChangedError, OverlapAtOnceError.
    """
    statement = (
        update(SessionLog)
        .where(SessionLog.id == log.id, SessionLog.version == log.version, SessionLog.state == log.state)
        .values(version=log.version + 1, **values)
        .returning(SessionLog.id)
        .execution_options(synchronize_session=False)
    )
    try:
        changed = session.execute(statement).one_or_none()
    except IntegrityError as error:
        raise _overlap(error) from error
    if changed is None:
        raise SessionChangedError
    session.expire(log)


def _take_turns(case: Case, session: Session) -> None:
    """Let whoever else writes a session of one of the two wait.

    The database refuses no one-to-one session beside a group of the same coach, nor coaching while being coached.
    """
    both = select(Person.id).where(Person.id.in_((case.coach_id, case.participant_id))).order_by(Person.id)
    session.execute(both.with_for_update(key_share=True)).all()


def _check(case: Case, sheet: Sheet, *, but: SessionLogId | None, sending: bool, session: Session) -> Checked:
    checked = check_sheet(sheet, zone=case.zone, usual=case.usual, sending=sending)
    note_hindrances(checked, case, but=but, session=session)
    return checked


def _columns(facts: SessionFacts, case: Case, *, send: bool, session: Session) -> dict[str, Any]:
    assignment_id = assignment_on(case, facts.day, session=session)
    if assignment_id is None:
        raise NotCoachThatDayError
    return {
        "assignment_id": assignment_id,
        "start_utc": facts.start,
        "end_utc": facts.end,
        "zone": facts.zone,
        "local_day": facts.day,
        "month": month_of(facts.day),
        "break_minutes": facts.pause,
        "minutes": facts.minutes,
        "mode": facts.mode,
        "kind": facts.kind,
        "segment_id": facts.segment_id,
        "notes": facts.notes,
        "next_steps": facts.next_steps,
        "long_reason": facts.long_reason,
        "state": SessionState.SUBMITTED if send else SessionState.DRAFT,
        "submitted_at": now() if send else None,
    }


def _keep(
    log_id: SessionLogId,
    version: int,
    state: SessionState,
    facts: SessionFacts | None,
    *,
    actor: Actor,
    session: Session,
) -> None:
    author_id: PersonId | None = actor.person_id
    if author_id is None:
        raise NotFoundError
    session.add(
        SessionRevision(
            institute_id=actor.institute_id,
            log_id=log_id,
            version=version,
            state=state,
            author_id=author_id,
            at=now(),
            facts=facts.recorded() if facts else {},
        )
    )
    session.flush()


def _flush(session: Session) -> None:
    try:
        session.flush()
    except IntegrityError as error:
        raise _overlap(error) from error


def _overlap(error: IntegrityError) -> Exception:
    said = str(error.orig)
    return OverlapAtOnceError() if COACH_OVERLAP in said or PARTICIPANT_OVERLAP in said else error
