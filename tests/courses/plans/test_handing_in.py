"""Handing a plan in: versions that stay, and the words of the coach of today."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from courses.plans.models import PlanVersion
from institute.actors import Role
from institute.db import db, transaction
from institute.people.models import Person
from tests.browsing import Visitor
from tests.courses.conftest import Studied
from tests.courses.plans.conftest import PLAN, Planning

WORDS = {"outcome": "agreed", "words": "Two goals are enough."}


def hand_in(planning: Planning, words: str = "", plan: str = "pdp") -> int:
    """Hand a plan in and return the id of its newest version."""
    answer = planning.person.post(f"{PLAN}/submitted", {"plan": plan, "words": words})
    assert answer.status_code == 303, answer.status_code
    return max(db.session.scalars(select(PlanVersion.id)))


def review_url(planning: Planning, version: int) -> str:
    """Return where the coach writes about a version."""
    return f"{planning.coach_page}/versions/{version}/review"


def test_a_plan_goes_to_the_coach_and_comes_back_with_words(planning: Planning) -> None:
    planning.action(planning.goal("Listen more"), "Ask three questions", due="2027-01-15")
    version = hand_in(planning, "Please look at the first goal")
    home = planning.coach.get("/coach/").text
    assert "Plans to read" in home
    page = planning.coach.get(f"{planning.coach_page}/versions/{version}").text
    for said in (
        "Listen more",
        "Ask three questions",
        "By Fri, Jan 15, 2027",
        "Please look at the first goal",
    ):
        assert said in page
    assert planning.coach.post(review_url(planning, version), WORDS).status_code == 303
    assert "Plans to read" not in planning.coach.get("/coach/").text
    own = planning.person.get(f"{PLAN}/").text
    assert "Two goals are enough." in own
    assert "Agreed" in own


def test_a_version_stays_as_it_was_while_the_plan_goes_on(planning: Planning, session: Session) -> None:
    goal = planning.goal("Listen more")
    version = hand_in(planning)
    planning.person.post(f"{PLAN}/goals/{goal}", {"goal": "Decide together", "_revision": "1"})
    assert "Listen more" in planning.person.get(f"{PLAN}/versions/{version}").text
    for statement in ("UPDATE plan_version SET number = 7", "DELETE FROM plan_version"):
        with pytest.raises(DatabaseError), transaction() as writing:
            writing.execute(text(statement))
    assert session.get_one(PlanVersion, version).number == 1


def test_handed_in_twice_unchanged_it_is_one_version(planning: Planning) -> None:
    planning.goal()
    first = hand_in(planning)
    assert hand_in(planning) == first
    planning.goal("Another")
    assert hand_in(planning) != first


def test_only_the_newest_version_is_reviewed_and_only_once(planning: Planning) -> None:
    planning.goal()
    old = hand_in(planning)
    planning.goal("Another")
    new = hand_in(planning)
    assert planning.coach.post(review_url(planning, old), WORDS).status_code == 409
    assert planning.coach.post(review_url(planning, new), WORDS).status_code == 303
    assert planning.coach.post(review_url(planning, new), WORDS).status_code == 409


@pytest.mark.parametrize(
    "form",
    [
        {},
        {"outcome": "agreed", "words": " "},
        {"outcome": "great", "words": "Good"},
        {"outcome": "agreed", "words": "x" * 4001},
    ],
)
def test_a_review_that_says_too_little_or_too_much_comes_back(
    planning: Planning, form: dict[str, str]
) -> None:
    planning.goal()
    version = hand_in(planning)
    answer = planning.coach.post(review_url(planning, version), form)
    assert answer.status_code == 422
    assert form.get("words", "").strip() in answer.text


def test_an_empty_plan_is_not_handed_in(planning: Planning) -> None:
    assert planning.person.post(f"{PLAN}/submitted", {"plan": "pdp"}).status_code == 409
    assert planning.person.post(f"{PLAN}/submitted", {"plan": "ilp", "words": "\x00"}).status_code == 409


def test_words_that_are_too_long_stay_typed(planning: Planning) -> None:
    planning.goal()
    answer = planning.person.post(f"{PLAN}/submitted", {"plan": "pdp", "words": "x" * 4001})
    assert answer.status_code == 422
    assert "x" * 4001 in answer.text


def test_two_plans_stand_beside_each_other(planning: Planning) -> None:
    planning.goal("A goal of development")
    planning.person.post(f"{PLAN}/goals", {"goal": "A goal of leadership", "plan": "ilp"})
    development, leadership = (
        planning.person.get(f"{PLAN}/").text,
        planning.person.get(f"{PLAN}/leadership").text,
    )
    assert "A goal of leadership" not in development
    assert "A goal of development" not in leadership
    version = hand_in(planning, plan="ilp")
    page = planning.coach.get(f"{planning.coach_page}/versions/{version}").text
    assert "Individual leadership plan" in page
    assert "A goal of development" not in page
    assert "A goal of leadership" in planning.coach.get(f"{planning.coach_page}/leadership").text


def test_versions_are_read_by_their_person_and_todays_coach_alone(
    planning: Planning,
    make_planning: Callable[..., Planning],
    make_person: Callable[..., Person],
    studied: Studied,
    sign_in: Callable[..., Visitor],
) -> None:
    planning.goal()
    version = hand_in(planning)
    other = make_planning("Mei")
    assert other.person.get(f"{PLAN}/versions/{version}").status_code == 404
    for page in (planning.coach_page, other.coach_page):
        assert other.coach.get(f"{page}/versions/{version}").status_code == 404
        assert other.coach.post(f"{page}/versions/{version}/review", WORDS).status_code == 404
    facilitator = sign_in(make_person(), roles=[Role.FACILITATOR, Role.TRAINER], place=studied.cohort_id)
    assert facilitator.get(f"{planning.coach_page}/versions/{version}").status_code == 403


def test_the_coach_and_the_person_are_told_by_mail(planning: Planning) -> None:
    planning.goal()
    version = hand_in(planning)
    planning.coach.post(review_url(planning, version), WORDS)
    wished = db.session.execute(text("SELECT payload FROM outbox WHERE kind = 'mail'")).scalars().all()
    assert sum("plan.submitted" in str(one) for one in wished) == 1
    assert sum("plan.reviewed" in str(one) for one in wished) == 1
