"""The scoring lead: gives tasks out and to somebody else, and sees who scores what, never about whom."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from certificates.rubrics.defining import define_rubric
from certificates.rubrics.policies import Policy
from certificates.scoring.giving.assigning import assign_waiting
from certificates.scoring.giving.load import load_of
from certificates.scoring.models import Purpose, ScoringTask
from courses.cohorts.assigning import assign_coach
from institute import clock
from institute.actors import Actor, PersonId, Role
from institute.db import db
from institute.jobs import daily, worker
from institute.people.granting import grant_role
from institute.people.models import Person
from institute.people.supervising import note_supervision
from tests.browsing import Visitor
from tests.certificates.scoring.conftest import CANDIDATE_NAME, Desk, MakeDesk, MakeTrainer, rubric_draft

BOARD = "/scoring-lead/scoring/"


@pytest.fixture
def lead(make_person: Callable[..., Person], sign_in: Callable[..., Visitor], asked: Actor) -> Visitor:
    """A scoring lead at a browser."""
    person = make_person(name="Ingrid Larsen")
    grant_role(PersonId(person.id), Role.SCORING_LEAD, actor=asked)
    return sign_in(person)


def holder(desk: Desk) -> PersonId | None:
    """Return who has the task now."""
    db.session.rollback()
    return db.session.get_one(ScoringTask, desk.task_id).rater_id


def task_page(desk: Desk) -> str:
    """Return the lead's page of the task."""
    return f"{BOARD}tasks/{desk.task_id}"


def test_an_institute_without_scores_has_pages_that_say_so(lead: Visitor) -> None:
    for path in (
        "/scoring-lead/",
        BOARD,
        f"{BOARD}tasks",
        "/scoring-lead/proof/",
        "/scoring-lead/proof/draws",
    ):
        assert lead.get(path).status_code == 200, path
    assert "Nothing was scored yet" in lead.get("/scoring-lead/proof/").text


def test_a_lead_gives_out_what_waits_and_reads_no_candidate(
    desk: Desk, make_trainer: MakeTrainer, lead: Visitor
) -> None:
    trainer = make_trainer()
    assert "1 task has no rater" in lead.get(BOARD).text
    assert lead.post(f"{BOARD}give-out").status_code == 303
    assert holder(desk) is not None
    lead.post(f"{BOARD}give-out")
    assert "Nothing could be given out." in lead.get(BOARD).text
    shown = [BOARD, f"{BOARD}tasks?show=held", task_page(desk)]
    for path in shown:
        page = lead.get(path).text
        assert CANDIDATE_NAME not in page
        assert trainer.person.name in page or "Ingrid" in page


def test_a_task_that_nobody_may_have_stays_open_and_says_why(
    desk: Desk, lead: Visitor, asked: Actor, make_trainer: MakeTrainer
) -> None:
    for person in db.session.scalars(select(Person).where(Person.name == "Ingrid Larsen")):
        note_supervision(person.id, desk.person.id, since=date(2026, 1, 1), actor=asked)
    assert assign_waiting(asked.institute_id) == 0
    page = lead.get(f"{BOARD}tasks").text
    assert "Nobody may have it" in page
    assert "another duty" in page


def test_scoring_after_a_reassignment_is_refused_and_what_was_written_is_kept(
    desk: Desk, make_trainer: MakeTrainer, lead: Visitor
) -> None:
    first, second = make_trainer(name="First"), make_trainer(name="Second")
    first.visitor.post(f"{desk.path}/take")
    first.visitor.post(desk.path, desk.fields((3, "Mine")))
    answer = lead.post(f"{task_page(desk)}/rater", {"rater": str(second.person.id)})
    assert answer.status_code == 303
    assert holder(desk) == second.person.id
    late = first.visitor.post(f"{desk.path}/hand-in", desk.fields((3, "Late"), (3, "")))
    assert late.status_code == 409
    assert desk.state.value == "in_scoring"
    assert "Mine" not in second.visitor.get(desk.path).text
    assert second.visitor.get(desk.path).status_code == 200


@pytest.mark.parametrize("rater", ["0", "x", "999999", "9" * 40, "²", "-1"])
def test_a_task_is_given_to_nobody_who_does_not_score_here(desk: Desk, lead: Visitor, rater: str) -> None:
    assert lead.post(f"{task_page(desk)}/rater", {"rater": rater}).status_code == 422
    assert holder(desk) is None


def test_a_lead_cannot_give_a_task_to_somebody_with_a_duty(
    desk: Desk, lead: Visitor, make_trainer: MakeTrainer, asked: Actor
) -> None:
    trainer = make_trainer()
    note_supervision(trainer.person.id, desk.person.id, since=date(2026, 1, 1), actor=asked)
    answer = lead.post(f"{task_page(desk)}/rater", {"rater": str(trainer.person.id)})
    assert answer.status_code == 422
    assert "another duty" in answer.text
    assert holder(desk) is None


@pytest.mark.parametrize("due", ["", "soon", "2026-13-01", "10000-01-01", "\x00", "9" * 5000])
def test_a_day_that_is_none_is_refused(desk: Desk, lead: Visitor, due: str) -> None:
    assert lead.post(f"{task_page(desk)}/due", {"due": due}).status_code == 422
    assert lead.post(f"{task_page(desk)}/due", {"due": "2027-02-03"}).status_code == 303
    assert "2027" in lead.get(task_page(desk)).text


