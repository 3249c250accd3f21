"""What goes wrong in the worker itself ends no lane: neither one score twice in hand nor a database that is away."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from datetime import timedelta
from typing import Any

from flask import Flask
from sqlalchemy import event
from sqlalchemy.exc import OperationalError

from institute.db import db
from institute.jobs.worker import Shift
from lti.services.models import ScoreState
from tests.lti.services.classroom import Classroom
from tests.lti.services.scripted import Say, ScriptedPlatform

PATIENCE_SECONDS = 30


def test_what_is_wished_while_a_score_is_being_sent_does_not_overtake_it(
    app: Flask, scripted_classroom: Classroom, scripted: ScriptedPlatform
) -> None:
    link = scripted_classroom.link(lineitem_url=f"{scripted.url}/item")
    learners = [scripted_classroom.learner(link, f"person-{number}") for number in range(6)]
    for learner in learners:
        scripted_classroom.tick(learner, 1)
    lock = threading.Lock()
    asked = 0

    def meanwhile() -> None:
        nonlocal asked
        with lock:
            asked += 1
            number = asked
        if number == 6:  # by now several go out beside each other
            with app.app_context():
                for learner in learners:
                    scripted_classroom.tick(learner, 2)
            time.sleep(1.5)

    scripted.tell("POST", "/item/scores", Say(meanwhile=meanwhile))
    began = time.monotonic()
    scripted_classroom.work()
    assert time.monotonic() - began < PATIENCE_SECONDS
    scripted_classroom.work_through(timedelta(minutes=1))
    for learner in learners:
        sent = [one.json for one in scripted.asked_for("/item/scores") if one.json["userId"] == learner.sub]
        assert [one["scoreGiven"] for one in sent] == sorted(one["scoreGiven"] for one in sent)
        assert sent[-1]["scoreGiven"] == 2
    assert {score.state for score in scripted_classroom.scores()} == {ScoreState.SENT}


def test_a_database_that_does_not_answer_once_ends_no_lane(
    app: Flask, scripted_classroom: Classroom, scripted: ScriptedPlatform
) -> None:
    link = scripted_classroom.link(lineitem_url=f"{scripted.url}/item")
    learners = [scripted_classroom.learner(link, f"person-{number}") for number in range(4)]
    together = threading.Barrier(2, timeout=PATIENCE_SECONDS)

    def meet() -> None:
        together.wait()

    scripted.tell("POST", "/item/scores", Say(), Say(503, meanwhile=meet), Say(meanwhile=meet), Say())
    for learner in learners[:3]:
        scripted_classroom.tick(learner, 1)
    until = time.monotonic() + PATIENCE_SECONDS

    def has_come(sub: str) -> bool:
        return sub in {one.json["userId"] for one in scripted.asked_for("/item/scores")}

    with closing(Shift(app)) as shift, broken_once(at=2) as broken:
        while not broken and time.monotonic() < until:
            with suppress(OperationalError):  # as the worker does
                shift.step()
        scripted_classroom.tick(learners[3], 1)
        while not has_come(learners[3].sub) and time.monotonic() < until:
            shift.step()
    assert broken
    assert has_come(learners[3].sub)


@contextmanager
def broken_once(*, at: int) -> Iterator[list[str]]:
    """Let the database be away when scores are marked as sent for the ``at``-th time; the list tells that it was."""
    broken: list[str] = []
    marked = 0

    def be_away(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        nonlocal marked
        if statement.startswith("UPDATE lti_score SET") and "sent_version=" in statement:
            marked += 1
            if marked == at:
                broken.append(statement)
                raise OperationalError(statement, {}, Exception("away"))

    event.listen(db.engine, "before_cursor_execute", be_away)
    try:
        yield broken
    finally:
        event.remove(db.engine, "before_cursor_execute", be_away)
