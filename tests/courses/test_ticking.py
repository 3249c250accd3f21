"""Ticking steps off: counted once, taken back without being forgotten, told to other rooms."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from courses.cohorts.enrolling import change_state
from courses.cohorts.errors import EnrolmentNotActiveError
from courses.cohorts.events import ProgressChanged
from courses.cohorts.models import ActivityCompletion, EnrolmentId, EnrolmentState
from courses.cohorts.queries import progress_of
from courses.cohorts.ticking import StepAddress, tick
from institute import events
from institute.actors import Actor, PersonId, Role
from institute.errors import NotFoundError
from institute.people.models import Person
from tests.browsing import Visitor
from tests.courses.conftest import Studied
from tests.programmes import activity, renew, segment_draft, with_segment

SEGMENT = "/participant/modules/module-1/segment-1"
READ = f"{SEGMENT}/steps/read"
STEP = StepAddress("module-1", "segment-1", "read")

Enrolled = Callable[..., tuple[Person, EnrolmentId]]


@pytest.fixture
def heard(app: Flask) -> list[ProgressChanged]:
    """What the room tells others in this test."""
    told: list[ProgressChanged] = []
    events.subscribe(app, ProgressChanged, told.append)
    return told


def test_a_tick_is_stored_shown_and_told(
    participant: Visitor, session: Session, heard: list[ProgressChanged], studied: Studied
) -> None:
    answer = participant.post(READ, {"done": "1"})
    assert answer.status_code == 303
    assert answer.location.endswith(f"{SEGMENT}#step-read")
    assert len(session.scalars(select(ActivityCompletion)).all()) == 1
    text = participant.get(SEGMENT).get_data(as_text=True)
    assert "1 of 3 steps done" in text
    assert 'id="step-read-box" checked' in text
    assert [(one.segment_id, one.cohort_id) for one in heard] == [(studied.segment_ids[0], studied.cohort_id)]
    assert progress_of(heard[0].person_id, studied.cohort_id, "segment:leadership/module-1/segment-1") == (
        1,
        3,
    )


def test_ticking_twice_counts_once_and_tells_once(
    participant: Visitor, session: Session, heard: list[ProgressChanged]
) -> None:
    for _ in range(2):
        assert participant.post(READ, {"done": "1"}).status_code == 303
    assert len(session.scalars(select(ActivityCompletion)).all()) == 1
    assert len(heard) == 1


def test_a_tick_taken_back_is_open_again_and_not_forgotten(
    participant: Visitor, session: Session, heard: list[ProgressChanged]
) -> None:
    participant.post(READ, {"done": "1"})
    participant.post(READ)
    participant.post(READ)
    assert "0 of 3 steps done" in participant.get(SEGMENT).get_data(as_text=True)
    participant.post(READ, {"done": "1"})
    rows = session.scalars(select(ActivityCompletion).order_by(ActivityCompletion.id)).all()
    assert [row.undone_at is None for row in rows] == [False, True]
    assert len(heard) == 3


def test_all_steps_done_leads_on_to_the_next_segment(participant: Visitor) -> None:
    for key in ("read", "rank", "prepare"):
        participant.post(f"{SEGMENT}/steps/{key}", {"done": "1"})
    assert "Go on to segment 2" in participant.get(SEGMENT).get_data(as_text=True)
    assert "Start segment 2" in participant.get("/participant/").get_data(as_text=True)
    for key in ("read", "rank", "prepare"):
        participant.post(f"/participant/modules/module-1/segment-2/steps/{key}", {"done": "1"})
    assert "Every step is done" in participant.get("/participant/").get_data(as_text=True)


def test_a_paused_enrolment_reads_but_ticks_nothing(
    make_enrolment: Enrolled,
    studied: Studied,
    system: Actor,
    sign_in: Callable[..., Visitor],
    session: Session,
) -> None:
    person, enrolment_id = make_enrolment()
    visitor = sign_in(person, roles=[Role.PARTICIPANT], place=studied.cohort_id)
    change_state(enrolment_id, EnrolmentState.PAUSED, actor=system)
    text = visitor.get(SEGMENT).get_data(as_text=True)
    assert "Your enrolment is paused" in text
    assert "steps/read" not in text
    answer = visitor.post(READ, {"done": "1"})
    assert answer.status_code == 409
    assert "nothing can be ticked off" in answer.get_data(as_text=True)
    assert session.scalars(select(ActivityCompletion)).all() == []


def test_nobody_ticks_for_somebody_else(make_enrolment: Enrolled, system: Actor, session: Session) -> None:
    _, theirs = make_enrolment()
    somebody, _ = make_enrolment(name="陳美玲")
    actor = Actor(institute_id=system.institute_id, person_id=PersonId(somebody.id))
    for intruder in (actor, system):
        with pytest.raises(NotFoundError):
            tick(theirs, STEP, actor=intruder)
    assert session.scalars(select(ActivityCompletion)).all() == []


@pytest.mark.parametrize("path", ["segment-1/steps/none", "segment-9/steps/read"])
def test_a_step_that_is_not_there_is_not_found(participant: Visitor, path: str) -> None:
    assert participant.post(f"/participant/modules/module-1/{path}", {"done": "1"}).status_code == 404


def test_a_step_that_a_version_lacks_leaves_the_totals_and_returns_with_what_was_done(
    make_enrolment: Enrolled, studied: Studied, system: Actor
) -> None:
    person, enrolment_id = make_enrolment()
    actor = Actor(institute_id=system.institute_id, person_id=PersonId(person.id))
    tick(enrolment_id, STEP, actor=actor)
    less = segment_draft(activities=(activity("rank"),))
    renew(with_segment(less), actor=system)
    target = "segment:leadership/module-1/segment-1"
    assert progress_of(PersonId(person.id), studied.cohort_id, target) == (0, 1)
    with pytest.raises(NotFoundError):
        tick(enrolment_id, STEP, actor=actor)
    renew(with_segment(segment_draft()), actor=system)
    assert progress_of(PersonId(person.id), studied.cohort_id, target) == (1, 3)


@pytest.mark.parametrize(
    "state",
    [EnrolmentState.PAUSED, EnrolmentState.COMPLETED, EnrolmentState.WITHDRAWN, EnrolmentState.TRANSFERRED],
)
def test_only_an_active_enrolment_ticks(
    make_enrolment: Enrolled, system: Actor, state: EnrolmentState
) -> None:
    person, enrolment_id = make_enrolment()
    change_state(enrolment_id, state, actor=system)
    with pytest.raises(EnrolmentNotActiveError):
        tick(enrolment_id, STEP, actor=Actor(system.institute_id, PersonId(person.id)))
