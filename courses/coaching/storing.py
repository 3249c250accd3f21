"""Keeping logs and their versions: what writing, answering and amending have in common."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from courses.coaching.actions import agree, forget_ticks
from courses.coaching.cases import Case, assignment_on
from courses.coaching.errors import NotCoachThatDayError, OverlapAtOnceError, SessionChangedError
from courses.coaching.groups import leave_group
from courses.coaching.letters import ask_to_confirm
from courses.coaching.sheets import SessionFacts
from courses.hours.months import month_of
from courses.hours.telling import tell_hours_changed
from courses.sessions.guards import COACH_OVERLAP, PARTICIPANT_OVERLAP
from courses.sessions.models import SessionGroupId, SessionLog, SessionLogId, SessionRevision, SessionState
from institute import audit
from institute.actors import Actor, PersonId
from institute.clock import now
from institute.errors import NotFoundError
from institute.people.models import Person


@dataclass(frozen=True, slots=True)
class Imported:
    """Where a log came from that nobody typed: its name in the file, and who attests the file."""

    external_id: str
    by: PersonId


def facts_of(log: SessionLog) -> SessionFacts:
    """Return what a log says at present."""
    return SessionFacts(
        start=log.start_utc,
        end=log.end_utc,
        zone=log.zone,
        day=log.local_day,
        pause=log.break_minutes,
        minutes=log.minutes,
        mode=log.mode,
        kind=log.kind,
        segment_id=log.segment_id,
        notes=log.notes,
        next_steps=log.next_steps,
        long_reason=log.long_reason,
        own_steps=log.own_steps,
        due=log.due,
        goals=log.goals,
        practices=tuple(log.practices),
        funding=log.funding,
    )


def columns_of(facts: SessionFacts) -> dict[str, Any]:
    """Return what a log says as the values of its columns; state, group and assignment are not among them."""
    return {
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
        "own_steps": facts.own_steps,
        "due": facts.due,
        "goals": facts.goals,
        "practices": list(facts.practices),
        "funding": facts.funding,
        "long_reason": facts.long_reason,
    }


def add_log(
    case: Case,
    facts: SessionFacts,
    *,
    group_id: SessionGroupId | None,
    send: bool,
    imported: Imported | None,
    actor: Actor,
    session: Session,
) -> SessionLogId:
    """Write a new log of a case and whatever follows from it.

    From a row of a file nothing follows here: its next steps may be years old, and whoever brings the file in tells
    once what it changes for each participant. Raises NotCoachThatDayError, OverlapAtOnceError.
    """
    log = SessionLog(
        institute_id=case.institute_id,
        enrolment_id=case.enrolment_id,
        coach_id=case.coach_id,
        participant_id=case.participant_id,
        author_id=case.coach_id,
        created_at=now(),
        version=1,
        group_id=group_id,
        external_id=imported.external_id if imported else None,
        imported_by=imported.by if imported else None,
        **columns_of(facts),
        **sending(case, facts, send=send, session=session),
    )
    session.add(log)
    try:
        session.flush()
    except IntegrityError as error:
        raise overlap_in(error) from error
    log_id, what = log.id, "session.sent" if send else "session.drafted"
    keep_revision(log_id, 1, log.state, facts, author_id=case.coach_id, case=case, session=session)
    details = {"imported_by": imported.by} if imported else {}
    audit.record(what, actor=actor, subject=("session_log", log_id), details=details)
    if send and imported is None:
        follow(log_id, facts, case, with_actions=True, session=session)
    return log_id


def rewrite_log(
    log: SessionLog,
    facts: SessionFacts,
    case: Case,
    *,
    group_id: SessionGroupId | None,
    send: bool,
    actor: Actor,
    session: Session,
) -> None:
    """Write the next version of a log that nobody confirmed, and whatever follows from it.

    Raises NotCoachThatDayError, SessionChangedError, OverlapAtOnceError.
    """
    log_id, version, before, imported = log.id, log.version + 1, log.group_id, log.external_id is not None
    values = columns_of(facts) | sending(case, facts, send=send, session=session)
    change_version(log, values | {"group_id": group_id}, session=session)
    if before != group_id:
        leave_group(before, log_id, session=session)
    keep_revision(
        log_id, version, values["state"], facts, author_id=actor.person_id, case=case, session=session
    )
    details = {"state": values["state"]}
    audit.record("session.revised", actor=actor, subject=("session_log", log_id), details=details)
    if send:
        follow(log_id, facts, case, with_actions=not imported, session=session)


def void_log(log: SessionLog, *, actor: Actor, session: Session) -> None:
    """Take a log back: what it agreed on goes with it, and what it ticked is open again."""
    log_id, was, enrolment_id, group_id = log.id, log.state, log.enrolment_id, log.group_id
    version = log.version + 1
    change_version(log, {"state": SessionState.VOIDED}, session=session)
    leave_group(group_id, log_id, session=session)
    forget_ticks(log_id, session=session)
    voided = SessionState.VOIDED
    keep_revision(log_id, version, voided, None, author_id=actor.person_id, case=log, session=session)
    audit.record("session.voided", actor=actor, subject=("session_log", log_id), details={"from": was})
    if was is not SessionState.DRAFT:
        tell_hours_changed(enrolment_id, session=session)


def follow(
    log_id: SessionLogId, facts: SessionFacts, case: Case, *, with_actions: bool, session: Session
) -> None:
    """Do what follows from a log that is sent: what was agreed on stands, the hours change, the other side is asked."""
    if with_actions:
        agree(log_id, facts, case, session=session)
    tell_hours_changed(case.enrolment_id, session=session)
    ask_to_confirm(log_id, case.participant_id, institute_id=case.institute_id)


def sending(case: Case, facts: SessionFacts, *, send: bool, session: Session) -> dict[str, Any]:
    """Return the columns that depend on whether a log is sent. Raises NotCoachThatDayError."""
    assignment_id = assignment_on(case, facts.day, session=session)
    if assignment_id is None:
        raise NotCoachThatDayError
    return {
        "assignment_id": assignment_id,
        "state": SessionState.SUBMITTED if send else SessionState.DRAFT,
        "submitted_at": now() if send else None,
    }


def keep_revision(
    log_id: SessionLogId,
    version: int,
    state: SessionState,
    facts: SessionFacts | None,
    *,
    author_id: PersonId | None,
    case: Case | SessionLog,
    session: Session,
) -> None:
    """Keep what a log says in a version, and who wrote that."""
    if author_id is None:
        raise NotFoundError
    session.add(
        SessionRevision(
            institute_id=case.institute_id,
            log_id=log_id,
            version=version,
            state=state,
            author_id=author_id,
            at=now(),
            facts=facts.recorded() if facts else {},
        )
    )
    session.flush()


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
        raise overlap_in(error) from error
    if changed is None:
        raise SessionChangedError
    session.expire(log)


def take_turns(*people: PersonId, session: Session) -> None:
    """Let whoever else writes a session of one of these people wait.

    The database refuses no one-to-one session beside a group of the same coach, nor coaching while being coached.
    """
    both = select(Person.id).where(Person.id.in_(people)).order_by(Person.id)
    session.execute(both.with_for_update(key_share=True)).all()


def overlap_in(error: IntegrityError) -> Exception:
    """Return what a refusal of the database means."""
    said = str(error.orig)
    return OverlapAtOnceError() if COACH_OVERLAP in said or PARTICIPANT_OVERLAP in said else error
