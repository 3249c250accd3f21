"""Assessing oneself: statements, a picture, an order, and goals that come of it."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from courses.instruments.filling import Filled
from courses.plans.areas import read_answers
from courses.plans.models import PlanGoal
from tests.courses.activities.conftest import ITEMS, Working, filled

ORDER = {"place-plan": "1", "place-listen": "2", "answer-1": "It is urgent.", "answer-2": "My team."}


def test_every_statement_is_a_group_of_answers(working: Working) -> None:
    page = working.page("assess")
    assert page.count('type="radio" name="item-') == 18
    assert "<em>honestly</em>" in page
    assert "6 statements are still open." in page
    assert "What comes first?" not in page


def test_the_picture_stands_in_words_and_bars(working: Working) -> None:
    answer = working.send("assess", anchor="picture", **filled())
    assert answer.location.endswith("/assess#picture")
    page = working.page("assess")
    assert "On average 1.5, on a scale from 1 to 3." in page
    assert "Never: 1, Seldom: 1" in page.replace("\n      ", "")
    assert page.count('class="ci-scale"') == 3
    assert "What comes first?" in page
    assert "Why now?" not in page


def test_the_questions_are_about_what_was_put_first(working: Working) -> None:
    working.send("assess", anchor="places", **filled(**{"place-plan": "1"}))
    page = working.page("assess")
    assert "About your first priority: Area plan" in page
    assert "Why now?" in page


def test_what_was_put_in_order_becomes_goals_with_the_answers(working: Working, session: Session) -> None:
    assert working.send("assess", "/done", **filled(**ORDER)).status_code == 303
    assert working.ticked("assess")
    first, second = session.scalars(select(PlanGoal).order_by(PlanGoal.rank))
    assert (str(first.area), str(second.area)) == ("Area plan", "Area listen")
    assert [one.answer for one in read_answers(first.answers)] == ["It is urgent.", "My team."]
    assert second.answers == []
    plan = working.person.get("/participant/plan/").text
    assert "It is urgent." in plan
    assert "I plan 1" not in plan
    coached = working.coach.get(f"/coach/plans/{working.enrolment_id}").text
    assert "It is urgent." in coached
    assert "I plan 1" not in coached


def test_assessing_again_renews_the_goals_and_doubles_none(working: Working, session: Session) -> None:
    working.send("assess", "/done", **filled(**ORDER))
    goal = session.scalars(select(PlanGoal.id).order_by(PlanGoal.rank)).first()
    working.person.post(f"/participant/plan/goals/{goal}/actions", {"action": "Visit two rooms"})
    working.send("assess", "/again")
    again = {"place-plan": "1", "place-ask": "2", "answer-1": "Still urgent.", "answer-2": "My team."}
    assert working.send("assess", "/done", **filled(**again)).status_code == 303
    areas = [str(area) for area in session.scalars(select(PlanGoal.area).order_by(PlanGoal.rank))]
    assert areas == ["Area plan", "Area listen", "Area ask"]
    plan = working.person.get("/participant/plan/").text
    assert "Still urgent." in plan
    assert "It is urgent." not in plan
    assert "Visit two rooms" in plan


def test_what_is_missing_is_named_where_it_is(working: Working, session: Session) -> None:
    partly = {key: value for key, value in filled().items() if key != "item-ask-2"}
    answer = working.send("assess", "/done", **partly)
    assert answer.status_code == 422
    assert 'href="#item-ask-2"' in answer.text
    assert 'href="#places"' in answer.text
    first = working.send("assess", "/done", **filled(**{"place-ask": "1", "answer-1": "", "answer-2": "x"}))
    assert first.status_code == 422
    assert 'href="#answer-1"' in first.text
    assert not working.ticked("assess")
    assert session.scalar(select(PlanGoal.id)) is None


@pytest.mark.parametrize("value", ["0", "4", "-1", "2.5", "two", "\0", "9" * 40, "２"])
def test_an_answer_off_the_scale_is_refused_and_the_others_are_kept(working: Working, value: str) -> None:
    answer = working.send("assess", **filled(**{"item-ask-1": value}))
    assert answer.status_code == 422
    assert "not one of those to choose from" in answer.text
    work = working.work("assess")
    assert work is not None
    assert set(Filled.of(work.filled).ratings) == set(ITEMS) - {"ask-1"}


def test_one_place_for_two_areas_is_refused_and_the_order_stays(working: Working) -> None:
    working.send("assess", **filled(**ORDER))
    answer = working.send("assess", **filled(**{**ORDER, "place-listen": "1"}))
    assert answer.status_code == 422
    assert "Two areas have the place 1." in answer.text
    work = working.work("assess")
    assert work is not None
    assert Filled.of(work.filled).order == ("plan", "listen")


def test_answers_too_long_leave_what_was_saved(working: Working) -> None:
    working.send("assess", **filled(**ORDER))
    answer = working.send("assess", **filled(**{**ORDER, "answer-1": "x" * 5001}))
    assert answer.status_code == 422
    work = working.work("assess")
    assert work is not None
    assert Filled.of(work.filled).answers == ("It is urgent.", "My team.")


def test_two_windows_lose_no_answers(working: Working) -> None:
    working.send("assess", revision=0, **filled())
    late = working.send("assess", revision=0, **filled(**{"item-ask-1": "2"}))
    assert late.status_code == 409
    assert "What the other window saved" in late.text
    assert len(working.kept("assess")) == 2
    assert "1 earlier text" in late.text


def test_the_summary_says_which_question_and_leaves_the_answered_statements_folded(working: Working) -> None:
    answer = working.send("assess", "/done", **filled(**{"place-plan": "1"}))
    assert answer.status_code == 422
    assert '<a href="#answer-1">Why now? – Write a few words first.</a>' in answer.text
    assert "The statements and your answers" in answer.text
