"""What a coach's work comes to, seen alike by the coordinator and by the coach: nothing here is a mark."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final

from flask import url_for
from sqlalchemy import ColumnElement, Row, func, select, true

from courses.assignments.staff import CoachLine, find_coach, own_line
from courses.catalogue.models import ProgrammeId, Purpose
from courses.coaches.periods import institute_day
from courses.cohorts.assigning import IS_THERE, assigned_on
from courses.cohorts.coordinating import WHOLE, scope_of, seen_by
from courses.cohorts.models import CoachAssignment, Cohort, Enrolment, EnrolmentId
from courses.hours.figures import HoursFigures, MonthFigure, MonthStatus
from courses.hours.policies import policy_of
from courses.hours.queries import hours_of_several
from courses.schedule.models import PlannedMember, PlannedSession, PlanState
from courses.sessions.delivered import SENT, Delivered, minutes_by_coach
from courses.sessions.models import SessionLog, SessionState
from courses.surveys.models import SurveyResponse
from courses.surveys.rounds import rounds_of_cohort
from courses.surveys.stages import USUAL
from institute.actors import Actor, PersonId
from institute.clock import now
from institute.db import db
from institute.errors import NotFoundError
from institute.i18n import Localised
from institute.people.models import Person
from institute.people.naming import name_or_number

MONTHS: Final = 12
KEPT: Final = frozenset({MonthStatus.MET, MonthStatus.TARGET})


@dataclass(frozen=True, slots=True)
class EffortLine:
    """Somebody whom the coach has today. Of ``asked`` finished months ``kept`` reached the minimum.

    ``opens`` tells whether the reader's page of them opens from where they are.
    """

    enrolment_id: EnrolmentId
    name: str
    cohort: Localised
    present: MonthFigure
    kept: int
    asked: int
    opens: bool


@dataclass(frozen=True, slots=True)
class Logs:
    """Logs of the span: sent in all, sent late, and what is open of any age."""

    sent: int
    late: int
    waiting: int
    returned: int
    drafts: int


@dataclass(frozen=True, slots=True)
class Plans:
    """Sessions that were planned for a time that is over: held, cancelled, or without a log."""

    held: int
    cancelled: int
    unlogged: int

    @property
    def planned(self) -> int:
        """How many there were."""
        return self.held + self.cancelled + self.unlogged


@dataclass(frozen=True, slots=True)
class Surveys:
    """Surveys about the relationship whose time has begun: how many were answered of how many, on both sides."""

    coach: int
    participants: int
    asked: int


@dataclass(frozen=True, slots=True)
class EffortPage:
    """A coach's work since a day. ``hidden`` people are not the reader's to see.

    What was ``delivered`` is told only to whoever sees everybody to whom it was.
    """

    coach: CoachLine
    since: date
    lines: tuple[EffortLine, ...]
    delivered: Delivered | None
    logs: Logs
    plans: Plans
    surveys: Surveys
    hidden: int

    @property
    def kept(self) -> int:
        """How many finished months reached their minimum."""
        return sum(line.kept for line in self.lines)

    @property
    def asked(self) -> int:
        """How many finished months had one."""
        return sum(line.asked for line in self.lines)


def coach_effort(person_id: PersonId, *, actor: Actor) -> EffortPage:
    """Return the work of a coach as a coordinator sees it, with the people whom they see. Raises NotFoundError."""
    found = _effort(find_coach(person_id, actor=actor), seen_by(actor), actor)
    return found if scope_of(actor) is WHOLE else replace(found, delivered=None)


def own_effort(actor: Actor) -> EffortPage:
    """Return the work of the actor, as their coordinator sees it. Raises NotFoundError for nobody."""
    if actor.person_id is None:
        raise NotFoundError
    return _effort(own_line(actor.person_id, actor=actor), true(), actor, actor.place)


def way_to_effort(_actor: Actor, person_id: int) -> str:
    """Return where a coordinator's page of a coach leads on to."""
    return url_for("coordinator_effort.show", coach_person_id=person_id)


def way_to_own_effort(_actor: Actor, _key: int) -> str:
    """Return where a coach's home leads on to."""
    return url_for("coach_effort.mine")


def _effort(
    coach: CoachLine, seen: ColumnElement[bool], actor: Actor, place: int | None = None
) -> EffortPage:
    today = institute_day(actor.institute_id)
    since = _begin(today)
    people = _people(coach.person_id, seen, today)
    hours = hours_of_several([row.id for row in people])
    given = minutes_by_coach(actor.institute_id, since=since, until=today, coach_ids=[coach.person_id])
    lines = tuple(_line(row, hours[row.id], since, place) for row in people)
    return EffortPage(
        coach=coach,
        since=since,
        lines=lines,
        delivered=given.get(coach.person_id, Delivered()),
        logs=_logs(coach.person_id, seen, since),
        plans=_plans(coach.person_id, seen, since),
        surveys=_surveys(coach.person_id, people, today),
        hidden=max(coach.people - len(lines), 0),
    )


