"""Known papers among a rater's tasks: drawn, once for each rater, alike to any other task, and followed by nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select

from certificates.calibration.building import SetSheet, create, publish
from certificates.calibration.models import AnchorPaperId, AnchorUse, CalibrationSet
from certificates.calibration.papering import PaperSheet, add_paper, write_paper
from certificates.rubrics.defining import define_rubric
from certificates.rubrics.models import Criterion
from certificates.rubrics.policies import SINGLE
from certificates.scoring.giving.assigning import assign_waiting
from certificates.scoring.giving.drawing import NUMBERS, seeds_of
from certificates.scoring.giving.load import load_of
from certificates.scoring.giving.seeding import is_seeded, number_for
from certificates.scoring.models import Purpose, ScoringTask, TaskScore, TaskState
from certificates.scoring.outcomes.results import ScoreRelease
from certificates.scoring.proof.agreeing import drifting
from institute.actors import Actor, PersonId, Role
from institute.db import db
from institute.people.granting import grant_role
from tests.browsing import Visitor
from tests.certificates.scoring.conftest import (
    KEY,
    Desk,
    MakeDesk,
    MakeTrainer,
    Trainer,
    english,
    fields_on,
    rubric_draft,
)


@pytest.fixture
def known(asked: Actor) -> Callable[..., list[AnchorPaperId]]:
    """Have so many percent of known papers among tasks, and so many papers, each of levels 2 and 2."""

    def make(share: int = 50, papers: int = 1) -> list[AnchorPaperId]:
        define_rubric(rubric_draft(policy=replace(SINGLE, seeded=share, calibrated=False)), actor=asked)
        set_id = create(KEY, SetSheet(english("Set"), 60, 80, 0), actor=asked)
        rubric_id = db.session.get_one(CalibrationSet, set_id).rubric_id
        criteria = db.session.scalars(select(Criterion.id).where(Criterion.rubric_id == rubric_id)).all()
        made = []
        for use in (AnchorUse.CALIBRATION, *([AnchorUse.SEEDED] * papers)):
            made.append(add_paper(set_id, actor=asked))
            scores = {one: (2, english("Because.")) for one in criteria}
            write_paper(
                made[-1], PaperSheet(use, english("Words of a known paper."), None, scores), actor=asked
            )
        publish(set_id, actor=asked)
        return made[1:]

    return make


MakeKnown = Callable[..., list[AnchorPaperId]]


def seeded_tasks() -> list[ScoringTask]:
    """Return the known papers that raters were given."""
    db.session.rollback()
    seeded = select(ScoringTask).where(ScoringTask.purpose == Purpose.SEEDED)
    return list(db.session.scalars(seeded.order_by(ScoringTask.id)))


def take(trainer: Trainer, desk: Desk) -> None:
    """Take a task in the browser."""
    assert trainer.visitor.post(f"{desk.path}/take").status_code == 303


def score(visitor: Visitor, task_id: int, level: int) -> None:
    """Give every criterion of a task a level and hand it in."""
    page = visitor.get(f"/trainer/scoring/{task_id}").text
    form = fields_on(page)
    form |= {key.replace("base", "level"): str(level) for key in form if key.startswith("base-")}
    answer = visitor.post(f"/trainer/scoring/{task_id}/hand-in", data=form)
    assert answer.status_code == 303, answer.text


def test_a_known_paper_comes_beside_a_task_and_looks_like_one(
    known: MakeKnown, make_desk: MakeDesk, trainer: Trainer
) -> None:
    [paper_id] = known()
    desk = make_desk()
    take(trainer, desk)
    [seeded] = seeded_tasks()
    assert (seeded.anchor_id, seeded.rater_id, seeded.state) == (paper_id, trainer.person.id, TaskState.HELD)
    queue = trainer.visitor.get("/trainer/scoring/").text
    assert queue.count("Go on scoring") == 2
    assert queue.count("The plan</") >= 2
    real = trainer.visitor.get(desk.path).text
    page = trainer.visitor.get(f"/trainer/scoring/{seeded.id}").text
    assert "Words of a known paper." in page
    assert "Names hidden" in page
    for word in ("seeded", "Seeded", "anchor", "Known paper", "known paper,", "calibration"):
        assert (word in page) == (word in real), word


def test_no_paper_comes_twice_to_one_rater_and_each_rater_has_their_own(
    known: MakeKnown, make_desk: MakeDesk, make_trainer: MakeTrainer, trainer: Trainer
) -> None:
    papers = known(papers=2)
    for _ in range(4):
        take(trainer, make_desk())
    mine = [task.anchor_id for task in seeded_tasks()]
    assert sorted(one or 0 for one in mine) == sorted(papers)
    other = make_trainer(name="Grace Okafor")
    take(other, make_desk())
    assert [task.rater_id for task in seeded_tasks()].count(other.person.id) == 1
    [of_other] = [task for task in seeded_tasks() if task.rater_id == other.person.id]
    assert trainer.visitor.get(f"/trainer/scoring/{of_other.id}").status_code == 404


def test_what_was_handed_in_is_released_to_nobody_and_tells_how_the_rater_reads(
    known: MakeKnown, make_desk: MakeDesk, trainer: Trainer, asked: Actor
) -> None:
    known(papers=2)
    for _ in range(2):
        take(trainer, make_desk())
    tasks = [task.id for task in seeded_tasks()]
    for task_id in tasks:
        score(trainer.visitor, task_id, 4)
    assert {task.state for task in seeded_tasks()} == {TaskState.SCORED}
    assert db.session.scalar(select(func.count(TaskScore.id))) == 2
    assert db.session.scalar(select(func.count(ScoreRelease.id))) == 0
    assert [alarm.name for alarm in drifting(asked.institute_id)] == [trainer.person.name]
    assert "cannot be changed" in trainer.visitor.get(f"/trainer/scoring/{tasks[0]}").text


def test_a_known_paper_is_given_back_and_never_comes_again(
    known: MakeKnown, make_desk: MakeDesk, trainer: Trainer
) -> None:
    known()
    take(trainer, make_desk())
    [seeded] = seeded_tasks()
    answer = trainer.visitor.post(f"/trainer/scoring/{seeded.id}/give-back", data={"conflict": "1"})
    assert answer.status_code == 303, answer.text
    assert [task.state for task in seeded_tasks()] == [TaskState.WITHDRAWN]
    assert trainer.visitor.get("/trainer/scoring/").text.count("Go on scoring") == 1
    take(trainer, make_desk())
    assert len(seeded_tasks()) == 1


def test_a_known_paper_that_cannot_be_scored_goes_back_to_nobody(
    known: MakeKnown, make_desk: MakeDesk, trainer: Trainer
) -> None:
    known()
    take(trainer, make_desk())
    [seeded] = seeded_tasks()
    path = f"/trainer/scoring/{seeded.id}"
    form = fields_on(trainer.visitor.get(path).text) | {"code": "unreadable", "reason": "Nothing to read."}
    assert trainer.visitor.post(f"{path}/return", data=form).status_code == 303
    assert [task.state for task in seeded_tasks()] == [TaskState.SCORED]
    assert trainer.visitor.get(path).status_code == 200


def test_known_papers_are_counted_apart(
    known: MakeKnown, make_desk: MakeDesk, trainer: Trainer, asked: Actor, sign_in: Callable[..., Visitor]
) -> None:
    known()
    make_desk()
    assert assign_waiting(asked.institute_id) == 1
    [line] = load_of(asked.institute_id)
    assert (line.held, line.known, line.given, line.might) == (1, 1, 1, 1)
    for task in db.session.scalars(select(ScoringTask).order_by(ScoringTask.id)).all():
        score(trainer.visitor, task.id, 3)
    grant_role(PersonId(trainer.person.id), Role.SCORING_LEAD, actor=asked)
    lead = sign_in(trainer.person)
    assert "Seeded papers: 1" in lead.get("/scoring-lead/scoring/").text
    proof = lead.get("/scoring-lead/proof/").text
    assert "Seeded papers: 1" in proof
    assert proof.count('data-label="Policy"') == 1


def test_no_paper_comes_where_the_policy_asks_for_none_or_there_is_none(
    known: MakeKnown, make_desk: MakeDesk, make_trainer: MakeTrainer, trainer: Trainer
) -> None:
    known(share=0)
    take(trainer, make_desk())
    assert seeded_tasks() == []
    known(share=50, papers=0)
    take(make_trainer(name="Grace Okafor"), make_desk())
    assert seeded_tasks() == []


def test_whether_a_paper_comes_can_be_drawn_again(
    known: MakeKnown, make_desk: MakeDesk, trainer: Trainer, asked: Actor
) -> None:
    known(share=30, papers=6)
    desks = [make_desk() for _ in range(6)]
    for desk in desks:
        take(trainer, desk)
    [seed] = seeds_of(asked.institute_id)
    drawn = [
        is_seeded(number_for(seed.seed, desk.task_id, PersonId(trainer.person.id)), 30) for desk in desks
    ]
    assert len(seeded_tasks()) == sum(drawn)


@given(share=st.integers(0, 50))
def test_known_papers_are_the_share_of_all_tasks_that_the_policy_says(share: int) -> None:
    papers = sum(is_seeded(number, share) for number in range(NUMBERS))
    assert papers / (NUMBERS + papers) == pytest.approx(share / 100, abs=1e-4)
