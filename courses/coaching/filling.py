"""A new sheet as far as it can be foreseen: from a planned session, the next segment's plan, and the two's habit."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy import select

from courses.catalogue.details import Plan
from courses.catalogue.models import Segment
from courses.catalogue.outlines import Outline, SegmentLine
from courses.catalogue.queries import load_segment
from courses.coaching.cases import Case
from courses.coaching.sheets import Sheet
from courses.cohorts.models import Enrolment
from courses.cohorts.queries import done_steps
from courses.schedule.queries import Planned
from courses.sessions.goals import goals_of
from courses.sessions.models import Kind, Mode, SessionLog, SessionState
from institute.clock import now
from institute.db import db

QUARTER: Final = 15
SINCE_HABIT: Final = timedelta(hours=6)
HABIT: Final = 2  # sessions that began at the same time of day


@dataclass(frozen=True, slots=True)
class Foreseen:
    """What a sheet was filled in from: the segment, its plan, and the session before."""

    sheet: Sheet
    segment: SegmentLine | None
    last: SessionLog | None


def foresee(case: Case, outline: Outline, planned: Planned | None) -> Foreseen:
    """Return a sheet for a session as it was planned, or that has just ended: as long as usual, held as the last one.

    Where the last sessions all began at one time of day, this one did too, if that was a few hours ago.
    """
    segment = next_segment(case, outline)
    if planned is not None and planned.segment_id is not None:
        segment = next((one for _, one in outline.segments() if one.id == planned.segment_id), segment)
    plan = plan_of(segment)
    recent = last_logs(case)
    last = recent[0] if recent else None
    usual = plan.minutes.most if plan and plan.minutes.most else case.usual
    begins, ends = _planned_times(case, planned) or _usual_times(case, recent, usual)
    one_day = begins.date() == ends.date()
    return Foreseen(
        Sheet(
            day=(begins if one_day or planned else ends).date().isoformat(),
            begins=f"{begins:%H:%M}" if one_day or planned else "",
            ends=f"{ends:%H:%M}" if one_day or planned else "",
            next_day="" if one_day or not planned else "1",
            mode=planned.mode if planned else last.mode if last else Mode.IN_PERSON,
            kind=Kind.GROUP if planned and len(planned.members) > 1 else Kind.ONE_TO_ONE,
            segment=str(segment.id) if segment else "",
            notes="\n".join(agenda_of(plan)),
            goals=_goals(case, last),
            funding=last.funding if last else "",
        ),
        segment,
        last,
    )


def next_segment(case: Case, outline: Outline) -> SegmentLine | None:
    """Return the segment that the participant is in: the one last opened if steps are open there, else the first."""
    done = done_steps(case.enrolment_id)
    open_ones = [segment for _, segment in outline.segments() if not done.issuperset(segment.steps)]
    here = db.session.scalar(
        select(Segment.part_id)
        .join(Enrolment, Enrolment.last_segment_id == Segment.id)
        .where(Enrolment.id == case.enrolment_id)
    )
    visited = [segment for segment in open_ones if segment.part_id == here]
    return next(iter(visited or open_ones), None)


def plan_of(segment: SegmentLine | None) -> Plan | None:
    """Return the plan of a segment's session, None where it has none."""
    return load_segment(segment.id).plan if segment else None


def agenda_of(plan: Plan | None) -> list[str]:
    """Return what both read in a session's plan, in the reader's language, each in one line."""
    return [" ".join(str(step).split()) for step in plan.steps] if plan else []


def last_logs(case: Case, before: datetime | None = None, most: int = HABIT) -> list[SessionLog]:
    """Return the last sessions of the two, the latest first."""
    query = select(SessionLog).where(
        SessionLog.enrolment_id == case.enrolment_id,
        SessionLog.coach_id == case.coach_id,
        SessionLog.state != SessionState.VOIDED,
    )
    if before is not None:
        query = query.where(SessionLog.start_utc < before)
    return list(db.session.scalars(query.order_by(SessionLog.start_utc.desc()).limit(most)))


def _planned_times(case: Case, planned: Planned | None) -> tuple[datetime, datetime] | None:
    if planned is None:
        return None
    zone = ZoneInfo(case.zone)
    return planned.starts.astimezone(zone), planned.ends.astimezone(zone)


def _usual_times(case: Case, recent: list[SessionLog], usual: int) -> tuple[datetime, datetime]:
    zone, length = ZoneInfo(case.zone), timedelta(minutes=usual)
    here = now().astimezone(zone).replace(second=0, microsecond=0, tzinfo=None)
    ends = here - timedelta(minutes=here.minute % QUARTER)
    begun = {log.start_utc.astimezone(ZoneInfo(log.zone)).time() for log in recent}
    if len(recent) == HABIT and len(begun) == 1:
        habit = datetime.combine(here.date(), begun.pop()) + length
        if here - SINCE_HABIT <= habit <= here:
            ends = habit
    return ends - length, ends


def _goals(case: Case, last: SessionLog | None) -> str:
    """Return the goals of the session before that still stand; without one, the first goal of the plan."""
    standing = goals_of(case.enrolment_id, case.institute_id)
    if last is None or not last.goals:
        return "\n".join(standing[:1])
    return last.goals
