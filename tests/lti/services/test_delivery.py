"""What a participant does arrives in the platform's gradebook, once in effect."""

from __future__ import annotations

import itertools
import json
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import update

from institute import clock
from institute.clock import now
from institute.db import transaction
from institute.people.models import Institute
from lti.launches.models import ResourceLink
from lti.platforms.registering import disable_platform, enable_platform
from lti.sandbox.faults import Fault
from lti.sandbox.gradebook import Cell, read_gradebook
from lti.sandbox.profiles import PROFILES
from lti.sandbox.school import enrol
from lti.sandbox.server import RunningSandbox
from lti.sandbox.vocabulary import INSTRUCTOR, LEARNER
from lti.services.models import LtiScore, ScoreState
from lti.services.scopes import LINE_ITEM_READONLY, SCORE
from tests.lti.services.classroom import COURSE, MODULE, PROGRAMME, STEPS, Classroom
from tests.lti.services.conftest import MakePlatform

COLUMN = "Title of link-segment-1"


def cells(platform: RunningSandbox) -> dict[tuple[str, str], Cell]:
    """Return what the gradebook holds, by column and sub."""
    with platform.sandbox.store.reading() as store:
        book = read_gradebook(store, COURSE)
    return {
        (column.label, row.sub): cell
        for row in book.rows
        for column, cell in zip(book.columns, row.cells, strict=True)
        if cell is not None
    }


def calls(platform: RunningSandbox, service: str) -> list[dict[str, Any]]:
    """Return the calls of one of the platform's services."""
    with platform.sandbox.store.reading() as store:
        rows = store.execute(
            "SELECT * FROM service_call WHERE service = ? ORDER BY id", (service,)
        ).fetchall()
    return [dict(row) for row in rows]


def bodies(platform: RunningSandbox) -> list[dict[str, Any]]:
    """Return the scores that were sent."""
    return [json.loads(call["body"]) for call in calls(platform, "scores")]


def test_progress_arrives_as_in_progress_and_fully_graded(
    classroom: Classroom, platform: RunningSandbox
) -> None:
    learner = classroom.learner(classroom.link())
    classroom.tick(learner, 1, 2)
    classroom.work()
    cell = cells(platform)[COLUMN, "participant-1"]
    assert (cell.grade, cell.activity_progress, cell.grading_progress) == (40, "InProgress", "FullyGraded")
    [score] = classroom.scores()
    assert (score.state, score.sent_version, score.version) == (ScoreState.SENT, 2, 2)


def test_all_steps_done_is_completed_with_exact_whole_numbers_and_the_time_of_the_work(
    classroom: Classroom, platform: RunningSandbox
) -> None:
    learner = classroom.learner(classroom.link())
    done_at = now()
    with clock.frozen(done_at):
        classroom.tick(learner, *range(1, STEPS + 1))
    with clock.shift(seconds=90):
        classroom.work()
    [sent] = bodies(platform)
    assert (sent["scoreGiven"], sent["scoreMaximum"], sent["activityProgress"]) == (5, 5, "Completed")
    assert type(sent["scoreGiven"]) is type(sent["scoreMaximum"]) is int
    submitted = datetime.fromisoformat(sent["submission"]["submittedAt"])
    assert abs(submitted - done_at) < timedelta(milliseconds=2)
    assert datetime.fromisoformat(sent["timestamp"]) > submitted


def test_nothing_is_sent_before_something_is_done_but_going_back_to_nothing_is(
    classroom: Classroom, platform: RunningSandbox
) -> None:
    learner = classroom.learner(classroom.link())
    classroom.work()
    assert [score.state for score in classroom.scores()] == [ScoreState.IDLE]
    assert calls(platform, "token") == []
    classroom.tick(learner, 1)
    classroom.work()
    classroom.untick(learner, 1)
    classroom.work()
    assert cells(platform)[COLUMN, "participant-1"].grade == 0


def test_only_the_latest_of_several_steps_is_sent(classroom: Classroom, platform: RunningSandbox) -> None:
    learner = classroom.learner(classroom.link())
    for step in (1, 2, 3):
        classroom.tick(learner, step)
    classroom.work()
    assert [sent["scoreGiven"] for sent in bodies(platform)] == [3]


