"""Two raters, and a third where they lie apart: nobody sees another's sheet before their own stands."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from fractions import Fraction

import pytest
from sqlalchemy import select

from certificates.evidence.states import SubmissionState
from certificates.rubrics.defining import define_rubric
from certificates.rubrics.policies import SINGLE, Settled
from certificates.scoring.models import Purpose, ScoringTask, TaskId, TaskState
from certificates.scoring.outcomes.results import Method, ScoreRelease, ScoringReturn
from institute.actors import Actor
from institute.db import db
from tests.certificates.scoring.conftest import (
    CANDIDATE_NAME,
    Desk,
    MakeDesk,
    MakeTrainer,
    Trainer,
    rubric_draft,
)

DOUBLE = replace(SINGLE, raters=2)
Score = tuple[int | str | None, str]


@dataclass
class Round:
    """A submission that two raters score, with whoever scored it so far."""

    desk: Desk
    make_trainer: MakeTrainer

    def path(self, purpose: Purpose) -> str:
        """Return the page of a task of the submission."""
        db.session.rollback()
        task_id: TaskId = db.session.scalars(
            select(ScoringTask.id).where(
                ScoringTask.submission_id == self.desk.submission_id,
                ScoringTask.purpose == purpose,
                ScoringTask.state != TaskState.WITHDRAWN,
            )
        ).one()
        return f"/trainer/scoring/{task_id}"

    def take(self, purpose: Purpose, name: str) -> Trainer:
        """Let somebody new take a task."""
        rater = self.make_trainer(name=name)
        assert rater.visitor.post(f"{self.path(purpose)}/take").status_code == 303
        return rater

    def score(self, purpose: Purpose, name: str, *scores: Score) -> Trainer:
        """Let somebody new take a task and hand it in."""
        rater = self.take(purpose, name)
        answer = rater.visitor.post(f"{self.path(purpose)}/hand-in", self.desk.fields(*scores))
        assert answer.status_code == 303, answer.text
        return rater

    def release(self) -> ScoreRelease:
        """Return what was released."""
        db.session.rollback()
        return db.session.scalars(select(ScoreRelease)).one()


@pytest.fixture
def make_round(asked: Actor, make_desk: MakeDesk, make_trainer: MakeTrainer) -> Callable[..., Round]:
    """Make a submission whose rubric asks for two raters."""

    def make(**policy: object) -> Round:
        define_rubric(rubric_draft(policy=replace(DOUBLE, **policy)), actor=asked)  # type: ignore[arg-type]
        return Round(make_desk(), make_trainer)

    return make


@pytest.fixture
def apart(make_round: Callable[..., Round]) -> Round:
    """A submission that two raters scored two levels apart."""
    found = make_round()
    found.score(Purpose.FIRST, "Ada First", (2, "Thin, I find"), (3, ""))
    found.score(Purpose.SECOND, "Bela Second", (4, "Rich, I find"), (3, ""))
    return found


def test_two_raters_who_agree_are_averaged_and_nobody_else_is_asked(make_round: Callable[..., Round]) -> None:
    found = make_round()
    found.score(Purpose.FIRST, "Ada First", (3, ""), (3, ""))
    assert str(found.desk.state) == "in_scoring"
    found.score(Purpose.SECOND, "Bela Second", (4, ""), (3, ""))
    release = found.release()
    assert (release.method, release.score, release.passed) == (Method.MEAN, Fraction(13, 4), True)
    assert found.desk.state is SubmissionState.ACCEPTED


def test_the_second_rater_sees_nothing_of_the_first(make_round: Callable[..., Round]) -> None:
    found = make_round()
    found.score(Purpose.FIRST, "Ada First", (2, "Thin, I find"), (3, ""))
    second = found.take(Purpose.SECOND, "Bela Second")
    page = second.visitor.get(found.path(Purpose.SECOND)).text
    queue = second.visitor.get("/trainer/scoring/").text
    for hidden in ("Thin, I find", "Ada First", "first", "second score", "Second score"):
        assert hidden not in page.replace("Bela Second", "")
        assert hidden not in queue.replace("Bela Second", "")


def test_the_same_rater_never_scores_twice(make_round: Callable[..., Round]) -> None:
    found = make_round()
    first = found.score(Purpose.FIRST, "Ada First", (2, ""), (3, ""))
    assert first.visitor.post(f"{found.path(Purpose.SECOND)}/take").status_code == 409
    assert "Take it" not in first.visitor.get("/trainer/scoring/").text


def test_raters_who_lie_apart_call_a_third_who_scores_before_seeing(apart: Round) -> None:
    assert apart.desk.state is SubmissionState.ADJUDICATING
    path = apart.path(Purpose.ADJUDICATION)
    third = apart.take(Purpose.ADJUDICATION, "Cleo Third")
    page = third.visitor.get(path).text
    assert "Two readers of this evidence lie apart." in page
    for hidden in ("Thin, I find", "Rich, I find", "Ada First", "Bela Second", CANDIDATE_NAME.split()[1]):
        assert hidden not in page
    fields = apart.desk.fields((3, "In between"), (3, ""))
    answer = third.visitor.post(f"{path}/hand-in", fields)
    assert answer.headers["Location"].endswith(path)
    page = third.visitor.get(path).text
    for told in (
        "The three sheets",
        "Thin, I find",
        "Rich, I find",
        "In between",
        "Your scores count",
        "Apart",
    ):
        assert told in page
    for hidden in ("Ada First", "Bela Second", CANDIDATE_NAME.split()[1]):
        assert hidden not in page
    release = apart.release()
    assert (release.method, release.score) == (Method.ADJUDICATED, Fraction(3))


def test_or_the_closest_pair_counts_where_the_programme_says_so(make_round: Callable[..., Round]) -> None:
    found = make_round(settled=Settled.CLOSEST_PAIR)
    found.score(Purpose.FIRST, "Ada First", (1, ""), (3, ""))
    found.score(Purpose.SECOND, "Bela Second", (4, ""), (3, ""))
    third = found.score(Purpose.ADJUDICATION, "Cleo Third", (3, ""), (3, ""))
    assert "The two closest count" in third.visitor.get(found.path(Purpose.ADJUDICATION)).text
    release = found.release()
    assert (release.method, release.score) == (Method.CLOSEST_PAIR, Fraction(13, 4))


def test_the_raters_learn_nothing_of_each_other_even_afterwards(apart: Round) -> None:
    first = apart.make_trainer(name="Somebody else")
    apart.score(Purpose.ADJUDICATION, "Cleo Third", (3, "In between"), (3, ""))
    assert first.visitor.get(apart.path(Purpose.FIRST)).status_code == 404
    rater_id = db.session.scalars(
        select(ScoringTask.rater_id).where(ScoringTask.purpose == Purpose.FIRST)
    ).one()
    assert rater_id is not None


def test_of_two_adjudicators_one_holds_the_task(apart: Round) -> None:
    path = apart.path(Purpose.ADJUDICATION)
    thirds = [apart.make_trainer(name=f"Third {number}") for number in range(3)]
    db.session.rollback()
    with ThreadPoolExecutor(3) as pool:
        answers = list(pool.map(lambda one: one.visitor.post(f"{path}/take").status_code, thirds))
    assert sorted(answers) == [303, 409, 409]
    loser = thirds[answers.index(409)]
    fields = apart.desk.fields((1, ""), (1, ""))
    assert loser.visitor.post(f"{path}/hand-in", fields).status_code == 404
    assert loser.visitor.get(path).status_code == 404


def test_who_scored_it_before_does_not_decide(make_round: Callable[..., Round]) -> None:
    found = make_round()
    first = found.score(Purpose.FIRST, "Ada First", (1, ""), (1, ""))
    found.score(Purpose.SECOND, "Bela Second", (4, ""), (4, ""))
    assert first.visitor.post(f"{found.path(Purpose.ADJUDICATION)}/take").status_code == 409


def test_what_one_rater_cannot_score_goes_to_a_third_who_may_send_it_back(
    make_round: Callable[..., Round],
) -> None:
    found = make_round()
    found.score(Purpose.FIRST, "Ada First", ("incomplete", "Page two is missing"), ("incomplete", "As above"))
    found.score(Purpose.SECOND, "Bela Second", (3, ""), (3, ""))
    assert str(found.desk.state) == "adjudicating"
    found.score(Purpose.ADJUDICATION, "Cleo Third", ("incomplete", "No page two"), ("incomplete", "Neither"))
    assert found.desk.state is SubmissionState.RETURNED_UNSCORABLE
    returned = db.session.scalars(select(ScoringReturn)).one()
    assert returned.reason == "No page two\n\nNeither"


def test_returning_the_evidence_withdraws_what_others_have_of_it(make_round: Callable[..., Round]) -> None:
    found = make_round()
    found.score(Purpose.FIRST, "Ada First", (3, ""), (3, ""))
    second = found.take(Purpose.SECOND, "Bela Second")
    reason = {"code": "unreadable", "reason": "The file is empty."}
    path = found.path(Purpose.SECOND)
    assert second.visitor.post(f"{path}/return", reason).status_code == 303
    assert found.desk.state is SubmissionState.RETURNED_UNSCORABLE
    db.session.rollback()
    assert set(db.session.scalars(select(ScoringTask.state))) == {TaskState.SCORED, TaskState.RETURNED}


def test_a_condition_code_without_words_is_not_handed_in(make_round: Callable[..., Round]) -> None:
    found = make_round()
    rater = found.take(Purpose.FIRST, "Ada First")
    path = found.path(Purpose.FIRST)
    answer = rater.visitor.post(f"{path}/hand-in", found.desk.fields((3, ""), ("off_task", " ")))
    assert answer.status_code == 422
    assert "say why it cannot be scored" in answer.text
    page = rater.visitor.get(path).text
    assert 'value="off_task" data-shown="×" checked' in page
    assert "2 of 2 scored" in page
