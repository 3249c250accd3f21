"""A platform that is down, slow, over its limits or out of its mind: nothing is lost, nothing counts twice."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from institute import clock
from institute.clock import now
from institute.people.models import Institute
from lti.sandbox.faults import Fault
from lti.sandbox.server import RunningSandbox
from lti.services.models import ScoreState
from tests.lti.services.classroom import Classroom
from tests.lti.services.scripted import Say, ScriptedPlatform
from tests.lti.services.test_delivery import COLUMN, bodies, calls, cells

DAY = timedelta(hours=24)


@pytest.mark.parametrize("service", ["token", "lineitems", "scores"])
def test_after_a_day_of_503_each_score_arrives_once_within_60_tries(
    classroom: Classroom, platform: RunningSandbox, service: str
) -> None:
    link = classroom.link()
    learners = [classroom.learner(link, sub) for sub in ("participant-1", "participant-2", "coach-1")]
    platform.sandbox.faults.add(Fault(service, 503))
    for done, learner in enumerate(learners, start=1):
        classroom.tick(learner, *range(1, done + 1))
    start = now()
    classroom.work_through(DAY)
    assert cells(platform) == {}
    assert max(score.failures for score in classroom.scores()) <= 60
    assert {score.state for score in classroom.scores()} == {ScoreState.WAITING}
    if service == "token":
        assert len(calls(platform, "token")) <= 60 * len(learners)
    platform.sandbox.faults.clear()
    with clock.frozen(start + DAY):
        classroom.work_through(timedelta(hours=1))
    assert {sub: cell.grade for (_, sub), cell in cells(platform).items()} == {
        "participant-1": 20,
        "participant-2": 40,
        "coach-1": 60,
    }
    arrived = [call for call in calls(platform, "scores") if call["status"] == 200]
    assert len(arrived) == len(learners)


def test_progress_during_an_outage_causes_no_more_tries(
    classroom: Classroom, platform: RunningSandbox
) -> None:
    learner = classroom.learner(classroom.link())
    classroom.tick(learner, 1)
    platform.sandbox.faults.add(Fault("all", 503))
    start = now()
    classroom.work_through(timedelta(hours=1))
    tried = len(calls(platform, "token"))
    with clock.frozen(start + timedelta(hours=1)):
        for step in (2, 3, 4):
            classroom.tick(learner, step)
            classroom.work()
    assert len(calls(platform, "token")) == tried
    platform.sandbox.faults.clear()
    with clock.frozen(start + timedelta(hours=1)):
        classroom.work_through(timedelta(hours=1))
    assert cells(platform)[COLUMN, "participant-1"].grade == 80


def test_a_score_whose_answer_was_lost_is_sent_again_with_a_later_timestamp(
    classroom: Classroom, platform: RunningSandbox
) -> None:
    learner = classroom.learner(classroom.link())
    platform.sandbox.faults.add(Fault("scores", 502, left=2, after_work=True))
    classroom.tick(learner, 1)
    classroom.work_through(timedelta(minutes=5))
    stamps = [body["timestamp"] for body in bodies(platform)]
    assert len(stamps) == 3
    assert stamps == sorted(set(stamps))
    assert cells(platform)[COLUMN, "participant-1"].grade == 20


@pytest.mark.parametrize(
    "limit",
    [
        {"status": 429, "headers": {"Retry-After": "600"}},
        {"status": 503, "headers": {"Retry-After": "600"}},
        {"status": 403, "headers": {"Retry-After": "600"}, "body": "403 Forbidden (Rate Limit Exceeded)"},
    ],
    ids=["429", "503", "Canvas of old"],
)
def test_a_platform_over_its_limits_is_left_alone_for_as_long_as_it_asked(
    classroom: Classroom, platform: RunningSandbox, limit: dict[str, Any]
) -> None:
    link = classroom.link()
    one, other = classroom.learner(link), classroom.learner(link, "participant-2")
    classroom.tick(one, 1)
    classroom.work()
    platform.sandbox.faults.add(Fault("scores", left=1, **limit))
    start = now()
    classroom.tick(one, 2)
    classroom.tick(other, 1)
    classroom.work_through(timedelta(seconds=590))
    assert len(calls(platform, "scores")) == 2  # the other person's score does not knock meanwhile
    with clock.frozen(start + timedelta(seconds=600)):
        classroom.work_through(timedelta(minutes=10))
    assert {cell.grade for cell in cells(platform).values()} == {20, 40}
    assert len(calls(platform, "token")) <= 3


def test_progress_made_while_a_score_is_on_its_way_is_sent_next(
    app: Flask, scripted: ScriptedPlatform, scripted_classroom: Classroom
) -> None:
    link = scripted_classroom.link(lineitem_url=f"{scripted.url}/item")
    learner = scripted_classroom.learner(link)
    scripted_classroom.tick(learner, 1)

    def meanwhile() -> None:
        with app.app_context():
            scripted_classroom.tick(learner, 2)

    scripted.tell("POST", "/item/scores", Say(meanwhile=meanwhile), Say())
    scripted_classroom.work_through(timedelta(seconds=30))
    assert [asked.json["scoreGiven"] for asked in scripted.asked_for("/item/scores")] == [1, 2]
    [score] = scripted_classroom.scores()
    assert (score.state, score.sent_version) == (ScoreState.SENT, score.version)


NONSENSE = (
    Say(200, b"<html>Down for maintenance</html>", {"Content-Type": "text/html"}),
    Say(200, b""),
    Say(200, []),
    Say(200, {"token_type": "Bearer"}),
    Say(200, {"access_token": ["x"]}),
    Say(200, {"access_token": "two words"}),
    Say(200, {"access_token": "line\nfeed"}),
    Say(200, {"access_token": "x", "token_type": "mac"}),
    Say(200, b'{"access_token": "x", "expires_in": NaN}'),
    Say(200, b"[" * 100_000),
    Say(302, b"", {"Location": "/login"}),
    Say(400, {"error": "invalid_client"}),
    Say(404, b"<html>", {"Content-Type": "text/html"}),
)


def test_a_token_endpoint_that_answers_nonsense_is_tried_later_and_its_words_are_kept_nowhere(
    scripted: ScriptedPlatform, scripted_classroom: Classroom, caplog: pytest.LogCaptureFixture
) -> None:
    learner = scripted_classroom.learner(scripted_classroom.link(lineitem_url=f"{scripted.url}/item"))
    scripted_classroom.tick(learner, 1)
    scripted.tell("POST", "/token", *NONSENSE, Say(200, {"access_token": "right", "expires_in": "3600"}))
    scripted.tell("POST", "/item/scores", Say())
    start = now()
    scripted_classroom.work()
    for failures in range(1, len(NONSENSE) + 1):
        [score] = scripted_classroom.scores()
        assert (score.state, score.failures) == (ScoreState.WAITING, failures)
        assert score.reason in {"UNREADABLE", "TOKEN-REFUSED"}
        with clock.frozen(start + timedelta(hours=failures)):
            scripted_classroom.work()
    assert [score.state for score in scripted_classroom.scores()] == [ScoreState.SENT]
    assert "maintenance" not in caplog.text


def test_a_platform_that_hangs_up_is_tried_later(
    app: Flask, institute: Institute, scripted: ScriptedPlatform
) -> None:
    classroom = Classroom(app, institute, "http://127.0.0.1:9")
    learner = classroom.learner(classroom.link(lineitem_url=f"{scripted.url}/item"))
    classroom.tick(learner, 1)
    classroom.work()
    [score] = classroom.scores()
    assert (score.state, score.reason, score.failures) == (ScoreState.WAITING, "UNREACHABLE", 1)


def test_a_locked_column_is_tried_again_until_it_is_open(
    scripted: ScriptedPlatform, scripted_classroom: Classroom
) -> None:
    learner = scripted_classroom.learner(scripted_classroom.link(lineitem_url=f"{scripted.url}/item"))
    scripted_classroom.tick(learner, 1)
    locked, open_again = Say.recorded("ags-score-locked"), Say.recorded("ags-score-post")
    scripted.tell("POST", "/item/scores", locked, locked, open_again)
    scripted_classroom.work_through(timedelta(minutes=1))
    assert [score.state for score in scripted_classroom.scores()] == [ScoreState.SENT]