def test_every_link_that_covers_the_step_gets_its_score_and_no_other(
    classroom: Classroom, platform: RunningSandbox
) -> None:
    first = classroom.link()
    classroom.link("link-module-1", target=f"module:{PROGRAMME}/{MODULE}")
    classroom.link("link-home", target=None)
    classroom.link("link-segment-2", target=f"segment:{PROGRAMME}/{MODULE}/segment-2")
    learner = classroom.learner(first)
    classroom.tick(learner, 1)
    classroom.work()
    assert {column for column, _ in cells(platform)} == {
        COLUMN,
        "Title of link-module-1",
        "Title of link-home",
    }


@pytest.mark.parametrize("role", [{"is_learner": False}, {"is_test_user": True}], ids=["staff", "test user"])
def test_staff_and_test_users_are_never_scored(
    classroom: Classroom, platform: RunningSandbox, role: dict[str, bool]
) -> None:
    person = classroom.learner(classroom.link(), "participant-1", **role)
    classroom.tick(person, 1)
    classroom.work()
    assert classroom.scores() == []
    assert calls(platform, "scores") == []


def test_a_score_that_waits_is_withheld_when_the_person_turns_out_to_be_staff(
    classroom: Classroom, platform: RunningSandbox
) -> None:
    link = classroom.link()
    person = classroom.learner(link)
    classroom.tick(person, 1)
    classroom.launch(person, link, is_learner=False)
    classroom.work()
    assert [score.state for score in classroom.scores()] == [ScoreState.NOT_IN_COURSE]
    assert calls(platform, "scores") == []


@pytest.mark.parametrize("profile", sorted(PROFILES))
def test_people_without_a_grade_there_are_tried_once_and_again_after_their_next_launch(
    app: Flask, institute: Institute, make_platform: MakePlatform, profile: str
) -> None:
    platform = make_platform(profile)
    classroom = Classroom(app, institute, platform.url)
    link = classroom.link()
    left, teaches, unknown = (classroom.learner(link, sub) for sub in ("participant-1", "coach-1", "nobody"))
    with platform.sandbox.store.writing() as store:
        enrol(store, course_id=COURSE, sub=left.sub, role=LEARNER, status="Deleted")
        enrol(store, course_id=COURSE, sub=teaches.sub, role=INSTRUCTOR)
    for learner in (left, teaches, unknown):
        classroom.tick(learner, 1)
    classroom.work()
    with clock.shift(seconds=86_400):
        classroom.work()
    assert {score.state for score in classroom.scores()} == {ScoreState.NOT_IN_COURSE}
    assert len(bodies(platform)) <= 6  # a refusal of 403 is met with one fresh token
    with platform.sandbox.store.writing() as store:
        enrol(store, course_id=COURSE, sub=left.sub, role=LEARNER)
    classroom.launch(left, link)
    classroom.work()
    assert {sub: cell.grade for (_, sub), cell in cells(platform).items()} == {left.sub: 20}


@pytest.mark.parametrize("profile", sorted(PROFILES))
def test_each_platform_family_takes_a_second_score_of_the_same_second(
    app: Flask, institute: Institute, make_platform: MakePlatform, profile: str
) -> None:
    platform = make_platform(profile)
    classroom = Classroom(app, institute, platform.url)
    learner = classroom.learner(classroom.link())
    with clock.frozen(now()):
        for step in (1, 2, 3):
            classroom.tick(learner, step)
            classroom.work()
    assert cells(platform)[COLUMN, "participant-1"].grade == 60
    sent = [datetime.fromisoformat(body["timestamp"]) for body in bodies(platform)]
    assert all(later - earlier >= timedelta(seconds=1) for earlier, later in itertools.pairwise(sent))
    assert [call["status"] for call in calls(platform, "scores")] == [200, 200, 200]


@pytest.mark.parametrize("profile", ["strict", "canvas", "openedx"])
def test_a_stale_answer_is_overtaken_by_a_later_timestamp_and_is_no_failure(
    app: Flask, institute: Institute, make_platform: MakePlatform, profile: str
) -> None:
    platform = make_platform(profile)
    classroom = Classroom(app, institute, platform.url)
    learner = classroom.learner(classroom.link())
    with clock.shift(seconds=1000):  # this clock ran ahead, once
        classroom.tick(learner, 1)
        classroom.work()
    with transaction() as session:
        session.execute(update(LtiScore).values(last_timestamp=None))
    classroom.tick(learner, 2)
    classroom.work_through(timedelta(minutes=5))
    assert cells(platform)[COLUMN, "participant-1"].grade == 40
    assert [score.state for score in classroom.scores()] == [ScoreState.SENT]


