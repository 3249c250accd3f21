"""From planned to held: whichever way a log comes, its plan follows."""

from __future__ import annotations

from collections.abc import Callable

from courses.schedule.models import PlannedMember, PlannedSession, PlanState
from institute import clock
from tests.courses.coaching.conftest import Pair
from tests.courses.schedule.plans import plan

Planned = Callable[[int], PlannedSession]
MemberOf = Callable[[int], PlannedMember]
TODAY = {"day": "2026-10-14", "begins": "12:30", "ends": "13:30"}
TWO_HOURS = 7200


def test_session_logged_from_its_plan_is_held(pair: Pair, planned: Planned, member_of: MemberOf) -> None:
    planned_id = plan(pair, **TODAY)
    with clock.shift(seconds=TWO_HOURS):
        form = pair.coach.get(f"/coach/sessions/new/{pair.enrolment_id}?planned={planned_id}").text
        assert 'value="12:30"' in form
        assert 'value="13:30"' in form
        # It was later than planned: the form carried which plan it was.
        log_id = pair.log(day="2026-10-14", begins="13:30", ends="13:45", planned=str(planned_id))
    assert planned(planned_id).state is PlanState.HELD
    assert member_of(planned_id).log_id == log_id


def test_session_logged_without_its_plan_finds_it_by_the_time(
    pair: Pair, planned: Planned, member_of: MemberOf
) -> None:
    planned_id = plan(pair, **TODAY)
    with clock.shift(seconds=TWO_HOURS):
        log_id = pair.log(day="2026-10-14", begins="12:45", ends="13:45")
        assert member_of(planned_id).log_id == log_id
        page = pair.coach.get(f"/coach/schedule/{planned_id}").text
        assert f"/coach/sessions/{log_id}" in page


def test_log_of_another_day_leaves_the_plan_alone(pair: Pair, planned: Planned) -> None:
    planned_id = plan(pair)
    pair.log()
    assert planned(planned_id).state is PlanState.PLANNED


def test_log_that_is_taken_back_frees_its_plan(pair: Pair, planned: Planned, member_of: MemberOf) -> None:
    planned_id = plan(pair, **TODAY)
    with clock.shift(seconds=TWO_HOURS):
        log_id = pair.log(day="2026-10-14", begins="12:30", ends="13:30")
        assert planned(planned_id).state is PlanState.HELD
        assert pair.coach.post(f"/coach/sessions/{log_id}/void", {"version": "1"}).status_code == 303
        assert (planned(planned_id).state, member_of(planned_id).log_id) == (PlanState.PLANNED, None)
        assert "Log it" in pair.coach.get(f"/coach/schedule/{planned_id}").text


def test_plan_of_somebody_else_is_not_held_by_naming_it(
    pair: Pair, make_pair: Callable[..., Pair], planned: Planned
) -> None:
    other = make_pair(name="Rosa Delgado")
    planned_id = plan(other, **TODAY)
    with clock.shift(seconds=TWO_HOURS):
        pair.log(day="2026-10-14", begins="12:30", ends="13:30", planned=str(planned_id))
    assert planned(planned_id).state is PlanState.PLANNED
