"""Time that a coach is paid for beside sessions: noted by the coach, for a cohort or one of its participants."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import date
from typing import Final, Self

from sqlalchemy import select
from sqlalchemy.orm import Session

from courses.coaching import errors
from courses.coaching.actions import coached_by
from courses.coaching.reading import DAY_MINUTES, clean, day_in, number_in
from courses.coaching.terms import FUNDING
from courses.cohorts.assigning import local_day
from courses.cohorts.models import Cohort, CohortId, Enrolment, EnrolmentId
from courses.cohorts.rosters import Member, find_coached
from courses.frameworks.queries import named
from courses.sessions.planning import NOTE_LENGTH, PlanningTime, PlanningTimeId
from institute import audit
from institute.actors import Actor
from institute.clock import now
from institute.db import db, transaction
from institute.errors import DomainError, NotFoundError
from institute.people.models import Person
from institute.people.naming import name_or_number

MOST_LINES: Final = 100


@dataclass(frozen=True, slots=True)
class PlanningSheet:
    """What stands in the form, letter by letter. ``enrolment`` is whom it was for."""

    day: str = ""
    minutes: str = ""
    enrolment: str = ""
    funding: str = ""
    note: str = ""

    @classmethod
    def of(cls, form: Mapping[str, str]) -> Self:
        """Read a form; what it lacks is empty."""
        return cls(**{one.name: clean(form.get(one.name, "")) for one in fields(cls)})


@dataclass(frozen=True, slots=True)
class PlanningLine:
    """Time that was noted, as the coach's list shows it."""

    id: PlanningTimeId
    day: date
    minutes: int
    participant_name: str
    funding: str
    note: str


@dataclass(frozen=True, slots=True)
class PlanningPage:
    """A coach's time beside sessions, the latest first, with the form; ``minutes`` of this month."""

    lines: tuple[PlanningLine, ...]
    members: tuple[Member, ...]
    month: date
    minutes: int
    sheet: PlanningSheet
    problems: Mapping[str, DomainError] = field(default_factory=dict)

    @property
    def choices(self) -> list[tuple[int, str]]:
        """For whom it may have been, for a select."""
        return [(member.enrolment_id, member.name) for member in self.members]

    @property
    def summary(self) -> list[tuple[str, str]]:
        """What has to be mended, as (field, sentence)."""
        return [(name, problem.text) for name, problem in self.problems.items()]


def planning_page(
    actor: Actor, sheet: PlanningSheet | None = None, problems: Mapping[str, DomainError] | None = None
) -> PlanningPage:
    """Return the page of the actor's own time beside sessions."""
    rows = db.session.execute(
        select(PlanningTime, Person)
        .outerjoin(Enrolment, Enrolment.id == PlanningTime.enrolment_id)
        .outerjoin(Person, Person.id == Enrolment.person_id)
        .where(
            PlanningTime.institute_id == actor.institute_id,
            PlanningTime.coach_id == actor.person_id,
            PlanningTime.taken_back_at.is_(None),
            *([] if actor.place is None else [PlanningTime.cohort_id == actor.place]),
        )
        .order_by(PlanningTime.day.desc(), PlanningTime.id.desc())
        .limit(MOST_LINES)
    )
    lines = tuple(
        PlanningLine(
            time.id,
            time.day,
            time.minutes,
            "" if time.enrolment_id is None else name_or_number(person.name, person.id),
            time.funding,
            time.note,
        )
        for time, person in rows
    )
    members = tuple(find_coached(actor))
    today = local_day(members[0].timezone if members else "UTC")
    month = today.replace(day=1)
    return PlanningPage(
        lines=lines,
        members=members,
        month=month,
        minutes=sum(line.minutes for line in lines if line.day >= month),
        sheet=sheet or PlanningSheet(day=today.isoformat()),
        problems=problems or {},
    )


def note_planning(sheet: PlanningSheet, *, actor: Actor) -> dict[str, DomainError]:
    """Note time that the actor spent for somebody whom they coach; return what has to be mended, by field."""
    with transaction() as session:
        problems: dict[str, DomainError] = {}
        minutes = number_in(sheet.minutes, 4)
        day = day_in(sheet.day)
        found = _enrolment(sheet, day or local_day("UTC"), actor, session)
        if day is None:
            problems["day"] = errors.DayMissingError()
        elif found is not None and day > local_day(found[1]):
            problems["day"] = errors.FutureSessionError()
        if minutes is None or not 1 <= minutes <= DAY_MINUTES:
            problems["minutes"] = errors.MinutesError()
        if found is None:
            problems["enrolment"] = errors.ChoiceMissingError()
        if len(sheet.note) > NOTE_LENGTH:
            problems["note"] = errors.TextTooLongError(length=len(sheet.note), most=NOTE_LENGTH)
        if sheet.funding and not _is_funding(sheet.funding, actor):
            problems["funding"] = errors.TermUnknownError()
        if problems or found is None or day is None or minutes is None or actor.person_id is None:
            return problems
        enrolment_id, _, cohort_id = found
        time = PlanningTime(
            institute_id=actor.institute_id,
            coach_id=actor.person_id,
            cohort_id=cohort_id,
            enrolment_id=enrolment_id,
            day=day,
            minutes=minutes,
            funding=sheet.funding,
            note=sheet.note,
            created_at=now(),
        )
        session.add(time)
        session.flush()
        audit.record(
            "planning.noted", actor=actor, subject=("planning_time", time.id), details={"minutes": minutes}
        )
        return {}


def take_planning_back(planning_id: PlanningTimeId, *, actor: Actor) -> None:
    """Take the actor's own time back; a second time changes nothing. Raises NotFoundError."""
    with transaction() as session:
        time = session.scalar(
            select(PlanningTime)
            .where(
                PlanningTime.id == planning_id,
                PlanningTime.institute_id == actor.institute_id,
                PlanningTime.coach_id == actor.person_id,
            )
            .with_for_update()
        )
        if time is None or actor.place not in {None, time.cohort_id}:
            raise NotFoundError
        if time.taken_back_at is None:
            time.taken_back_at = now()
            session.flush()
            audit.record("planning.taken-back", actor=actor, subject=("planning_time", time.id))


def _enrolment(
    sheet: PlanningSheet, day: date, actor: Actor, session: Session
) -> tuple[EnrolmentId, str, CohortId] | None:
    enrolment_id = number_in(sheet.enrolment, 9)
    row = session.execute(
        select(Enrolment.id, Cohort.timezone, Cohort.id)
        .join(Cohort, Cohort.id == Enrolment.cohort_id)
        .where(
            Enrolment.id == (enrolment_id or 0),
            Enrolment.institute_id == actor.institute_id,
            coached_by(actor.person_id, day),
        )
    ).one_or_none()
    if row is None or actor.place not in {None, row[2]}:
        return None
    return row[0], row[1], row[2]


def _is_funding(term: str, actor: Actor) -> bool:
    found = named(actor.institute_id, [term])[term]
    return found.known and found.group_key == FUNDING
