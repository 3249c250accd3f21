"""The trainer's queue: who sees what, and that a task is held by one rater at a time."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from certificates.evidence.models import SubmissionId
from certificates.evidence.states import SubmissionState
from certificates.rubrics.defining import define_rubric
from certificates.scoring.giving.making import make_missing_tasks
from certificates.scoring.models import DeclaredConflict, ScoreSheet, ScoringTask, TaskState
from certificates.scoring.sheets.queues import queue_of
from courses.cohorts.assigning import assign_coach
from courses.cohorts.errors import CoachInConflictError
from courses.cohorts.models import EnrolmentId
from institute.actors import Actor, Role
from institute.db import db, transaction
from institute.people.models import Institute, Person, Supervision
from tests.browsing import Visitor
from tests.certificates.scoring.conftest import (
    CANDIDATE_NAME,
    Desk,
    MakeDesk,
    MakeTrainer,
    Trainer,
    define_requirement,
    hand_in,
    rubric_draft,
)
from tests.courses.conftest import Studied


def test_submitted_evidence_stands_in_the_queue_without_its_author(desk: Desk, trainer: Trainer) -> None:
    page = trainer.visitor.get("/trainer/scoring/").text
    assert "The plan" in page
    assert "Take it" in page
    assert CANDIDATE_NAME not in page
    assert "waits for a trainer" in trainer.visitor.get("/trainer/").text


def test_an_empty_queue_says_so(asked: Actor, trainer: Trainer) -> None:
    assert "Queue is clear" in trainer.visitor.get("/trainer/scoring/").text
    assert "Queue is clear" in trainer.visitor.get("/trainer/").text


def test_taken_evidence_is_gone_from_the_queues_of_others_and_comes_back(
    desk: Desk, trainer: Trainer, make_trainer: MakeTrainer
) -> None:
    other = make_trainer(name="Grace Okafor")
    assert trainer.visitor.post(f"{desk.path}/take").status_code == 303
    assert desk.state is SubmissionState.SCREENING
    assert "Go on scoring" in trainer.visitor.get("/trainer/scoring/").text
    assert "The plan" not in other.visitor.get("/trainer/scoring/").text
    assert trainer.visitor.post(f"{desk.path}/give-back").status_code == 303
    assert "The plan" in other.visitor.get("/trainer/scoring/").text
    assert other.visitor.post(f"{desk.path}/take").status_code == 303
    assert trainer.visitor.post(f"{desk.path}/take").status_code == 409


def test_taking_it_twice_changes_nothing(desk: Desk, trainer: Trainer, session: Session) -> None:
    for _ in range(2):
        assert trainer.visitor.post(f"{desk.path}/take").status_code == 303
    assert len(session.scalars(select(ScoreSheet)).all()) == 1


def test_of_trainers_who_take_at_once_one_holds_it(app: Flask, desk: Desk, make_trainer: MakeTrainer) -> None:
    trainers = [make_trainer(name=f"Trainer {number}") for number in range(4)]
    db.session.rollback()
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda one: one.visitor.post(f"{desk.path}/take").status_code, trainers))
    assert sorted(answers) == [303, 409, 409, 409]


def test_another_trainers_task_is_not_there(desk: Desk, trainer: Trainer, make_trainer: MakeTrainer) -> None:
    other = make_trainer(name="Grace Okafor")
    trainer.visitor.post(f"{desk.path}/take")
    assert other.visitor.get(desk.path).status_code == 404
    for action in ("", "/hand-in", "/give-back", "/return", "/late/1"):
        sent = {**desk.fields((3, "x"), (3, "y")), "code": "incomplete", "reason": "x"}
        assert other.visitor.post(desk.path + action, sent).status_code == 404, action


def test_a_task_that_nobody_holds_is_not_open(desk: Desk, trainer: Trainer) -> None:
    assert trainer.visitor.get(desk.path).status_code == 404
    trainer.visitor.post(f"{desk.path}/take")
    trainer.visitor.post(f"{desk.path}/give-back")
    page = trainer.visitor.get(desk.path)
    assert page.status_code == 409
    assert "Take this evidence first" in page.text


@pytest.mark.parametrize("number", [0, 2**31 - 1, 2**31, 2**63, 10**30])
def test_a_number_that_names_no_task_is_not_there(asked: Actor, trainer: Trainer, number: int) -> None:
    assert trainer.visitor.get(f"/trainer/scoring/{number}").status_code == 404
    assert trainer.visitor.post(f"/trainer/scoring/{number}/take").status_code == 404


def assert_out_of_reach(trainer: Trainer, desk: Desk) -> None:
    """Check that the evidence is not in the trainer's queue and cannot be taken."""
    assert "The plan" not in trainer.visitor.get("/trainer/scoring/").text
    assert trainer.visitor.post(f"{desk.path}/take").status_code == 409
    assert (
        db.session.scalar(select(ScoringTask.state).where(ScoringTask.id == desk.task_id)) == TaskState.OPEN
    )


