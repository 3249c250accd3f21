"""Released scores arrive in the platform's gradebook: in the link's column, or in one of the course's own."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask

from institute import clock
from institute.clock import now
from institute.db import db, transaction
from institute.people.models import Institute
from lti.launches.models import LtiLaunch
from lti.sandbox.server import RunningSandbox
from lti.services.models import EVIDENCE_TAG, PROGRESS_TAG, LineItem, ScoreState
from lti.services.scopes import LINE_ITEM, LINE_ITEM_READONLY, SCORE
from tests.lti.services.classroom import Classroom
from tests.lti.services.conftest import MakePlatform
from tests.lti.services.marking import TARGET, Marking
from tests.lti.services.test_delivery import bodies, cells


@pytest.fixture
def marking(classroom: Classroom) -> Marking:
    """Evidence in the strict platform's course."""
    return Marking(classroom)


def columns(platform: RunningSandbox) -> list[tuple[str, str, str, float]]:
    """Return the gradebook's columns: label, resource id, tag, maximum."""
    with platform.sandbox.store.reading() as store:
        rows = store.execute("SELECT label, resource_id, tag, score_maximum FROM line_item ORDER BY id")
        return [tuple(row) for row in rows.fetchall()]


def only_nothing_of_the_link_is_noted(classroom: Classroom) -> bool:
    """Tell whether there is one score, that of the link's own progress, with nothing to send."""
    [score] = classroom.scores()
    tag = db.session.get_one(LineItem, score.line_item_id).tag
    return (tag, score.state, score.version) == (PROGRESS_TAG, ScoreState.IDLE, 0)


def test_without_a_link_the_course_gets_a_column_of_its_own(
    marking: Marking, classroom: Classroom, platform: RunningSandbox
) -> None:
    learner = classroom.learner(classroom.link())
    marking.score(learner, 3, 4, comment='Say <more> & "why".')
    classroom.work()
    assert columns(platform) == [("The plan", TARGET, EVIDENCE_TAG, 4)]
    cell = cells(platform)["The plan", "participant-1"]
    assert (cell.grade, cell.activity_progress, cell.grading_progress) == (3.5, "Completed", "FullyGraded")
    [sent] = bodies(platform)
    assert (sent["scoreGiven"], sent["scoreMaximum"]) == (7, 8)
    assert sent["comment"] == (
        'Criterion 1: 3/4 – Meets. Say <more> & "why".\nCriterion 2: 4/4 – Exemplifies. Say <more> & "why".'
    )


def test_a_link_to_the_evidence_shows_the_grade_and_no_other_column_is_made(
    marking: Marking, classroom: Classroom, platform: RunningSandbox
) -> None:
    classroom.link()
    link = classroom.link("link-evidence", target=TARGET, title="Plan, please")
    learner = classroom.learner(link)
    assert classroom.scores() == []
    marking.score(learner, 3, 3)
    classroom.work()
    assert [column[:3] for column in columns(platform)] == [("Plan, please", TARGET, EVIDENCE_TAG)]
    assert cells(platform)["Plan, please", "participant-1"].grade == 3


def test_progress_and_evidence_have_columns_of_their_own(
    marking: Marking, classroom: Classroom, platform: RunningSandbox
) -> None:
    learner = classroom.learner(classroom.link())
    classroom.tick(learner, 1)
    marking.score(learner, 4, 4)
    classroom.work()
    grades = {label: cell.grade for (label, _), cell in cells(platform).items()}
    assert grades == {"Title of link-segment-1": 20, "The plan": 4}


