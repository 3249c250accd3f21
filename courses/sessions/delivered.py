"""What coaches gave: the side of a session that is paid. A group is there once, however many took part."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from sqlalchemy import Row, Select, bindparam, func, select

from courses.cohorts.models import CohortId, Enrolment, EnrolmentId
from courses.sessions.models import Kind, SessionGroup, SessionLog, SessionState
from courses.sessions.planning import PlanningTime
from institute.actors import InstituteId, PersonId
from institute.db import db

AGREED: Final = frozenset({SessionState.CONFIRMED, SessionState.LOCKED})
SENT: Final = frozenset({SessionState.SUBMITTED, SessionState.DISPUTED}) | AGREED


@dataclass(slots=True)
class Delivered:
    """The time that a coach gave in a span of days: whole minutes, and how many sessions they were.

    ``agreed`` of the ``logged`` minutes were confirmed; of a group session they are its whole length as soon as one
    member confirmed. ``planning`` is time beside sessions, in neither of the two.
    """

    sessions: int = 0
    logged: int = 0
    agreed: int = 0
    planning: int = 0
    by_kind: dict[Kind, int] = field(default_factory=lambda: defaultdict(int))
    clients: set[EnrolmentId] = field(default_factory=set)


def minutes_by_coach(
    institute_id: InstituteId,
    *,
    since: date,
    until: date,
    coach_ids: Iterable[PersonId] | None = None,
    cohort_id: CohortId | None = None,
) -> dict[PersonId, Delivered]:
    """Return what each coach gave from a day to a day (both included), in two queries; who gave nothing is left out.

    A session belongs to the day on which it began, on the clock of its cohort. With ``coach_ids`` for these alone, with
    ``cohort_id`` for that cohort alone.
    """
    found: dict[PersonId, Delivered] = defaultdict(Delivered)
    wanted = None if coach_ids is None else list(coach_ids)
    rows = db.session.execute(_sessions(institute_id, wanted, cohort_id), {"since": since, "until": until})
    _add_sessions(found, rows)
    query = (
        select(PlanningTime.coach_id, func.sum(PlanningTime.minutes))
        .where(
            PlanningTime.institute_id == institute_id,
            PlanningTime.day.between(since, until),
            PlanningTime.taken_back_at.is_(None),
        )
        .group_by(PlanningTime.coach_id)
    )
    if wanted is not None:
        query = query.where(PlanningTime.coach_id.in_(wanted))
    if cohort_id is not None:
        query = query.where(PlanningTime.cohort_id == cohort_id)
    for coach_id, minutes in db.session.execute(query):
        found[coach_id].planning = int(minutes)
    return dict(found)


def _sessions(
    institute_id: InstituteId, wanted: list[PersonId] | None, cohort_id: CohortId | None
) -> Select[*tuple[Any, ...]]:
    query: Select[*tuple[Any, ...]] = (
        select(
            SessionLog.coach_id,
            SessionLog.enrolment_id,
            SessionLog.kind,
            SessionLog.state,
            SessionLog.minutes,
            SessionLog.start_utc,
            SessionLog.end_utc,
            SessionGroup.minutes.label("whole"),
        )
        .outerjoin(SessionGroup, SessionGroup.id == SessionLog.group_id)
        .where(
            SessionLog.institute_id == institute_id,
            SessionLog.local_day.between(bindparam("since"), bindparam("until")),
            SessionLog.state.in_(SENT),
        )
    )
    if wanted is not None:
        query = query.where(SessionLog.coach_id.in_(wanted))
    if cohort_id is not None:
        enrolled = select(Enrolment.id).where(Enrolment.cohort_id == cohort_id)
        query = query.where(SessionLog.enrolment_id.in_(enrolled))
    return query


def _add_sessions(found: dict[PersonId, Delivered], rows: Iterable[Row[Any]]) -> None:
    groups: dict[tuple[PersonId, object, object], tuple[int, bool]] = {}
    for row in rows:
        coach_id, enrolment_id, kind, state, minutes, start, end, whole = tuple(row)
        delivered = found[coach_id]
        delivered.clients.add(enrolment_id)
        if kind is Kind.GROUP:
            # Those that were logged before groups had a row of their own are known by their times.
            key = (coach_id, start, end)
            longest, agreed = groups.get(key, (0, False))
            groups[key] = (max(longest, whole or minutes), agreed or state in AGREED)
        else:
            _add(delivered, kind, minutes, agreed=state in AGREED)
    for (coach_id, *_), (minutes, agreed) in groups.items():
        _add(found[coach_id], Kind.GROUP, minutes, agreed=agreed)


def _add(delivered: Delivered, kind: Kind, minutes: int, *, agreed: bool) -> None:
    delivered.sessions += 1
    delivered.logged += minutes
    delivered.agreed += minutes if agreed else 0
    delivered.by_kind[kind] += minutes
