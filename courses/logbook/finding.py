"""Whose month it is: the participant's own, that of somebody whom a coach accompanied then, or a coordinator's."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Final

from sqlalchemy import ColumnElement, exists, or_, select

from courses.cohorts.assigning import local_day
from courses.cohorts.coordinating import seen_by
from courses.cohorts.models import CoachAssignment, Cohort, Enrolment, EnrolmentId
from courses.hours.months import last_day, month_of
from courses.sessions.models import Side
from institute.actors import Actor, InstituteId, PersonId
from institute.db import db
from institute.errors import NotFoundError
from institute.i18n import Localised

_MONTH: Final = re.compile(r"(20[0-9]{2})-(0[1-9]|1[0-2])", re.ASCII)
# Which enrolments somebody may read, in which month; without one, in any.
Reach = Callable[[Actor, date | None], ColumnElement[bool]]


@dataclass(frozen=True, slots=True)
class BookHere:
    """An enrolment whose months somebody may read. ``side`` is the reader's, None for who only reads."""

    enrolment_id: EnrolmentId
    institute_id: InstituteId
    participant_id: PersonId
    cohort_name: Localised
    timezone: str
    side: Side | None = None


def read_month(text: str) -> date:
    """Return the first day of a month such as "2026-10". Raises NotFoundError."""
    found = _MONTH.fullmatch(text)
    if found is None:
        raise NotFoundError
    return date(int(found[1]), int(found[2]), 1)


def write_month(month: date) -> str:
    """Return a month as addresses name it."""
    return f"{month:%Y-%m}"


def own(actor: Actor, _month: date | None) -> ColumnElement[bool]:
    """Return the condition that an enrolment is the participant's."""
    return Enrolment.person_id == actor.person_id


def coached(actor: Actor, month: date | None) -> ColumnElement[bool]:
    """Return the condition that the coach accompanied an enrolment, on some day of the month."""
    wanted = [CoachAssignment.enrolment_id == Enrolment.id, CoachAssignment.coach_id == actor.person_id]
    if month is not None:
        wanted += [
            CoachAssignment.since <= last_day(month),
            or_(CoachAssignment.until.is_(None), CoachAssignment.until >= month),
        ]
    return exists().where(*wanted)


def coordinated(actor: Actor, _month: date | None) -> ColumnElement[bool]:
    """Return the condition that an enrolment is the coordinator's to see."""
    return seen_by(actor)


def find_book(
    enrolment_id: EnrolmentId, month: date | None, *, reach: Reach, side: Side | None, actor: Actor
) -> BookHere:
    """Return an enrolment whose log the actor may read. Raises NotFoundError, also for a month to come."""
    row = db.session.execute(
        select(Enrolment.person_id, Cohort.name, Cohort.timezone)
        .join(Cohort, Cohort.id == Enrolment.cohort_id)
        .where(
            Enrolment.id == enrolment_id,
            Enrolment.institute_id == actor.institute_id,
            reach(actor, month),
        )
    ).one_or_none()
    if row is None or (month is not None and month > month_of(local_day(row.timezone))):
        raise NotFoundError
    return BookHere(enrolment_id, actor.institute_id, row.person_id, row.name, row.timezone, side)
