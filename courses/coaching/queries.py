"""Reading coaching: hours as figures, logs as lines of a list."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import Row, Select, bindparam, select
from sqlalchemy.orm import aliased

from courses.catalogue.models import Module, Segment
from courses.cohorts.models import Cohort, Enrolment, EnrolmentId
from courses.hours.models import CoachingPolicy
from courses.hours.policies import Policy, read_policy
from courses.sessions.models import (
    Kind,
    Mode,
    SessionGroup,
    SessionGroupId,
    SessionLog,
    SessionLogId,
    SessionState,
)
from courses.sessions.states import seen_at
from institute.actors import InstituteId
from institute.clock import now
from institute.db import db
from institute.errors import NotFoundError
from institute.i18n import Localised
from institute.people.models import Person
from institute.people.naming import name_or_number


@dataclass(frozen=True, slots=True)
class LogLine:
    """A log as lists and its own page show it. Names may be empty: platforms need not share them."""

    id: SessionLogId
    enrolment_id: EnrolmentId
    participant_name: str
    coach_name: str
    start: datetime
    end: datetime
    zone: str
    day: date
    pause: int
    minutes: int
    mode: Mode
    kind: Kind
    counts: bool
    module_number: int | None
    segment_number: int | None
    segment_title: Localised | None
    notes: str
    next_steps: str
    long_reason: str
    state: SessionState
    version: int
    created_at: datetime
    submitted_at: datetime | None
    confirmed_at: datetime | None
    own_steps: str = ""
    due: date | None = None
    goals: str = ""
    practices: tuple[str, ...] = ()
    funding: str = ""
    group_id: SessionGroupId | None = None
    group_title: str = ""
    attested_by: str = ""
    """Who brought the log from a file and attests it; empty for logs that somebody wrote here."""

    @property
    def waits(self) -> bool:
        """Whether the participant has to answer."""
        return self.state is SessionState.SUBMITTED

    @property
    def days_late(self) -> int:
        """The whole days between the session and its entry; corrections later on do not make it late."""
        return (self.created_at - self.end).days


_COACH: Final = aliased(Person)
_PARTICIPANT: Final = aliased(Person)
_IMPORTER: Final = aliased(Person)
LINES: Final = (
    select(
        SessionLog,
        _PARTICIPANT.name.label("participant_name"),
        _COACH.name.label("coach_name"),
        CoachingPolicy.minimum_minutes,
        CoachingPolicy.target_minutes,
        CoachingPolicy.counting,
        Module.number.label("module_number"),
        Segment.number.label("segment_number"),
        Segment.title.label("segment_title"),
        SessionGroup.title.label("group_title"),
        _IMPORTER.name.label("importer_name"),
    )
    .join(_PARTICIPANT, _PARTICIPANT.id == SessionLog.participant_id)
    .join(_COACH, _COACH.id == SessionLog.coach_id)
    .join(Enrolment, Enrolment.id == SessionLog.enrolment_id)
    .join(Cohort, Cohort.id == Enrolment.cohort_id)
    .outerjoin(CoachingPolicy, CoachingPolicy.programme_id == Cohort.programme_id)
    .outerjoin(Segment, Segment.id == SessionLog.segment_id)
    .outerjoin(Module, Module.id == Segment.module_id)
    .outerjoin(SessionGroup, SessionGroup.id == SessionLog.group_id)
    .outerjoin(_IMPORTER, _IMPORTER.id == SessionLog.imported_by)
    .where(SessionLog.institute_id == bindparam("institute"))
    .order_by(SessionLog.start_utc.desc())
)
_OF_ENROLMENT: Final = LINES.where(
    SessionLog.enrolment_id == bindparam("enrolment"), SessionLog.submitted_at.is_not(None)
)
_OF_MONTH: Final = _OF_ENROLMENT.where(SessionLog.month == bindparam("month"))
_WAITING: Final = LINES.where(
    SessionLog.participant_id == bindparam("person"), SessionLog.state == SessionState.SUBMITTED
)
_OF_COACH: Final = LINES.where(
    SessionLog.coach_id == bindparam("coach"), SessionLog.state.in_(bindparam("states", expanding=True))
)
_BY_ID: Final = LINES.where(SessionLog.id == bindparam("log"))


def logs_of(
    enrolment_id: EnrolmentId, *, institute_id: InstituteId, month: date | None = None
) -> list[LogLine]:
    """Return the logs of an enrolment that were sent, the latest session first; with ``month``, those of it alone."""
    statement = _OF_ENROLMENT if month is None else _OF_MONTH
    return read_lines(statement, {"institute": institute_id, "enrolment": enrolment_id, "month": month})


def logs_waiting_for(person_id: int, *, institute_id: InstituteId, place: int | None) -> list[LogLine]:
    """Return the sessions that a participant has to answer, the oldest first; with ``place`` in that cohort alone."""
    statement = _WAITING if place is None else _WAITING.where(Enrolment.cohort_id == bindparam("place"))
    lines = read_lines(statement, {"institute": institute_id, "person": person_id, "place": place})
    return lines[::-1]


def logs_by_coach(
    coach_id: int,
    states: Iterable[SessionState],
    *,
    institute_id: InstituteId,
    place: int | None,
    most: int | None = None,
) -> list[LogLine]:
    """Return what a coach logged and is in one of ``states``, the latest session first; ``most`` of it.

    With ``place`` in that cohort alone.
    """
    statement = _OF_COACH if place is None else _OF_COACH.where(Enrolment.cohort_id == bindparam("place"))
    values = {"institute": institute_id, "coach": coach_id, "place": place, "states": list(states)}
    return read_lines(statement.limit(most), values)


def find_line(log_id: SessionLogId, *, institute_id: InstituteId, **person: int | None) -> LogLine:
    """Return one log: that of a coach (``coach_id``) or a sent one of a participant (``participant_id``).

    Raises NotFoundError.
    """
    statement = _BY_ID.where(*(getattr(SessionLog, name) == value for name, value in person.items()))
    if "participant_id" in person:
        statement = statement.where(SessionLog.submitted_at.is_not(None))
    found = read_lines(statement, {"institute": institute_id, "log": log_id})
    if not found:
        raise NotFoundError
    return found[0]


def read_lines(statement: Select[*tuple[Any, ...]], values: dict[str, Any]) -> list[LogLine]:
    """Return the lines of a statement that was made from ``LINES``."""
    at = now()
    rows = db.session.execute(statement, values, execution_options={"populate_existing": True})
    return [_line(row, at) for row in rows]


def _line(row: Row[Any], at: datetime) -> LogLine:
    log: SessionLog = row[0]
    policy: Policy = read_policy(row.minimum_minutes, row.target_minutes, row.counting)
    return LogLine(
        id=log.id,
        enrolment_id=log.enrolment_id,
        participant_name=name_or_number(row.participant_name, log.participant_id),
        coach_name=name_or_number(row.coach_name, log.coach_id),
        start=log.start_utc,
        end=log.end_utc,
        zone=log.zone,
        day=log.local_day,
        pause=log.break_minutes,
        minutes=log.minutes,
        mode=log.mode,
        kind=log.kind,
        counts=policy.counts(log.kind, log.mode),
        module_number=row.module_number,
        segment_number=row.segment_number,
        segment_title=row.segment_title,
        notes=log.notes,
        next_steps=log.next_steps,
        long_reason=log.long_reason,
        state=seen_at(log.state, log.confirmed_at, at),
        version=log.version,
        created_at=log.created_at,
        submitted_at=log.submitted_at,
        confirmed_at=log.confirmed_at,
        own_steps=log.own_steps,
        due=log.due,
        goals=log.goals,
        practices=tuple(log.practices),
        funding=log.funding,
        group_id=log.group_id,
        group_title=row.group_title or "",
        attested_by="" if log.imported_by is None else name_or_number(row.importer_name, log.imported_by),
    )
