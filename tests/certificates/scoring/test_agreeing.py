"""How far raters agree, beside the queue and for the scoring lead; the alarm of seeded papers."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from fractions import Fraction

import pytest
from sqlalchemy import select

from certificates.calibration.building import SetSheet, create, publish
from certificates.calibration.models import AnchorPaperId, AnchorUse, CalibrationSet
from certificates.calibration.papering import PaperSheet, add_paper, write_paper
from certificates.calibration.seeding import next_seed
from certificates.rubrics.models import Criterion
from certificates.scoring.models import (
    Purpose,
    ScoreSheet,
    ScoringTask,
    TaskCriterionScore,
    TaskScore,
    TaskState,
)
from certificates.scoring.proof.agreeing import agreement_by_rubric, drifting, own_agreement
from institute.actors import Actor, PersonId, Role
from institute.db import db, transaction
from institute.people.granting import grant_role
from institute.people.models import Person
from tests.browsing import Visitor
from tests.certificates.scoring.conftest import KEY, Trainer, english
from tests.certificates.scoring.rounds import Story

MakeStory = Callable[..., Story]


@pytest.fixture
def lead(make_person: Callable[..., Person], sign_in: Callable[..., Visitor], asked: Actor) -> Visitor:
    """A scoring lead at a browser."""
    person = make_person(name="Ingrid Larsen")
    grant_role(PersonId(person.id), Role.SCORING_LEAD, actor=Actor(person.institute_id, None))
    return sign_in(person)


def test_nothing_scored_twice_is_said_and_not_computed(trainer: Trainer, lead: Visitor, asked: Actor) -> None:
    assert own_agreement(trainer.actor) is None
    assert agreement_by_rubric(asked.institute_id) == []
    assert "Nothing to compare yet" in lead.get("/scoring-lead/agreement/").text
    assert "Agreement so far" not in trainer.visitor.get("/trainer/scoring/").text


def test_own_figures_stand_beside_the_queue_once_scores_are_released(
    make_story: MakeStory, lead: Visitor
) -> None:
    story = make_story(raters=2)
    story.score(3, 4)
    first = story.raters[0]
    assert own_agreement(first.actor) is None
    story.score(3, 3)
    found = own_agreement(first.actor)
    assert found is not None
    assert (found.whole.count, found.whole.exact, found.whole.near) == (2, Fraction(1, 2), Fraction(1))
    assert found.whole.difference == Fraction(1, 2)
    assert len(found.months) == 1
    page = first.visitor.get("/trainer/scoring/").text
    assert "Agreement so far" in page
    assert story.raters[1].person.name not in page
    board = lead.get("/scoring-lead/agreement/").text
    assert "Rater Nummer 1" in board
    assert "Criterion 1" in board
    assert "not computable" in board  # one pair of each criterion does not vary
    assert "Agreement" in lead.get("/scoring-lead/scoring/").text


def test_what_is_still_being_scored_is_nobody_s_to_learn_from(make_story: MakeStory) -> None:
    story = make_story(raters=2)
    story.score(1, 1)
    story.score(4, 4)  # far apart: a third person decides first
    assert own_agreement(story.raters[0].actor) is None
    assert own_agreement(story.raters[1].actor) is None
    [rubric] = agreement_by_rubric(story.actor.institute_id)
    assert (rubric.whole.count, rubric.whole.exact, rubric.whole.difference) == (2, Fraction(0), Fraction(-3))
    assert [line.figures.difference for line in rubric.raters] == [Fraction(-3), Fraction(3)]


@pytest.fixture
def seeded(asked: Actor) -> AnchorPaperId:
    """A published set with a paper to be taken and a seeded one, both of levels 2 and 2."""
    set_id = create(KEY, SetSheet(english("Set"), 60, 80, 0), actor=asked)
    rubric_id = db.session.get_one(CalibrationSet, set_id).rubric_id
    criteria = db.session.scalars(select(Criterion.id).where(Criterion.rubric_id == rubric_id)).all()
    paper_id = AnchorPaperId(0)
    for use in (AnchorUse.CALIBRATION, AnchorUse.SEEDED):
        paper_id = add_paper(set_id, actor=asked)
        scores = {one: (2, english("Because.")) for one in criteria}
        write_paper(paper_id, PaperSheet(use, english("A paper."), None, scores), actor=asked)
    publish(set_id, actor=asked)
    return paper_id


def read_seeded(rater: Trainer, paper_id: AnchorPaperId, *levels: int) -> None:
    """Let a rater have scored a seeded paper."""
    with transaction() as session:
        newest = select(CalibrationSet.rubric_id).order_by(CalibrationSet.id.desc()).limit(1)
        rubric_id = session.scalars(newest).one()
        institute_id = rater.person.institute_id
        task = ScoringTask(
            institute_id=institute_id,
            anchor_id=paper_id,
            rubric_id=rubric_id,
            purpose=Purpose.SEEDED,
            state=TaskState.SCORED,
            rater_id=rater.person.id,
            due=date(2026, 12, 1),
        )
        session.add(task)
        session.flush()
        sheet = ScoreSheet(institute_id=institute_id, task_id=task.id, rater_id=rater.person.id)
        session.add(sheet)
        session.flush()
        score = TaskScore(
            institute_id=institute_id, task_id=task.id, sheet_id=sheet.id, rater_id=rater.person.id
        )
        session.add(score)
        session.flush()
        criteria = session.scalars(select(Criterion.id).where(Criterion.rubric_id == rubric_id)).all()
        session.add_all(
            TaskCriterionScore(task_score_id=score.id, criterion_id=one, level=level)
            for one, level in zip(criteria, levels, strict=True)
        )


def test_a_seeded_paper_comes_once_and_never_one_that_was_met(
    trainer: Trainer, seeded: AnchorPaperId, asked: Actor
) -> None:
    rubric_id = db.session.scalars(select(CalibrationSet.rubric_id)).one()
    person = PersonId(trainer.person.id)
    assert next_seed(person, rubric_id, institute_id=asked.institute_id) == seeded
    assert next_seed(person, rubric_id, institute_id=asked.institute_id, had={seeded}) is None


def test_who_reads_seeded_papers_otherwise_raises_the_alarm(
    trainer: Trainer, make_trainer: Callable[..., Trainer], seeded: AnchorPaperId, lead: Visitor
) -> None:
    steady = make_trainer(name="Steady")
    for _ in range(2):
        read_seeded(trainer, seeded, 3, 3)
        read_seeded(steady, seeded, 2, 2)
    [alarm] = drifting(trainer.person.institute_id)
    assert (alarm.name, alarm.tally.exact, alarm.difference) == ("Tomás Rivera", 0, Fraction(1))
    for path in ("/scoring-lead/scoring/", "/scoring-lead/agreement/", "/scoring-lead/calibration/"):
        page = lead.get(path).text
        assert "otherwise than it is known to be" in page
    assert "otherwise" not in trainer.visitor.get("/trainer/scoring/").text


def test_two_scores_are_too_few_for_an_alarm(trainer: Trainer, seeded: AnchorPaperId) -> None:
    read_seeded(trainer, seeded, 4, 4)
    assert drifting(trainer.person.institute_id) == []
