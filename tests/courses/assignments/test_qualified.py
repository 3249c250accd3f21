"""No assignment before the requirements are met, whichever way it is tried."""

from __future__ import annotations

import functools
import threading
from collections.abc import Callable
from datetime import UTC, date, datetime
from io import BytesIO

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from courses.coaches.errors import CoachNotQualifiedError
from courses.coaches.models import CoachRecord, CoachRecordId
from courses.coaches.recording import end_record
from courses.cohorts.assigning import assign_coach
from courses.cohorts.models import CoachAssignment, EnrolmentId
from institute import clock
from institute.actors import PersonId
from institute.db import db
from institute.errors import DomainError
from institute.people.models import Institute, Person
from tests.browsing import Visitor
from tests.courses.assignments.conftest import Desk

Enrolled = Callable[..., tuple[Person, EnrolmentId]]
TODAY = datetime(2026, 11, 2, 18, tzinfo=UTC)


def test_a_coach_is_assigned_only_when_everything_is_there(
    coordinator: Visitor,
    make_enrolment: Enrolled,
    make_coach: Callable[..., Person],
    make_requirement: Callable[..., str],
    session: Session,
) -> None:
    _, enrolment_id = make_enrolment()
    coach = make_coach()
    make_requirement()
    with clock.frozen(TODAY):
        here = f"/coordinator/assignments/{enrolment_id}"
        page = coordinator.get(here).get_data(as_text=True)
        assert "Missing: Degree" in page
        form = {"coach": str(coach.id), "since": "2026-11-02", "ends_on": ""}
        refused = coordinator.post(here, form)
        assert refused.status_code == 422
        assert "cannot be assigned yet. Missing: Degree." in refused.get_data(as_text=True)
        assert session.scalars(select(CoachAssignment)).all() == []
        record = {"requirement": "degree", "kind": "evidence", "on": "2026-11-02"}
        assert coordinator.post(f"/coordinator/coaches/{coach.id}/records", record).status_code == 303
        assert coordinator.post(here, form).status_code == 303
    assert session.scalars(select(CoachAssignment.coach_id)).all() == [coach.id]


def test_the_evidence_is_kept_and_sent_to_coordinators_alone(
    coordinator: Visitor,
    make_coach: Callable[..., Person],
    make_requirement: Callable[..., str],
    sign_in: Callable[..., Visitor],
    session: Session,
) -> None:
    coach = make_coach()
    make_requirement()
    with clock.frozen(TODAY):
        record = {
            "requirement": "degree",
            "on": "2026-11-02",
            "file": (BytesIO(b"A diploma."), "diploma.txt"),
        }
        path = f"/coordinator/coaches/{coach.id}/records"
        assert coordinator.post(path, record, content_type="multipart/form-data").status_code == 303
        row = session.scalars(select(CoachRecord)).one()
        sent = coordinator.get(f"/coordinator/coaches/records/{row.id}/files/evidence")
        assert sent.data == b"A diploma."
        assert "attachment" in sent.headers["Content-Disposition"]
        assert sign_in(coach).get(f"/coordinator/coaches/records/{row.id}/files/evidence").status_code == 403


def test_nobody_verifies_what_they_bring_themselves(
    make_coordinator: Callable[..., tuple[Person, Visitor]], make_requirement: Callable[..., str]
) -> None:
    person, visitor = make_coordinator()
    make_requirement()
    assert visitor.post("/coordinator/coaches/", {"person": person.name}).status_code == 303
    record = {"requirement": "degree", "on": "2026-01-02"}
    refused = visitor.post(f"/coordinator/coaches/{person.id}/records", record)
    assert refused.status_code == 409
    assert "Ask another coordinator" in refused.get_data(as_text=True)


