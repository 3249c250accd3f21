"""Enrolments: entering a cohort, and the lawful ways from state to state."""

from __future__ import annotations

from collections.abc import Callable
from itertools import product

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from courses.cohorts.enrolling import LAWFUL, change_state, enrol, invite
from courses.cohorts.errors import UnlawfulTransitionError
from courses.cohorts.models import Enrolment, EnrolmentId, EnrolmentState
from institute.actors import Actor, PersonId, Role
from institute.audit.models import AuditEvent
from institute.db import transaction
from institute.errors import NotFoundError
from institute.people.models import Institute, Person
from tests.browsing import Visitor
from tests.courses.conftest import Studied

Enrolled = Callable[..., tuple[Person, EnrolmentId]]
State = EnrolmentState
LISTED = {
    (State.INVITED, State.ACTIVE),
    (State.ACTIVE, State.PAUSED),
    (State.PAUSED, State.ACTIVE),
    *product((State.ACTIVE, State.PAUSED), (State.COMPLETED, State.WITHDRAWN, State.TRANSFERRED)),
}


def test_enrolling_twice_enrols_once(
    studied: Studied, system: Actor, make_person: Callable[..., Person], session: Session
) -> None:
    person_id = PersonId(make_person().id)
    first = enrol(studied.cohort_id, person_id, actor=system)
    assert enrol(studied.cohort_id, person_id, actor=system) == first
    assert session.scalars(select(Enrolment.state)).all() == [State.ACTIVE]


def test_an_invited_person_who_comes_becomes_active_and_a_paused_one_stays_paused(
    studied: Studied, system: Actor, make_person: Callable[..., Person], session: Session
) -> None:
    person_id = PersonId(make_person().id)
    enrolment_id = invite(studied.cohort_id, person_id, actor=system)
    assert session.get_one(Enrolment, enrolment_id).state is State.INVITED
    enrol(studied.cohort_id, person_id, actor=system)
    assert session.get_one(Enrolment, enrolment_id).state is State.ACTIVE
    change_state(enrolment_id, State.PAUSED, actor=system)
    enrol(studied.cohort_id, person_id, actor=system)
    assert session.get_one(Enrolment, enrolment_id).state is State.PAUSED


@pytest.mark.parametrize(("before", "wished"), list(product(State, State)))
def test_only_the_listed_transitions_are_lawful(
    make_enrolment: Enrolled, system: Actor, session: Session, before: State, wished: State
) -> None:
    _, enrolment_id = make_enrolment()
    with transaction() as writing:
        writing.execute(update(Enrolment).values(state=before))
    if (before, wished) in LISTED:
        change_state(enrolment_id, wished, actor=system)
        assert session.get_one(Enrolment, enrolment_id).state is wished
        event = session.scalars(select(AuditEvent).order_by(AuditEvent.id.desc())).first()
        assert event is not None
        assert (event.action, event.details) == (f"enrolment.{wished}", {"from": before})
    else:
        with pytest.raises(UnlawfulTransitionError):
            change_state(enrolment_id, wished, actor=system)
        assert session.get_one(Enrolment, enrolment_id).state is before


def test_every_state_says_where_it_may_lead() -> None:
    assert {(before, wished) for before, ways in LAWFUL.items() for wished in ways} == LISTED


def test_nobody_is_enrolled_across_institutes(
    studied: Studied,
    system: Actor,
    make_institute: Callable[..., Institute],
    make_person: Callable[..., Person],
) -> None:
    other = make_institute()
    stranger = make_person(institute_id=other.id)
    with pytest.raises(NotFoundError):
        enrol(studied.cohort_id, PersonId(stranger.id), actor=system)
    with pytest.raises(NotFoundError):
        enrol(studied.cohort_id, PersonId(stranger.id), actor=Actor(other.id, None))


def test_a_facilitator_pauses_a_member_and_the_participant_sees_it(
    make_enrolment: Enrolled,
    studied: Studied,
    make_person: Callable[..., Person],
    sign_in: Callable[..., Visitor],
) -> None:
    person, enrolment_id = make_enrolment()
    facilitator = sign_in(make_person(name="Tomás"), roles=[Role.FACILITATOR], place=studied.cohort_id)
    page = f"/facilitator/cohort/members/{enrolment_id}"
    assert "Pause" in facilitator.get(page).get_data(as_text=True)
    assert facilitator.post(f"{page}/state", {"state": "paused"}).status_code == 303
    assert "The enrolment was changed." in facilitator.get(page).get_data(as_text=True)
    participant = sign_in(person, roles=[Role.PARTICIPANT], place=studied.cohort_id)
    assert "Your enrolment is paused" in participant.get("/participant/modules/").get_data(as_text=True)


def test_an_unlawful_change_is_refused_in_words_and_an_unknown_state_is_bad_input(
    make_enrolment: Enrolled,
    studied: Studied,
    make_person: Callable[..., Person],
    sign_in: Callable[..., Visitor],
) -> None:
    _, enrolment_id = make_enrolment()
    facilitator = sign_in(make_person(name="Tomás"), roles=[Role.FACILITATOR], place=studied.cohort_id)
    path = f"/facilitator/cohort/members/{enrolment_id}/state"
    answer = facilitator.post(path, {"state": "invited"})
    assert answer.status_code == 409
    assert "cannot become “invited”" in answer.get_data(as_text=True)
    assert facilitator.post(path, {"state": "gone"}).status_code == 422
    assert facilitator.post(path).status_code == 422


@pytest.mark.parametrize("number", [0, 2**31, 2**63, 10**30])
def test_a_member_who_cannot_be_is_not_found(
    studied: Studied, make_person: Callable[..., Person], sign_in: Callable[..., Visitor], number: int
) -> None:
    facilitator = sign_in(make_person(), roles=[Role.FACILITATOR], place=studied.cohort_id)
    page = f"/facilitator/cohort/members/{number}"
    assert facilitator.get(page).status_code == 404
    assert facilitator.post(f"{page}/state", {"state": "paused"}).status_code == 404