def test_a_new_version_is_in_progress_until_it_is_accepted_and_its_comment_is_sent_again(
    marking: Marking, classroom: Classroom, platform: RunningSandbox
) -> None:
    learner = classroom.learner(classroom.link())
    marking.score(learner, 2, 2, comment="Not yet.")
    classroom.work()
    assert cells(platform)["The plan", "participant-1"].activity_progress == "InProgress"
    with clock.shift(seconds=60):
        marking.release(marking.hand_in(learner, "Better", over="My plan"), 4, 3, comment="Now it is.")
        classroom.work()
    cell = cells(platform)["The plan", "participant-1"]
    assert (cell.grade, cell.activity_progress) == (3.5, "Completed")
    assert ["Now it is." in sent["comment"] for sent in bodies(platform)] == [False, True]
    assert len(columns(platform)) == 1


def test_a_score_that_an_appeal_raised_replaces_the_first_and_its_comment_is_sent_again(
    marking: Marking, classroom: Classroom, platform: RunningSandbox
) -> None:
    learner = classroom.learner(classroom.link())
    marking.score(learner, 2, 3, comment="At first.")
    classroom.work()
    cell = cells(platform)["The plan", "participant-1"]
    assert (cell.grade, cell.activity_progress) == (2.5, "InProgress")
    with clock.shift(seconds=60):
        marking.appeal(learner, (3, 3), (4, 3), comment="Read anew.")
        classroom.work()
    cell = cells(platform)["The plan", "participant-1"]
    assert (cell.grade, cell.activity_progress) == (3.25, "Completed")
    first, last = bodies(platform)
    assert "Read anew." in last["comment"]
    assert "At first." not in last["comment"]
    assert "At first." in first["comment"]


def test_a_score_that_an_appeal_upheld_stays_and_its_comment_is_not_lost(
    marking: Marking, classroom: Classroom, platform: RunningSandbox
) -> None:
    learner = classroom.learner(classroom.link())
    marking.score(learner, 2, 3, comment="At first.")
    classroom.work()
    with clock.shift(seconds=60):
        marking.appeal(learner, (1, 3), (2, 2), comment="Read anew.")
        classroom.work()
    cell = cells(platform)["The plan", "participant-1"]
    assert (cell.grade, cell.activity_progress) == (2.5, "InProgress")
    assert bodies(platform)[-1]["comment"]


@pytest.mark.parametrize("scopes", [[SCORE], [SCORE, LINE_ITEM_READONLY], [LINE_ITEM], []])
def test_where_no_column_may_be_made_or_nothing_sent_nothing_is_wished(
    marking: Marking, classroom: Classroom, platform: RunningSandbox, scopes: list[str]
) -> None:
    learner = classroom.learner(classroom.link(target="programme:elsewhere", ags_scopes=scopes))
    marking.score(learner, 4, 4)
    classroom.work()
    assert only_nothing_of_the_link_is_noted(classroom)
    assert columns(platform) == []


@pytest.mark.parametrize(("is_learner", "is_test_user"), [(False, False), (True, True)])
def test_only_learners_have_grades_and_test_users_never(
    marking: Marking, classroom: Classroom, platform: RunningSandbox, is_learner: bool, is_test_user: bool
) -> None:
    link = classroom.link()
    learner = classroom.learner(link, is_learner=is_learner, is_test_user=is_test_user)
    marking.score(learner, 4, 4)
    classroom.launch(learner, link, is_learner=is_learner, is_test_user=is_test_user)
    classroom.work()
    assert classroom.scores() == []
    assert columns(platform) == []


def test_somebody_who_turns_out_to_teach_gets_no_grade(
    marking: Marking, classroom: Classroom, platform: RunningSandbox
) -> None:
    link = classroom.link()
    learner = classroom.learner(link)
    marking.score(learner, 4, 4)
    classroom.launch(learner, link, is_learner=False)
    classroom.work()
    assert [score.state for score in classroom.scores() if score.version] == [ScoreState.NOT_IN_COURSE]
    assert cells(platform) == {}


