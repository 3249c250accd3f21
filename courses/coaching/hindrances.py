"""What stands against a session: other sessions, other duties, other people's assignments, the time."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from courses.catalogue.durations import say_minutes
from courses.catalogue.models import Module, ProgrammeVersion, Segment, SegmentId
from courses.coaching import errors
from courses.coaching.cases import Case, assignment_on
from courses.coaching.groups import is_same_group
from courses.coaching.sheets import Checked, SessionFacts
from courses.coaching.terms import note_unknown_terms
from courses.hours.policies import policy_of
from courses.sessions.models import Kind, SessionLog, SessionLogId, SessionState
from institute.actors import PersonId
from institute.clock import now
from institute.people.models import Supervision

LONGEST: Final = timedelta(days=3)  # a day, and room for clocks that change


def note_hindrances(
    checked: Checked,
    case: Case,
    *,
    but: Collection[SessionLogId] = (),
    asks_why: bool = True,
    session: Session,
) -> None:
    """Add to a checked sheet what the rest of the world has against it; ``but`` are the logs that are being revised.

    ``asks_why`` asks for the reason of a long day.
    """
    facts = checked.facts
    if facts is None:
        return
    if facts.end > now():
        checked.refuse("ends" if facts.start <= now() else "day", errors.FutureSessionError())
    if assignment_on(case, facts.day, session=session) is None:
        checked.refuse("day", errors.NotCoachThatDayError())
    elif _supervised(case, facts.day, session):
        checked.refuse("day", errors.SupervisedThatDayError())
    if facts.segment_id is not None and not _taught(case, facts.segment_id, session):
        checked.refuse("segment", errors.SegmentUnknownError())
    note_unknown_terms(checked, facts, case.institute_id)
    others = _sessions_around(case, facts, but, session)
    _note_overlap(checked, facts, case, others)
    _note_size(checked, facts, case, others)
    if asks_why:
        _note_length(checked, facts, case, others)
    if checked.problems:
        checked.facts = None


@dataclass(frozen=True, slots=True)
class _Other:
    start: datetime
    end: datetime
    day: date
    minutes: int
    kind: Kind
    coach_id: PersonId
    participant_id: PersonId


def _sessions_around(
    case: Case, facts: SessionFacts, but: Collection[SessionLogId], session: Session
) -> list[_Other]:
    both = (case.coach_id, case.participant_id)  # either may coach, or be coached by, somebody else
    near = and_(
        SessionLog.start_utc > facts.start - LONGEST,
        SessionLog.start_utc < facts.end + LONGEST,
        SessionLog.state != SessionState.VOIDED,
        SessionLog.id.not_in(but),
    )
    rows = session.execute(
        select(
            SessionLog.start_utc,
            SessionLog.end_utc,
            SessionLog.local_day,
            SessionLog.minutes,
            SessionLog.kind,
            SessionLog.coach_id,
            SessionLog.participant_id,
        )
        .where(
            SessionLog.institute_id == case.institute_id,
            near,
            or_(SessionLog.coach_id.in_(both), SessionLog.participant_id.in_(both)),
        )
        .order_by(SessionLog.start_utc)
    )
    return [_Other(*row) for row in rows]


def _note_overlap(checked: Checked, facts: SessionFacts, case: Case, others: list[_Other]) -> None:
    zone = ZoneInfo(facts.zone)
    for other in others:
        if other.start >= facts.end or other.end <= facts.start:
            continue
        shared = {other.coach_id, other.participant_id} & {case.coach_id, case.participant_id}
        if shared != {case.coach_id} or not _in_one_group(facts, case, other):
            begins, ends = (instant.astimezone(zone) for instant in (other.start, other.end))
            checked.refuse("begins", errors.OverlapError(begins=f"{begins:%H:%M}", ends=f"{ends:%H:%M}"))


def _note_size(checked: Checked, facts: SessionFacts, case: Case, others: list[_Other]) -> None:
    most = policy_of(case.programme_id).most_in_group
    members = {other.participant_id for other in others if _in_one_group(facts, case, other)}
    if len(members) >= most:
        checked.refuse("kind", errors.GroupFullError(most=most))


def _in_one_group(facts: SessionFacts, case: Case, other: _Other) -> bool:
    """Tell whether another log is of the very group session that these facts are of: one coach, one time."""
    alike = {facts.kind, other.kind} == {Kind.GROUP} and other.coach_id == case.coach_id
    return alike and is_same_group(facts, other.start, other.end)


def _note_length(checked: Checked, facts: SessionFacts, case: Case, others: list[_Other]) -> None:
    same_day = [other for other in others if other.day == facts.day]
    led = {
        (other.start, other.end)
        if other.kind is Kind.GROUP
        else (other.start, other.participant_id): other.minutes
        for other in sorted(same_day, key=lambda other: other.minutes)
        if other.coach_id == case.coach_id and not _in_one_group(facts, case, other)
    }
    of_coach = sum(led.values())
    of_participant = sum(other.minutes for other in same_day if other.participant_id == case.participant_id)
    whole = facts.minutes + max(of_coach, of_participant)
    if whole > policy_of(case.programme_id).long_day_minutes and not facts.long_reason:
        checked.refuse("long_reason", errors.LongReasonMissingError(length=say_minutes(whole)))


def _supervised(case: Case, day: date, session: Session) -> bool:
    one, other = case.coach_id, case.participant_id
    found = session.scalar(
        select(Supervision.id)
        .where(
            Supervision.institute_id == case.institute_id,
            or_(
                and_(Supervision.supervisor_id == one, Supervision.subordinate_id == other),
                and_(Supervision.supervisor_id == other, Supervision.subordinate_id == one),
            ),
            Supervision.since <= day,
            or_(Supervision.until.is_(None), Supervision.until >= day),
        )
        .limit(1)
    )
    return found is not None


def _taught(case: Case, segment_id: SegmentId, session: Session) -> bool:
    found = session.scalar(
        select(Segment.id)
        .join(Module, Module.id == Segment.module_id)
        .join(ProgrammeVersion, ProgrammeVersion.id == Module.version_id)
        .where(Segment.id == segment_id, ProgrammeVersion.programme_id == case.programme_id)
    )
    return found is not None
