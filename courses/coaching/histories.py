"""What has happened to a log: who wrote, changed, confirmed or disputed it, and when."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import aliased

from courses.coaching.differences import Change, differences
from courses.sessions.models import (
    AmendmentState,
    Difference,
    SessionAmendment,
    SessionAnswer,
    SessionLog,
    SessionLogId,
    SessionRevision,
    SessionState,
    Verdict,
)
from institute.db import db
from institute.i18n import gettext
from institute.people.models import Person
from institute.people.naming import name_or_number


class Happening(StrEnum):
    """What somebody did to a log."""

    DRAFTED = "drafted"
    SENT = "sent"
    REVISED = "revised"
    VOIDED = "voided"
    CONFIRMED = "confirmed"
    DISPUTED = "disputed"
    PROPOSED = "proposed"
    AMENDED = "amended"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


ANSWERS: Final = {
    AmendmentState.ACCEPTED: Happening.AMENDED,
    AmendmentState.DECLINED: Happening.DECLINED,
    AmendmentState.WITHDRAWN: Happening.WITHDRAWN,
}
AGREED: Final = frozenset({SessionState.CONFIRMED, SessionState.LOCKED})


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """One thing that happened, and what it changed. ``in_place`` tells that a coordinator spoke for one side."""

    what: Happening
    who: str
    at: datetime
    difference: Difference | None = None
    reason: str = ""
    changes: tuple[Change, ...] = ()
    in_place: bool = False


def history_of(log_id: SessionLogId, *, drafts: bool) -> list[HistoryLine]:
    """Return what has happened to a log, oldest first; ``drafts`` tells also what came before it was sent."""
    written = db.session.execute(
        select(SessionRevision, Person.name)
        .join(Person, Person.id == SessionRevision.author_id)
        .where(SessionRevision.log_id == log_id, SessionRevision.state.not_in(AGREED))
        .order_by(SessionRevision.version)
    )
    lines: list[HistoryLine] = []
    sent: dict[str, Any] = {}
    for revision, name in written:
        changes = tuple(differences(sent, revision.facts, revision.institute_id)) if sent else ()
        who = name_or_number(name, revision.author_id)
        what = _what(revision.state, again=bool(sent))
        lines.append(HistoryLine(what, who, revision.at, changes=changes))
        if revision.state is SessionState.SUBMITTED:
            sent = revision.facts
    answered = db.session.execute(
        select(SessionAnswer, Person.name)
        .join(Person, Person.id == SessionAnswer.person_id)
        .where(SessionAnswer.log_id == log_id)
        .order_by(SessionAnswer.version)
    )
    for answer, name in answered:
        what = Happening.CONFIRMED if answer.verdict is Verdict.CONFIRMED else Happening.DISPUTED
        who = name_or_number(name, answer.person_id)
        lines.append(HistoryLine(what, who, answer.at, answer.difference, words_of(answer)))
    lines += _amendments(log_id, sent)
    lines.sort(key=lambda line: line.at)
    return [line for line in lines if drafts or line.what is not Happening.DRAFTED]


def objections_to(log_ids: Iterable[SessionLogId]) -> dict[SessionLogId, HistoryLine]:
    """Return the latest objection to each of these logs that has one."""
    wanted = list(log_ids)
    if not wanted:
        return {}
    rows = db.session.execute(
        select(SessionAnswer, Person.name)
        .join(Person, Person.id == SessionAnswer.person_id)
        .where(SessionAnswer.log_id.in_(wanted), SessionAnswer.verdict == Verdict.DISPUTED)
        .order_by(SessionAnswer.version)
    )
    return {
        answer.log_id: HistoryLine(
            Happening.DISPUTED,
            name_or_number(name, answer.person_id),
            answer.at,
            answer.difference,
            words_of(answer),
        )
        for answer, name in rows
    }


def words_of(answer: SessionAnswer) -> str:
    """Return what somebody said who remembers a session otherwise: times, where they named some, and words."""
    if not answer.begins:
        return answer.reason
    times = gettext("I remember %(begins)s–%(ends)s.", begins=answer.begins, ends=answer.ends)
    return f"{times} {answer.reason}".strip()


def _amendments(log_id: SessionLogId, agreed: dict[str, Any]) -> Iterator[HistoryLine]:
    """Yield what was proposed after both had agreed, each with what came of it; ``agreed`` is what it changes."""
    answerer = aliased(Person)
    rows = db.session.execute(
        select(SessionAmendment, SessionLog.coach_id, SessionLog.participant_id, Person.name, answerer.name)
        .join(SessionLog, SessionLog.id == SessionAmendment.log_id)
        .join(Person, Person.id == SessionAmendment.proposed_by)
        .outerjoin(answerer, answerer.id == SessionAmendment.answered_by)
        .where(SessionAmendment.log_id == log_id)
        .order_by(SessionAmendment.id)
    )
    for amendment, coach_id, participant_id, proposer, answered in rows:
        who = name_or_number(proposer, amendment.proposed_by)
        if amendment.answered_at is None or amendment.answered_by is None:
            yield HistoryLine(
                Happening.PROPOSED, who, amendment.proposed_at
            )  # the page says the rest elsewhere
        else:
            changes = tuple(differences(agreed, amendment.facts, amendment.institute_id))
            yield HistoryLine(
                Happening.PROPOSED, who, amendment.proposed_at, reason=amendment.reason, changes=changes
            )
            yield HistoryLine(
                ANSWERS[amendment.state],
                name_or_number(answered, amendment.answered_by),
                amendment.answered_at,
                reason=amendment.answer,
                in_place=amendment.answered_by not in {coach_id, participant_id},
            )
        if amendment.state is AmendmentState.ACCEPTED:
            agreed = amendment.facts


def _what(state: SessionState, *, again: bool) -> Happening:
    if state is SessionState.VOIDED:
        return Happening.VOIDED
    if state is SessionState.DRAFT:
        return Happening.DRAFTED
    return Happening.REVISED if again else Happening.SENT
