"""Trying again: only what was below is scored anew, within a window, as often as the rubric says."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from fractions import Fraction

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from certificates.evidence.drafting import begin_again
from certificates.evidence.errors import AttemptsUsedError
from certificates.evidence.states import SubmissionState
from certificates.rubrics.defining import define_rubric
from certificates.rubrics.policies import SINGLE
from certificates.scoring.errors import RetakeOverError
from certificates.scoring.models import ScoringTask
from certificates.scoring.outcomes.queries import results_of, summary_of
from certificates.scoring.outcomes.results import CriterionScore, ScoreRelease
from institute import clock
from institute.actors import Actor, Role
from institute.db import db
from institute.jobs.models import OutboxRow
from institute.people.granting import grant_role
from institute.people.models import Institute, Person
from tests.browsing import Visitor
from tests.certificates.scoring.conftest import KEY, english, rubric_draft
from tests.certificates.scoring.rounds import MakeStory
from tests.courses.conftest import Studied


def test_a_new_version_is_scored_for_what_was_below_alone_and_the_rest_is_kept(
    make_story: MakeStory, session: Session
) -> None:
    story = make_story(criteria=3)
    story.score(2, 4, 2, comment="Say more.")
    assert story.state() is SubmissionState.RELEASED
    page = story.visitor.get(f"/participant/scores/{story.latest}").text
    assert page.index("To do again") < page.index("Criterion 1") < page.index("Criterion 3")
    assert page.index("Criterion 3") < page.index("Stays as it is") < page.index("Criterion 2")
    assert "Begin the new version" in page
    story.send_again()
    [task_id] = story.tasks()
    assert len(story.asked(task_id)) == 2
    story.score(3, 3)
    assert story.state() is SubmissionState.ACCEPTED
    result = results_of(story.desk.enrolment_id)[KEY]
    assert result.criteria == {"criterion-1": 3, "criterion-2": 4, "criterion-3": 3}
    assert (result.score, result.passed) == (Fraction(10, 3), True)
    assert result.rater_ids == {story.raters[1].person.id}
    carried = session.scalars(select(CriterionScore).where(CriterionScore.carried)).all()
    assert [one.level for one in carried] == [4]
    assert "Kept from a version before." in story.visitor.get(f"/participant/scores/{story.latest}").text


def test_a_retake_is_scored_by_the_version_of_the_rubric_that_the_first_was(
    make_story: MakeStory, system: Actor
) -> None:
    story = make_story()
    story.score(2, 2)
    draft = rubric_draft(policy=SINGLE)
    define_rubric(replace(draft, title=english("Another rubric")), actor=system)
    story.send_again()
    rubrics = {one.rubric_id for one in db.session.scalars(select(ScoringTask))}
    assert len(rubrics) == 1


def test_when_the_window_is_over_nothing_new_is_begun_and_the_page_says_whom_to_talk_with(
    make_story: MakeStory,
) -> None:
    story = make_story(days_to_revise=30, days_to_appeal=10)
    story.score(2, 2)
    assert "You have 2 attempts left." in story.visitor.get(f"/participant/scores/{story.latest}").text
    with clock.shift(seconds=31 * 86400 + 60):
        page = story.visitor.get(f"/participant/scores/{story.latest}").text
        assert "Talk with your coordinator" in page
        assert "Begin the new version" not in page
        with pytest.raises(RetakeOverError):
            begin_again(KEY, actor=story.actor)
    with clock.shift(seconds=29 * 86400):
        begin_again(KEY, actor=story.actor)


def test_after_the_last_attempt_the_coordinator_is_told_and_can_give_leave(
    make_story: MakeStory, make_coordinator: Callable[..., Visitor], session: Session
) -> None:
    story = make_story(attempts=2)
    coordinator = make_coordinator()
    story.score(2, 2)
    story.send_again()
    story.score(2, 2, comment="A word between reader and author")
    page = story.visitor.get(f"/participant/scores/{story.latest}").text
    assert "This evidence was scored as often as it can be." in page
    with pytest.raises(AttemptsUsedError):
        begin_again(KEY, actor=story.actor)
    wishes = [
        row.payload["mail"] for row in session.scalars(select(OutboxRow).where(OutboxRow.kind == "mail"))
    ]
    assert "retake.stuck" in wishes
    listed = coordinator.get("/coordinator/attempts/").text
    assert story.person.name in listed
    one = f"/coordinator/attempts/{story.latest}"
    assert "A word between" not in coordinator.get(one).text
    for sent in (
        {},
        {"until": "2026-02-30", "reason": "x"},
        {"until": "1999-01-01", "reason": ""},
        {"until": "\x00"},
    ):
        assert coordinator.post(one, sent).status_code == 422
    until = (clock.now() + timedelta(days=20)).date().isoformat()
    assert coordinator.post(one, {"until": until, "reason": "We spoke."}).status_code == 303
    assert coordinator.get(one).status_code == 404
    story.send_again("Third time")
    story.score(4, 4)
    assert story.state() is SubmissionState.ACCEPTED


def test_a_draft_that_lay_about_until_the_window_was_over_stays_and_says_why(make_story: MakeStory) -> None:
    story = make_story(days_to_revise=30)
    story.score(2, 2)
    begin_again(KEY, actor=story.actor)
    with clock.shift(seconds=40 * 86400):
        visitor = story.visitor
        base = re.search(r'name="_base" value="(\w+)"', visitor.get(f"/participant/evidence/{KEY}").text)
        assert base
        sent = {"text": "Too late, but mine", "_base": base[1]}
        answer = visitor.post(f"/participant/evidence/{KEY}/submit", sent)
        assert answer.status_code in {409, 422}
        assert "Too late, but mine" in answer.text
        assert "is over" in answer.text
        assert story.state() is SubmissionState.DRAFT


def test_every_release_stays_and_the_gradebook_gets_the_newest_words(
    make_story: MakeStory, session: Session
) -> None:
    story = make_story()
    story.score(2, 2, comment="First words")
    first = story.latest
    story.send_again()
    story.score(3, 3, comment="Second words")
    assert len(session.scalars(select(ScoreRelease)).all()) == 2
    assert "First words" in summary_of(first, "en", longest=1000)
    assert "Second words" in summary_of(story.latest, "en", longest=1000)


def test_the_attempts_of_another_are_not_there(
    make_story: MakeStory,
    make_coordinator: Callable[..., Visitor],
    make_institute: Callable[..., Institute],
    make_person: Callable[..., Person],
) -> None:
    story = make_story(attempts=1)
    story.score(2, 2)
    coordinator = make_coordinator(make_person(institute_id=make_institute(slug="hanoi").id))
    assert coordinator.get(f"/coordinator/attempts/{story.latest}").status_code == 404


@pytest.fixture
def make_coordinator(
    make_person: Callable[..., Person], sign_in: Callable[..., Visitor], studied: Studied
) -> Callable[..., Visitor]:
    """Sign somebody in who coordinates the whole institute."""

    def make(person: Person | None = None) -> Visitor:
        found = person or make_person(name="Coordinator")
        grant_role(found.id, Role.COORDINATOR, actor=Actor(found.institute_id, None))
        return sign_in(found)

    return make
