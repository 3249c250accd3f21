"""Planning: one form, both sides see it; moved, cancelled, asked for otherwise."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from courses.cohorts.models import EnrolmentId
from courses.schedule.models import PlannedMember, PlannedSession, PlanState
from institute import clock
from institute.actors import Role
from institute.people.models import Person
from tests.browsing import Visitor
from tests.courses.coaching.conftest import Pair
from tests.courses.conftest import Studied
from tests.courses.schedule.plans import STARTS, cancel, move, plan, plan_fields

NEW = "/coach/schedule/new"
Planned = Callable[[int], PlannedSession]
MemberOf = Callable[[int], PlannedMember]


def test_planned_session_stands_on_both_sides(pair: Pair, planned: Planned) -> None:
    planned_id = plan(pair)
    assert (planned(planned_id).start_utc, planned(planned_id).state) == (STARTS, PlanState.PLANNED)
    assert "Lucía Ortega" in pair.coach.get("/coach/schedule/").text
    page = pair.participant.get("/participant/schedule/").text
    assert "Amina Haddad" in page
    detail = pair.participant.get(f"/participant/schedule/{planned_id}").text
    assert 'href="https://meet.example.org/amina"' in detail
    assert "Pacific Time" in detail


def test_form_is_filled_in_a_week_after_the_last_session_at_its_hour(pair: Pair) -> None:
    pair.log()  # Tuesday 13 October, 15:30 to 16:45, in person
    page = pair.coach.get(f"{NEW}?with={pair.enrolment_id}").text
    assert 'value="2026-10-20"' in page
    assert 'value="15:30"' in page
    assert 'value="16:45"' in page


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("day", "20.10.2026", "Write the date"),
        ("day", "", "Write the date"),
        ("day", "9999-99-99", "Write the date"),
        ("day", "2026-10-13", "This time has passed"),
        ("begins", "half past", "Write a time such as"),
        ("ends", "15:30", "The end is not after the start"),
        ("ends", "25:00", "Write a time such as"),
        ("mode", "telepathy", "Choose one of these"),
        ("place", "x" * 501, "there is room for 500"),
        ("segment", "9" * 30, "Choose a segment"),
        ("segment", "999999", "Choose a segment"),
        ("members", "", "Choose with whom"),
        ("members", "10" * 40, "Choose with whom"),
        ("members", "999999", "Choose with whom"),
    ],
)
def test_what_cannot_be_planned_comes_back_with_what_was_typed(
    pair: Pair, session: Session, field: str, value: str, sentence: str
) -> None:
    answer = pair.coach.post(NEW, plan_fields(pair, **{field: value}))
    assert answer.status_code == 422
    assert sentence in answer.text
    if field != "place":
        assert 'value="https://meet.example.org/amina"' in answer.text
    assert session.scalar(select(func.count()).select_from(PlannedSession)) == 0


def test_form_survives_what_nobody_types(pair: Pair) -> None:
    odd = {
        "day": "\0",
        "begins": "\u2066",
        "ends": "1" * 400,
        "place": "\u202e\0",
        "mode": "",
        "members": "\0",
    }
    assert pair.coach.post(NEW, plan_fields(pair, **odd)).status_code == 422
    assert pair.coach.post(NEW, {}).status_code == 422


def test_time_that_the_clocks_leave_out_is_refused_and_one_shown_twice_is_asked_about(
    pair: Pair, planned: Planned
) -> None:
    never = pair.coach.post(NEW, plan_fields(pair, day="2027-03-14", begins="02:30", ends="03:30"))
    assert never.status_code == 422
    assert "there is no 02:30" in never.text
    twice = plan_fields(pair, day="2026-11-01", begins="01:15", ends="02:30")
    asked = pair.coach.post(NEW, twice)
    assert asked.status_code == 422
    assert "there is 01:15 twice" in asked.text
    planned_id = plan(pair, day="2026-11-01", begins="01:15", ends="02:30", begins_side="second")
    assert planned(planned_id).end_utc - planned(planned_id).start_utc == (STARTS - STARTS).__class__(
        minutes=75
    )


def test_something_else_at_that_time_is_told_and_can_be_waved_through(
    pair: Pair, make_pair: Callable[..., Pair]
) -> None:
    plan(pair)
    second = make_pair(coach=pair.coach_person, name="Rosa Delgado")
    asked = second.coach.post(NEW, plan_fields(second, begins="16:00", ends="17:00"))
    assert asked.status_code == 409
    assert "At that time you have Coaching session with Lucía" in asked.text
    assert "Delgado is not free" not in asked.text
    touching = second.coach.post(NEW, plan_fields(second, begins="16:30", ends="17:00"))
    assert touching.status_code == 303
    anyway = second.coach.post(NEW, plan_fields(second, begins="16:00", ends="16:30", anyway="1"))
    assert anyway.status_code == 303


def test_clash_of_a_participant_says_when_and_not_what(
    pair: Pair, make_person: Callable[..., Person], make_pair: Callable[..., Pair]
) -> None:
    other = make_pair(name="Rosa Delgado")
    plan(other)
    # Rosa's coach changes; the new coach plans at the same time.
    answer = pair.coach.post(
        NEW, plan_fields(pair, members=[str(pair.enrolment_id), str(other.enrolment_id)])
    )
    assert answer.status_code == 422  # whom somebody else coaches cannot be planned with
    page = other.coach.post(NEW, plan_fields(other, begins="16:00", ends="17:00")).text
    assert "Rosa Delgado is not free at that time" in page


def test_group_is_one_session_with_several(
    pair: Pair, make_pair: Callable[..., Pair], session: Session
) -> None:
    second = make_pair(coach=pair.coach_person, name="Rosa Delgado")
    planned_id = plan(pair, members=[str(pair.enrolment_id), str(second.enrolment_id)])
    members = session.scalars(select(PlannedMember.enrolment_id)).all()
    assert set(members) == {pair.enrolment_id, second.enrolment_id}
    assert second.participant.get(f"/participant/schedule/{planned_id}").status_code == 200
    page = pair.participant.get(f"/participant/schedule/{planned_id}").text
    assert "Rosa" not in page


def test_moved_session_is_the_same_one_under_the_next_sequence(pair: Pair, planned: Planned) -> None:
    planned_id = plan(pair)
    assert move(pair.coach, pair, planned_id, begins="16:00", ends="17:00") == 303
    assert planned(planned_id).sequence == 1
    assert planned(planned_id).state is PlanState.PLANNED
    # A form that was made before the other change is told so.
    assert move(pair.coach, pair, planned_id, sequence=0, begins="17:00", ends="18:00") == 409
    assert cancel(pair.coach, planned_id, sequence=0) == 409
    assert cancel(pair.coach, planned_id, sequence=1, reason="I am ill.") == 303
    assert "I am ill." in pair.participant.get(f"/participant/schedule/{planned_id}").text
    assert move(pair.coach, pair, planned_id, sequence=2) == 409


def test_participant_asks_for_another_time_and_the_coach_answers(pair: Pair, member_of: MemberOf) -> None:
    planned_id = plan(pair)
    ask = f"/participant/schedule/{planned_id}/ask"
    assert pair.participant.post(ask, {"word": " "}).status_code == 422
    assert pair.participant.post(ask, {"word": "x" * 501}).status_code == 422
    assert pair.participant.post(ask, {"word": "Thursday at 9?"}).status_code == 303
    assert "Thursday at 9?" in pair.coach.get(f"/coach/schedule/{planned_id}").text
    assert pair.coach.post(f"/coach/schedule/{planned_id}/keep").status_code == 303
    assert member_of(planned_id).asked_at is None
    assert pair.participant.post(ask, {"word": "Friday?"}).status_code == 303
    assert move(pair.coach, pair, planned_id, day="2026-10-23") == 303
    assert member_of(planned_id).asked == ""
    today = plan(pair, day="2026-10-14", begins="12:30", ends="13:30")
    with clock.shift(seconds=45 * 60):
        late = pair.participant.post(f"/participant/schedule/{today}/ask", {"word": "Too late"})
        assert late.status_code == 409


def test_who_plans_no_longer_coaches_is_not_planned_with(
    pair: Pair, make_enrolment: Callable[..., tuple[Person, EnrolmentId]]
) -> None:
    _, stranger = make_enrolment(email="stranger@example.test")
    answer = pair.coach.post(NEW, plan_fields(pair, members=[str(stranger)]))
    assert answer.status_code == 422


def test_somebody_else_s_plan_is_not_there(
    pair: Pair,
    make_pair: Callable[..., Pair],
    sign_in: Callable[..., Visitor],
    studied: Studied,
) -> None:
    other = make_pair(name="Rosa Delgado")
    planned_id = plan(pair)
    for path in ("", "/move"):
        assert other.coach.get(f"/coach/schedule/{planned_id}{path}").status_code == 404
    assert move(other.coach, other, planned_id) == 404
    assert cancel(other.coach, planned_id) == 404
    assert other.coach.post(f"/coach/schedule/{planned_id}/keep").status_code == 404
    assert other.participant.get(f"/participant/schedule/{planned_id}").status_code == 404
    asked = other.participant.post(f"/participant/schedule/{planned_id}/ask", {"word": "Now"})
    assert asked.status_code == 404
    elsewhere = sign_in(pair.coach_person, roles=[Role.COACH], place=studied.cohort_id + 1)
    assert elsewhere.get(f"/coach/schedule/{planned_id}").status_code in {403, 404}