def test_a_record_that_was_ended_holds_no_more_and_present_assignments_go_on(
    desk: Desk, session: Session
) -> None:
    (_, first), (_, second) = desk.enrol(), desk.enrol(name="陳美玲")
    coach = desk.coach()
    desk.require()
    with clock.frozen(TODAY):
        desk.verify(coach)
        assign_coach(first, PersonId(coach.id), actor=desk.system)
        row = session.scalars(select(CoachRecord.id)).one()
        path = f"/coordinator/coaches/records/{row}/end"
        assert desk.visitor.post(path, {"reason": " "}).status_code == 422
        assert desk.visitor.post(path, {"reason": "The diploma was another person’s."}).status_code == 303
        assert desk.visitor.post(path, {"reason": "Once more."}).status_code == 409
        with pytest.raises(CoachNotQualifiedError):
            assign_coach(second, PersonId(coach.id), actor=desk.system)
    assert session.scalars(select(CoachAssignment.until)).all() == [None]


def test_of_an_assignment_and_the_end_of_a_record_at_once_one_sees_the_other(
    app: Flask, desk: Desk, session: Session
) -> None:
    coach = PersonId(desk.coach().id)
    desk.require()
    desk.verify(session.get_one(Person, coach))
    record_id = CoachRecordId(session.scalars(select(CoachRecord.id)).one())
    people = [desk.enrol(name=f"Person {number}")[1] for number in range(6)]
    assign = functools.partial(assign_coach, coach_id=coach, since=date(2026, 11, 1), actor=desk.system)
    acts: list[tuple[str, Callable[[], object]]] = [
        ("assigned", functools.partial(assign, one)) for one in people
    ]
    acts.append(("ended", functools.partial(end_record, record_id, "Forged.", actor=desk.system)))
    gate = threading.Barrier(len(acts))
    outcomes: list[str] = []

    def run(name: str, act: Callable[[], object]) -> None:
        with app.app_context():
            gate.wait()
            try:
                act()
                outcomes.append(name)
            except DomainError as error:
                outcomes.append(error.code)
            finally:
                db.session.remove()

    threads = [threading.Thread(target=run, args=one) for one in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    session.rollback()
    made = outcomes.count("assigned")
    assert outcomes.count("ended") == 1
    assert outcomes.count("COACH-NOT-QUALIFIED") == len(people) - made
    assert len(session.scalars(select(CoachAssignment)).all()) == made
    _, late = desk.enrol(name="One more")
    with pytest.raises(CoachNotQualifiedError):
        assign(late)


BAD = [
    {"on": "yesterday"},
    {"on": "2999-01-01"},
    {"on": "2026-10-01", "expires": "2026-09-01"},
    {"on": "2026-10-01", "words": "x" * 2001},
    {"on": "2026-10-01", "kind": "waiver", "expires": "2027-01-01"},
    {"on": "2026-10-01", "kind": "waiver", "reason": "a", "pathway": "b"},
    {"on": "2026-10-01", "kind": "anything"},
    {"on": "\x00", "expires": "9" * 30, "words": "\x00\u202e"},
]


@pytest.mark.parametrize("fields", BAD)
def test_a_record_that_says_no_day_or_no_end_is_refused_and_nothing_typed_is_lost(
    coordinator: Visitor,
    make_coach: Callable[..., Person],
    make_requirement: Callable[..., str],
    session: Session,
    fields: dict[str, str],
) -> None:
    coach = make_coach()
    make_requirement()
    with clock.frozen(TODAY):
        sent = {"requirement": "degree", "words": "Diploma seen.", **fields}
        answer = coordinator.post(f"/coordinator/coaches/{coach.id}/records", sent)
    assert answer.status_code == 422
    page = answer.get_data(as_text=True)
    assert "before this can be sent" in page
    if "words" not in fields:
        assert "Diploma seen." in page
    assert session.scalars(select(CoachRecord)).all() == []


def test_coaches_and_records_of_another_institute_are_not_there(
    coordinator: Visitor,
    make_institute: Callable[..., Institute],
    make_person: Callable[..., Person],
    make_requirement: Callable[..., str],
) -> None:
    make_requirement()
    stranger = make_person(institute_id=make_institute().id, email="far@example.test", name="Far Away")
    assert coordinator.get(f"/coordinator/coaches/{stranger.id}").status_code == 404
    sent = coordinator.post(f"/coordinator/coaches/{stranger.id}/records", {"requirement": "degree"})
    assert sent.status_code == 404
    assert coordinator.post("/coordinator/coaches/", {"person": "far@example.test"}).status_code == 422
