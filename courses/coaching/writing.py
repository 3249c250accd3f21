"""Logging a session: draft it, send it, revise it, take it back. Only who coaches on that day may.

Every change names the version that it changes, and the database lets one of two win.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from courses.coaching.cases import Case, find_case
from courses.coaching.errors import SessionChangedError, SessionClosedError
from courses.coaching.groups import join_group
from courses.coaching.hindrances import note_hindrances
from courses.coaching.sheets import Checked, Sheet, check_sheet
from courses.coaching.storing import (
    Imported,
    add_log,
    rewrite_log,
    take_turns,
    void_log,
)
from courses.cohorts.models import EnrolmentId
from courses.schedule.holding import note_held
from courses.schedule.models import PlannedSessionId
from courses.sessions.models import SessionLog, SessionLogId, SessionState
from courses.sessions.states import may_become
from courses.sessions.wording import say_session_state
from institute.actors import Actor, PersonId
from institute.db import db, transaction
from institute.errors import NotFoundError


@dataclass(frozen=True, slots=True)
class Written:
    """What came of a sheet: the log it became, or what has to be mended.

    ``version`` is the newer version of a log that was changed meanwhile, None where nothing stood in the way.
    ``known`` tells that a log of this external id was there already: nothing was written.
    """

    checked: Checked
    log_id: SessionLogId | None = None
    version: int | None = None
    known: bool = False


def check_session(
    enrolment_id: EnrolmentId,
    sheet: Sheet,
    *,
    actor: Actor,
    log_id: SessionLogId | None = None,
    sending: bool = False,
    asks: bool = True,
) -> Checked:
    """Return what a sheet would become, or what has to be mended, and write nothing. Raises NotFoundError.

    ``asks`` as a form does: for next steps and the reason of a long day, which a file may lack.
    """
    session = db.session()
    case = find_case(enrolment_id, actor=actor, session=session)
    return _check(case, sheet, but=log_id, sending=sending, asks=asks, session=session)


def log_session(
    enrolment_id: EnrolmentId,
    sheet: Sheet,
    *,
    send: bool,
    actor: Actor,
    planned_id: int | None = None,
    external_id: str | None = None,
    imported_by: PersonId | None = None,
) -> Written:
    """Log a session of somebody whom the actor coaches or coached, as a draft or sent for confirmation.

    The one way in, for forms, files and samples. A file gives each row an ``external_id``, by which a log is known in
    the institute: the second time nothing is written. ``planned_id`` is the planned session that it became;
    ``imported_by`` attests the file; the actor is the coach whose
    session it was, and it counts once the participant confirms it, like any other. It need not say what was agreed on.

    Raises NotFoundError if there is no such enrolment, OverlapAtOnceError if another log took the time meanwhile.
    """
    imported = Imported(external_id, imported_by) if external_id and imported_by else None
    with transaction() as session:
        case = find_case(enrolment_id, actor=actor, session=session)
        take_turns(case.coach_id, case.participant_id, session=session)
        if imported is not None and (known := _known(imported, case, session)) is not None:
            return Written(Checked(sheet), known, known=True)
        checked = _check(case, sheet, but=None, sending=send, asks=imported is None, session=session)
        if checked.facts is None:
            return Written(checked)
        group_id = join_group(case, checked.facts, session=session)
        writer = actor if imported is None else Actor(actor.institute_id, imported.by)
        log_id = add_log(
            case,
            checked.facts,
            group_id=group_id,
            send=send,
            imported=imported,
            actor=writer,
            session=session,
        )
        if planned_id is not None:
            note_held(PlannedSessionId(planned_id), enrolment_id, log_id, actor=actor)
        return Written(checked, log_id)


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
        take_turns(case.coach_id, case.participant_id, session=session)
        checked = _check(case, sheet, but=log_id, sending=send, session=session)
        if log.version != version:
            return Written(checked, version=log.version)
        facts = checked.facts
        if facts is None:
            return Written(checked)
        group_id = join_group(case, facts, session=session, leaving=log)
        rewrite_log(log, facts, case, group_id=group_id, send=send, actor=actor, session=session)
        return Written(checked, log_id)


def void_session(log_id: SessionLogId, *, version: int, actor: Actor) -> None:
    """Take the actor's own log back: it stays readable and its time is free again.

    What it agreed on goes with it, and what it ticked is open again. Taking it back twice changes nothing. Raises
    NotFoundError, SessionChangedError, SessionClosedError.
    """
    with transaction() as session:
        log = own_log(log_id, actor=actor, session=session)
        if log.state is SessionState.VOIDED:
            return
        refuse_unlawful(log, SessionState.VOIDED)
        if log.version != version:
            raise SessionChangedError
        void_log(log, actor=actor, session=session)


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
    )
    if log is None:
        raise NotFoundError
    return log


def refuse_unlawful(log: SessionLog, wished: SessionState) -> None:
    """Raise SessionClosedError where no lawful way leads from the log's state to ``wished``."""
    if not may_become(log.state, wished):
        raise SessionClosedError(state=say_session_state(log.state))


def _known(imported: Imported, case: Case, session: Session) -> SessionLogId | None:
    return session.scalar(
        select(SessionLog.id).where(
            SessionLog.institute_id == case.institute_id, SessionLog.external_id == imported.external_id
        )
    )


def _check(
    case: Case,
    sheet: Sheet,
    *,
    but: SessionLogId | None,
    sending: bool,
    asks: bool = True,
    session: Session,
) -> Checked:
    checked = check_sheet(sheet, zone=case.zone, usual=case.usual, sending=sending and asks)
    mine = () if but is None else (but,)
    note_hindrances(checked, case, but=mine, asks_why=asks, session=session)
    return checked
