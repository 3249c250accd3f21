"""Who is in a cohort, who is coached by whom, and how far each of them is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import aliased

from courses.catalogue.models import Activity, Module, Programme, ProgrammeId, Segment
from courses.catalogue.progress import Progress
from courses.catalogue.queries import ProgrammeLine
from courses.cohorts.assigning import GONE, assigned_on, local_day
from courses.cohorts.models import (
    ActivityCompletion,
    CoachAssignment,
    Cohort,
    CohortId,
    Enrolment,
    EnrolmentId,
    EnrolmentState,
)
from institute.actors import Actor
from institute.db import db
from institute.i18n import Localised
from institute.people.models import Person


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody of a cohort. Names may be empty: platforms need not share them."""

    enrolment_id: EnrolmentId
    name: str
    state: EnrolmentState
    coach_name: str | None
    module_number: int | None
    segment_number: int | None
    last_visit_at: datetime | None
    cohort_name: Localised
    timezone: str
    programme_slug: str
    progress: Progress


@dataclass(frozen=True, slots=True)
class CohortPage:
    """A cohort with its members, by name."""

    id: CohortId
    name: Localised
    programme: ProgrammeLine
    timezone: str
    members: tuple[Member, ...]


def find_cohort(actor: Actor) -> CohortPage | None:
    """Return the cohort that the actor opened, with all its members, in three queries; None where none is open."""
    row = db.session.execute(
        select(Cohort, Programme)
        .join(Programme, Programme.id == Cohort.programme_id)
        .where(Cohort.id == actor.place, Cohort.institute_id == actor.institute_id)
    ).one_or_none()
    if row is None:
        return None
    cohort, programme = row
    line = ProgrammeLine(programme.id, programme.slug, programme.title, programme.summary)
    name, zone, cohort_id = cohort.name, cohort.timezone, cohort.id
    members = _members(Enrolment.cohort_id == cohort_id)
    return CohortPage(cohort_id, name, line, zone, tuple(members))


def find_coached(actor: Actor) -> list[Member]:
    """Return whom the actor coaches today, in the open cohort or, without one, in all, in two queries."""
    mine = (CoachAssignment.coach_id == actor.person_id) & _today()
    here = [] if actor.place is None else [Enrolment.cohort_id == actor.place]
    return _members(mine, Enrolment.institute_id == actor.institute_id, Enrolment.state.not_in(GONE), *here)


def readable_by_coach(actor: Actor) -> list[ProgrammeLine]:
    """Return the programmes of those whom the actor coaches today."""
    here = [] if actor.place is None else [Enrolment.cohort_id == actor.place]
    return _programmes(
        select(Cohort.programme_id)
        .join(Enrolment, Enrolment.cohort_id == Cohort.id)
        .join(CoachAssignment, CoachAssignment.enrolment_id == Enrolment.id)
        .where(
            CoachAssignment.coach_id == actor.person_id,
            _today(),
            Enrolment.institute_id == actor.institute_id,
            Enrolment.state.not_in(GONE),
            *here,
        )
    )


def readable_by_facilitator(actor: Actor) -> list[ProgrammeLine]:
    """Return the programme of the cohort that the actor opened."""
    return _programmes(
        select(Cohort.programme_id).where(Cohort.id == actor.place, Cohort.institute_id == actor.institute_id)
    )


def _programmes(ids: Select[Any]) -> list[ProgrammeLine]:
    rows = db.session.execute(
        select(Programme.id, Programme.slug, Programme.title, Programme.summary)
        .where(Programme.id.in_(ids))
        .order_by(Programme.id)
    )
    return [ProgrammeLine(*row) for row in rows]


def _today() -> ColumnElement[bool]:
    return assigned_on(local_day("UTC"))


def _members(*conditions: ColumnElement[bool]) -> list[Member]:
    coach = aliased(Person)
    done = (
        select(func.count(ActivityCompletion.id))
        .join(Activity, Activity.id == ActivityCompletion.activity_id)
        .where(
            ActivityCompletion.enrolment_id == Enrolment.id,
            ActivityCompletion.undone_at.is_(None),
            Activity.retired_at.is_(None),
        )
        .correlate(Enrolment)
        .scalar_subquery()
    )
    rows = db.session.execute(
        select(
            Enrolment.id, Person.name, Enrolment.state, coach.name, Module.number, Segment.number,
            Enrolment.last_visit_at, Cohort.name, Cohort.timezone, Programme.slug, Programme.id, done,
        )
        .join(Person, Person.id == Enrolment.person_id)
        .join(Cohort, Cohort.id == Enrolment.cohort_id)
        .join(Programme, Programme.id == Cohort.programme_id)
        .outerjoin(CoachAssignment, (CoachAssignment.enrolment_id == Enrolment.id) & _today())
        .outerjoin(coach, coach.id == CoachAssignment.coach_id)
        .outerjoin(Segment, Segment.id == Enrolment.last_segment_id)
        .outerjoin(Module, Module.id == Segment.module_id)
        .where(*conditions)
        .order_by(Person.name, Enrolment.id)
    ).all()  # fmt: skip
    totals = _totals({row[10] for row in rows})
    return [Member(*row[:10], Progress(row[11], totals.get(row[10], 0))) for row in rows]


def _totals(programmes: Iterable[ProgrammeId]) -> dict[ProgrammeId, int]:
    rows = db.session.execute(
        select(Module.programme_id, func.count(Activity.id))
        .join(Segment, Segment.module_id == Module.id)
        .join(Activity, Activity.segment_id == Segment.id)
        .where(Module.programme_id.in_(programmes), Activity.retired_at.is_(None))
        .group_by(Module.programme_id)
    )
    return {row[0]: row[1] for row in rows}
