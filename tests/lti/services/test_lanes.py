"""Each platform has its lane: a slow one, or one that is down, holds up nobody else and is not run over."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from datetime import timedelta

from flask import Flask

from institute import clock
from institute.people.models import Institute
from lti.services.models import ScoreState
from tests.lti.services.classroom import Classroom
from tests.lti.services.scripted import Say, ScriptedPlatform

PEOPLE = 12
PATIENCE_SECONDS = 60


def waiting(classroom: Classroom, url: str) -> None:
    """Let everybody of a classroom do something."""
    link = classroom.link(lineitem_url=url)
    for number in range(PEOPLE):
        classroom.tick(classroom.learner(link, f"person-{number}"), 1)


def test_a_platform_that_does_not_come_to_an_answer_holds_up_nobody_else(
    app: Flask,
    scripted_classroom: Classroom,
    scripted: ScriptedPlatform,
    make_institute: Callable[..., Institute],
) -> None:
    answers = threading.Event()
    waiting(scripted_classroom, f"{scripted.url}/item")

    def think() -> None:
        answers.wait(9)

    scripted.tell("POST", "/item/scores", Say(meanwhile=think))
    with ScriptedPlatform.serving() as quick:
        other = Classroom(app, make_institute(), quick.url, client_id="other")
        waiting(other, f"{quick.url}/item")
        quick.tell("POST", "/item/scores", Say())
        worker = threading.Thread(target=other.work)
        worker.start()
        until = time.monotonic() + PATIENCE_SECONDS
        while len(quick.asked_for("/item/scores")) < PEOPLE and time.monotonic() < until:
            time.sleep(0.02)
        held = len(scripted.asked_for("/item/scores"))
        answers.set()
        worker.join(PATIENCE_SECONDS)
        other.work_through(timedelta(minutes=5))
        assert len(quick.asked_for("/item/scores")) == PEOPLE
        assert held <= 1
    assert {score.state for score in other.scores()} == {ScoreState.SENT}


def test_a_platform_that_is_down_costs_one_try_and_all_its_scores_say_why(
    app: Flask, institute: Institute
) -> None:
    classroom = Classroom(app, institute, "http://127.0.0.1:9")
    waiting(classroom, "http://127.0.0.1:9/item")
    with clock.frozen(clock.now()):
        classroom.work()
    scores = classroom.scores()
    assert sum(score.failures for score in scores) == 1
    assert {(score.state, score.reason) for score in scores} == {(ScoreState.WAITING, "UNREACHABLE")}
    assert all(score.next_try_at is not None for score in scores)


def test_a_column_out_of_order_leaves_the_others_of_its_platform_alone(
    scripted_classroom: Classroom, scripted: ScriptedPlatform
) -> None:
    waiting(scripted_classroom, f"{scripted.url}/locked")
    sound = scripted_classroom.link("sound", lineitem_url=f"{scripted.url}/sound")
    for learner in list(scripted_classroom.learners):
        scripted_classroom.launch(learner, sound)
        scripted_classroom.tick(learner, 2)
    scripted.tell("POST", "/locked/scores", Say.recorded("ags-score-locked"))
    scripted.tell("POST", "/sound/scores", Say())
    scripted_classroom.work()
    assert len(scripted.asked_for("/locked/scores")) <= 2
    assert len(scripted.asked_for("/sound/scores")) == PEOPLE


def test_many_scores_go_out_beside_each_other_and_each_once(
    scripted_classroom: Classroom, scripted: ScriptedPlatform
) -> None:
    waiting(scripted_classroom, f"{scripted.url}/item")
    together: list[int] = []
    under_way = 0
    lock = threading.Lock()

    def take_time() -> None:
        nonlocal under_way
        with lock:
            under_way += 1
            together.append(under_way)
        time.sleep(0.3)
        with lock:
            under_way -= 1

    scripted.tell("POST", "/item/scores", Say(meanwhile=take_time))
    scripted_classroom.work()
    assert sorted(one.json["userId"] for one in scripted.asked_for("/item/scores")) == sorted(
        learner.sub for learner in scripted_classroom.learners
    )
    assert together[0] == 1
    assert max(together) > 2
    assert scripted.tokens == 1
