"""What has happened to a log: who wrote, changed, confirmed or disputed it, and when."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import select

from courses.coaching.models import (
    Difference,
    SessionAnswer,
    SessionLogId,
    SessionRevision,
    SessionState,
    Verdict,
)
from institute.db import db
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


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """One thing that happened. ``minutes_before`` is the length that a revision changed, None where it did not."""

    what: Happening
    who: str
    at: datetime
    difference: Difference | None = None
    reason: str = ""
    minutes_before: int | None = None
    minutes: int | None = None


def history_of(log_id: SessionLogId, *, drafts: bool) -> list[HistoryLine]:
    """Return what has happened to a log, oldest first; ``drafts`` tells also what came before it was sent."""
    written = db.session.execute(
        select(SessionRevision, Person.name)
        .join(Person, Person.id == SessionRevision.author_id)
        .where(SessionRevision.log_id == log_id)
        .order_by(SessionRevision.version)
    )
    lines: list[HistoryLine] = []
    sent: int | None = None
    for revision, name in written:
        minutes = revision.facts.get("minutes")
        changed = sent if sent is not None and minutes is not None and minutes != sent else None
        who = name_or_number(name, revision.author_id)
        lines.append(HistoryLine(_what(revision.state, sent), who, revision.at, None, "", changed, minutes))
        if revision.state is SessionState.SUBMITTED:
            sent = minutes
    answered = db.session.execute(
        select(SessionAnswer, Person.name)
        .join(Person, Person.id == SessionAnswer.person_id)
        .where(SessionAnswer.log_id == log_id)
        .order_by(SessionAnswer.version)
    )
    for answer, name in answered:
        what = Happening.CONFIRMED if answer.verdict is Verdict.CONFIRMED else Happening.DISPUTED
        who = name_or_number(name, answer.person_id)
        lines.append(HistoryLine(what, who, answer.at, answer.difference, answer.reason))
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
            answer.reason,
        )
        for answer, name in rows
    }


def _what(state: SessionState, sent: int | None) -> Happening:
    if state is SessionState.VOIDED:
        return Happening.VOIDED
    if state is SessionState.DRAFT:
        return Happening.DRAFTED
    return Happening.SENT if sent is None else Happening.REVISED
