"""A plan: its person writes it, their coach reads it and may add to it, nobody else does either."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from courses.cohorts.models import Enrolment, EnrolmentState
from courses.plans.models import PlanAction, PlanGoal
from institute.actors import Role
from institute.db import transaction
from institute.people.models import Person
from tests.browsing import Visitor
from tests.courses.conftest import Studied
from tests.courses.plans.conftest import PLAN, Planning


def pause(planning: Planning) -> None:
    """Let the enrolment be paused."""
    with transaction() as session:
        session.execute(
            update(Enrolment).where(Enrolment.id == planning.enrolment_id).values(state=EnrolmentState.PAUSED)
        )


def test_a_goal_and_its_actions_stand_in_the_plan(planning: Planning) -> None:
    goal = planning.goal()
    planning.action(goal, "Visit two classrooms", "2026-11-30")
    page = planning.person.get(f"{PLAN}/").text
    assert "Listen more than I speak" in page
    assert "Visit two classrooms" in page
    assert "By Mon, Nov 30, 2026" in page.replace("\u202f", " ")


def test_an_empty_plan_says_where_goals_come_from(planning: Planning) -> None:
    assert "No goals yet" in planning.person.get(f"{PLAN}/").text
    assert "No goals yet" in planning.coach.get(planning.coach_page).text


def test_the_home_leads_to_the_plan_with_its_next_action(planning: Planning) -> None:
    goal = planning.goal()
    planning.action(goal, "Later", "2026-12-01")
    planning.action(goal, "Sooner", "2026-10-20")
    page = planning.person.get("/participant/").text
    assert "Sooner" in page
    assert f"{PLAN}/" in page
    assert "1 more action is open" in page


def test_an_action_is_ticked_and_the_tick_taken_back(planning: Planning, session: Session) -> None:
    action = planning.action(planning.goal())
    planning.person.post(f"{PLAN}/actions/{action}/done", {"done": "1"})
    planning.person.post(f"{PLAN}/actions/{action}/done", {"done": "1"})
    assert session.get_one(PlanAction, action).done_at is not None
    planning.person.post(f"{PLAN}/actions/{action}/done")
    assert session.get_one(PlanAction, action).done_at is None


def test_a_reached_goal_is_folded_away_and_can_be_opened_again(planning: Planning, session: Session) -> None:
    goal = planning.goal()
    planning.person.post(f"{PLAN}/goals/{goal}/reached", {"done": "1"})
    assert "1 goal reached" in planning.person.get(f"{PLAN}/").text
    planning.person.post(f"{PLAN}/goals/{goal}/reached", {"done": ""})
    assert session.get_one(PlanGoal, goal).reached_at is None


def test_what_is_taken_out_is_gone_from_every_page(planning: Planning) -> None:
    goal = planning.goal()
    action = planning.action(goal)
    planning.person.post(f"{PLAN}/actions/{action}/removed")
    assert "Ask three open questions" not in planning.coach.get(planning.coach_page).text
    planning.person.post(f"{PLAN}/goals/{goal}/removed")
    assert planning.person.get(f"{PLAN}/goals/{goal}").status_code == 404
    assert "Listen more" not in planning.person.get(f"{PLAN}/").text.replace("taken out", "")


@pytest.mark.parametrize("text", ["", "   ", "\0", "x" * 501])
def test_a_goal_that_cannot_be_comes_back_with_what_was_typed(planning: Planning, text: str) -> None:
    answer = planning.person.post(f"{PLAN}/goals", {"goal": text})
    assert answer.status_code == 422
    assert "ci-error" in answer.text
    assert text.strip("\0 ") in answer.text


@pytest.mark.parametrize(
    "day", ["tomorrow", "2026-02-30", "0001-01-01", "9999-12-31", "1" * 40, "２０２６-01-01"]
)
def test_a_day_that_is_none_is_named_beside_the_field(planning: Planning, day: str) -> None:
    goal = planning.goal()
    answer = planning.person.post(f"{PLAN}/goals/{goal}/actions", {"action": "Visit", "due": day})
    assert answer.status_code == 422
    assert "This is not a day." in answer.text
    assert 'value="Visit"' in answer.text


def test_two_windows_show_both_wordings_and_lose_neither(planning: Planning, session: Session) -> None:
    goal = planning.goal("First")
    url = f"{PLAN}/goals/{goal}"
    assert planning.person.post(url, {"goal": "From one window", "_revision": "1"}).status_code == 303
    late = planning.person.post(url, {"goal": "From the other", "_revision": "1"})
    assert late.status_code == 422
    assert "From one window" in late.text
    assert 'value="From the other"' in late.text
    assert session.get_one(PlanGoal, goal).text == "From one window"
    assert planning.person.post(url, {"goal": "From the other", "_revision": "2"}).status_code == 303


def test_an_action_is_changed_by_who_knows_what_it_says(planning: Planning, session: Session) -> None:
    action = planning.action(planning.goal())
    url = f"{PLAN}/actions/{action}"
    fields = {"action": "Ask five", "due": "2026-11-01", "_revision": "1"}
    assert planning.person.post(url, fields).status_code == 303
    late = planning.person.post(url, {"action": "Ask nine", "due": "", "_revision": "1"})
    assert late.status_code == 422
    assert "Ask five" in late.text
    assert session.get_one(PlanAction, action).text == "Ask five"


def test_a_coach_adds_an_action_and_the_person_sees_who_did(planning: Planning) -> None:
    goal = planning.goal()
    url = f"{planning.coach_page}/goals/{goal}/actions"
    assert planning.coach.post(url, {"action": "Watch the video with me"}).status_code == 303
    assert "Watch the video with me" in planning.person.get(f"{PLAN}/").text
    assert "Added by your coach" in planning.person.get(f"{PLAN}/").text
    assert "Added by you" in planning.coach.get(planning.coach_page).text
    bad = planning.coach.post(url, {"action": "", "due": "soon"})
    assert bad.status_code == 422
    assert 'value="soon"' in bad.text


def test_only_todays_coach_of_that_person_reads_a_plan(
    planning: Planning,
    make_planning: Callable[..., Planning],
    make_person: Callable[..., Person],
    sign_in: Callable[..., Visitor],
    studied: Studied,
) -> None:
    other, goal = make_planning("Rosa"), planning.goal()
    assert other.coach.get(planning.coach_page).status_code == 404
    url = f"{planning.coach_page}/goals/{goal}/actions"
    assert other.coach.post(url, {"action": "Not mine"}).status_code == 404
    mixed = f"{other.coach_page}/goals/{goal}/actions"
    assert other.coach.post(mixed, {"action": "Not theirs"}).status_code == 404
    leading = sign_in(make_person(name="Noor"), roles=[Role.FACILITATOR], place=studied.cohort_id)
    assert leading.get(planning.coach_page).status_code == 403


def test_another_persons_plan_is_not_there(
    planning: Planning, make_planning: Callable[..., Planning]
) -> None:
    goal = planning.goal()
    action = planning.action(goal)
    other = make_planning("Rosa").person
    assert other.get(f"{PLAN}/goals/{goal}").status_code == 404
    assert other.get(f"{PLAN}/actions/{action}").status_code == 404
    for path in (
        f"goals/{goal}", f"goals/{goal}/reached", f"goals/{goal}/removed", f"goals/{goal}/actions",
        f"actions/{action}", f"actions/{action}/done", f"actions/{action}/removed",
    ):  # fmt: skip
        fields = {"goal": "Mine", "action": "Mine", "done": "1"}
        assert other.post(f"{PLAN}/{path}", fields).status_code == 404, path
    assert "Listen more" not in other.get(f"{PLAN}/").text


def test_a_paused_enrolment_reads_its_plan_and_changes_nothing(planning: Planning) -> None:
    goal = planning.goal()
    pause(planning)
    assert "Listen more" in planning.person.get(f"{PLAN}/").text
    assert planning.person.get(f"{PLAN}/goals/{goal}").status_code == 200
    assert planning.person.post(f"{PLAN}/goals", {"goal": "More"}).status_code == 409
    url = f"{planning.coach_page}/goals/{goal}/actions"
    assert planning.coach.post(url, {"action": "More"}).status_code == 409


def test_a_plan_has_room_for_fifty_goals(planning: Planning, session: Session) -> None:
    institute_id = session.get_one(Enrolment, planning.enrolment_id).institute_id
    with transaction() as writing:
        writing.add_all(
            PlanGoal(
                institute_id=institute_id,
                enrolment_id=planning.enrolment_id,
                rank=rank,
                text=f"Goal {rank}",
                answers=[],
            )
            for rank in range(1, 51)
        )
    assert planning.person.post(f"{PLAN}/goals", {"goal": "One more"}).status_code == 409
