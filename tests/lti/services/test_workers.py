"""Several workers at once: one column, each score once."""

from __future__ import annotations

import threading
from datetime import timedelta

from lti.sandbox.faults import Fault
from lti.sandbox.server import RunningSandbox
from lti.services.models import ScoreState
from tests.lti.services.classroom import COURSE, Classroom
from tests.lti.services.test_delivery import calls, cells

PEOPLE = 8


def test_workers_at_once_make_one_column_and_send_each_score_once(
    classroom: Classroom, platform: RunningSandbox
) -> None:
    link = classroom.link()
    with platform.sandbox.store.writing() as store:
        for number in range(PEOPLE):
            sub = f"person-{number}"
            store.execute(
                "INSERT INTO person (sub, given_name, family_name, name, email, locale, described, administrator) "
                "VALUES (?, '', '', ?, '', 'en', '', 0)",
                (sub, sub),
            )
            store.execute(
                "INSERT INTO enrolment (course_id, sub, role, status, revision) SELECT ?, ?, role, 'Active', ? "
                "FROM enrolment WHERE sub = 'participant-1' LIMIT 1",
                (COURSE, sub, 100 + number),
            )
    learners = [classroom.learner(link, f"person-{number}") for number in range(PEOPLE)]
    for learner in learners:
        classroom.tick(learner, 1)
    platform.sandbox.faults.add(Fault("lineitems", status=None, sleep=0.2))  # slow enough to meet each other
    workers = [threading.Thread(target=classroom.work) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(timeout=60)
    classroom.work_through(timedelta(minutes=1))
    assert {cell.grade for cell in cells(platform).values()} == {20}
    assert len(cells(platform)) == PEOPLE
    assert {score.state for score in classroom.scores()} == {ScoreState.SENT}
    assert len(calls(platform, "scores")) == PEOPLE
    assert [call["method"] for call in calls(platform, "lineitems")].count("POST") == 1
    assert len(calls(platform, "token")) <= 3