def test_nobody_scores_themselves(desk: Desk, make_trainer: MakeTrainer) -> None:
    assert_out_of_reach(make_trainer(desk.person), desk)


def test_nobody_scores_whom_they_coached(desk: Desk, trainer: Trainer, asked: Actor) -> None:
    assign_coach(desk.enrolment_id, trainer.person.id, since=date(2026, 9, 1), actor=asked)
    assert_out_of_reach(trainer, desk)
    other = Person(institute_id=asked.institute_id, name="Amina")
    with transaction() as session:
        session.add(other)
    assign_coach(desk.enrolment_id, other.id, since=date(2026, 9, 2), actor=asked)
    assert_out_of_reach(trainer, desk)


def test_nobody_scores_their_own_coach(
    desk: Desk,
    asked: Actor,
    make_enrolment: Callable[..., tuple[Person, EnrolmentId]],
    make_trainer: MakeTrainer,
) -> None:
    person, enrolment_id = make_enrolment(name="Coached trainer")
    assign_coach(enrolment_id, desk.person.id, since=date(2026, 9, 1), actor=asked)
    assert_out_of_reach(make_trainer(person), desk)


@pytest.mark.parametrize("upwards", [True, False])
@pytest.mark.parametrize("until", [None, date(2026, 1, 31)])
def test_nobody_scores_whom_they_supervise_or_supervised_nor_their_supervisor(
    desk: Desk, trainer: Trainer, upwards: bool, until: date | None
) -> None:
    pair = (trainer.person.id, desk.person.id)
    above, below = pair if upwards else pair[::-1]
    with transaction() as session:
        session.add(
            Supervision(
                institute_id=desk.person.institute_id,
                supervisor_id=above,
                subordinate_id=below,
                since=date(2026, 1, 1),
                until=until,
            )
        )
    assert_out_of_reach(trainer, desk)


def test_whoever_recognises_the_author_gives_the_evidence_back_for_good(
    desk: Desk, trainer: Trainer, session: Session
) -> None:
    trainer.visitor.post(f"{desk.path}/take")
    assert trainer.visitor.post(f"{desk.path}/give-back", {"conflict": "1"}).status_code == 303
    assert_out_of_reach(trainer, desk)
    [declared] = session.scalars(select(DeclaredConflict))
    assert (declared.person_id, declared.other_id) == (trainer.person.id, desk.person.id)


def test_whoever_holds_or_held_evidence_never_coaches_its_author(
    desk: Desk, trainer: Trainer, asked: Actor
) -> None:
    trainer.visitor.post(f"{desk.path}/take")
    with pytest.raises(CoachInConflictError):
        assign_coach(desk.enrolment_id, trainer.person.id, actor=asked)
    trainer.visitor.post(f"{desk.path}/give-back")
    with pytest.raises(CoachInConflictError):
        assign_coach(desk.enrolment_id, trainer.person.id, actor=asked)


def test_evidence_without_a_rubric_yet_comes_into_the_queue_when_it_is_defined(
    system: Actor,
    studied: Studied,
    make_enrolment: Callable[..., tuple[Person, EnrolmentId]],
    trainer: Trainer,
) -> None:
    define_requirement(system)
    person, _ = make_enrolment()
    submission_id: SubmissionId = hand_in(person, studied.cohort_id, "Early")
    assert queue_of(trainer.actor).waiting == 0
    define_rubric(rubric_draft(), actor=system)
    for _ in range(2):
        make_missing_tasks(system)
    assert queue_of(trainer.actor).waiting == 1
    assert submission_id


def test_the_queue_is_that_of_the_institute(
    desk: Desk,
    make_institute: Callable[..., Institute],
    make_person: Callable[..., Person],
    make_trainer: MakeTrainer,
) -> None:
    stranger = make_trainer(make_person(name="Stranger", institute_id=make_institute().id))
    assert "Queue is clear" in stranger.visitor.get("/trainer/scoring/").text
    assert stranger.visitor.post(f"{desk.path}/take").status_code == 404
    assert stranger.visitor.get(desk.path).status_code == 404


def test_only_trainers_score(
    desk: Desk, make_person: Callable[..., Person], sign_in: Callable[..., Visitor]
) -> None:
    person = make_person(name="No trainer")
    for role in set(Role) - {Role.TRAINER, Role.SCORING_LEAD}:
        visitor = sign_in(person, roles=[role])
        assert visitor.get("/trainer/scoring/").status_code == 403
        assert visitor.post(f"{desk.path}/take").status_code == 403


def test_a_long_queue_shows_what_is_due_first(make_desk: MakeDesk, trainer: Trainer) -> None:
    for number in range(52):
        make_desk(name=f"Person {number}")
    queue = queue_of(trainer.actor)
    assert (len(queue.open), queue.waiting) == (50, 52)
    assert "the 50 that are due first, of 52" in trainer.visitor.get("/trainer/scoring/").text
