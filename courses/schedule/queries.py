"""Reading the schedule: what is planned, with whom, and what became of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlalchemy import Select, bindparam, select
from sqlalchemy.orm import aliased

from courses.catalogue.models import Module, Programme, Segment, SegmentId
from courses.cohorts.assigning import GONE, IS_THERE
from courses.cohorts.models import Cohort, CohortId, Enrolment, EnrolmentId
from courses.schedule.models import PlannedMember, PlannedSession, PlannedSessionId, PlanState
from courses.sessions.models import Mode, SessionLogId
from institute.actors import Actor, InstituteId, PersonId
from institute.clock import now
from institute.db import UtcDateTime, db
from institute.errors import NotFoundError
from institute.i18n import Localised
from institute.people.models import Person
from institute.people.naming import name_or_number

MOST: Final = 200


@dataclass(frozen=True, slots=True)
class PlannedPerson:
    """Somebody of a planned session. ``asked`` is the word with which they asked for another time."""

    enrolment_id: EnrolmentId
    person_id: PersonId
    name: str
    asked_at: datetime | None
    asked: str
    log_id: SessionLogId | None
    there: bool
    """Whether they are in the cohort still."""


@dataclass(frozen=True, slots=True)
class Planned:
    """A planned session as pages show it; the times are aware, ``zone`` is the cohort's."""

    id: PlannedSessionId
    institute_id: InstituteId
    cohort_id: CohortId
    coach_id: PersonId
    coach_name: str
    starts: datetime
    ends: datetime
    zone: str
    mode: Mode
    place: str
    segment_id: SegmentId | None
    module_number: int | None
    segment_number: int | None
    segment_title: Localised | None
    programme_slug: str
    module_slug: str | None
    segment_slug: str | None
    state: PlanState
    sequence: int
    reason: str
    members: tuple[PlannedPerson, ...]

    @property
    def day(self) -> date:
        """The day on which it begins, on its own clock."""
        return self.starts.astimezone(ZoneInfo(self.zone)).date()

    @property
    def minutes(self) -> int:
        """Its length in whole minutes."""
        return int((self.ends - self.starts).total_seconds() // 60)

    @property
    def names(self) -> tuple[str, ...]:
        """The names of those who take part, beside the coach."""
        return tuple(member.name for member in self.members)

    @property
    def over(self) -> bool:
        """Whether its time has passed."""
        return self.ends <= now()

    @property
    def joins_by_link(self) -> bool:
        """Whether ``place`` is an address that a click opens."""
        return self.place.startswith(("https://", "http://")) and " " not in self.place

    @property
    def waits_for_log(self) -> bool:
        """Whether it is over and nobody wrote what came of it."""
        return self.state is PlanState.PLANNED and self.over

    @property
    def asked(self) -> PlannedPerson | None:
        """Somebody who asked for another time and has no answer yet."""
        return next((member for member in self.members if member.asked_at is not None), None)


_COACH: Final = aliased(Person)
_MEMBER: Final = aliased(Person)
_PLANNED: Final = (
    select(
        PlannedSession,
        PlannedMember,
        Enrolment.person_id,
        Enrolment.state.label("enrolment_state"),
        _MEMBER.name.label("name"),
        _COACH.name.label("coach_name"),
        Segment.number.label("segment_number"),
        Segment.title.label("segment_title"),
        Segment.slug.label("segment_slug"),
        Module.number.label("module_number"),
        Module.slug.label("module_slug"),
        Programme.slug.label("programme_slug"),
    )
    .join(PlannedMember, PlannedMember.planned_id == PlannedSession.id)
    .join(Enrolment, Enrolment.id == PlannedMember.enrolment_id)
    .join(_MEMBER, _MEMBER.id == Enrolment.person_id)
    .join(_COACH, _COACH.id == PlannedSession.coach_id)
    .join(Cohort, Cohort.id == PlannedSession.cohort_id)
    .join(Programme, Programme.id == Cohort.programme_id)
    .outerjoin(Segment, Segment.id == PlannedSession.segment_id)
    .outerjoin(Module, Module.id == Segment.module_id)
    .where(PlannedSession.institute_id == bindparam("institute"))
    .order_by(PlannedSession.start_utc, PlannedSession.id, _MEMBER.name, Enrolment.id)
)
_BY_ID: Final = _PLANNED.where(PlannedSession.id == bindparam("planned"))
_IN_TIME: Final = _PLANNED.where(
    PlannedSession.end_utc > bindparam("since", type_=UtcDateTime),
    PlannedSession.start_utc < bindparam("until", type_=UtcDateTime),
)
_OF_COACH: Final = _IN_TIME.where(PlannedSession.coach_id == bindparam("person"))
_MINE: Final = PlannedSession.id.in_(
    select(PlannedMember.planned_id)
    .join(Enrolment, Enrolment.id == PlannedMember.enrolment_id)
    .where(Enrolment.person_id == bindparam("person"), *IS_THERE)
)
_OF_PARTICIPANT: Final = _IN_TIME.where(_MINE)
_OF_ENROLMENT: Final = _IN_TIME.where(
    PlannedSession.id.in_(
        select(PlannedMember.planned_id).where(PlannedMember.enrolment_id == bindparam("enrolment"))
    )
)
# A group has one row for each member, so the next session is found before its rows are.
_NEXT: Final = _PLANNED.where(
    PlannedSession.id
    == select(PlannedSession.id)
    .join(PlannedMember, PlannedMember.planned_id == PlannedSession.id)
    .where(
        PlannedMember.enrolment_id == bindparam("enrolment"),
        PlannedSession.state == PlanState.PLANNED,
        PlannedSession.end_utc > bindparam("at", type_=UtcDateTime),
    )
    .order_by(PlannedSession.start_utc, PlannedSession.id)
    .limit(1)
    .scalar_subquery()
)


def planned_by_coach(actor: Actor, *, since: datetime, until: datetime) -> list[Planned]:
    """Return what a coach planned that touches a time, cancelled ones included, in the open cohort or in all."""
    values = {"institute": actor.institute_id, "person": actor.person_id, "since": since, "until": until}
    found = _read(_OF_COACH, values)
    return [one for one in found if actor.place in {None, one.cohort_id}]


def planned_with(actor: Actor, *, since: datetime, until: datetime) -> list[Planned]:
    """Return the sessions planned with a participant that touch a time, cancelled ones included."""
    values = {"institute": actor.institute_id, "person": actor.person_id, "since": since, "until": until}
    found = _read(_OF_PARTICIPANT, values)
    return [one for one in found if actor.place in {None, one.cohort_id}]


def planned_for(
    enrolment_id: EnrolmentId, *, institute_id: InstituteId, since: datetime, until: datetime
) -> list[Planned]:
    """Return what is planned with an enrolment and touches a time, cancelled sessions left out."""
    values = {"institute": institute_id, "enrolment": enrolment_id, "since": since, "until": until}
    return [one for one in _read(_OF_ENROLMENT, values) if one.state is not PlanState.CANCELLED]


def next_for(enrolment_id: EnrolmentId, *, institute_id: InstituteId) -> Planned | None:
    """Return the session of an enrolment that comes next, or goes on now, in one query; None where none is planned."""
    values = {"institute": institute_id, "enrolment": enrolment_id, "at": now()}
    return next(iter(_read(_NEXT, values)), None)


def entries_for(
    person_id: PersonId, *, institute_id: InstituteId, since: datetime, until: datetime
) -> list[Planned]:
    """Return what a person planned as a coach and what is planned with them, wherever, cancelled ones included."""
    values = {"institute": institute_id, "person": person_id, "since": since, "until": until}
    both = _IN_TIME.where((PlannedSession.coach_id == bindparam("person")) | _MINE)
    return _read(both, values)


def find_planned(planned_id: int, *, actor: Actor) -> Planned | None:
    """Return a session that the actor planned as its coach, or None."""
    found = _read(_BY_ID, {"institute": actor.institute_id, "planned": planned_id})
    mine = [one for one in found if one.coach_id == actor.person_id and actor.place in {None, one.cohort_id}]
    return next(iter(mine), None)


def own_planned(planned_id: int, *, actor: Actor) -> Planned:
    """Return a session that the actor planned as its coach. Raises NotFoundError."""
    found = find_planned(planned_id, actor=actor)
    if found is None:
        raise NotFoundError
    return found


def joined_planned(planned_id: int, *, actor: Actor) -> Planned:
    """Return a session that the actor takes part in as a participant. Raises NotFoundError."""
    for one in _read(_BY_ID, {"institute": actor.institute_id, "planned": planned_id}):
        here = actor.place in {None, one.cohort_id}
        if here and actor.person_id in {member.person_id for member in one.members}:
            return one
    raise NotFoundError


def read_planned(planned_id: int, *, institute_id: InstituteId) -> Planned | None:
    """Return a planned session of an institute for who asks in nobody's name, or None."""
    return next(iter(_read(_BY_ID, {"institute": institute_id, "planned": planned_id})), None)


def _read(statement: Select[*tuple[Any, ...]], values: dict[str, Any]) -> list[Planned]:
    rows = db.session.execute(statement, values, execution_options={"populate_existing": True}).all()
    grouped: dict[PlannedSessionId, list[Any]] = {}
    for row in rows:
        grouped.setdefault(row[0].id, []).append(row)
    return [_planned(found) for found in grouped.values()]


def _planned(rows: list[Any]) -> Planned:
    first = rows[0]
    plan: PlannedSession = first[0]
    return Planned(
        id=plan.id,
        institute_id=plan.institute_id,
        cohort_id=plan.cohort_id,
        coach_id=plan.coach_id,
        coach_name=name_or_number(first.coach_name, plan.coach_id),
        starts=plan.start_utc,
        ends=plan.end_utc,
        zone=plan.zone,
        mode=plan.mode,
        place=plan.place,
        segment_id=plan.segment_id,
        module_number=first.module_number,
        segment_number=first.segment_number,
        segment_title=first.segment_title,
        programme_slug=first.programme_slug,
        module_slug=first.module_slug,
        segment_slug=first.segment_slug,
        state=plan.state,
        sequence=plan.sequence,
        reason=plan.reason,
        members=tuple(_members(rows)),
    )


def _members(rows: list[Any]) -> Iterable[PlannedPerson]:
    for row in rows:
        member: PlannedMember = row[1]
        yield PlannedPerson(
            enrolment_id=member.enrolment_id,
            person_id=row.person_id,
            name=name_or_number(row.name, row.person_id),
            asked_at=member.asked_at,
            asked=member.asked,
            log_id=member.log_id,
            there=row.enrolment_state not in GONE,
        )