@pytest.mark.parametrize("profile", sorted(PROFILES))
def test_a_deleted_column_is_made_again(
    app: Flask, institute: Institute, make_platform: MakePlatform, profile: str
) -> None:
    platform = make_platform(profile)
    classroom = Classroom(app, institute, platform.url)
    learner = classroom.learner(classroom.link())
    classroom.tick(learner, 1)
    classroom.work()
    with platform.sandbox.store.writing() as store:
        store.execute("DELETE FROM line_item")
    classroom.tick(learner, 2)
    classroom.work()
    assert cells(platform)[COLUMN, "participant-1"].grade == 40


def test_a_column_is_found_again_and_never_made_twice(classroom: Classroom, platform: RunningSandbox) -> None:
    learner = classroom.learner(classroom.link())
    classroom.tick(learner, 1)
    platform.sandbox.faults.add(Fault("lineitems", 503, left=1, skip=2, after_work=True))
    classroom.work()  # the column is made, the answer is lost
    with clock.shift(seconds=10):
        classroom.work()
    with platform.sandbox.store.reading() as store:
        assert store.execute("SELECT COUNT(*) FROM line_item").fetchone()[0] == 1
    assert cells(platform)[COLUMN, "participant-1"].grade == 20


def test_without_a_column_and_without_the_scope_to_make_one_it_is_told_and_retried_at_the_next_launch(
    classroom: Classroom, platform: RunningSandbox
) -> None:
    link = classroom.link(ags_scopes=[SCORE, LINE_ITEM_READONLY])
    learner = classroom.learner(link)
    classroom.tick(learner, 1)
    classroom.work()
    [score] = classroom.scores()
    assert (score.state, score.reason) == (ScoreState.FAILED, "NO-LINE-ITEM")
    with platform.sandbox.store.writing() as store:
        store.execute(
            "INSERT INTO line_item (course_id, link_id, label, score_maximum) VALUES (?, ?, 'By hand', 10)",
            (COURSE, link.resource_link_id),
        )
    classroom.launch(learner, link)
    classroom.work()
    assert cells(platform)["By hand", "participant-1"].grade == 2


def test_the_line_item_of_the_launch_is_used_with_its_query(
    app: Flask, institute: Institute, make_platform: MakePlatform
) -> None:
    platform = make_platform("moodle")
    classroom = Classroom(app, institute, platform.url)
    with platform.sandbox.store.writing() as store:
        made = store.execute(
            "INSERT INTO line_item (course_id, label, score_maximum) VALUES (?, 'Moodle', 10) RETURNING id",
            (COURSE,),
        ).fetchone()["id"]
    address = f"{platform.url}{classroom.lineitems_path}/{made}/lineitem?type_id=1"
    learner = classroom.learner(classroom.link(lineitem_url=address, lineitems_url=None))
    classroom.tick(learner, 1)
    classroom.work()
    assert cells(platform)["Moodle", "participant-1"].grade == 2


def test_scopes_that_were_cut_are_told_and_the_value_arrives_when_they_are_back(
    classroom: Classroom, platform: RunningSandbox
) -> None:
    link = classroom.link()
    learner = classroom.learner(link)
    classroom.tick(learner, 1)
    classroom.work()
    _set_scopes(link, [LINE_ITEM_READONLY])
    classroom.tick(learner, 2)
    classroom.work()
    assert [(score.state, score.reason) for score in classroom.scores()] == [(ScoreState.FAILED, "NO-SCOPE")]
    _set_scopes(link, [LINE_ITEM_READONLY, SCORE])
    classroom.launch(learner, link)
    classroom.work()
    assert cells(platform)[COLUMN, "participant-1"].grade == 40


def test_a_platform_that_was_switched_off_is_left_alone_until_it_is_on_again(
    classroom: Classroom, platform: RunningSandbox
) -> None:
    learner = classroom.learner(classroom.link())
    disable_platform(classroom.registration.id, actor=classroom.actor)
    classroom.tick(learner, 1)
    classroom.work()
    assert calls(platform, "token") == []
    enable_platform(classroom.registration.id, actor=classroom.actor)
    with clock.shift(seconds=1801):
        classroom.work()
    assert cells(platform)[COLUMN, "participant-1"].grade == 20


def _set_scopes(link: ResourceLink, scopes: list[str]) -> None:
    with transaction() as session:
        session.execute(update(ResourceLink).where(ResourceLink.id == link.id).values(ags_scopes=scopes))
