"""Who coaches whom, as a coordinator sees it: people without a coach first, spans that end, everybody by name."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, case, func, or_, select
from sqlalchemy.orm import aliased

from courses.coaches.periods import institute_day
from courses.cohorts.assigning import IS_THERE
from courses.cohorts.coordinating import seen_by
from courses.cohorts.folding import folded
from courses.cohorts.models import (
    CoachAssignment,
    CoachAssignmentId,
    Cohort,
    Enrolment,
    EnrolmentId,
    EnrolmentState,
)
from institute.actors import Actor, PersonId
from institute.db import db
from institute.folding import fold
from institute.i18n import Localised
from institute.people.models import Person
from institute.people.naming import name_or_number
from institute.web.asking import once_a_page

PER_PAGE: Final = 50
SOON: Final = timedelta(days=60)
LONGEST_SEARCH: Final = 100
LONGEST_PAGE: Final = 5
MOST_WORDS: Final = 5


class Show(StrEnum):
    """Which people are listed."""

    WAITING = "waiting"
    ENDING = "ending"
    EVERYBODY = "everybody"


@dataclass(frozen=True, slots=True)
class Asked:
    """What a reader asks of the list; without ``show`` the first that has somebody."""

    show: Show | None = None
    search: str = ""
    page: int = 1

    @classmethod
    def read(cls, show: str, search: str, page: str) -> Asked:
        """Take what an address asks for; what makes no sense asks for nothing."""
        numbered = page.isascii() and page.isdigit() and len(page) <= LONGEST_PAGE
        return cls(
            show=Show(show) if show in list(Show) else None,
            search=" ".join(search[:LONGEST_SEARCH].replace("\0", "").split()),
            page=max(int(page), 1) if numbered else 1,
        )


@dataclass(frozen=True, slots=True)
class AssignmentLine:
    """Somebody who is coached, or is to be. ``overdue`` tells that the span's last day has passed."""

    enrolment_id: EnrolmentId
    name: str
    cohort: Localised
    waits_since: date
    assignment_id: CoachAssignmentId | None
    coach_id: PersonId | None
    coach_name: str | None
    since: date | None
    ends_on: date | None
    overdue: bool


@dataclass(frozen=True, slots=True)
class AssignmentList:
    """A page of the list. ``counts`` tells how many each way of showing has, without the search."""

    asked: Asked
    show: Show
    lines: tuple[AssignmentLine, ...]
    found: int
    counts: dict[Show, int]

    @property
    def pages(self) -> int:
        """How many pages what was found has."""
        return max(-(-self.found // PER_PAGE), 1)


def list_assignments(actor: Actor, asked: Asked | None = None, *, most: int = PER_PAGE) -> AssignmentList:
    """Return a page of the people whom a coordinator sees. A page beyond the last one is the first."""
    wanted = asked or Asked()
    day = institute_day(actor.institute_id)
    counts = _counts(actor, day)
    show = wanted.show or next((one for one in Show if counts[one]), Show.WAITING)
    query = _people(actor, day).where(_shown(show, day))
    for word in fold(wanted.search).split()[:MOST_WORDS]:
        escaped = word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
        query = query.where(folded(Person.name).like(f"%{escaped}%", escape="\\"))
    rows = db.session.execute(
        query.add_columns(func.count().over().label("found"))
        .order_by(*_order(show))
        .limit(most)
        .offset((wanted.page - 1) * PER_PAGE)
    ).all()
    if not rows and wanted.page > 1:
        return list_assignments(actor, replace(wanted, page=1), most=most)
    return AssignmentList(
        asked=wanted,
        show=show,
        lines=tuple(_line(row, day) for row in rows),
        found=rows[0].found if rows else 0,
        counts=counts,
    )


_Coach = aliased(Person)


def _people(actor: Actor, day: date) -> Select[*tuple[Any, ...]]:
    """Return everybody who takes part, with the assignment that reaches today or begins later."""
    return (
        select(
            Enrolment.id,
            Enrolment.person_id,
            Enrolment.created_at,
            Person.name,
            Cohort.name.label("cohort"),
            CoachAssignment.id.label("assignment_id"),
            CoachAssignment.coach_id,
            CoachAssignment.since,
            CoachAssignment.ends_on,
            _Coach.name.label("coach_name"),
        )
        .join(Cohort, Cohort.id == Enrolment.cohort_id)
        .join(Person, Person.id == Enrolment.person_id)
        .outerjoin(
            CoachAssignment,
            (CoachAssignment.enrolment_id == Enrolment.id)
            & or_(CoachAssignment.until.is_(None), CoachAssignment.until >= day),
        )
        .outerjoin(_Coach, _Coach.id == CoachAssignment.coach_id)
        .where(
            seen_by(actor),
            *IS_THERE,
            Enrolment.state != EnrolmentState.COMPLETED,
            Enrolment.left_at.is_(None),
        )
    )


def _shown(show: Show, day: date) -> ColumnElement[bool]:
    match show:
        case Show.WAITING:
            return CoachAssignment.id.is_(None)
        case Show.ENDING:
            return CoachAssignment.ends_on <= day + SOON
        case Show.EVERYBODY:
            return Enrolment.id.is_not(None)


def _order(show: Show) -> tuple[Any, ...]:
    by_name = (case((Person.name == "", 1), else_=0), folded(Person.name), Enrolment.id)
    first = {
        Show.WAITING: (Enrolment.created_at,),
        Show.ENDING: (CoachAssignment.ends_on,),
        Show.EVERYBODY: (),
    }
    return (*first[show], *by_name)


@once_a_page
def _counts(actor: Actor, day: date) -> dict[Show, int]:
    people = _people(actor, day).subquery()
    row = db.session.execute(
        select(
            func.sum(case((people.c.assignment_id.is_(None), 1), else_=0)),
            func.sum(case((people.c.ends_on <= day + SOON, 1), else_=0)),
            func.count(people.c.id.distinct()),
        )
    ).one()
    return {show: int(count or 0) for show, count in zip(Show, row, strict=True)}


def _line(row: Any, day: date) -> AssignmentLine:
    return AssignmentLine(
        enrolment_id=row.id,
        name=name_or_number(row.name, row.person_id),
        cohort=row.cohort,
        waits_since=row.created_at.date(),
        assignment_id=row.assignment_id,
        coach_id=row.coach_id,
        coach_name=name_or_number(row.coach_name, row.coach_id) if row.coach_id else None,
        since=row.since,
        ends_on=row.ends_on,
        overdue=row.ends_on is not None and row.ends_on < day,
    )
