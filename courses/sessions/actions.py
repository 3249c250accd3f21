"""What sessions agreed on and is still to do, and what became of it: one row for each step, until it is done."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from sqlalchemy import Select, and_, or_, select

from courses.cohorts.models import EnrolmentId
from courses.sessions.models import (
    ACTION_LENGTH,
    AgreedAction,
    AgreedActionId,
    SessionLog,
    SessionLogId,
    SessionState,
    Side,
)
from institute.actors import InstituteId
from institute.db import db

_MARK: Final = re.compile(r"^(?:[-–—•*·]+|\d{1,2}[.)])\s+")


@dataclass(frozen=True, slots=True)
class ActionLine:
    """An agreed action as pages show it. ``day`` is that of the session that agreed on it, ``ended_on`` of its end."""

    id: AgreedActionId
    enrolment_id: EnrolmentId
    log_id: SessionLogId
    day: date
    side: Side
    text: str
    due: date | None
    done_at: datetime | None = None
    dropped_at: datetime | None = None
    ended_in: SessionLogId | None = None
    why: str = ""

    @property
    def open(self) -> bool:
        """Whether it is still to do."""
        return self.done_at is None and self.dropped_at is None

    def is_late(self, today: date) -> bool:
        """Tell whether it should have been done by now."""
        return self.open and self.due is not None and self.due < today


def open_actions(
    enrolment_id: EnrolmentId,
    *,
    institute_id: InstituteId,
    side: Side | None = None,
    but: SessionLogId | None = None,
) -> list[ActionLine]:
    """Return what is still to do in an enrolment, what is due first first; ``side`` for that side alone.

    ``but`` is a log that is being written: what it agreed on is left out, what it ticked is there.
    """
    still_open = and_(AgreedAction.done_at.is_(None), AgreedAction.dropped_at.is_(None))
    query = _lines(institute_id).where(AgreedAction.enrolment_id == enrolment_id)
    if but is None:
        query = query.where(still_open)
    else:
        query = query.where(
            AgreedAction.log_id != but,
            or_(still_open, and_(AgreedAction.ended_in == but, AgreedAction.done_at.is_not(None))),
        )
    if side is not None:
        query = query.where(AgreedAction.side == side)
    return _read(query)


def open_actions_among(
    enrolment_ids: Iterable[EnrolmentId], *, institute_id: InstituteId
) -> dict[EnrolmentId, list[ActionLine]]:
    """Return what is still to do in each of several enrolments, what is due first first, in one query."""
    wanted = list(enrolment_ids)
    found: dict[EnrolmentId, list[ActionLine]] = {one: [] for one in wanted}
    if wanted:
        still_open = and_(AgreedAction.done_at.is_(None), AgreedAction.dropped_at.is_(None))
        query = _lines(institute_id).where(AgreedAction.enrolment_id.in_(wanted), still_open)
        for line in _read(query):
            found[line.enrolment_id].append(line)
    return found


def actions_of(enrolment_id: EnrolmentId, *, institute_id: InstituteId) -> list[ActionLine]:
    """Return everything that was agreed on in an enrolment, open or not, the latest session first."""
    query = _lines(institute_id).where(AgreedAction.enrolment_id == enrolment_id)
    return _read(query.order_by(None).order_by(SessionLog.start_utc.desc(), AgreedAction.position))


def actions_of_logs(
    log_ids: Iterable[SessionLogId], *, institute_id: InstituteId
) -> dict[SessionLogId, list[ActionLine]]:
    """Return what each of these logs agreed on, in its order; a log that agreed on nothing is left out."""
    wanted = list(log_ids)
    found: dict[SessionLogId, list[ActionLine]] = {}
    if wanted:
        for line in _read(_lines(institute_id).where(AgreedAction.log_id.in_(wanted))):
            found.setdefault(line.log_id, []).append(line)
    return found


def steps_of(text: str) -> list[str]:
    """Return the steps that a text names, one for each line, without the marks that people begin lines with.

    What is longer than a step may be is shortened: the log keeps every word.
    """
    lines = (_MARK.sub("", line.strip()).strip() for line in text.splitlines())
    return [line if len(line) <= ACTION_LENGTH else f"{line[: ACTION_LENGTH - 1]}…" for line in lines if line]


def _lines(institute_id: InstituteId) -> Select[*tuple[AgreedAction, date]]:
    return (
        select(AgreedAction, SessionLog.local_day)
        .join(SessionLog, SessionLog.id == AgreedAction.log_id)
        .where(AgreedAction.institute_id == institute_id, SessionLog.state != SessionState.VOIDED)
        .order_by(AgreedAction.due.is_(None), AgreedAction.due, SessionLog.start_utc, AgreedAction.position)
    )


def _read(query: Select[*tuple[AgreedAction, date]]) -> list[ActionLine]:
    return [
        ActionLine(
            id=action.id,
            enrolment_id=action.enrolment_id,
            log_id=action.log_id,
            day=day,
            side=action.side,
            text=action.text,
            due=action.due,
            done_at=action.done_at,
            dropped_at=action.dropped_at,
            ended_in=action.ended_in,
            why=action.why,
        )
        for action, day in db.session.execute(query, execution_options={"populate_existing": True})
    ]
