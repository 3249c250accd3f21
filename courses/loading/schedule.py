"""The planned sessions of an institute's folder: ``schedule.toml``, who meets whom in some days."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from sqlalchemy import select

from courses.cohorts.assigning import assigned_on, local_day
from courses.cohorts.models import CoachAssignment, Cohort, Enrolment, EnrolmentId
from courses.loading.tables import Table, UnknownNameError, read_table
from courses.schedule.errors import PlanMembersError, PlanPastError
from courses.schedule.models import PlannedSession
from courses.schedule.planning import plan_session
from courses.schedule.sheets import PlanSheet
from courses.sessions.models import Mode
from institute.actors import Actor, PersonId, Role
from institute.db import db, transaction
from institute.people.institutes import InstituteLoaded
from institute.people.models import Person

FILE: Final = "schedule.toml"


def load_schedule(loaded: InstituteLoaded) -> None:
    """Plan the sessions of a folder in an institute that has none yet. Raises FolderError for what cannot be used."""
    path = loaded.folder / FILE
    if not path.is_file():
        return
    table, actor = read_table(path, folder=loaded.folder), loaded.actor
    there = select(PlannedSession.id).where(PlannedSession.institute_id == actor.institute_id).limit(1)
    with transaction() as session:
        known = session.scalar(there) is not None
        for entry in table.tables("session"):
            _load(entry, actor, known=known)
        table.finish()


def _load(entry: Table, actor: Actor, *, known: bool) -> None:
    found = [_coached(entry, key, actor) for key in entry.names("participants")]
    in_days = entry.number("in_days", 0)
    begins, ends = entry.text("begins"), entry.text("ends")
    mode, place = entry.choice("mode", Mode), entry.optional_text("place") or ""
    entry.finish()
    coached = [one for one in found if one is not None]
    if known or not coached or len(coached) < len(found):
        return
    _, coach_id, zone = coached[0]
    sheet = PlanSheet(
        day=(local_day(zone) + timedelta(days=in_days)).isoformat(),
        begins=begins,
        ends=ends,
        mode=mode,
        place=place,
        members=tuple(str(enrolment_id) for enrolment_id, _, _ in coached),
        anyway="1",
    )
    coach = Actor(institute_id=actor.institute_id, person_id=coach_id, roles=frozenset({Role.COACH}))
    _, checked = plan_session(sheet, actor=coach)
    for name, problem in checked.problems.items():
        if not isinstance(problem, (PlanPastError, PlanMembersError)):
            raise entry.wrong(name, problem.text)


def _coached(entry: Table, key: str, actor: Actor) -> tuple[EnrolmentId, PersonId, str] | None:
    """Return somebody's enrolment, today's coach and the zone of the cohort; None for whom nobody coaches today."""
    person_id = db.session.scalar(
        select(Person.id).where(Person.institute_id == actor.institute_id, Person.key == key)
    )
    if person_id is None:
        raise UnknownNameError(file=entry.file, key=entry.key("participants"), name=key)
    row = db.session.execute(
        select(Enrolment.id, CoachAssignment.coach_id, Cohort.timezone)
        .join(Cohort, Cohort.id == Enrolment.cohort_id)
        .join(CoachAssignment, CoachAssignment.enrolment_id == Enrolment.id)
        .where(Enrolment.person_id == person_id, assigned_on(local_day("UTC")))
        .order_by(Enrolment.id)
        .limit(1)
    ).one_or_none()
    return None if row is None else (row.id, row.coach_id, row.timezone)
