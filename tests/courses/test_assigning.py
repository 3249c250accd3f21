"""Coaches: who may coach whom, from when, and what it opens."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from courses.cohorts.assigning import assign_coach
from courses.cohorts.errors import (
    AssignmentOrderError,
    CoachInConflictError,
    CoachIsParticipantError,
    CoachSupervisesError,
)
from courses.cohorts.models import CoachAssignment, EnrolmentId
from institute import clock
from institute.actors import Actor, PersonId, Role
from institute.db import transaction
from institute.errors import NotFoundError
from institute.people import standing
from institute.people.models import Institute, Person, Supervision
from tests.browsing import Visitor
from tests.courses.conftest import Studied

Enrolled = Callable[..., tuple[Person, EnrolmentId]]
MakePerson = Callable[..., Person]
TODAY = datetime(2026, 11, 2, 18, tzinfo=UTC)


def supervise(supervisor: Person, subordinate: Person, since: date, until: date | None = None) -> None:
    """Store who directs whom."""
    with transaction() as session:
        session.add(
            Supervision(
                institute_id=supervisor.institute_id,
                supervisor_id=supervisor.id,
                subordinate_id=subordinate.id,
                since=since,
                until=until,
            )
        )


def test_a_supervisor_never_coaches_while_supervising(
    make_enrolment: Enrolled, make_person: MakePerson, system: Actor, session: Session
) -> None:
    person, enrolment_id = make_enrolment()
    boss = make_person(name="Ruth")
    supervise(boss, person, date(2026, 1, 1))
    with pytest.raises(CoachSupervisesError):
        assign_coach(enrolment_id, PersonId(boss.id), since=date(2026, 10, 1), actor=system)
    assert session.scalars(select(CoachAssignment)).all() == []


def test_a_supervision_that_has_ended_is_no_hindrance_and_one_to_come_is(
    make_enrolment: Enrolled, make_person: MakePerson, system: Actor
) -> None:
    person, enrolment_id = make_enrolment()
    former, coming = make_person(name="Ruth"), make_person(name="Linh")
    supervise(former, person, date(2026, 1, 1), date(2026, 9, 30))
    supervise(coming, person, date(2027, 1, 1))
    with pytest.raises(CoachSupervisesError):
        assign_coach(enrolment_id, PersonId(former.id), since=date(2026, 9, 30), actor=system)
    with pytest.raises(CoachSupervisesError):
        assign_coach(enrolment_id, PersonId(coming.id), since=date(2026, 10, 1), actor=system)
    assign_coach(enrolment_id, PersonId(former.id), since=date(2026, 10, 1), actor=system)


def test_nobody_coaches_oneself(make_enrolment: Enrolled, system: Actor) -> None:
    person, enrolment_id = make_enrolment()
    with pytest.raises(CoachIsParticipantError):
        assign_coach(enrolment_id, PersonId(person.id), actor=system)


def test_a_conflict_that_another_room_reports_is_heeded(
    app: Flask, make_enrolment: Enrolled, make_person: MakePerson, system: Actor
) -> None:
    person, enrolment_id = make_enrolment()
    rater, other = make_person(name="Ruth"), make_person(name="Linh")
    facts = {(rater.id, person.id, "coach")}
    standing.report(app, lambda _, one, two, relation: ["rates"] if (one, two, relation) in facts else [])
    with pytest.raises(CoachInConflictError):
        assign_coach(enrolment_id, PersonId(rater.id), actor=system)
    assign_coach(enrolment_id, PersonId(other.id), actor=system)


def test_coaching_is_reported_to_whoever_asks_for_a_rater_or_supervisor(
    make_enrolment: Enrolled, make_person: MakePerson, system: Actor
) -> None:
    person, enrolment_id = make_enrolment()
    coach = make_person(name="Amina")
    assign_coach(enrolment_id, PersonId(coach.id), actor=system)
    here = system.institute_id
    assert standing.conflicts_between(here, coach.id, person.id, "rater") == ["coaches"]
    assert standing.conflicts_between(here, coach.id, person.id, "supervisor") == ["coaches"]
    assert standing.conflicts_between(here, person.id, coach.id, "rater") == []
    assert standing.conflicts_between(here, coach.id, person.id, "coach") == []


def test_a_new_coach_ends_the_former_ones_time_the_day_before(
    make_enrolment: Enrolled, make_person: MakePerson, system: Actor, session: Session
) -> None:
    _, enrolment_id = make_enrolment()
    first, second = PersonId(make_person(name="Amina").id), PersonId(make_person(name="Ruth").id)
    kept = assign_coach(enrolment_id, first, since=date(2026, 9, 1), actor=system)
    assert assign_coach(enrolment_id, first, since=date(2026, 10, 1), actor=system) == kept
    assign_coach(enrolment_id, second, since=date(2026, 11, 1), actor=system)
    rows = session.scalars(select(CoachAssignment).order_by(CoachAssignment.id)).all()
    assert [(row.coach_id, row.since, row.until) for row in rows] == [
        (first, date(2026, 9, 1), date(2026, 10, 31)),
        (second, date(2026, 11, 1), None),
    ]
    with pytest.raises(AssignmentOrderError):
        assign_coach(enrolment_id, first, since=date(2026, 11, 1), actor=system)


def test_the_database_itself_refuses_two_open_coaches(
    make_enrolment: Enrolled, make_person: MakePerson, system: Actor
) -> None:
    _, enrolment_id = make_enrolment()
    assign_coach(enrolment_id, PersonId(make_person().id), actor=system)
    with pytest.raises(IntegrityError), transaction() as session:
        session.add(
            CoachAssignment(
                institute_id=system.institute_id,
                enrolment_id=enrolment_id,
                coach_id=PersonId(make_person().id),
                since=date(2026, 9, 1),
            )
        )


def test_nobody_is_assigned_across_institutes(
    make_enrolment: Enrolled,
    make_person: MakePerson,
    make_institute: Callable[..., Institute],
    system: Actor,
) -> None:
    _, enrolment_id = make_enrolment()
    stranger = make_person(institute_id=make_institute().id)
    with pytest.raises(NotFoundError):
        assign_coach(enrolment_id, PersonId(stranger.id), actor=system)
    with pytest.raises(NotFoundError):
        assign_coach(enrolment_id, PersonId(stranger.id), actor=Actor(stranger.institute_id, None))


def test_the_coach_role_lives_a_month_longer_than_the_assignment_and_in_its_cohort(
    make_enrolment: Enrolled,
    make_person: MakePerson,
    studied: Studied,
    system: Actor,
    sign_in: Callable[..., Visitor],
) -> None:
    _, enrolment_id = make_enrolment()
    coach, next_coach = make_person(name="Amina"), make_person(name="Ruth")
    with clock.frozen(TODAY):
        here = sign_in(coach, place=studied.cohort_id)
        elsewhere = sign_in(coach, place=studied.cohort_id + 1)
        assert here.get("/coach/").status_code == 403
        assign_coach(enrolment_id, PersonId(coach.id), since=date(2026, 10, 1), actor=system)
        assert here.get("/coach/").status_code == 200
        assert elsewhere.get("/coach/").status_code == 403
        assign_coach(enrolment_id, PersonId(next_coach.id), since=date(2026, 11, 2), actor=system)
        assert here.get("/coach/").status_code == 200  # what was held last is still logged
        with clock.shift(seconds=timedelta(days=31).total_seconds()):
            assert sign_in(coach, place=studied.cohort_id).get("/coach/").status_code == 403


def test_a_coach_sees_progress_and_the_script_of_those_they_coach_and_nobody_else(
    make_enrolment: Enrolled,
    make_person: MakePerson,
    studied: Studied,
    system: Actor,
    sign_in: Callable[..., Visitor],
) -> None:
    person, mine = make_enrolment()
    _, not_mine = make_enrolment(name="陳美玲")
    coach = make_person(name="Amina")
    assign_coach(mine, PersonId(coach.id), since=date(2026, 9, 1), actor=system)
    participant = sign_in(person, roles=[Role.PARTICIPANT], place=studied.cohort_id)
    participant.post("/participant/modules/module-1/segment-1/steps/read", {"done": "1"})
    assert "with <bdi>Amina</bdi>" in participant.get("/participant/modules/module-1/segment-1").get_data(
        as_text=True
    )
    visitor = sign_in(coach, place=studied.cohort_id)
    home = visitor.get("/coach/").get_data(as_text=True)
    assert "Lucía Ortega" in home
    assert "1 of 6 steps" in home
    assert "陳美玲" not in home
    assert "1 of 3 steps done" in visitor.get(f"/coach/participants/{mine}").get_data(as_text=True)
    assert visitor.get(f"/coach/participants/{not_mine}").status_code == 404
    script = visitor.get("/coach/programmes/leadership/module-1/segment-1").get_data(as_text=True)
    for wanted in ("Do not assess today", "What made it possible?", "Open with a welcome.", "For you alone"):
        assert wanted in script
