"""Appeals: once, in time, with a reason, to raters who are new; they never lower anything."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from certificates.appeals.models import Appeal, AppealDecision, AppealOutcome
from certificates.evidence.drafting import begin_again
from certificates.evidence.errors import NotSentBackError
from certificates.evidence.states import SubmissionState
from certificates.rubrics.models import CriterionId
from certificates.scoring.events import ScoresReleased
from certificates.scoring.models import ConditionCode, ScoringTask, TaskScore
from certificates.scoring.outcomes.queries import results_of
from certificates.scoring.outcomes.results import ScoreRelease
from certificates.scoring.sheets.judged import higher
from institute import clock, events
from institute.actors import Actor, Role
from institute.db import db
from institute.jobs import daily, worker
from institute.jobs.models import OutboxRow
from institute.people.granting import grant_role
from institute.people.models import Institute, Person
from tests.browsing import Visitor
from tests.certificates.scoring.rounds import KEY, MakeStory, Story
from tests.courses.conftest import Studied

REASON = "My second page answers what the comment asks for."


def appeal(story: Story, reason: str = REASON) -> int:
    """Appeal at the page; return the status."""
    return story.visitor.post(f"/participant/appeals/{story.latest}", {"reason": reason}).status_code


def mails(session: Session) -> list[str]:
    """Return which messages were wished for."""
    return [row.payload["mail"] for row in session.scalars(select(OutboxRow).where(OutboxRow.kind == "mail"))]


def test_two_new_raters_score_it_and_higher_scores_count_everywhere(
    make_story: MakeStory, app: Flask, session: Session
) -> None:
    heard: list[ScoresReleased] = []
    events.subscribe(app, ScoresReleased, heard.append)
    story = make_story()
    story.score(2, 3, comment="At first")
    page = story.visitor.get(f"/participant/scores/{story.latest}").text
    assert "Appeal against these scores" in page
    assert appeal(story) == 303
    assert story.state() is SubmissionState.APPEALED
    assert len(story.tasks()) == 2
    story.score(3, 3, comment="Read anew")
    assert story.state() is SubmissionState.APPEALED
    assert "being scored" not in mails(session)
    story.score(4, 3, comment="And once more")
    assert story.state() is SubmissionState.ACCEPTED
    result = results_of(story.desk.enrolment_id)[KEY]
    assert (result.score, result.passed) == (Fraction(13, 4), True)
    assert [one.passed for one in heard] == [False, True]
    assert [one.round for one in session.scalars(select(ScoreRelease).order_by(ScoreRelease.id))] == [0, 1]
    [decision] = session.scalars(select(AppealDecision))
    assert decision.outcome is AppealOutcome.CHANGED
    assert {"appeal.filed", "appeal.decided"} <= set(mails(session))
    after = story.visitor.get(f"/participant/scores/{story.latest}").text
    assert "your scores are higher now" in after
    assert "Reader 1" in after
    assert "Reader 2" in after
    assert "The scores before your appeal: 2.5 of 4" in after
    assert len(set(session.scalars(select(TaskScore.rater_id)))) == 3


def test_where_nobody_gives_more_the_scores_stand_and_a_new_version_can_follow(
    make_story: MakeStory, session: Session
) -> None:
    story = make_story()
    story.score(2, 3)
    appeal(story)
    story.score(1, 3)
    story.score(1, 2)
    assert story.state() is SubmissionState.UPHELD
    result = results_of(story.desk.enrolment_id)[KEY]
    assert result.score == Fraction(5, 2)
    assert result.criteria == {"criterion-1": 2, "criterion-2": 3}
    assert "your scores stand as they were" in story.visitor.get(f"/participant/scores/{story.latest}").text
    assert appeal(story) == 409
    story.send_again()
    story.score(4)
    assert story.state() is SubmissionState.ACCEPTED


def test_higher_but_still_below_what_is_left_is_to_be_done_again(make_story: MakeStory) -> None:
    story = make_story(cut=Fraction(7, 2))
    story.score(1, 2)
    appeal(story)
    story.score(2, 4)
    story.score(2, 4)
    assert story.state() is SubmissionState.REVISE
    story.send_again()
    assert len(story.asked(story.tasks()[0])) == 1


def test_readers_who_disagree_are_followed_by_a_third_and_the_state_tells_nobody(
    make_story: MakeStory,
) -> None:
    story = make_story()
    story.score(2, 2)
    appeal(story)
    story.score(1, 1)
    story.score(4, 4)
    assert story.state() is SubmissionState.APPEALED
    story.score(3, 4)
    assert story.state() is SubmissionState.ACCEPTED
    assert results_of(story.desk.enrolment_id)[KEY].criteria == {"criterion-1": 3, "criterion-2": 4}


@pytest.mark.parametrize("reason", ["", "   ", "\x00", "x" * 4001, "\ud800"])
def test_an_appeal_needs_a_reason_that_fits_and_keeps_what_was_typed(
    make_story: MakeStory, reason: str, session: Session
) -> None:
    story = make_story()
    story.score(2, 2)
    sent = reason.encode("utf-8", "replace").decode()
    answer = story.visitor.post(f"/participant/appeals/{story.latest}", {"reason": sent})
    if sent.strip("\x00 ") and len(sent) <= 4000:
        assert answer.status_code == 303
        return
    assert answer.status_code == 422
    assert session.scalars(select(Appeal)).all() == []
    assert "x" * len(sent) in answer.text if "x" in sent else True


def test_after_the_last_day_there_is_no_appeal_and_a_new_version_is_wanted(
    make_story: MakeStory, app: Flask
) -> None:
    story = make_story(days_to_appeal=10)
    story.score(2, 2)
    with clock.shift(seconds=9 * 86400):
        assert "You can appeal until" in story.visitor.get(f"/participant/appeals/{story.latest}").text
    with clock.shift(seconds=12 * 86400):
        assert story.visitor.get(f"/participant/appeals/{story.latest}").status_code == 404
        assert appeal(story) == 409
        daily.wish_for_today()
        worker.run_once(app)
        assert story.state() is SubmissionState.REVISE


def test_what_passed_or_was_begun_anew_or_is_nobodys_cannot_be_appealed(
    make_story: MakeStory,
    make_person: Callable[..., Person],
    sign_in: Callable[..., Visitor],
    studied: Studied,
) -> None:
    passed = make_story()
    passed.score(4, 4)
    assert appeal(passed) == 409
    anew = make_story(name="Somebody Else")
    before = anew.latest
    assert appeal(anew) == 404
    anew.score(2, 2)
    other = sign_in(make_person(name="Nobody"), roles=[Role.PARTICIPANT], place=studied.cohort_id)
    assert other.get(f"/participant/appeals/{before}").status_code == 404
    assert other.post(f"/participant/appeals/{before}", {"reason": REASON}).status_code == 404
    begin_again(KEY, actor=anew.actor)
    assert anew.visitor.post(f"/participant/appeals/{before}", {"reason": REASON}).status_code == 409


def test_another_institutes_participant_finds_no_such_page(
    make_story: MakeStory,
    make_institute: Callable[..., Institute],
    make_person: Callable[..., Person],
    sign_in: Callable[..., Visitor],
) -> None:
    story = make_story()
    story.score(2, 2)
    stranger = sign_in(make_person(institute_id=make_institute(slug="hanoi").id), roles=[Role.PARTICIPANT])
    for path in (f"/participant/appeals/{story.latest}", f"/participant/scores/{story.latest}"):
        assert stranger.get(path).status_code == 404


def test_while_an_appeal_is_read_no_new_version_begins(make_story: MakeStory) -> None:
    story = make_story()
    story.score(2, 2)
    appeal(story)
    with pytest.raises(NotSentBackError):
        begin_again(KEY, actor=story.actor)
    page = story.visitor.get(f"/participant/scores/{story.latest}").text
    assert "Being read again" in page
    assert "Begin the new version" not in page


def test_no_page_of_the_readers_tells_that_it_is_an_appeal_or_why(make_story: MakeStory) -> None:
    story = make_story()
    story.score(2, 2, comment="What the first reader said")
    appeal(story)
    rater = story.make_trainer(name="Next rater")
    for task_id in story.tasks()[:1]:
        assert rater.visitor.post(f"/trainer/scoring/{task_id}/take").status_code == 303
        page = rater.visitor.get(f"/trainer/scoring/{task_id}").text
        assert REASON not in page
        assert "ppeal" not in page
        assert "What the first reader said" not in page


def test_who_scored_it_before_gets_no_task_of_the_appeal(make_story: MakeStory) -> None:
    story = make_story()
    first = story.score(2, 2)
    appeal(story)
    task_id = story.tasks()[0]
    assert first.visitor.post(f"/trainer/scoring/{task_id}/take").status_code in {404, 409}
    db.session.rollback()
    assert db.session.get_one(ScoringTask, task_id).rater_id is None


LEVELS = st.one_of(st.fractions(1, 5, max_denominator=4), st.sampled_from(ConditionCode))


@given(st.dictionaries(st.integers(1, 5).map(CriterionId), st.tuples(LEVELS, LEVELS), min_size=1))
def test_the_higher_of_two_readings_is_never_below_what_stood(
    read: dict[CriterionId, tuple[Fraction | ConditionCode, Fraction | ConditionCode]],
) -> None:
    for stood, anew in read.values():
        both = higher(stood, anew)
        assert both in {stood, anew}
        if not isinstance(stood, ConditionCode):
            assert not isinstance(both, ConditionCode)
            assert both >= stood


def test_a_scoring_lead_reads_why_and_what_came_of_it_and_never_whose_it_is(
    make_story: MakeStory, make_person: Callable[..., Person], sign_in: Callable[..., Visitor]
) -> None:
    story = make_story()
    story.score(2, 2)
    appeal(story)
    person = make_person(name="Ingrid")
    grant_role(person.id, Role.SCORING_LEAD, actor=Actor(person.institute_id, None))
    lead = sign_in(person)
    assert "1 appeal is being read." in lead.get("/scoring-lead/").text
    page = lead.get("/scoring-lead/appeals/").text
    assert REASON in page
    assert story.person.name not in page
    story.score(2, 1)
    story.score(2, 2)
    assert "Score upheld" in lead.get("/scoring-lead/appeals/").text