@pytest.mark.parametrize("days", ["", "-1", "31", "1e3", "x", "\x00", "9" * 5000])
def test_days_that_make_no_sense_are_refused(lead: Visitor, days: str) -> None:
    assert lead.post(f"{BOARD}giving", {"days_open": days}).status_code == 422
    assert lead.post(f"{BOARD}giving", {"days_open": "never"}).status_code == 303
    assert 'value="never"' in lead.get(BOARD).text


@pytest.mark.parametrize("number", [0, 2**31, 10**30])
def test_a_task_that_is_not_there_is_not_there(lead: Visitor, number: int) -> None:
    assert lead.get(f"{BOARD}tasks/{number}").status_code == 404
    assert lead.post(f"{BOARD}tasks/{number}/rater", {"rater": ""}).status_code == 404
    assert lead.post(f"{BOARD}tasks/{number}/due", {"due": "2027-01-01"}).status_code == 404


def test_who_was_given_evidence_and_has_not_opened_it_may_become_the_coach(
    desk: Desk, make_trainer: MakeTrainer, asked: Actor
) -> None:
    trainer = make_trainer()
    assert assign_waiting(asked.institute_id) == 1
    assert holder(desk) == trainer.person.id
    assign_coach(desk.enrolment_id, trainer.person.id, since=date(2026, 9, 1), actor=asked)
    assert holder(desk) is None
    assert trainer.visitor.get(desk.path).status_code in {404, 409}
    assert assign_waiting(asked.institute_id) == 0


def test_nobody_was_given_more_than_might_have_been_theirs(
    desk: Desk, make_trainer: MakeTrainer, asked: Actor
) -> None:
    trainer = make_trainer()
    trainer.visitor.post(f"{desk.path}/take")
    trainer.visitor.post(f"{desk.path}/hand-in", desk.fields((3, ""), (3, "")))
    task = db.session.get_one(ScoringTask, desk.task_id, populate_existing=True)
    task.taken_at = clock.now() - timedelta(
        days=1
    )  # before they were granted it, as where records are taken over
    db.session.commit()
    [line] = load_of(asked.institute_id)
    assert (line.given, line.might, line.due) == (1, 1, 1.0)


def test_a_supervision_takes_the_task_away_at_once(
    desk: Desk, make_trainer: MakeTrainer, asked: Actor
) -> None:
    trainer = make_trainer()
    assign_waiting(asked.institute_id)
    note_supervision(trainer.person.id, desk.person.id, since=date(2026, 9, 1), actor=asked)
    assert holder(desk) is None


def test_what_nobody_took_for_a_day_is_given_out_by_the_worker(
    app: Flask, desk: Desk, make_trainer: MakeTrainer
) -> None:
    trainer = make_trainer()
    daily.wish_for_today()
    while worker.run_once(app):
        pass
    assert holder(desk) is None
    with clock.shift(seconds=2 * 86400):
        app.extensions["daily_wished"] = None
        daily.wish_for_today()
        while worker.run_once(app):
            pass
        assert holder(desk) == trainer.person.id


def test_of_two_leads_who_give_a_task_at_once_one_rater_holds_it(
    app: Flask, desk: Desk, make_trainer: MakeTrainer, lead: Visitor, asked: Actor
) -> None:
    raters = [make_trainer(name=f"Rater {number}").person.id for number in range(4)]
    db.session.rollback()
    with ThreadPoolExecutor(4) as pool:
        answers = list(
            pool.map(
                lambda one: lead.post(f"{task_page(desk)}/rater", {"rater": str(one)}).status_code, raters
            )
        )
    assert set(answers) <= {303, 409, 422}
    assert holder(desk) in raters


def test_of_two_who_decide_at_once_one_does(
    app: Flask, make_desk: MakeDesk, make_trainer: MakeTrainer, asked: Actor
) -> None:
    define_rubric(rubric_draft(policy=Policy(raters=2, calibrated=False)), actor=asked)
    desk = make_desk_with_two_scores(make_desk, make_trainer)
    third = db.session.scalars(select(ScoringTask).where(ScoringTask.purpose == Purpose.ADJUDICATION)).one()
    people = [make_trainer(name=f"Third {number}") for number in range(3)]
    path = f"/trainer/scoring/{third.id}"
    db.session.rollback()
    with ThreadPoolExecutor(3) as pool:
        answers = list(pool.map(lambda one: one.visitor.post(f"{path}/take").status_code, people))
    assert sorted(answers) == [303, 409, 409]
    assert desk.state.value == "adjudicating"


def make_desk_with_two_scores(make_desk: MakeDesk, make_trainer: MakeTrainer) -> Desk:
    """Let two raters score evidence far apart, each seeing nothing of the other."""
    desk = make_desk()
    tasks = db.session.scalars(
        select(ScoringTask.id).where(ScoringTask.submission_id == desk.submission_id).order_by(ScoringTask.id)
    ).all()
    assert len(tasks) == 2
    for task_id, level in zip(tasks, (1, 4), strict=True):
        rater = make_trainer(name=f"Rater of {level}")
        here = Desk(desk.person, desk.enrolment_id, desk.submission_id, task_id)
        assert rater.visitor.post(f"{here.path}/take").status_code == 303
        other = next(one for one in tasks if one != task_id)
        assert rater.visitor.post(f"/trainer/scoring/{other}/take").status_code == 409
        fields = here.fields((level, "Why."), (level, "Why."))
        assert rater.visitor.post(f"{here.path}/hand-in", fields).status_code == 303
    return desk
