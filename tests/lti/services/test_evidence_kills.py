"""The worker is killed on the way to the gradebook: the evidence's grade arrives once in effect."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from datetime import timedelta

import pytest

from institute import clock
from institute.config import Settings
from lti.sandbox.server import RunningSandbox
from lti.services.killpoints import POINTS
from lti.services.models import ScoreState
from tests.lti.services.classroom import Classroom
from tests.lti.services.marking import Marking
from tests.lti.services.test_delivery import bodies, cells
from tests.lti.services.test_kills import LEASE_SECONDS
from tests.lti.services.workers import WorkerNursery, nursery


@pytest.fixture(scope="module")
def workers() -> Iterator[WorkerNursery]:
    """Workers in processes of their own."""
    with nursery() as found:
        yield found


@pytest.mark.every_value
@pytest.mark.parametrize("point", POINTS)
def test_killed_at_a_named_point_one_column_holds_the_latest_grade_and_comment(
    classroom: Classroom, platform: RunningSandbox, workers: WorkerNursery, settings: Settings, point: str
) -> None:
    marking = Marking(classroom)
    learner = classroom.learner(classroom.link(target="programme:elsewhere"))
    marking.score(learner, 2, 2, comment="Not yet.")
    assert workers.run(settings, kill_at=point) == -signal.SIGKILL
    marking.release(marking.hand_in(learner, "Better", over="My plan"), 4, 3, comment="Now it is.")
    assert workers.run(settings, ahead=LEASE_SECONDS, kill_at=point) in {0, -signal.SIGKILL}
    with clock.shift(seconds=2 * LEASE_SECONDS):
        classroom.work_through(timedelta(minutes=5))
    assert {place: cell.grade for place, cell in cells(platform).items()} == {
        ("The plan", "participant-1"): 3.5
    }
    assert "Now it is." in bodies(platform)[-1]["comment"]
    assert [(score.state, score.sent_version) for score in classroom.scores() if score.version] == [
        (ScoreState.SENT, 2)
    ]
    with platform.sandbox.store.reading() as store:
        assert store.execute("SELECT COUNT(*) FROM line_item").fetchone()[0] == 1
