"""A participant's hours on the pages of others: the coach who coaches them today, the coordinator who sees them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from sqlalchemy import bindparam, select

from courses.coaching.accounts import Account, account_of
from courses.cohorts.coordinating import sees
from courses.cohorts.members import coached_today
from courses.cohorts.models import Cohort, Enrolment, EnrolmentId
from courses.cohorts.rosters import find_coached
from courses.hours.excusing import months_to_excuse
from courses.hours.figures import MonthFigure
from courses.hours.queries import hours_of
from courses.sessions.models import SessionLog, SessionLogId
from institute.actors import Actor
from institute.db import db
from institute.errors import DomainError, NotFoundError
from institute.i18n import Localised
from institute.people.linking import same_person
from institute.people.models import Person
from institute.people.naming import name_or_number

_FRAME: Final = (
    select(Enrolment.person_id, Person.name, Cohort.name.label("cohort_name"))
    .join(Person, Person.id == Enrolment.person_id)
    .join(Cohort, Cohort.id == Enrolment.cohort_id)
    .where(Enrolment.id == bindparam("enrolment"), Enrolment.institute_id == bindparam("institute"))
)
_OWN: Final = select(SessionLog.id).where(
    SessionLog.enrolment_id == bindparam("enrolment"),
    SessionLog.institute_id == bindparam("institute"),
    SessionLog.coach_id == bindparam("coach"),
)


@dataclass(frozen=True, slots=True)
class TypedExcuse:
    """A month to excuse as it was typed, and what has to be mended."""

    month: str = ""
    reason: str = ""
    problems: Mapping[str, DomainError] = field(default_factory=dict)

    def error(self, name: str) -> str:
        """Return what has to be mended in a field, empty where nothing has."""
        return self.problems[name].text if name in self.problems else ""

    @property
    def summary(self) -> list[tuple[str, str]]:
        """What has to be mended, as (field, sentence)."""
        return [(name, problem.text) for name, problem in self.problems.items()]


@dataclass(frozen=True, slots=True)
class MemberAccount:
    """Somebody's hours. ``own_logs`` are the reader's own, ``offered`` the months that may be excused here."""

    enrolment_id: EnrolmentId
    name: str
    cohort_name: Localised
    account: Account
    own_logs: frozenset[SessionLogId]
    offered: tuple[date, ...] = ()
    typed: TypedExcuse = TypedExcuse()
    for_coach: bool = False


def coached_account(enrolment_id: EnrolmentId, *, actor: Actor, month: str = "") -> MemberAccount:
    """Return the hours of somebody whom the actor coaches today. Raises NotFoundError."""
    coached_today(enrolment_id, actor=actor)
    return _member(enrolment_id, actor, month, for_coach=True)


def coordinated_account(
    enrolment_id: EnrolmentId, *, actor: Actor, month: str = "", typed: TypedExcuse | None = None
) -> MemberAccount:
    """Return the hours of somebody whom the coordinator sees, with what was typed to excuse a month.

    Nobody is offered to excuse their own months. Raises NotFoundError.
    """
    if not sees(enrolment_id, actor):
        raise NotFoundError
    return _member(enrolment_id, actor, month, typed=typed or TypedExcuse())


def _member(
    enrolment_id: EnrolmentId,
    actor: Actor,
    month: str,
    *,
    for_coach: bool = False,
    typed: TypedExcuse | None = None,
) -> MemberAccount:
    values = {"enrolment": enrolment_id, "institute": actor.institute_id}
    row = db.session.execute(_FRAME, values).one_or_none()
    if row is None:
        raise NotFoundError
    own = actor.person_id is not None and row.person_id in same_person(actor.person_id)
    offered = () if typed is None or own else tuple(reversed(months_to_excuse(enrolment_id)))
    return MemberAccount(
        enrolment_id=enrolment_id,
        name=name_or_number(row.name, row.person_id),
        cohort_name=row.cohort_name,
        account=account_of(enrolment_id, institute_id=actor.institute_id, month=month),
        own_logs=frozenset(db.session.scalars(_OWN, {**values, "coach": actor.person_id})),
        offered=offered,
        typed=typed or TypedExcuse(),
        for_coach=for_coach,
    )


@dataclass(frozen=True, slots=True)
class MemberMonth:
    """Somebody's present month on their page, with the way to all of their hours."""

    enrolment_id: EnrolmentId
    month: MonthFigure
    for_coach: bool


def coached_month(actor: Actor, key: int) -> MemberMonth | None:
    """Return the present month of somebody whom the actor coaches today, or None."""
    enrolment_id = EnrolmentId(key)
    if all(member.enrolment_id != enrolment_id for member in find_coached(actor)):
        return None
    return MemberMonth(enrolment_id, hours_of(enrolment_id).present, for_coach=True)


def coordinated_month(actor: Actor, key: int) -> MemberMonth | None:
    """Return the present month of somebody whom the coordinator sees, or None."""
    enrolment_id = EnrolmentId(key)
    if not sees(enrolment_id, actor):
        return None
    return MemberMonth(enrolment_id, hours_of(enrolment_id).present, for_coach=False)
