"""Who is in a cohort, who is coached by whom, and how far each of them is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import cache
from typing import Any, Final

from sqlalchemy import ColumnElement, Date, Select, bindparam, func, select
from sqlalchemy.orm import aliased

from courses.catalogue.models import (
    Activity,
    Module,
    Programme,
    ProgrammeVersion,
    ProgrammeVersionId,
    Segment,
)
from courses.catalogue.progress import Progress
from courses.catalogue.queries import ProgrammeLine
from courses.cohorts.assigning import GONE, assigned_on, local_day
from courses.cohorts.models import (
    ActivityCompletion,
    CoachAssignment,
    Cohort,
    Enrolment,
    EnrolmentId,
    EnrolmentState,
)
from institute.actors import Actor
from institute.db import db
from institute.i18n import Localised
from institute.people.models import Person
from institute.people.naming import name_or_number
from institute.web.asking import once_a_page


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody of a cohort, called by a number where the platform shares no name."""

    enrolment_id: EnrolmentId
    name: str
    state: EnrolmentState
    coach_name: str | None
    module_number: int | None
    segment_number: int | None
    last_visit_at: datetime | None
    cohort_name: Localised
    timezone: str
    version_id: ProgrammeVersionId
    progress: Progress
    left_at: datetime | None = None
    """When the course outside that they came from was found to list them no more."""
    minutes: int | None = None
    """The minutes that count towards their hours, where a list shows them."""


class Scope(StrEnum):
    """Whose roster is asked for."""

    ONE_HERE = "one here"
    COACHED = "coached"
    COACHED_HERE = "coached here"


def find_member(enrolment_id: EnrolmentId, actor: Actor) -> Member | None:
    """Return somebody of the cohort that the actor opened, or None, in one query."""
    return next(iter(_members(Scope.ONE_HERE, actor, enrolment_id)), None)


@once_a_page
def find_coached(actor: Actor) -> list[Member]:
    """Return whom the actor coaches today, in the open cohort or, without one, in all, in one query."""
    return _members(Scope.COACHED if actor.place is None else Scope.COACHED_HERE, actor)


def readable_by_coach(actor: Actor) -> list[ProgrammeLine]:
    """Return the programmes of those whom the actor coaches today, in the newest version that one of them studies."""
    here = [] if actor.place is None else [Enrolment.cohort_id == actor.place]
    studied = (
        select(func.max(Enrolment.version_id))
        .join(Cohort, Cohort.id == Enrolment.cohort_id)
        .join(CoachAssignment, CoachAssignment.enrolment_id == Enrolment.id)
        .where(
            CoachAssignment.coach_id == actor.person_id,
            _today(),
            Enrolment.institute_id == actor.institute_id,
            Enrolment.state.not_in(GONE),
            *here,
        )
        .group_by(Cohort.programme_id)
    )
    return _programmes(studied)


def readable_by_facilitator(actor: Actor) -> list[ProgrammeLine]:
    """Return the programme of the cohort that the actor opened, in the cohort's version."""
    return _programmes(
        select(Cohort.version_id).where(Cohort.id == actor.place, Cohort.institute_id == actor.institute_id)
    )


def _programmes(versions: Select[Any]) -> list[ProgrammeLine]:
    rows = db.session.execute(
        select(
            Programme.id,
            Programme.slug,
            ProgrammeVersion.title,
            ProgrammeVersion.summary,
            ProgrammeVersion.id,
        )
        .join(ProgrammeVersion, ProgrammeVersion.programme_id == Programme.id)
        .where(ProgrammeVersion.id.in_(versions))
        .order_by(Programme.id)
    )
    return [ProgrammeLine(*row) for row in rows]


def _today() -> ColumnElement[bool]:
    return assigned_on(local_day("UTC"))


def _members(scope: Scope, actor: Actor, enrolment_id: EnrolmentId | None = None) -> list[Member]:
    rows = db.session.connection().execute(
        _select_members(scope),
        {
            "institute_id": actor.institute_id,
            "cohort_id": actor.place,
            "coach_id": actor.person_id,
            "enrolment_id": enrolment_id,
            "today": local_day("UTC"),
        },
    )
    return [read_member(tuple(row)) for row in rows]


def read_member(row: tuple[Any, ...]) -> Member:
    """Return a row of ``MEMBER_COLUMNS``, with the minutes behind them where a list has them, as a member."""
    return Member(
        enrolment_id=row[0],
        name=name_or_number(row[1], row[13]),
        state=row[2],
        coach_name=None if row[14] is None else name_or_number(row[3], row[14]),
        module_number=row[4],
        segment_number=row[5],
        last_visit_at=row[6],
        cohort_name=row[7],
        timezone=row[8],
        version_id=row[9],
        progress=Progress(row[10], row[11] or 0),
        left_at=row[12],
        minutes=row[len(MEMBER_COLUMNS)] if len(row) > len(MEMBER_COLUMNS) else None,
    )


_COACH: Final = aliased(Person)
_DONE: Final = (
    select(func.count(ActivityCompletion.id))
    .join(
        Activity,
        (Activity.step_id == ActivityCompletion.step_id) & (Activity.version_id == Enrolment.version_id),
    )
    .where(ActivityCompletion.enrolment_id == Enrolment.id, ActivityCompletion.undone_at.is_(None))
    .correlate(Enrolment)
    .scalar_subquery()
)
MEMBER_COLUMNS: Final[tuple[Any, ...]] = (
    Enrolment.id,
    Person.name,
    Enrolment.state,
    _COACH.name,
    Module.number,
    Segment.number,
    Enrolment.last_visit_at,
    Cohort.name,
    Cohort.timezone,
    Enrolment.version_id,
    _DONE,
    ProgrammeVersion.step_count,
    Enrolment.left_at,
    Enrolment.person_id,
    _COACH.id,
)


def join_member(query: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
    """Join what ``MEMBER_COLUMNS`` name to a query of Enrolment and Cohort."""
    coached_today = (CoachAssignment.enrolment_id == Enrolment.id) & assigned_on(
        bindparam("today", type_=Date)
    )
    return (
        query.outerjoin(Person, Person.id == Enrolment.person_id)
        .outerjoin(ProgrammeVersion, ProgrammeVersion.id == Enrolment.version_id)
        .outerjoin(CoachAssignment, coached_today)
        .outerjoin(_COACH, _COACH.id == CoachAssignment.coach_id)
        .outerjoin(Segment, Segment.id == Enrolment.last_segment_id)
        .outerjoin(Module, Module.id == Segment.module_id)
    )


@cache
def _select_members(scope: Scope) -> Select[*tuple[Any, ...]]:
    """Return the query behind those who are not a whole cohort; built once, because building it costs more."""
    whole: Select[*tuple[Any, ...]] = (
        select(*MEMBER_COLUMNS).select_from(Enrolment).join(Cohort, Cohort.id == Enrolment.cohort_id)
    )
    query = (
        join_member(whole)
        .where(Enrolment.institute_id == bindparam("institute_id"))
        .order_by(Person.name, Enrolment.id)
    )
    if scope is not Scope.COACHED:
        query = query.where(Enrolment.cohort_id == bindparam("cohort_id"))
    if scope is Scope.ONE_HERE:
        return query.where(Enrolment.id == bindparam("enrolment_id"))
    return query.where(CoachAssignment.coach_id == bindparam("coach_id"), Enrolment.state.not_in(GONE))
