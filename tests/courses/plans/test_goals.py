"""What belongs to a goal: its day, the competencies that it is about, and what shows it."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from courses.frameworks.drafts import ElementDraft, FrameworkDraft
from courses.frameworks.keeping import put_framework
from courses.frameworks.models import Audience
from courses.plans.models import PlanEvidence, PlanGoal
from courses.sessions.goals import goals_of
from institute.actors import Actor, InstituteId
from tests.courses.plans.conftest import PLAN, Planning
from tests.papers import pdf
from tests.programmes import english


@pytest.fixture
def framework(system: Actor) -> str:
    """A framework with two competencies."""
    elements = tuple(ElementDraft(key, english(f"Competency {key}"), key.upper()) for key in ("1a", "1b"))
    put_framework(
        FrameworkDraft("cpsel", english("Standards"), (Audience.LEADER,), elements=elements), actor=system
    )
    return "cpsel"


def url(goal: int) -> str:
    """Return where a goal stands."""
    return f"{PLAN}/goals/{goal}"


def add_file(planning: Planning, goal: int, data: bytes, name: str = "agenda.pdf") -> int:
    """Hand a file in as evidence, and return the status."""
    form = {"label": "", "file": (io.BytesIO(data), name)}
    return planning.person.post(f"{url(goal)}/evidence", form, content_type="multipart/form-data").status_code


def test_a_goal_is_tied_to_competencies_and_a_day(
    planning: Planning, framework: str, session: Session
) -> None:
    goal = planning.goal()
    form = {"goal": "Listen", "due": "2027-03-31", "elements": ["cpsel/1a"], "_revision": "1"}
    assert planning.person.post(url(goal), form).status_code == 303
    row = session.get_one(PlanGoal, goal)
    assert (row.due, row.elements) == (date(2027, 3, 31), ["cpsel/1a"])
    for page in (planning.person.get(f"{PLAN}/").text, planning.coach.get(planning.coach_page).text):
        assert "Competency 1a" in page
        assert "Competency 1b" not in page
        assert "Mar 31, 2027" in page


@pytest.mark.parametrize(
    ("field", "typed"),
    [("elements", "cpsel/9z"), ("elements", "x" * 500), ("due", "soon"), ("due", "0001-01-01")],
)
def test_what_cannot_be_chosen_is_refused_and_nothing_changes(
    planning: Planning, framework: str, session: Session, field: str, typed: str
) -> None:
    goal = planning.goal("Listen")
    answer = planning.person.post(url(goal), {"goal": "Changed", field: typed, "_revision": "1"})
    assert answer.status_code == 422
    assert "Changed" in answer.text
    assert session.get_one(PlanGoal, goal).text == "Listen"


def test_a_second_window_takes_no_competency_away(
    planning: Planning, framework: str, session: Session
) -> None:
    goal = planning.goal("Listen")
    planning.person.post(url(goal), {"goal": "Listen", "elements": ["cpsel/1a"], "_revision": "1"})
    late = planning.person.post(url(goal), {"goal": "Listen", "due": "2027-01-01", "_revision": "1"})
    assert late.status_code == 422
    assert "This was saved in another window meanwhile." in late.text
    assert session.get_one(PlanGoal, goal).elements == ["cpsel/1a"]


def test_a_link_and_a_file_show_a_goal_to_its_person_and_coach(planning: Planning, session: Session) -> None:
    goal = planning.goal()
    link = {"label": "Our wall", "url": "https://example.org/wall"}
    assert planning.person.post(f"{url(goal)}/evidence", link).status_code == 303
    data = pdf()
    assert add_file(planning, goal, data) == 303
    file = session.scalars(select(PlanEvidence.id).where(PlanEvidence.file_id.is_not(None))).one()
    assert planning.person.get(f"{PLAN}/goals/evidence/{file}").data == data
    assert planning.coach.get(f"{planning.coach_page}/evidence/{file}").data == data
    page = planning.coach.get(planning.coach_page).text
    assert "https://example.org/wall" in page
    assert "agenda.pdf" in page


@pytest.mark.parametrize(
    "form",
    [
        {},
        {"label": "Words alone"},
        {"label": "", "url": "https://example.org"},
        {"label": "Wrong", "url": "javascript:alert(1)"},
        {"label": "x" * 201, "url": "https://example.org"},
        {"label": "Long", "url": "https://example.org/" + "x" * 2000},
    ],
)
def test_evidence_that_shows_nothing_is_refused(
    planning: Planning, session: Session, form: dict[str, str]
) -> None:
    goal = planning.goal()
    assert planning.person.post(f"{url(goal)}/evidence", form).status_code == 422
    assert session.scalars(select(PlanEvidence)).all() == []


def test_a_file_of_another_kind_is_refused(planning: Planning, session: Session) -> None:
    assert add_file(planning, planning.goal(), b"MZ\x90\x00 not a paper", "agenda.pdf") == 422
    assert session.scalars(select(PlanEvidence)).all() == []


def test_evidence_taken_out_stays_in_what_was_handed_in(planning: Planning, session: Session) -> None:
    goal = planning.goal()
    add_file(planning, goal, pdf())
    file = session.scalars(select(PlanEvidence.id)).one()
    planning.person.post(f"{PLAN}/submitted", {"plan": "pdp"})
    assert planning.person.post(f"{url(goal)}/evidence/{file}/removed").status_code == 303
    assert "agenda.pdf" not in planning.person.get(url(goal)).text
    assert "agenda.pdf" in planning.coach.get(f"{planning.coach_page}/versions/1").text
    assert planning.coach.get(f"{planning.coach_page}/evidence/{file}").status_code == 200


def test_another_persons_evidence_is_not_there(
    planning: Planning, make_planning: Callable[..., Planning], session: Session
) -> None:
    goal = planning.goal()
    add_file(planning, goal, pdf())
    file = session.scalars(select(PlanEvidence.id)).one()
    other = make_planning("Mei")
    mine = other.goal("Mine")
    assert other.person.get(f"{PLAN}/goals/evidence/{file}").status_code == 404
    assert other.person.post(f"{url(mine)}/evidence/{file}/removed").status_code == 404
    assert add_file(other, goal, pdf()) == 404
    for page in (planning.coach_page, other.coach_page):
        assert other.coach.get(f"{page}/evidence/{file}").status_code == 404


def test_open_goals_are_offered_to_the_log_of_a_session(planning: Planning, system: Actor) -> None:
    reached = planning.goal("Reached")
    planning.person.post(f"{url(reached)}/reached", {"done": "1"})
    planning.goal("Open")
    assert goals_of(planning.enrolment_id, InstituteId(system.institute_id)) == ["Open"]
