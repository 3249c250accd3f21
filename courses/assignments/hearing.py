"""Concerns as pages show them: to the two sides, and to the coordinator whom they reached."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import aliased

from courses.assignments.concerns import OPEN, find_heard, find_own
from courses.assignments.models import Concern, ConcernId, ConcernState, ConcernStep
from courses.cohorts.assigning import IS_THERE, assigned_on, local_day
from courses.cohorts.coordinating import seen_by
from courses.cohorts.models import CoachAssignment, Cohort, Enrolment, EnrolmentId
from institute.actors import Actor, PersonId
from institute.clock import now
from institute.db import db
from institute.i18n import Localised
from institute.people.linking import same_person
from institute.people.models import Person
from institute.people.naming import name_or_number


@dataclass(frozen=True, slots=True)
class ConcernLine:
    """A concern in a list. ``other`` is the other side for the two, both names for a coordinator."""

    id: ConcernId
    enrolment_id: EnrolmentId
    raiser: str
    other: str
    mine: bool
    direct: bool
    state: ConcernState
    between_until: date
    raised_at: datetime
    zone: str

    @property
    def open(self) -> bool:
        """Whether something may still be said."""
        return self.state in OPEN


@dataclass(frozen=True, slots=True)
class StepLine:
    """One thing that was said or done; ``name`` is None where time alone did it."""

    state: ConcernState
    changed: bool
    name: str | None
    mine: bool
    words: str
    kept_inside: bool
    at: datetime


@dataclass(frozen=True, slots=True)
class ConcernPage:
    """A concern with its steps, oldest first."""

    concern: ConcernLine
    steps: tuple[StepLine, ...]


@dataclass(frozen=True, slots=True)
class Coaching:
    """A coaching about which somebody may raise a concern."""

    enrolment_id: EnrolmentId
    name: str
    cohort: Localised


@dataclass(frozen=True, slots=True)
class OwnConcerns:
    """What one side sees: their concerns, newest first, and about what one may be raised."""

    concerns: tuple[ConcernLine, ...]
    coachings: tuple[Coaching, ...]


def concerns_of(actor: Actor, *, as_coach: bool) -> OwnConcerns:
    """Return the concerns that somebody raised or is the other side of, as a coach or as a participant."""
    own = same_person(actor.person_id) if actor.person_id is not None else frozenset()
    lines = _lines(actor, *_own(own, as_coach=as_coach))
    coachings = tuple(
        Coaching(row.id, name_or_number(row.name, row.other_id), row.cohort)
        for row in db.session.execute(_coachings(own, actor, as_coach=as_coach))
    )
    return OwnConcerns(lines, coachings)


def count_open(actor: Actor, *, as_coach: bool) -> tuple[int, bool]:
    """Return how many of the same concerns are open, and whether one may be raised, in one query."""
    own = same_person(actor.person_id) if actor.person_id is not None else frozenset()
    counted = (
        select(func.count())
        .select_from(Concern)
        .join(Enrolment, Enrolment.id == Concern.enrolment_id)
        .where(
            Concern.institute_id == actor.institute_id,
            Concern.state.in_(OPEN),
            *_own(own, as_coach=as_coach),
        )
    )
    coached = _coachings(own, actor, as_coach=as_coach).order_by(None).exists()
    number, may_raise = db.session.execute(select(counted.scalar_subquery(), coached)).one()
    return number, bool(may_raise)


def heard_by(actor: Actor, *, over: bool = False) -> tuple[ConcernLine, ...]:
    """Return the concerns that reached a coordinator, newest first: open ones, or those at their end."""
    own = same_person(actor.person_id) if actor.person_id is not None else frozenset()
    states = [ConcernState.REASSIGNED, ConcernState.CLOSED] if over else [ConcernState.COORDINATOR]
    reached = select(ConcernStep.id).where(
        ConcernStep.concern_id == Concern.id, ConcernStep.state == ConcernState.COORDINATOR
    )
    return _lines(
        actor,
        seen_by(actor),
        Concern.state.in_(states),
        Concern.raised_by.not_in(own),
        Concern.other_id.not_in(own),
        reached.exists(),
    )


def own_page(concern_id: ConcernId, *, actor: Actor) -> ConcernPage:
    """Return a concern as one of its sides sees it. Raises NotFoundError."""
    find_own(concern_id, actor=actor, session=db.session())
    return _page(concern_id, actor, inside=False)


def heard_page(concern_id: ConcernId, *, actor: Actor) -> ConcernPage:
    """Return a concern as a coordinator sees it. Raises NotFoundError."""
    find_heard(concern_id, actor=actor, session=db.session())
    return _page(concern_id, actor, inside=True)


def _page(concern_id: ConcernId, actor: Actor, *, inside: bool) -> ConcernPage:
    own = same_person(actor.person_id) if actor.person_id is not None else frozenset()
    line = _lines(actor, Concern.id == concern_id)[0]
    query = (
        select(ConcernStep, Person.name)
        .outerjoin(Person, Person.id == ConcernStep.person_id)
        .where(ConcernStep.concern_id == concern_id)
        .order_by(ConcernStep.id)
    )
    if not inside:
        query = query.where(ConcernStep.kept_inside.is_(False))
    steps: list[StepLine] = []
    before: ConcernState | None = None
    for step, name in db.session.execute(query):
        steps.append(
            StepLine(
                state=step.state,
                changed=step.state is not before,
                name=name_or_number(name, step.person_id) if step.person_id else None,
                mine=step.person_id in own,
                words=step.words,
                kept_inside=step.kept_inside,
                at=step.at,
            )
        )
        before = step.state
    return ConcernPage(line, tuple(steps))


def _lines(actor: Actor, *conditions: ColumnElement[bool]) -> tuple[ConcernLine, ...]:
    own = same_person(actor.person_id) if actor.person_id is not None else frozenset()
    raiser, other = aliased(Person), aliased(Person)
    rows = db.session.execute(
        select(Concern, raiser.name.label("raiser"), other.name.label("other"), Cohort.timezone)
        .join(Enrolment, Enrolment.id == Concern.enrolment_id)
        .join(Cohort, Cohort.id == Enrolment.cohort_id)
        .join(raiser, raiser.id == Concern.raised_by)
        .join(other, other.id == Concern.other_id)
        .where(Concern.institute_id == actor.institute_id, *conditions)
        .order_by(Concern.id.desc())
    )
    return tuple(
        ConcernLine(
            id=concern.id,
            enrolment_id=concern.enrolment_id,
            raiser=name_or_number(raiser_name, concern.raised_by),
            other=name_or_number(other_name, concern.other_id),
            mine=concern.raised_by in own,
            direct=concern.direct,
            state=concern.state,
            between_until=concern.between_until,
            raised_at=concern.raised_at,
            zone=zone,
        )
        for concern, raiser_name, other_name, zone in rows
    )


def _own(own: frozenset[PersonId], *, as_coach: bool) -> tuple[ColumnElement[bool], ...]:
    """Return the conditions for what somebody raised or is the other side of, as the one or the other side."""
    return (
        Enrolment.person_id.not_in(own) if as_coach else Enrolment.person_id.in_(own),
        or_(Concern.raised_by.in_(own), Concern.other_id.in_(own) & Concern.direct.is_(False)),
    )


def _coachings(own: frozenset[PersonId], actor: Actor, *, as_coach: bool) -> Select[*tuple[Any, ...]]:
    """Return the query of the coachings of today in which somebody is the one or the other side."""
    other = aliased(Person)
    query: Select[*tuple[Any, ...]] = (
        select(Enrolment.id, other.id.label("other_id"), other.name, Cohort.name.label("cohort"))
        .join(CoachAssignment, CoachAssignment.enrolment_id == Enrolment.id)
        .join(Cohort, Cohort.id == Enrolment.cohort_id)
        .join(other, other.id == (Enrolment.person_id if as_coach else CoachAssignment.coach_id))
        .where(
            Enrolment.institute_id == actor.institute_id,
            assigned_on(local_day("UTC", now())),
            *IS_THERE,
            CoachAssignment.coach_id.in_(own) if as_coach else Enrolment.person_id.in_(own),
        )
        .order_by(other.name, Enrolment.id)
    )
    return query if actor.place is None else query.where(Enrolment.cohort_id == actor.place)
