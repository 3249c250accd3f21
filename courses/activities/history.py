"""What a work said before: kept when another text takes its place, and when two windows saved."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from courses.activities.models import Outcome, Work, WorkId, WorkRevision
from institute.clock import now

SITTING: Final = timedelta(minutes=10)
WORTH_KEEPING: Final = 200  # characters: of a longer text, half may not go without a trace
SHOWN: Final = 20


def keep_before(work: Work, text: str, *, session: Session) -> None:
    """Keep what stands before ``text`` takes its place, where it was of an earlier sitting or much of it goes.

    A draft saves itself every few seconds: keeping each of these would bury what somebody looks for.
    """
    is_older = now() - work.saved_at > SITTING
    is_cut = len(work.text) > WORTH_KEEPING and len(text) < len(work.text) // 2
    if is_older or is_cut:
        keep_standing(work, session=session)


def keep_standing(work: Work, *, session: Session) -> None:
    """Keep what the work says now. A second time for the same revision changes nothing."""
    if not work.text and work.filled is None:
        return
    known = session.scalar(
        select(WorkRevision.id).where(
            WorkRevision.work_id == work.id,
            WorkRevision.number == work.revision,
            WorkRevision.outcome == Outcome.KEPT,
        )
    )
    if known is None:
        _add(work, work.text, work.filled, Outcome.KEPT, work.saved_at, session=session)


def keep_clashed(work: Work, text: str, filled: Mapping[str, Any] | None, *, session: Session) -> None:
    """Keep what came late, beside what stands, which is kept too. The same again changes nothing."""
    keep_standing(work, session=session)
    latest = session.scalar(
        select(WorkRevision)
        .where(WorkRevision.work_id == work.id, WorkRevision.outcome == Outcome.CLASHED)
        .order_by(WorkRevision.id.desc())
        .limit(1)
    )
    if latest is None or (latest.text, latest.filled) != (text, filled):
        _add(work, text, filled, Outcome.CLASHED, now(), session=session)


def earlier(work_id: WorkId, session: Session) -> list[WorkRevision]:
    """Return what is kept of a work, the latest first, as many as a page shows."""
    return list(
        session.scalars(
            select(WorkRevision)
            .where(WorkRevision.work_id == work_id)
            .order_by(WorkRevision.id.desc())
            .limit(SHOWN)
        )
    )


def _add(
    work: Work,
    text: str,
    filled: Mapping[str, Any] | None,
    outcome: Outcome,
    at: datetime,
    *,
    session: Session,
) -> None:
    session.add(
        WorkRevision(
            institute_id=work.institute_id,
            work_id=work.id,
            number=work.revision,
            outcome=outcome,
            text=text,
            filled=None if filled is None else dict(filled),
            written_at=at,
        )
    )
    session.flush()