def _begin(today: date) -> date:
    """Return the first day of the month eleven months ago: a year with the present month."""
    place = today.year * MONTHS + today.month - MONTHS
    return date(place // MONTHS, place % MONTHS + 1, 1)


def _people(coach_id: PersonId, seen: ColumnElement[bool], today: date) -> Sequence[Row[*tuple[Any, ...]]]:
    return db.session.execute(
        select(
            Enrolment.id,
            Enrolment.person_id,
            Enrolment.version_id,
            Person.name,
            Cohort.id.label("cohort_id"),
            Cohort.name.label("cohort"),
            Cohort.starts,
            CoachAssignment.since,
        )
        .join(CoachAssignment, CoachAssignment.enrolment_id == Enrolment.id)
        .join(Cohort, Cohort.id == Enrolment.cohort_id)
        .join(Person, Person.id == Enrolment.person_id)
        .where(CoachAssignment.coach_id == coach_id, assigned_on(today), *IS_THERE, seen)
        .order_by(Person.name, Enrolment.id)
    ).all()


def _line(row: Row[*tuple[Any, ...]], hours: HoursFigures, since: date, place: int | None) -> EffortLine:
    """Count the months that are over, from the first whole one with this coach on."""
    begun: date = row.since
    months = [
        month
        for month in hours.months[:-1]
        if month.first_day >= max(since, begun) and not month.excused and month.minimum
    ]
    return EffortLine(
        enrolment_id=row.id,
        name=name_or_number(row.name, row.person_id),
        cohort=row.cohort,
        present=hours.present,
        kept=sum(month.status in KEPT for month in months),
        asked=len(months),
        opens=place in {None, row.cohort_id},
    )


def _logs(coach_id: PersonId, seen: ColumnElement[bool], since: date) -> Logs:
    mine = (SessionLog.coach_id == coach_id, seen)
    states: Counter[SessionState] = Counter()
    for state, count in db.session.execute(
        select(SessionLog.state, func.count())
        .join(Enrolment, Enrolment.id == SessionLog.enrolment_id)
        .where(*mine)
        .group_by(SessionLog.state)
    ):
        states[state] = count
    sent = db.session.execute(
        select(SessionLog.end_utc, SessionLog.created_at, Cohort.programme_id)
        .join(Enrolment, Enrolment.id == SessionLog.enrolment_id)
        .join(Cohort, Cohort.id == Enrolment.cohort_id)
        .where(
            *mine,
            SessionLog.state.in_(SENT),
            SessionLog.local_day >= since,
            SessionLog.imported_by.is_(None),
        )
    ).all()
    days = _late_days({row.programme_id for row in sent})
    late = sum(row.created_at - row.end_utc > timedelta(days=days[row.programme_id]) for row in sent)
    return Logs(
        sent=len(sent),
        late=late,
        waiting=states[SessionState.SUBMITTED],
        returned=states[SessionState.DISPUTED],
        drafts=states[SessionState.DRAFT],
    )


def _late_days(programmes: set[ProgrammeId]) -> Mapping[ProgrammeId, int]:
    return {one: policy_of(one).late_days for one in programmes}


def _plans(coach_id: PersonId, seen: ColumnElement[bool], since: date) -> Plans:
    """Count each planned session once, a group's too; a plan that is over and was not logged is told apart."""
    found: Counter[PlanState] = Counter()
    for state, count in db.session.execute(
        select(PlannedSession.state, func.count(PlannedSession.id.distinct()))
        .join(PlannedMember, PlannedMember.planned_id == PlannedSession.id)
        .join(Enrolment, Enrolment.id == PlannedMember.enrolment_id)
        .where(
            PlannedSession.coach_id == coach_id,
            PlannedSession.start_utc >= datetime.combine(since, time(), tzinfo=UTC),
            PlannedSession.end_utc < now(),
            seen,
        )
        .group_by(PlannedSession.state)
    ):
        found[state] = count
    return Plans(found[PlanState.HELD], found[PlanState.CANCELLED], found[PlanState.PLANNED])


def _surveys(coach_id: PersonId, people: Sequence[Row[*tuple[Any, ...]]], today: date) -> Surveys:
    asked = 0
    rounds: dict[tuple[int, int], int] = {}
    for row in people:
        key = row.cohort_id, row.version_id
        if key not in rounds:
            here = rounds_of_cohort(row.cohort_id, row.version_id, row.starts)
            rounds[key] = sum(
                one.purpose is Purpose.RELATIONSHIP_COACH and one.window.opens <= today for one in here
            )
        asked += rounds[key]
    answered = Counter(
        db.session.scalars(
            select(SurveyResponse.respondent_id == coach_id).where(
                SurveyResponse.enrolment_id.in_([row.id for row in people]),
                SurveyResponse.respondent_id.in_([coach_id, *(row.person_id for row in people)]),
                SurveyResponse.stage.in_(USUAL[Purpose.RELATIONSHIP_COACH]),
                SurveyResponse.sent_at.is_not(None),
            )
        )
    )
    return Surveys(coach=answered[True], participants=answered[False], asked=asked)
