"""What stands against a session: other sessions, other duties, other people's assignments, the time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from courses.catalogue.durations import say_minutes
from courses.catalogue.models import (
    Module,
    ProgrammeId,
    ProgrammeVersion,
    ProgrammeVersionId,
    Segment,
    SegmentId,
)
from courses.coaching import errors
from courses.coaching.models import Kind, SessionLog, SessionLogId, SessionState
from courses.coaching.sheets import USUAL_MINUTES, Checked, SessionFacts
from courses.cohorts.assigning import assigned_on
from courses.cohorts.models import (
    CoachAssignment,
    CoachAssignmentId,
    Cohort,
    CohortId,
    Enrolment,
    EnrolmentId,
)
from institute.actors import Actor, InstituteId, PersonId
from institute.clock import now
from institute.errors import NotFoundError
from institute.people.models import Supervision

LONG_MINUTES: Final = 480
LONGEST: Final = timedelta(days=3)  # a day, and room for clocks that change


@dataclass(frozen=True, slots=True)
class Case:
    """The enrolment that a coach logs for. ``usual`` is the length of their last session, in minutes."""

    institute_id: InstituteId
    cohort_id: CohortId
    enrolment_id: EnrolmentId
    programme_id: ProgrammeId
    version_id: ProgrammeVersionId
    participant_id: PersonId
    coach_id: PersonId
    zone: str
    usual: int


def find_case(enrolment_id: EnrolmentId, *, actor: Actor, session: Session) -> Case:
    """Return the case of an enrolment that the actor coaches or coached. Raises NotFoundError."""
    row = session.execute(
        select(
            Enrolment.institute_id,
            Enrolment.cohort_id,
            Enrolment.person_id,
            Enrolment.version_id,
            Cohort.programme_id,
            Cohort.timezone,
        )
        .join(Cohort, Cohort.id == Enrolment.cohort_id)
        .join(CoachAssignment, CoachAssignment.enrolment_id == Enrolment.id)
        .where(
            Enrolment.id == enrolment_id,
            Enrolment.institute_id == actor.institute_id,
            CoachAssignment.coach_id == actor.person_id,
        )
        .limit(1)
    ).one_or_none()
    if row is None or actor.person_id is None or actor.place not in {None, row.cohort_id}:
        raise NotFoundError
    last = session.scalar(
        select(SessionLog.minutes)
        .where(SessionLog.enrolment_id == enrolment_id, SessionLog.state != SessionState.VOIDED)
        .order_by(SessionLog.start_utc.desc())
        .limit(1)
    )
    return Case(
        institute_id=row.institute_id,
        cohort_id=row.cohort_id,
        enrolment_id=enrolment_id,
        programme_id=row.programme_id,
        version_id=row.version_id,
        participant_id=row.person_id,
        coach_id=actor.person_id,
        zone=row.timezone,
        usual=last or USUAL_MINUTES,
    )


def assignment_on(case: Case, day: date, *, session: Session) -> CoachAssignmentId | None:
    """Return the coach's assignment that covers a day, or None."""
    return session.scalar(
        select(CoachAssignment.id)
        .where(
            CoachAssignment.enrolment_id == case.enrolment_id,
            CoachAssignment.coach_id == case.coach_id,
            assigned_on(day),
        )
        .limit(1)
    )


def note_hindrances(checked: Checked, case: Case, *, but: SessionLogId | None, session: Session) -> None:
    """Add to a checked sheet what the rest of the world has against it; ``but`` is the log that is being revised."""
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
    others = _sessions_around(case, facts, but, session)
    _note_overlap(checked, facts, case, others)
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
    case: Case, facts: SessionFacts, but: SessionLogId | None, session: Session
) -> list[_Other]:
    both = (case.coach_id, case.participant_id)  # either may coach, or be coached by, somebody else
    near = and_(
        SessionLog.start_utc > facts.start - LONGEST,
        SessionLog.start_utc < facts.end + LONGEST,
        SessionLog.state != SessionState.VOIDED,
        SessionLog.id != (but or 0),
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
        leads_both = shared == {case.coach_id} and other.coach_id == case.coach_id
        if not (leads_both and {facts.kind, other.kind} == {Kind.GROUP}):
            begins, ends = (instant.astimezone(zone) for instant in (other.start, other.end))
            checked.refuse("begins", errors.OverlapError(begins=f"{begins:%H:%M}", ends=f"{ends:%H:%M}"))


def _note_length(checked: Checked, facts: SessionFacts, case: Case, others: list[_Other]) -> None:
    same_day = [other for other in others if other.day == facts.day]
    of_coach = sum(other.minutes for other in same_day if other.coach_id == case.coach_id)
    of_participant = sum(other.minutes for other in same_day if other.participant_id == case.participant_id)
    whole = facts.minutes + max(of_coach, of_participant)
    if whole > LONG_MINUTES and not facts.long_reason:
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
