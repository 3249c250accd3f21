"""Excusing a month: a coordinator says that nothing is asked of it, and why. It can be taken back, and stays known."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from courses.cohorts.coordinating import sees
from courses.cohorts.models import Enrolment, EnrolmentId
from courses.hours import errors
from courses.hours.models import REASON_LENGTH, ExcusedMonth, ExcusedMonthId
from courses.hours.months import following, month_of, months_from
from courses.hours.queries import hours_of
from courses.hours.telling import tell_hours_changed
from institute import audit
from institute.actors import Actor
from institute.clock import now
from institute.db import db, transaction
from institute.errors import DomainError, NotFoundError
from institute.people.linking import same_person
from institute.people.models import Person
from institute.people.naming import name_or_number

AHEAD: Final = 12  # months that are still to come


@dataclass(frozen=True, slots=True)
class Excuse:
    """An excused month, with who approved it."""

    id: ExcusedMonthId
    month: date
    reason: str
    approved_by: str
    approved_at: datetime


_EXCUSES: Final = (
    select(ExcusedMonth, Person.name)
    .join(Person, Person.id == ExcusedMonth.approved_by)
    .where(ExcusedMonth.enrolment_id == bindparam("enrolment"), ExcusedMonth.withdrawn_at.is_(None))
    .order_by(ExcusedMonth.month)
)


def excuses_of(enrolment_id: EnrolmentId) -> dict[date, Excuse]:
    """Return the excused months of an enrolment, by the first day of the month."""
    rows = db.session.execute(_EXCUSES, {"enrolment": enrolment_id})
    return {
        row.month: Excuse(
            row.id, row.month, row.reason, name_or_number(name, row.approved_by), row.approved_at
        )
        for row, name in rows
    }


def months_to_excuse(enrolment_id: EnrolmentId) -> list[date]:
    """Return the months that may be excused and are not: those gone by, the present one, and a year ahead.

    The latest comes last. Raises NotFoundError.
    """
    months = hours_of(enrolment_id).months
    last = months[-1].first_day
    for _ in range(AHEAD):
        last = following(last)
    excused = excuses_of(enrolment_id)
    return [month for month in months_from(months[0].first_day, last) if month not in excused]


def excuse_month(
    enrolment_id: EnrolmentId, typed_month: str, reason: str, *, actor: Actor
) -> dict[str, DomainError]:
    """Excuse a month (typed as 2026-10) of somebody whom the coordinator sees; return what has to be mended, by field.

    Raises NotFoundError, and OwnMonthError where it is the coordinator's own.
    """
    with transaction() as session:
        enrolment = _seen(enrolment_id, actor, session)
        month = _month(typed_month)
        problems: dict[str, DomainError] = {}
        if month is None or month not in months_to_excuse(enrolment_id):
            problems["month"] = errors.MonthMissingError()
        if not reason:
            problems["reason"] = errors.ExcuseReasonError()
        elif len(reason) > REASON_LENGTH:
            problems["reason"] = errors.ExcuseTooLongError(length=len(reason), most=REASON_LENGTH)
        if problems or month is None or actor.person_id is None:
            return problems
        excused = ExcusedMonth(
            institute_id=enrolment.institute_id,
            enrolment_id=enrolment_id,
            month=month,
            reason=reason,
            approved_by=actor.person_id,
            approved_at=now(),
        )
        session.add(excused)
        session.flush()
        audit.record(
            "hours.month-excused",
            actor=actor,
            subject=("enrolment", enrolment_id),
            details={"month": f"{month:%Y-%m}"},
        )
        tell_hours_changed(enrolment_id, session=session)
        return {}


def withdraw_excuse(enrolment_id: EnrolmentId, excused_id: ExcusedMonthId, *, actor: Actor) -> None:
    """Let a month be asked for again. A second time changes nothing. Raises NotFoundError, OwnMonthError."""
    with transaction() as session:
        _seen(enrolment_id, actor, session)
        excused = session.get(ExcusedMonth, excused_id)
        if excused is None or excused.enrolment_id != enrolment_id or actor.person_id is None:
            raise NotFoundError
        if excused.withdrawn_at is not None:
            return
        excused.withdrawn_by, excused.withdrawn_at = actor.person_id, now()
        session.flush()
        audit.record(
            "hours.excuse-withdrawn",
            actor=actor,
            subject=("enrolment", enrolment_id),
            details={"month": f"{excused.month:%Y-%m}"},
        )
        tell_hours_changed(enrolment_id, session=session)


def _seen(enrolment_id: EnrolmentId, actor: Actor, session: Session) -> Enrolment:
    """Return an enrolment that the coordinator sees and that is another's, locked so that nobody excuses beside us."""
    enrolment = session.get(Enrolment, enrolment_id, with_for_update={"key_share": True})
    if enrolment is None or not sees(enrolment_id, actor):
        raise NotFoundError
    if actor.person_id is not None and enrolment.person_id in same_person(actor.person_id):
        raise errors.OwnMonthError
    return enrolment


def _month(text: str) -> date | None:
    try:
        return month_of(date.fromisoformat(f"{text}-01"))
    except ValueError:
        return None
