"""Changing what both sides agreed on: one proposes, the other consents. Until then the old facts stand and count.

Where the other side does not answer for a week, a coordinator may in its place, and says on what grounds.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from courses.coaching import amending_errors as errors
from courses.coaching.amending_letters import tell_answered, tell_proposed
from courses.coaching.cases import Case, assignment_on, find_case
from courses.coaching.differences import differences
from courses.coaching.errors import ChoiceMissingError, NotCoachThatDayError, TextTooLongError
from courses.coaching.hindrances import note_hindrances
from courses.coaching.sheets import Checked, SessionFacts, Sheet, check_sheet, sheet_of
from courses.coaching.storing import change_version, columns_of, facts_of, take_turns
from courses.cohorts.coordinating import sees
from courses.hours.telling import tell_hours_changed
from courses.sessions.events import SessionAmended
from courses.sessions.models import (
    REASON_LENGTH,
    AmendmentState,
    Kind,
    SessionAmendment,
    SessionAmendmentId,
    SessionLog,
    SessionLogId,
    SessionRevision,
    SessionState,
    Side,
)
from institute import audit, events
from institute.actors import Actor
from institute.clock import now
from institute.db import transaction
from institute.errors import DomainError, NotFoundError

AGREED: Final = (SessionState.CONFIRMED, SessionState.LOCKED)
OTHERS_TURN_AFTER: Final = timedelta(days=7)
# What an amendment may change; the rest of a log is its coach's own record.
ALONE: Final = (
    "day", "begins", "ends", "next_day", "begins_side", "ends_side", "pause", "mode", "kind",
    "notes", "next_steps", "long_reason",
)  # fmt: skip
# The times of a group are everybody's: a member's log changes by what this member attended.
IN_GROUP: Final = ("attended", "notes", "next_steps")


@dataclass(frozen=True, slots=True)
class Proposal:
    """What somebody typed who wants a confirmed session changed."""

    typed: Sheet = field(default_factory=Sheet)
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Proposed:
    """What came of a proposal: an amendment, or by field what has to be mended in its ``sheet``."""

    checked: Checked
    amendment_id: SessionAmendmentId | None = None


def propose_amendment(log_id: SessionLogId, proposal: Proposal, *, side: Side, actor: Actor) -> Proposed:
    """Propose to change a session that both sides agreed on, and ask the other side.

    Raises NotFoundError, NotAgreedYetError, AmendmentOpenError.
    """
    with transaction() as session:
        log = shared_log(log_id, side=side, actor=actor, session=session)
        if log.state not in AGREED:
            raise errors.NotAgreedYetError
        if open_amendment_of(log_id, session=session) is not None:
            raise errors.AmendmentOpenError
        checked = check_proposal(log, proposal, session=session)
        if checked.facts is None or checked.problems:
            return Proposed(checked)
        amendment = SessionAmendment(
            institute_id=log.institute_id,
            log_id=log_id,
            version=log.version,
            state=AmendmentState.PROPOSED,
            proposed_by=actor.person_id,
            proposed_at=now(),
            reason=proposal.reason,
            facts=checked.facts.recorded(),
        )
        session.add(amendment)
        session.flush()
        audit.record(
            "session.amendment_proposed",
            actor=actor,
            subject=("session_log", log_id),
            details={"amendment": amendment.id},
        )
        other_id = log.participant_id if side is Side.COACH else log.coach_id
        tell_proposed(amendment.id, other_id, institute_id=log.institute_id)
        return Proposed(checked, amendment.id)


def answer_amendment(
    log_id: SessionLogId, amendment_id: SessionAmendmentId, *, accept: bool, side: Side, actor: Actor
) -> None:
    """Consent to what the other side proposed, or do not. The same answer a second time changes nothing.

    Raises NotFoundError, OwnAmendmentError, AmendmentSettledError; OverlapAtOnceError if another session took the
    time meanwhile.
    """
    with transaction() as session:
        log = shared_log(log_id, side=side, actor=actor, session=session)
        amendment = _amendment(amendment_id, log, session=session)
        if amendment.proposed_by == actor.person_id:
            raise errors.OwnAmendmentError
        _settle(amendment, log, accept=accept, words="", actor=actor, session=session)


def withdraw_amendment(
    log_id: SessionLogId, amendment_id: SessionAmendmentId, *, side: Side, actor: Actor
) -> None:
    """Take the actor's own proposal back. Twice changes nothing.

    Raises NotFoundError, OwnAmendmentError if it is the other side's, AmendmentSettledError.
    """
    with transaction() as session:
        log = shared_log(log_id, side=side, actor=actor, session=session)
        amendment = _amendment(amendment_id, log, session=session)
        if amendment.proposed_by != actor.person_id:
            raise errors.OwnAmendmentError
        if amendment.state is AmendmentState.WITHDRAWN:
            return
        if amendment.state is not AmendmentState.PROPOSED:
            raise errors.AmendmentSettledError
        _close(amendment, AmendmentState.WITHDRAWN, "", actor=actor, session=session)


def answer_in_place(
    amendment_id: SessionAmendmentId, words: str, *, accept: bool, actor: Actor
) -> dict[str, DomainError]:
    """Answer as a coordinator for the side that has not answered for a week; return what is missing, by field.

    Raises NotFoundError, OwnAmendmentError if the session is the coordinator's own, AnswerStillDueError,
    AmendmentSettledError.
    """
    with transaction() as session:
        log_id = session.scalar(
            select(SessionAmendment.log_id).where(
                SessionAmendment.id == amendment_id, SessionAmendment.institute_id == actor.institute_id
            )
        )
        log = None if log_id is None else session.get(SessionLog, log_id, with_for_update=True)
        if log is None or not sees(log.enrolment_id, actor):
            raise NotFoundError
        amendment = _amendment(amendment_id, log, session=session)
        if actor.person_id in {log.coach_id, log.participant_id, None}:
            raise errors.OwnAmendmentError
        if amendment.state is AmendmentState.PROPOSED and now() < may_answer_in_place_from(amendment):
            raise errors.AnswerStillDueError(day=may_answer_in_place_from(amendment).date().isoformat())
        if not words:
            return {"words": errors.WhyInPlaceError()}
        if len(words) > REASON_LENGTH:
            return {"words": TextTooLongError(length=len(words), most=REASON_LENGTH)}
        _settle(amendment, log, accept=accept, words=words, actor=actor, session=session)
        return {}


def may_answer_in_place_from(amendment: SessionAmendment) -> datetime:
    """Return from when on a coordinator may answer for a side."""
    return amendment.proposed_at + OTHERS_TURN_AFTER


def check_proposal(log: SessionLog, proposal: Proposal, *, session: Session) -> Checked:
    """Return what a proposal would make of a log, or what has to be mended."""
    here, case = facts_of(log), case_of(log, session=session)
    in_group = log.kind is Kind.GROUP
    wanted = {name: getattr(proposal.typed, name) for name in (IN_GROUP if in_group else ALONE)}
    sheet = replace(sheet_of(replace(here, zone=case.zone)), **wanted)
    checked = check_sheet(sheet, zone=case.zone, usual=case.usual)
    if not in_group and checked.facts is not None and checked.facts.kind is Kind.GROUP:
        checked.refuse("kind", ChoiceMissingError())
    if not in_group:
        note_hindrances(checked, case, but=(log.id,), session=session)
    if not proposal.reason:
        checked.refuse("reason", errors.WhyChangeError())
    elif len(proposal.reason) > REASON_LENGTH:
        checked.refuse("reason", TextTooLongError(length=len(proposal.reason), most=REASON_LENGTH))
    if checked.facts is not None and not differences(
        here.recorded(), checked.facts.recorded(), log.institute_id
    ):
        checked.refuse("attended" if in_group else "ends", errors.NothingChangesError())
    return checked


def case_of(log: SessionLog, *, session: Session) -> Case:
    """Return the case of a log as its coach has it, whoever of the two asks."""
    coach = Actor(institute_id=log.institute_id, person_id=log.coach_id)
    return find_case(log.enrolment_id, actor=coach, session=session)


def shared_log(log_id: SessionLogId, *, side: Side, actor: Actor, session: Session) -> SessionLog:
    """Return a sent log that the actor is that side of, held until the transaction ends. Raises NotFoundError."""
    mine = SessionLog.coach_id if side is Side.COACH else SessionLog.participant_id
    log = session.scalar(
        select(SessionLog)
        .where(
            SessionLog.id == log_id,
            SessionLog.institute_id == actor.institute_id,
            mine == actor.person_id,
            SessionLog.submitted_at.is_not(None),
        )
        .with_for_update()
    )
    if log is None:
        raise NotFoundError
    return log


def open_amendment_of(log_id: SessionLogId, *, session: Session) -> SessionAmendment | None:
    """Return the change to a log that waits for an answer."""
    return session.scalar(
        select(SessionAmendment)
        .where(SessionAmendment.log_id == log_id, SessionAmendment.state == AmendmentState.PROPOSED)
        .execution_options(populate_existing=True)
    )


def _amendment(amendment_id: SessionAmendmentId, log: SessionLog, *, session: Session) -> SessionAmendment:
    """Return an amendment of this log as it stands now. Raises NotFoundError."""
    found = session.scalar(
        select(SessionAmendment)
        .where(SessionAmendment.id == amendment_id, SessionAmendment.log_id == log.id)
        .with_for_update()
    )
    if found is None:
        raise NotFoundError
    return found


def _settle(
    amendment: SessionAmendment,
    log: SessionLog,
    *,
    accept: bool,
    words: str,
    actor: Actor,
    session: Session,
) -> None:
    wished = AmendmentState.ACCEPTED if accept else AmendmentState.DECLINED
    if amendment.state is wished and amendment.answered_by == actor.person_id:
        return
    if amendment.state is not AmendmentState.PROPOSED:
        raise errors.AmendmentSettledError
    _close(amendment, wished, words, actor=actor, session=session)
    tell_answered(amendment.id, amendment.proposed_by, institute_id=log.institute_id)
    if accept:
        _write(amendment, log, session=session)


def _close(
    amendment: SessionAmendment, state: AmendmentState, words: str, *, actor: Actor, session: Session
) -> None:
    amendment.state, amendment.answer = state, words
    amendment.answered_by, amendment.answered_at = actor.person_id, now()
    session.flush()
    audit.record(
        f"session.amendment_{state}",
        actor=actor,
        subject=("session_log", amendment.log_id),
        details={"amendment": amendment.id},
    )


def _write(amendment: SessionAmendment, log: SessionLog, *, session: Session) -> None:
    """Make the log say what both agreed on: a new version that names its amendment, and a revision that keeps it."""
    facts, before, log_id, version, state = (
        SessionFacts.read(amendment.facts), log.minutes, log.id, log.version + 1, log.state,
    )  # fmt: skip
    enrolment_id, institute_id = log.enrolment_id, log.institute_id
    case = case_of(log, session=session)
    take_turns(case.coach_id, case.participant_id, session=session)
    assignment_id = assignment_on(case, facts.day, session=session)
    if assignment_id is None:
        raise NotCoachThatDayError
    values = columns_of(facts) | {"assignment_id": assignment_id, "amendment_id": amendment.id}
    change_version(log, values, session=session)
    session.add(
        SessionRevision(
            institute_id=institute_id,
            log_id=log_id,
            version=version,
            state=state,
            author_id=amendment.proposed_by,
            at=now(),
            facts=amendment.facts,
        )
    )
    tell_hours_changed(enrolment_id, session=session)
    events.publish(SessionAmended(institute_id, enrolment_id, log_id, amendment.id, before, facts.minutes))
