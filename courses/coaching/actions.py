"""What sessions agreed on: written with the log, ticked by either side, carried forward until it is done or dropped."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from sqlalchemy import ColumnElement, exists, select
from sqlalchemy.orm import Session

from courses.coaching.cases import Case
from courses.coaching.errors import WhyMissingError
from courses.coaching.reading import clean
from courses.coaching.sheets import SessionFacts
from courses.cohorts.assigning import assigned_on, local_day
from courses.cohorts.models import CoachAssignment, Enrolment, EnrolmentId
from courses.sessions.actions import open_actions, steps_of
from courses.sessions.models import (
    ACTION_LENGTH,
    AgreedAction,
    AgreedActionId,
    SessionLog,
    SessionLogId,
    SessionState,
    Side,
)
from institute import audit
from institute.actors import Actor, PersonId
from institute.clock import now
from institute.db import transaction
from institute.errors import NotFoundError


class _Wanted(NamedTuple):
    side: Side
    text: str


def agree(log_id: SessionLogId, facts: SessionFacts, case: Case, *, session: Session) -> None:
    """Make the actions of a log what its steps say, and tick those that it says were done.

    An action whose line stays keeps its tick; one whose line is gone is dropped, if it was still open. Belongs into
    the transaction that sends the log.
    """
    wanted = [_Wanted(Side.PARTICIPANT, step) for step in steps_of(facts.next_steps)]
    wanted += [_Wanted(Side.COACH, step) for step in steps_of(facts.own_steps)]
    standing = session.scalars(select(AgreedAction).where(AgreedAction.log_id == log_id)).all()
    there = {_Wanted(action.side, action.text): action for action in standing}
    for position, one in enumerate(dict.fromkeys(wanted), start=1):
        action = there.pop(one, None)
        if action is None:
            action = AgreedAction(
                institute_id=case.institute_id,
                enrolment_id=case.enrolment_id,
                log_id=log_id,
                side=one.side,
                text=one.text,
                created_at=now(),
            )
            session.add(action)
        elif action.dropped_at is not None:
            _reopen(action)
        action.position, action.due = position, facts.due
    for action in there.values():
        if _is_open(action):
            action.dropped_at, action.done_by, action.ended_in = now(), case.coach_id, log_id
    session.flush()
    _tick_in_log(log_id, facts, case, session)


def forget_ticks(log_id: SessionLogId, *, session: Session) -> None:
    """Open again what a log ticked, because the log is taken back."""
    for action in session.scalars(select(AgreedAction).where(AgreedAction.ended_in == log_id)):
        _reopen(action)
    session.flush()


def tick_action(action_id: AgreedActionId, *, done: bool, side: Side, actor: Actor) -> EnrolmentId:
    """Tick an agreed action or take the tick back; return the enrolment. The same a second time changes nothing.

    ``side`` is the actor's: a participant ticks their own steps; who coaches them today ticks those of both. Raises
    NotFoundError.
    """
    with transaction() as session:
        action = _find(action_id, side, actor, session)
        if done != (action.done_at is not None) and action.dropped_at is None:
            if done:
                action.done_at, action.done_by = now(), actor.person_id
            else:
                _reopen(action)
            session.flush()
            audit.record(
                "action.done" if done else "action.reopened",
                actor=actor,
                subject=("agreed_action", action.id),
                details={"enrolment": action.enrolment_id},
            )
        return action.enrolment_id


def drop_action(action_id: AgreedActionId, why: str, *, actor: Actor) -> EnrolmentId:
    """Drop an open action with a word why; return the enrolment. Dropping it again changes nothing.

    Who coaches the participant today may. Raises NotFoundError, WhyMissingError.
    """
    with transaction() as session:
        action = _find(action_id, Side.COACH, actor, session)
        said = clean(why)
        if not said or len(said) > ACTION_LENGTH:
            raise WhyMissingError
        if _is_open(action):
            action.dropped_at, action.done_by, action.why = now(), actor.person_id, said
            session.flush()
            audit.record("action.dropped", actor=actor, subject=("agreed_action", action.id))
        return action.enrolment_id


def coached_by(person_id: PersonId | None, day: date) -> ColumnElement[bool]:
    """Return the condition that a person coaches an enrolment on a day."""
    return exists(
        select(CoachAssignment.id).where(
            CoachAssignment.enrolment_id == Enrolment.id,
            CoachAssignment.coach_id == person_id,
            assigned_on(day),
        )
    )


def _find(action_id: AgreedActionId, side: Side, actor: Actor, session: Session) -> AgreedAction:
    row = session.execute(
        select(AgreedAction, Enrolment)
        .join(Enrolment, Enrolment.id == AgreedAction.enrolment_id)
        .join(SessionLog, SessionLog.id == AgreedAction.log_id)
        .where(
            AgreedAction.id == action_id,
            AgreedAction.institute_id == actor.institute_id,
            SessionLog.state != SessionState.VOIDED,
            coached_by(actor.person_id, local_day("UTC"))
            if side is Side.COACH
            else (Enrolment.person_id == actor.person_id) & (AgreedAction.side == Side.PARTICIPANT),
        )
        .with_for_update(of=AgreedAction)
    ).one_or_none()
    if row is None or actor.person_id is None or actor.place not in {None, row[1].cohort_id}:
        raise NotFoundError
    found: AgreedAction = row[0]
    return found


def _tick_in_log(log_id: SessionLogId, facts: SessionFacts, case: Case, session: Session) -> None:
    ticked = set(facts.done)
    for line in open_actions(case.enrolment_id, institute_id=case.institute_id, but=log_id):
        if line.open is (line.id in ticked):
            action = session.get_one(AgreedAction, line.id)
            if line.open:
                action.done_at, action.done_by, action.ended_in = now(), case.coach_id, log_id
            else:
                _reopen(action)
    session.flush()


def _is_open(action: AgreedAction) -> bool:
    return action.done_at is None and action.dropped_at is None


def _reopen(action: AgreedAction) -> None:
    action.done_at = action.dropped_at = action.done_by = action.ended_in = None
    action.why = ""
