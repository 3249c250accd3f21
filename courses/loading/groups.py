"""The group sessions of a sample's past, and what coaches noted beside sessions."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Final

from sqlalchemy import select

from courses.coaching.answering import confirm_session
from courses.coaching.groups_checking import GroupSheet
from courses.coaching.groups_writing import log_group, standing_logs
from courses.coaching.planning import PlanningSheet, note_planning
from courses.coaching.sheets import Sheet, check_sheet
from courses.coaching.terms import FUNDING, PRACTICES
from courses.cohorts.models import Cohort, Enrolment, EnrolmentId
from courses.loading.history import HistoryTold, as_role, known
from courses.loading.tables import Table
from courses.sessions.models import Kind
from institute.actors import Actor, Role
from institute.clock import frozen, now
from institute.db import db
from institute.errors import DomainError

WRITTEN_AFTER: Final = timedelta(hours=1)
ANSWERED_AFTER: Final = timedelta(hours=20)


def tell_groups(told: HistoryTold) -> None:
    """Tell the group sessions and the time beside sessions of those whose past is being told."""
    for entry in told.table.tables("group"):
        _tell_group(entry, told)
    for entry in told.table.tables("planning"):
        _tell_planning(entry, told)


def _tell_group(entry: Table, told: HistoryTold) -> None:
    coach = as_role(known(entry, "coach", entry.text("coach"), told.cast), Role.COACH)
    names, confirmed = entry.names("participants"), entry.names("confirmed")
    people = {name: known(entry, "participants", name, told.cast) for name in names}
    title = entry.text("title")
    sheet = Sheet(
        day=entry.text("day"),
        begins=entry.text("begins"),
        ends=entry.text("ends"),
        mode=entry.text("mode"),
        kind=Kind.GROUP,
        notes=entry.text("notes"),
        next_steps=entry.text("next_steps"),
        due=entry.optional_text("due") or "",
        practices=" ".join(f"{PRACTICES}/{name}" for name in entry.names("practices")),
        funding=f"{FUNDING}/{entry.text('funding')}",
    )
    entry.finish()
    cohort = _cohort(coach)
    checked = check_sheet(sheet, zone=cohort.timezone)
    _refuse(entry, checked.problems.values())
    if checked.facts is None or not told.begun.issuperset(names):
        return
    ended = checked.facts.end
    if ended + ANSWERED_AFTER > now():
        return
    members = {_enrolment_of(person): "" for person in people.values()}
    with frozen(ended + WRITTEN_AFTER):
        written = log_group(cohort, GroupSheet(sheet, title, members), actor=coach)
    _refuse(entry, [*written.checked.shared.problems.values(), *written.checked.problems.values()])
    if written.group_id is None:
        return
    logs = standing_logs(written.group_id, session=db.session())
    with frozen(ended + ANSWERED_AFTER):
        for name in confirmed:
            log = logs[_enrolment_of(people[name])]
            actor = as_role(people[name], Role.PARTICIPANT)
            confirm_session(log.id, version=log.version, actor=actor)


def _tell_planning(entry: Table, told: HistoryTold) -> None:
    coach = as_role(known(entry, "coach", entry.text("coach"), told.cast), Role.COACH)
    name = entry.text("participant")
    participant = known(entry, "participant", name, told.cast)
    at, minutes = entry.instant("at"), str(entry.number("minutes"))
    note, funding = entry.text("note"), entry.text("funding")
    entry.finish()
    if name not in told.begun or at > now():
        return
    day = at.date().isoformat()
    whose = str(_enrolment_of(participant))
    with frozen(at):
        problems = note_planning(
            PlanningSheet(day, minutes, whose, f"{FUNDING}/{funding}", note), actor=coach
        )
    _refuse(entry, problems.values())


def _refuse(entry: Table, problems: Iterable[DomainError]) -> None:
    for problem in problems:
        raise entry.wrong("title", problem.text)


def _cohort(coach: Actor) -> Cohort:
    return db.session.scalars(select(Cohort).where(Cohort.id == coach.place)).one()


def _enrolment_of(person: Actor) -> EnrolmentId:
    return db.session.scalars(
        select(Enrolment.id).where(
            Enrolment.cohort_id == person.place, Enrolment.person_id == person.person_id
        )
    ).one()