def test_what_was_released_before_reaches_a_course_at_its_first_launch(
    marking: Marking, classroom: Classroom, platform: RunningSandbox
) -> None:
    link = classroom.link(target="programme:elsewhere", ags_scopes=[])
    learner = classroom.learner(link)
    marking.score(learner, 3, 3)
    assert only_nothing_of_the_link_is_noted(classroom)
    with transaction():
        link.ags_scopes = [SCORE, LINE_ITEM]
    for _ in range(2):
        classroom.launch(learner, link)
    classroom.work()
    assert cells(platform)["The plan", "participant-1"].grade == 3
    assert len(bodies(platform)) == 1


def test_a_link_that_comes_later_takes_the_courses_column_over_and_makes_no_second(
    marking: Marking, classroom: Classroom, platform: RunningSandbox
) -> None:
    learner = classroom.learner(classroom.link())
    marking.score(learner, 2, 2)
    classroom.work()
    classroom.launch(learner, classroom.link("link-evidence", target=TARGET, title="Plan, please"))
    with clock.shift(seconds=60):
        marking.release(marking.hand_in(learner, "Better", over="My plan"), 4, 4)
        classroom.work_through(timedelta(minutes=5))
    assert {label: cell.grade for (label, _), cell in cells(platform).items()} == {"The plan": 4}
    assert {score.state for score in classroom.scores() if score.version} == {ScoreState.SENT}
    assert len(columns(platform)) == 1


def test_the_column_is_named_in_the_language_in_which_the_course_is_taught(
    marking: Marking, classroom: Classroom, platform: RunningSandbox
) -> None:
    link = classroom.link()
    learner = classroom.learner(link)
    teacher = classroom.learner(link, "coach-1", is_learner=False)
    with transaction() as session:
        session.query(LtiLaunch).filter_by(identity_id=teacher.identity_id).update({"locale": "es-MX"})
    marking.score(learner, 4, 4)
    classroom.work()
    assert columns(platform)[0][0] == "El plan"


def test_a_column_that_was_deleted_is_made_again(
    marking: Marking, classroom: Classroom, platform: RunningSandbox
) -> None:
    learner = classroom.learner(classroom.link())
    marking.score(learner, 2, 2)
    classroom.work()
    with platform.sandbox.store.writing() as store:
        store.execute("DELETE FROM score")
        store.execute("DELETE FROM line_item")
    with clock.shift(seconds=60):
        marking.release(marking.hand_in(learner, "Better", over="My plan"), 4, 4)
        classroom.work_through(timedelta(minutes=5))
    assert cells(platform)["The plan", "participant-1"].grade == 4


@pytest.mark.parametrize("profile", ["moodle", "canvas", "brightspace", "blackboard", "openedx"])
def test_every_kind_of_platform_takes_it(
    app: Flask, institute: Institute, make_platform: MakePlatform, profile: str
) -> None:
    platform = make_platform(profile)
    other = Classroom(app, institute, platform.url)
    marking = Marking(other)
    learner = other.learner(other.link())
    marking.score(learner, 3, 4)
    other.work_through(timedelta(minutes=5))
    assert [score.state for score in other.scores() if score.version] == [ScoreState.SENT]


def test_the_work_is_dated_by_its_submission(
    marking: Marking, classroom: Classroom, platform: RunningSandbox
) -> None:
    learner = classroom.learner(classroom.link())
    with clock.frozen(now() - timedelta(days=3)):
        task_id = marking.hand_in(learner)
        handed_in = now()
    marking.release(task_id, 4, 4)
    classroom.work()
    assert classroom.scores()[-1].submitted_at == handed_in
    assert bodies(platform)[0]["submission"]["submittedAt"].startswith(handed_in.strftime("%Y-%m-%dT%H:%M"))


def test_our_rows_say_what_they_belong_to(marking: Marking, classroom: Classroom) -> None:
    learner = classroom.learner(classroom.link())
    marking.score(learner, 4, 4)
    with transaction() as session:
        [item] = session.query(LineItem).filter_by(tag=EVIDENCE_TAG)
        assert (item.resource_link_id, item.context_id, item.label) == (
            None,
            classroom.context.id,
            "The plan",
        )
