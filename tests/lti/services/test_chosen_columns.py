"""A column that a platform made because somebody chose a link in the picker is the one that is filled."""

from __future__ import annotations

from datetime import timedelta

import pytest

from institute import clock
from lti.sandbox.school import add_link
from lti.sandbox.server import RunningSandbox
from lti.services.models import EVIDENCE_TAG, ScoreState
from tests.lti.services.classroom import COURSE, Classroom
from tests.lti.services.marking import TARGET, Marking
from tests.lti.services.test_delivery import cells

CHOSEN = "link-chosen"
TITLE = "Task: The plan"


@pytest.fixture
def marking(classroom: Classroom) -> Marking:
    """Evidence in the strict platform's course."""
    return Marking(classroom)


def choose_task(platform: RunningSandbox) -> str:
    """Make the link and the column that the platform makes of a scored task; return the column's address."""
    with platform.sandbox.store.writing() as store:
        add_link(store, link_id=CHOSEN, course_id=COURSE, title=TITLE, custom={"target": TARGET})
        made = store.execute(
            "INSERT INTO line_item (course_id, tool_id, link_id, label, score_maximum, resource_id, tag)"
            " VALUES (?, 0, ?, ?, 4, ?, ?)",
            (COURSE, CHOSEN, TITLE, TARGET, EVIDENCE_TAG),
        )
    return f"{platform.url}/courses/{COURSE}/lineitems/{made.lastrowid}/lineitem"


def labels(platform: RunningSandbox) -> list[str]:
    """Return the names of the gradebook's columns."""
    with platform.sandbox.store.reading() as store:
        return [row["label"] for row in store.execute("SELECT label FROM line_item ORDER BY id")]


def test_a_score_that_comes_before_anybody_opened_the_link_makes_no_second_column(
    marking: Marking, classroom: Classroom, platform: RunningSandbox
) -> None:
    choose_task(platform)
    learner = classroom.learner(classroom.link())
    marking.score(learner, 3, 3)
    classroom.work()
    assert labels(platform) == [TITLE]
    assert cells(platform)[TITLE, learner.sub].grade == 3


def test_the_link_goes_on_with_the_same_column_once_it_is_opened(
    marking: Marking, classroom: Classroom, platform: RunningSandbox
) -> None:
    column = choose_task(platform)
    learner = classroom.learner(classroom.link())
    marking.score(learner, 2, 2)
    classroom.work()
    link = classroom.link(CHOSEN, target=TARGET, title=TITLE, lineitem_url=column)
    classroom.launch(learner, link, custom={"grade": "evidence"})
    with clock.shift(seconds=60):
        marking.release(marking.hand_in(learner, "Better", over="My plan"), 4, 4)
        classroom.work_through(timedelta(minutes=5))
    assert labels(platform) == [TITLE]
    assert cells(platform)[TITLE, learner.sub].grade == 4
    assert {score.state for score in classroom.scores() if score.version} == {ScoreState.SENT}
